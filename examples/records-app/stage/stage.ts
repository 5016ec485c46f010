import { fileURLToPath } from 'node:url'
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import { startEmulator } from '@onesub/emulator'
import { Hono } from 'hono'
import { openAlone } from './alone.ts'
import { buildPage, forProduction, servePage } from './pages.ts'
import { PROVIDERS } from './pools.ts'
import { type Side, seenOn } from './side.ts'
import { openSite, openSiteNear, type Site } from './site.ts'
import { openWithOnesub } from './with-onesub.ts'

/** Who can sign in at the simulated providers: one human with two accounts, and somebody else. */
const PERSONAS = [
  { id: 'Ada', sub: '110248495921238986420', email: 'ada@example.com', email_verified: true, hd: 'example.com' },
  { id: 'Ada, private', sub: '118200735514002298411', email: 'countess@gmail.com', email_verified: true },
  { id: 'Grace', sub: '104417752093350017266', email: 'grace@example.com', email_verified: true, hd: 'example.com' },
]

export interface Stage {
  readonly origin: string
  /** Each pane by itself, as its users would open it. */
  readonly panes: { readonly alone: string; readonly onesub: string }
  readonly emulator: string
  close(): Promise<void>
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** A local Cognito with two pools, the records app on each of them, and the page that shows both side by side. */
export async function openStage(port: number): Promise<Stage> {
  const [stage, left, right] = await Promise.all([openSiteNear(port), openSite(0), openSite(0)])
  const [appFiles, pageFiles] = await forProduction(() =>
    Promise.all([buildPage(folder('../web')), buildPage(folder('page'))]),
  )
  const emulator = await startEmulator({ host: 'localhost', personas: PERSONAS, frameAncestors: [stage.origin] })
  const cognito = new CognitoIdentityProvider({
    endpoint: emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const alone = await openAlone(emulator, cognito, left.origin)
  const onesub = await openWithOnesub(emulator, cognito, right.origin)

  const serveApp = (site: Site, { pool, api, linking }: Side) => {
    const app = new Hono()
    app.mount('/api', (request) => api.fetch(request))
    app.get('/config.json', (c) => {
      c.header('cache-control', 'no-store')
      return c.json({ ...pool, linking, domain: emulator.endpoint, endpoint: emulator.endpoint, providers: PROVIDERS })
    })
    servePage(app, appFiles, { connect: [emulator.endpoint], ancestors: [stage.origin] })
    site.serve(app)
  }
  serveApp(left, alone)
  serveApp(right, onesub)

  const page = new Hono()
  page.get('/seen.json', async (c) => {
    c.header('cache-control', 'no-store')
    const [seenAlone, seenWithOnesub] = await Promise.all([seenOn(alone, emulator), seenOn(onesub, emulator)])
    return c.json({
      alone: { origin: left.origin, ...seenAlone },
      onesub: { origin: right.origin, ...seenWithOnesub },
    })
  })
  servePage(page, pageFiles, { frame: [left.origin, right.origin, emulator.endpoint] })
  stage.serve(page)

  return {
    origin: stage.origin,
    panes: { alone: left.origin, onesub: right.origin },
    emulator: emulator.endpoint,
    close: async () => {
      cognito.destroy()
      await Promise.all([stage, left, right, emulator].map((part) => part.close()))
      for (const side of [alone, onesub]) side.close()
    },
  }
}
