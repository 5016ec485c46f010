import { createHash } from 'node:crypto'
import type { JsonRecord } from '../shared/json.ts'
import { identitiesOf } from '../state/identities.ts'
import type { Pool } from '../state/pool.ts'
import type { Session } from '../state/sessions.ts'

export interface Grant {
  readonly pool: Pool
  readonly session: Session
  readonly issuer: string
  readonly nonce?: string | undefined
  /** ClientMetadata of the call that gives the tokens. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly now: number
}

const BOOLEANS: readonly string[] = ['email_verified', 'phone_number_verified']

/** Developer Guide: amazon-cognito-user-pools-using-the-id-token. */
export function idClaims({ pool, session, nonce }: Grant): JsonRecord {
  const { client, user, scopes, kind } = session
  const isVisible = (name: string) => client.canRead(name) && (kind === 'api' || isInScope(name, scopes))
  const attributes = [...pool.shown(user.attributes)].filter(([name]) => isVisible(name))
  const identities = identitiesOf(user).map((identity) => ({
    ...identity,
    // In the ID token these two are strings; in the attribute a boolean and a number.
    primary: String(identity.primary),
    dateCreated: String(identity.dateCreated),
  }))
  return {
    ...Object.fromEntries(
      attributes.map(([name, value]) => [name, BOOLEANS.includes(name) ? value === 'true' : value]),
    ),
    ...(identities.length > 0 && { identities }),
    'cognito:username': user.username,
    aud: client.id,
    ...(nonce !== undefined && { nonce }),
  }
}

/** Developer Guide: amazon-cognito-user-pools-using-the-access-token. */
export function accessClaims({ session }: Grant): JsonRecord {
  return {
    client_id: session.client.id,
    username: session.user.username,
    ...(session.kind === 'hosted' && { version: 2 }),
  }
}

// Developer Guide: cognito-user-pools-define-resource-servers. `openid` alone, like `profile`, shows all that is readable.
export function isInScope(attribute: string, scopes: readonly string[]): boolean {
  const shows = (scope: string, names: readonly string[]) => scopes.includes(scope) && names.includes(attribute)
  if (shows('email', ['email', 'email_verified'])) return true
  if (shows('phone', ['phone_number', 'phone_number_verified'])) return true
  return scopes.includes('profile') || !(scopes.includes('email') || scopes.includes('phone'))
}

/** OpenID Connect Core 1.0, section 3.1.3.6. */
export function atHash(accessToken: string): string {
  return createHash('sha256').update(accessToken, 'ascii').digest().subarray(0, 16).toString('base64url')
}
