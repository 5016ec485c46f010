import { Hono } from 'hono'
import { isOnesubError, type OnesubError } from 'onesub'
import type { Account } from 'onesub/account'
import type { PersonVerifier } from 'onesub/verify'
import { type PersonEnv, requirePerson } from 'onesub/verify/hono'
import { accountRoutes } from './account.ts'
import { type OwnerEnv, type RecordStore, recordRoutes } from './records.ts'

export interface Services {
  readonly verify: PersonVerifier
  readonly account: Account
  readonly records: RecordStore
}

/** `/records` and `/account`, for pages of the same origin: there is no CORS header, so no other page can read an answer. */
export function recordsApi({ verify, account, records }: Services): Hono<PersonEnv & OwnerEnv> {
  const api = new Hono<PersonEnv & OwnerEnv>()
  api.use('/records/*', requirePerson(verify), async (c, next) => {
    c.set('owner', c.get('person').id)
    await next()
  })
  api.route('/records', recordRoutes(records))
  api.route('/account', accountRoutes(account, records))
  api.onError((error, c) => {
    if (isOnesubError(error)) return c.json({ error: { code: error.code, message: error.message } }, statusOf(error))
    console.error('records-api failed:', error.name)
    return c.json({ error: { message: 'This did not go through.' } }, 500)
  })
  return api
}

function statusOf({ code, retry }: OnesubError): 401 | 409 | 503 {
  if (retry) return 503
  return code === 'TOKEN_INVALID' || code === 'PERSON_UNKNOWN' ? 401 : 409
}
