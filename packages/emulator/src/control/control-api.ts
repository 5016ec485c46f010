import { type Context, Hono } from 'hono'
import { parsePersona } from '../federation/personas.ts'
import { OPERATIONS } from '../operations/index.ts'
import { parseQuirks, QUIRKS } from '../quirks/quirks.ts'
import { CognitoFault } from '../shared/faults.ts'
import { isRecord, type JsonRecord } from '../shared/json.ts'
import { snapshotOf } from '../snapshot/snapshot.ts'
import type { ControlContext } from './context.ts'
import { developerPages } from './developer-pages.ts'
import { messagesTo, usersOf } from './inspect.ts'
import { moveClock } from './move-clock.ts'
import { seed } from './seed.ts'

/** How a caller returns to an earlier state. */
export interface StateChanges {
  reset(): void
  restore(snapshot: unknown): void
}

/** For developers and tests; everything here is also in the programmatic API. */
export function controlApi(context: ControlContext, { reset, restore }: StateChanges): Hono {
  const app = new Hono({ strict: false }).basePath('/_onesub')
  app.get('/health', (c) => c.json({ status: 'ready', operations: [...OPERATIONS.keys()].sort() }))
  app.get('/quirks', (c) => c.json({ values: context.quirks.get(c.req.query('userPoolId')), catalogue: QUIRKS }))
  app.put('/quirks', async (c) => {
    context.quirks.set(parseQuirks(await jsonOf(c)), c.req.query('userPoolId'))
    return c.json({ values: context.quirks.get(c.req.query('userPoolId')) })
  })
  app.get('/personas', (c) => c.json({ personas: context.personas.all() }))
  app.put('/personas', async (c) => {
    context.personas.set(parsePersona(await jsonOf(c)))
    return c.json({ personas: context.personas.all() })
  })
  app.delete('/personas/:id', (c) => {
    context.personas.remove(c.req.param('id'))
    return c.json({ personas: context.personas.all() })
  })
  app.get('/inbox', (c) => {
    const messages = messagesTo(context, needed(c, 'userPoolId'), needed(c, 'username'))
    return c.json({ newest: messages.at(-1) ?? null, messages })
  })
  app.get('/trigger-calls', (c) => c.json({ calls: context.triggers.log.all() }))
  app.delete('/trigger-calls', (c) => {
    context.triggers.log.clear()
    return c.json({ calls: [] })
  })
  app.get('/users', (c) => c.json({ users: usersOf(context, needed(c, 'userPoolId')) }))
  app.get('/clock', (c) => c.json({ now: context.clock() }))
  app.put('/clock', async (c) => {
    moveClock(context.time, await jsonOf(c))
    return c.json({ now: context.clock() })
  })
  app.post('/reset', async (c) => {
    await jsonOf(c)
    reset()
    return c.json({ status: 'ready' })
  })
  app.get('/snapshot', (c) => {
    c.header('cache-control', 'no-store')
    return c.json(snapshotOf(context))
  })
  app.put('/snapshot', async (c) => {
    restore(await jsonOf(c))
    return c.json({ status: 'ready' })
  })
  app.post('/seed', async (c) => c.json({ added: seed(context, await jsonOf(c)) }))
  app.route('/', developerPages(context))
  app.notFound((c) => c.json({ error: 'The control API has no such page.' }, 404))
  app.onError((error, c) => c.json({ error: error.message }, error instanceof CognitoFault ? 404 : 400))
  return app
}

/** Requires JSON, which a cross-site form cannot send. */
async function jsonOf(c: Context): Promise<JsonRecord> {
  if (!/^application\/json\b/iu.test(c.req.header('content-type') ?? '')) {
    throw new TypeError('The content type must be application/json.')
  }
  const body: unknown = await c.req.json().catch(() => undefined)
  if (!isRecord(body)) throw new TypeError('The body must be a JSON object.')
  return body
}

function needed(c: Context, name: string): string {
  const value = c.req.query(name)
  if (!value) throw new TypeError(`The query parameter ${name} is missing.`)
  return value
}
