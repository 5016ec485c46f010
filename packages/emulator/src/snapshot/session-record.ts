import type { Account } from '../state/account.ts'
import type { KeptSession } from '../state/sessions.ts'
import { list, number, oneOf, optional, record, text } from './shape.ts'

export const SESSION = record({
  userPoolId: text,
  username: text,
  clientId: text,
  originJti: text,
  eventId: text,
  scopes: list(text),
  authTime: number,
  kind: oneOf('api', 'hosted'),
  endsAt: number,
  refreshTokens: list(record({ token: text, endsAt: number, retiresAt: optional(number) })),
})

export type SessionRecord = NonNullable<(typeof SESSION)['type']>

export function recordOfSession({ session, endsAt, refreshTokens }: KeptSession): SessionRecord {
  const { originJti, eventId, scopes, authTime, kind, client, user } = session
  const whose = { userPoolId: client.poolId, username: user.username, clientId: client.id }
  return { ...whose, originJti, eventId, scopes, authTime, kind, endsAt, refreshTokens }
}

export function keptSessionOf(account: Account, given: SessionRecord): KeptSession {
  const { userPoolId, username, clientId, originJti, eventId, scopes, authTime, kind, endsAt, refreshTokens } = given
  const user = account.find(userPoolId)?.users.byUsername(username)
  const client = account.findClient(clientId)?.client
  if (!user || client?.poolId !== userPoolId) throw new TypeError('The snapshot has a session of nobody.')
  return { session: { originJti, eventId, scopes, authTime, kind, user, client }, endsAt, refreshTokens }
}
