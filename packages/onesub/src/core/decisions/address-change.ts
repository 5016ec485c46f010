import { type Evidence, isEnoughToOwn } from '../evidence.ts'
import type { Identifier } from '../identifiers/index.ts'
import { type IdentifierStatus, isProvenBy, type Ownership } from '../identifiers/ownership.ts'
import type { KnownIdentity, Person } from '../person.ts'
import type { Acquisition } from './decision.ts'
import { acquisitionOf } from './native-sign-up.ts'

export interface AddressChangeFacts {
  readonly owner: Person
  /** The `sub` of the pool user that shows it; a person may have several. */
  readonly user: string
  /** What the user shows in the pool now, and what that proves; undefined where it shows no address that could be an identifier. */
  readonly shown:
    | { readonly evidence: Evidence; readonly verified: boolean; readonly status: IdentifierStatus }
    | undefined
  /** The address that the person has proven last, and who owns it now. */
  readonly former: { readonly identifier: Identifier<'email'>; readonly status: IdentifierStatus } | undefined
  /** A provider is linked: the user's address may be the provider's, written over the user's own (developer guide, "Specifying … attribute mappings"). */
  readonly isLinked: boolean
}

export interface AddressChange {
  readonly acquisitions: readonly Acquisition[]
  readonly releases: readonly Acquisition[]
}

const NOTHING: AddressChange = { acquisitions: [], releases: [] }

/**
 * The registry follows what a user has proven in Cognito since: at each sign-in the address that is shown is compared with the one that is owned.
 *
 * | the user shows …                                    | then |
 * | --------------------------------------------------- | --- |
 * | what the person owns, or nothing                    | nothing |
 * | … and this user has proven the former one           | the former one is released: the user has changed to an address that was the person's already |
 * | an address, while a provider is linked to the user  | nothing: it may be the provider's word |
 * | another address, marked verified                    | the former one is released: it is no reason to join any more |
 * | … and the operator says that only codes set marks   | … and the new one is owned, also where another person had proven it before |
 * | … and another user of the person has proven the former one | … which stays: that user shows it still |
 * | an unverified address                               | nothing: nobody has proven anything |
 */
export function decideAddressChange({ owner, user, shown, former, isLinked }: AddressChangeFacts): AddressChange {
  if (!shown?.verified || isLinked) return NOTHING
  const { evidence, status } = shown
  const isOwned = status.kind !== 'free' && isProvenBy(status.ownership, owner.id)
  const isAnother = former !== undefined && former.identifier.value !== evidence.identifier.value
  const isStillOwned =
    former !== undefined &&
    former.status.kind === 'owned' &&
    former.status.ownership.person === owner.id &&
    (isOwned
      ? isHeldBy(former.status.ownership, owner, ({ subject }) => subject === user)
      : !isHeldBy(former.status.ownership, owner, ({ subject }) => subject !== user))
  const releases: Acquisition[] =
    isAnother && isStillOwned
      ? [acquisitionOf({ kind: 'stated', identifier: former.identifier, rank: 0 }, former.status, owner.id)]
      : []
  if (isOwned && releases.length === 0) return NOTHING
  return { acquisitions: isEnoughToOwn(evidence) ? [acquisitionOf(evidence, status, owner.id)] : [], releases }
}

/** By one of these native users of the person. */
function isHeldBy({ holder }: Ownership, { identities }: Person, isMeant: (user: KnownIdentity) => boolean): boolean {
  return identities.some(
    (one) => one.native && isMeant(one) && holder?.pool === one.pool && holder.userName === one.userName,
  )
}
