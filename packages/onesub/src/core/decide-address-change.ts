import { type Claim, isOwnedBy, type Standing } from './claim.ts'
import { takeOf } from './decide-native-sign-up.ts'
import type { Take } from './decision.ts'
import { type Evidence, isEnoughToOwn } from './evidence.ts'
import type { Key } from './keys/index.ts'
import type { Person } from './person.ts'

export interface AddressChangeFacts {
  readonly owner: Person
  /** The `sub` of the pool user that shows it; a person may have several. */
  readonly user: string
  /** What the user shows in the pool now, and what that proves; undefined where it shows no address that could be a key. */
  readonly shown: { readonly evidence: Evidence; readonly verified: boolean; readonly standing: Standing } | undefined
  /** The address that the person has proven last, and who owns it now. */
  readonly former: { readonly key: Key<'email'>; readonly standing: Standing } | undefined
  /** A provider is linked: what is shown may be its word, written over the user's (developer guide, "Specifying … attribute mappings"). */
  readonly isLinked: boolean
}

export interface AddressChange {
  readonly takes: readonly Take[]
  readonly releases: readonly Take[]
}

const NOTHING: AddressChange = { takes: [], releases: [] }

/**
 * The registry follows what a user has proven in Cognito since: at each sign-in the address that is shown is compared with the one that is owned.
 *
 * | the user shows …                                    | then |
 * | --------------------------------------------------- | --- |
 * | what the person owns, or nothing                    | nothing |
 * | an address, while a provider is linked to the user  | nothing: it may be the provider's word |
 * | another address, marked verified                    | the former one is released: it is no reason to join any more |
 * | … and the operator says that only codes set marks   | … and the new one is owned, also where another person had proven it before |
 * | … and another user of the person has proven the former one | … which stays: that user shows it still |
 * | an unverified address                               | nothing: nobody has proven anything |
 */
export function decideAddressChange({ owner, user, shown, former, isLinked }: AddressChangeFacts): AddressChange {
  if (!shown?.verified || isLinked) return NOTHING
  const { evidence, standing } = shown
  if (standing.is !== 'free' && isOwnedBy(standing.claim, owner.id)) return NOTHING
  const isAnother = former !== undefined && former.key.value !== evidence.key.value
  const isStillOwned =
    former !== undefined &&
    former.standing.is === 'owned' &&
    former.standing.claim.person === owner.id &&
    !isOfAnotherUser(former.standing.claim, owner, user)
  const releases: Take[] =
    isAnother && isStillOwned ? [takeOf({ kind: 'stated', key: former.key, rank: 0 }, former.standing, owner.id)] : []
  return { takes: isEnoughToOwn(evidence) ? [takeOf(evidence, standing, owner.id)] : [], releases }
}

function isOfAnotherUser({ holder }: Claim, { identities }: Person, user: string): boolean {
  return identities.some(
    ({ native, subject, pool, userName }) =>
      native && subject !== user && holder?.pool === pool && holder.userName === userName,
  )
}
