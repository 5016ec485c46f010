import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Message } from '../messages/inbox.ts'
import { isText } from '../shared/json.ts'
import { identitiesOf } from '../state/identities.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { TriggerCall } from '../triggers/call-log.ts'
import type { ControlContext } from './context.ts'
import { DEVELOPER_STYLE, developerPage, type Markup, table } from './developer-page.ts'

const MOST_ROWS = 200

/** Pages for developers: the users of each pool, the messages to them, and the answers of the triggers. */
export function developerPages(context: ControlContext): Hono {
  const app = new Hono()
  app.get('/', (c) => show(c, 'User pools', pools(context)))
  app.get('/pools/:id', (c) => {
    const pool = context.account.pool(c.req.param('id'))
    return show(c, `${pool.settings.name} (${pool.id})`, [people(pool), messages(context, pool)])
  })
  app.get('/runs', (c) => show(c, 'Trigger runs', context.triggers.log.all().slice(-MOST_ROWS).reverse().map(run)))
  app.get('/style.css', (c) => c.body(DEVELOPER_STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }))
  return app
}

/** All values are shown as text, so that an attribute cannot inject markup. */
function show(c: Context, title: string, content: Markup | readonly Markup[]) {
  c.header('content-security-policy', "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
  c.header('x-content-type-options', 'nosniff')
  c.header('cache-control', 'no-store')
  return c.html(developerPage(title, content))
}

function pools({ account }: ControlContext): Markup {
  const rows = [...account.pools].map((pool) => [
    html`<a href="/_onesub/pools/${pool.id}">${pool.settings.name}</a>`,
    pool.id,
    String(pool.users.size),
  ])
  return table('User pools', ['name', 'id', 'users'], rows)
}

function people(pool: Pool): Markup {
  const rows = firstOf(pool.users.listed.from(0)).map((user) => [
    user.username,
    user.enabled ? user.status : `${user.status}, disabled`,
    textOf(Object.fromEntries(pool.shown(user.attributes))),
    identitiesOf(user)
      .map(({ providerName, userId, primary }) => `${providerName}: ${userId}${primary ? ' (own)' : ' (linked)'}`)
      .join('\n'),
  ])
  return table(`Users (${pool.users.size})`, ['username', 'status', 'attributes', 'identities'], rows)
}

function messages(context: ControlContext, pool: Pool): Markup {
  const all = [...pool.users.listed.from(0)].flatMap((user) => context.inbox.of(pool.id, user.username))
  const newest = all.sort((left, right) => right.at - left.at).slice(0, MOST_ROWS)
  const rows = newest.map((message: Message) => [
    timeOf(message.at),
    `${message.medium} to ${message.destination}`,
    message.purpose,
    message.code,
  ])
  return table('Inbox: what would have been sent', ['when', 'to', 'why', 'code'], rows)
}

function run(call: TriggerCall): Markup {
  const { source, userPoolId, at, ms, event } = call
  const outcome = call.error === undefined ? 'answered' : 'failed'
  return html`<details><summary>${timeOf(at)} ${source}, ${outcome} in ${Math.round(ms)} ms (${userPoolId})</summary>
<h2>Event</h2><pre tabindex="0">${textOf(event)}</pre>
<h2>${call.error === undefined ? 'Answer' : 'Error'}</h2><pre tabindex="0">${textOf(call.error ?? call.answer)}</pre></details>`
}

function firstOf(users: Iterable<User>): readonly User[] {
  const first: User[] = []
  for (const user of users) {
    if (first.length === MOST_ROWS) break
    first.push(user)
  }
  return first
}

const timeOf = (at: number) => new Date(at).toISOString()
const textOf = (value: unknown) => (isText(value) ? value : (JSON.stringify(value, null, 1) ?? 'nothing'))
