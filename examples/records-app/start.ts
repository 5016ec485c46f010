import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { openStage } from './stage/stage.ts'

/**
 *   node examples/records-app/start.ts [--port 3000] [--no-open]
 *
 * Two panes of one app: Cognito alone, and Cognito with onesub. Ends with Ctrl+C and leaves nothing.
 */
const values = flagsOf(process.argv.slice(2))
const port = Number(values.port)
if (!/^\d+$/.test(values.port) || port > 65_535) {
  console.error(`--port: ${values.port} is no port number`)
  process.exit(2)
}

console.log('Opening a local Cognito with two pools, and the records app on each …')
const stage = await openStage(port)
console.log(`
  ${stage.origin}

On the left Cognito alone, on the right Cognito with onesub; the page says what to try.
It stays up until you press Ctrl+C, and keeps nothing.
`)
if (values.open) openInBrowser(stage.origin)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stage.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}

function flagsOf(args: string[]) {
  const options = { port: { type: 'string', default: '3000' }, open: { type: 'boolean', default: true } } as const
  try {
    return parseArgs({ args, options, allowNegative: true }).values
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error('usage: npm start -- [--port 3000] [--no-open] | --once')
    process.exit(2)
  }
}

/** Where there is a desktop; anywhere else the printed address has to do. */
function openInBrowser(url: string): void {
  const opener = openerFor(process.platform, process.env)
  if (!opener) return
  const child = spawn(opener[0], [...opener[1], url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

function openerFor(
  platform: NodeJS.Platform,
  { DISPLAY, WAYLAND_DISPLAY, CI }: NodeJS.ProcessEnv,
): readonly [string, readonly string[]] | undefined {
  if (CI) return undefined
  if (platform === 'darwin') return ['open', []]
  if (platform === 'win32') return ['explorer.exe', []]
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open', []] : undefined
}
