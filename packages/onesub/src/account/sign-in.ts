import type { SignIn } from '../core/fresh-proof.ts'
import { normaliseEmail } from '../core/identifiers/index.ts'
import { type LinkedIdentity, linkedIdentities } from '../core/linked-identities.ts'
import { COGNITO, type Identity, type KnownIdentity } from '../core/person.ts'

type Claims = Readonly<Record<string, unknown>>

/** What a verified token says of the sign-in it came from. Undefined where it does not say when that was. */
export function signInOf(identity: Identity, claims: Claims): SignIn | undefined {
  const { auth_time } = claims
  if (typeof auth_time !== 'number') return undefined
  const userName = claims['cognito:username'] ?? claims.username
  const provider = ownProvider(claims.identities)
  const user: KnownIdentity = {
    ...identity,
    userName: typeof userName === 'string' ? userName : null,
    native: provider === undefined,
  }
  const said = normaliseEmail(typeof claims.email === 'string' ? claims.email : '')
  const shown: KnownIdentity | undefined = provider && {
    pool: identity.pool,
    provider: provider.provider,
    subject: provider.subject,
    userName: user.userName,
    native: false,
    // A profile shows what its provider said.
    ...(said.ok && { said: said.identifier.value }),
  }
  return { user: identity, shows: shown ? [shown, user] : [user], at: auth_time * 1_000 }
}

/**
 * The provider whose profile the user is. A native user lists everything that is linked to it, and nothing in the token says by which of
 * them the user came (developer guide, "Understanding the identity (ID) token"); it then shows no more than the user.
 */
function ownProvider(identities: unknown): LinkedIdentity | undefined {
  const [only] = Array.isArray(identities) && identities.length === 1 ? linkedIdentities(identities) : []
  return only?.primary && only.provider !== COGNITO ? only : undefined
}
