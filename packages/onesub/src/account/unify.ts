import { identitiesIn } from '../core/changes/change-for-account.ts'
import type { Links } from '../core/decisions/link.ts'
import { isHeldBy } from '../core/decisions/unlink.ts'
import type { Ownership } from '../core/identifiers/ownership.ts'
import { COGNITO, isFullyLinked, type KnownIdentity, primaryUserOf } from '../core/person.ts'
import type { UserPool } from '../core/ports.ts'

type UnifyingCalls = 'link' | 'unlink' | 'removeProfile' | 'removePlaceholderUser'

/**
 * One user in the pool as well: each provider is linked to the account's user, and what it had of its own goes. Left undone, nothing is
 * lost: the registry knows whose the users are, and a provider that signs in again is linked then.
 */
export async function unify(
  links: Links,
  ownerships: readonly Ownership[],
  userPool: Pick<UserPool, UnifyingCalls>,
): Promise<void> {
  const { person, merges } = links
  for (const identity of identitiesIn(links)) {
    const primaryUser = primaryUserOf(person, identity.pool)
    const former = merges && primaryUserOf(merges, identity.pool)
    if (!primaryUser || identity.provider === COGNITO || isFullyLinked(person, identity)) continue
    try {
      await relink(identity, { primaryUser, former, isNeeded: isNeeded(former, ownerships) }, userPool)
    } catch {
      // See above: what Cognito has not done now is done at a later sign-in.
    }
  }
}

interface Relinking {
  readonly primaryUser: KnownIdentity
  /** What it was linked to before, if it had a person. */
  readonly former: KnownIdentity | undefined
  /** No other user shows an address that the person has proven by a code. */
  readonly isNeeded: boolean
}

function isNeeded(user: KnownIdentity | undefined, ownerships: readonly Ownership[]): boolean {
  return user !== undefined && ownerships.some(({ holder }) => holder?.byCode === true && isHeldBy(holder, user))
}

async function relink(
  identity: KnownIdentity,
  { primaryUser, former, isNeeded }: Relinking,
  userPool: Pick<UserPool, UnifyingCalls>,
): Promise<void> {
  // A user whose password is known to its owner keeps what is linked to it.
  if (former?.native && former.placeholder === undefined) return
  if (former?.native) await userPool.unlink(identity, former)
  else if (identity.userName !== null)
    await userPool.removeProfile({ pool: identity.pool, userName: identity.userName })
  await userPool.link(identity, primaryUser)
  if (former?.native && !isNeeded)
    await userPool.removePlaceholderUser({ pool: former.pool, userName: former.userName ?? former.subject })
}
