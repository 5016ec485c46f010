import { comparableAddress, type Identifier, isAddressOf } from '../identifiers/index.ts'
import { type Holder, type IdentifierStatus, isProvenBy, isSameUser } from '../identifiers/ownership.ts'
import type { Person } from '../person.ts'

export type Repair = { readonly restore: string } | { readonly unverify: string }

export interface RepairFacts {
  readonly owner: Person
  /** The user has no password of its own: each sign-in is by a provider, and the user's address is the provider's. */
  readonly isPlaceholder: boolean
  /** The user came with it, marked, before any provider was linked. */
  readonly cameWith: boolean
  readonly user: Holder
  /** The address that the pool shows after the sign-in; undefined without one. */
  readonly shown:
    | {
        /** Undefined where it could be nobody's identifier. */
        readonly identifier: Identifier<'email'> | undefined
        readonly spelled: string
        readonly verified: boolean
        readonly status: IdentifierStatus
      }
    | undefined
}

/**
 * Cognito writes the provider's address over a linked user's address at each sign-in, and takes a flag that the provider does not send for
 * "no" (aws-amplify/amplify-js#7300, #11565). What the pool shows decides nothing here, but mails go there and resets depend on it.
 *
 * | the pool shows …                                  | then |
 * | ------------------------------------------------- | --- |
 * | the person's own address, marked verified         | nothing |
 * | it, in another spelling                           | the person's is put back: where a pool keeps case, they sign in by it |
 * | it, marked otherwise                              | the mark is put back, with the address |
 * | another, which this very user has proven, with a password | it stays; a lost mark is put back |
 * | another, which a provider of theirs said last     | the one that the person has proven is put back, also where the other is theirs too |
 * | another, for a user without a password            | the same: only a provider can have said it |
 * | one that could be nobody's identifier            | the same: the person cannot have proven it to us |
 * | such a one, marked verified, and the person has proven none | the mark is taken off: no reset goes to an address that nobody has proven |
 * | the same, and the user came with it, marked, before the provider | nothing: its reader could reset the user before |
 * | another, and no provider said it: the user's wish | nothing (T151) |
 * | none                                              | nothing: the user may have removed it |
 */
export function decideRepair({ owner, isPlaceholder, cameWith, user, shown }: RepairFacts): Repair | undefined {
  if (!shown) return undefined
  const { identifier, spelled, verified, status } = shown
  const word = comparableAddress(spelled)
  const isSaid = owner.identities.some(({ native, said }) => !native && said === word)
  const isOwn = identifier !== undefined && owner.address !== null && isAddressOf(identifier, owner.address)
  // It may be another one than the person's where the person has several users.
  const isByThisUser =
    status.kind !== 'free' && isProvenBy(status.ownership, owner.id) && isSameUser(status.ownership.holder, user)
  if (isByThisUser && !isOwn && !isPlaceholder) return verified ? undefined : { restore: spelled }
  // A provider that was added by hand may have proven an address of its own: it is the person's, and not what this user signs in by.
  if (isSaid && owner.address !== null && !isOwn) return { restore: owner.address }
  if (status.kind !== 'free' && isProvenBy(status.ownership, owner.id)) {
    const theirs = isOwn && owner.address !== null ? owner.address : spelled
    return verified && spelled === theirs ? undefined : { restore: theirs }
  }
  if (owner.address !== null) return isPlaceholder || isSaid || !identifier ? { restore: owner.address } : undefined
  return (isPlaceholder || isSaid) && verified && !cameWith ? { unverify: spelled } : undefined
}

/** What a user shows where the person's own address cannot be put back: it stays where this very user has proven it, or came with it. */
export function mayStay({ owner, user, cameWith, shown }: RepairFacts): boolean {
  if (!shown?.verified || cameWith) return true
  const { status } = shown
  return status.kind !== 'free' && isProvenBy(status.ownership, owner.id) && isSameUser(status.ownership.holder, user)
}
