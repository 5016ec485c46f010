import type { Links } from '../decisions/link.ts'
import type { LeftAddress, Unlinks } from '../decisions/unlink.ts'
import type { Identifier } from '../identifiers/index.ts'
import type { Ownership } from '../identifiers/ownership.ts'
import { type Identity, type KnownIdentity, type Person, sameIdentity } from '../person.ts'
import type { Change, IdentityWrite, PersonWrite, Write } from './change.ts'
import {
  bare,
  type ChangeContext,
  change,
  History,
  identityWrite,
  ownershipWrite,
  personWrite,
  releaseWrite,
} from './change-parts.ts'

/** What is known of the rows that a link moves. */
export interface Moving {
  /** Of the identity's own row; 0 where it has none. */
  readonly revisionOf: (identity: Identity) => number
  /** The ownerships of the merged person, which become the survivor's unchanged. */
  readonly ownerships: readonly { readonly identifier: Identifier; readonly ownership: Ownership }[]
}

/** All that the new sign-in shows, and all that the merged person had: they belong to the survivor from now on. */
export function identitiesIn({ because, merges }: Pick<Links, 'because' | 'merges'>): readonly KnownIdentity[] {
  const known = merges?.identities ?? []
  return [...known, ...because.adds.filter((shown) => !known.some((one) => sameIdentity(one, shown)))]
}

export function linking(links: Links, moving: Moving, context: ChangeContext): Change | undefined {
  const { person, merges } = links
  const history = new History(person.id, person.version, context.now)
  const moved = identitiesIn(links)
    .filter((one) => !person.identities.some((known) => sameIdentity(known, one)))
    .map(withoutMarks)
  const attached = moved.map((one) => identityWrite(one, person.id, history, moving.revisionOf(one)))
  const claimed = moving.ownerships.map(({ identifier, ownership }) => {
    const status = { kind: 'owned', ownership } as const
    const acquisition = { evidence: { kind: 'stated', identifier, rank: 0 } as const, status, supersedes: false }
    return ownershipWrite(acquisition, person.id, { holder: ownership.holder, leaseUntil: null }, history, context)
  })
  // Among them a user that we had made for the merged person: it may stay in the pool where Cognito does not follow.
  const identities = [...person.identities, ...moved]
  const address = person.address ?? merges?.address ?? null
  // Sessions that a recovery has ended on either side stay ended: they lead to the survivor now.
  const notBefore = Math.max(person.notBefore, merges?.notBefore ?? 0)
  const writes: Write[] = [
    personWrite(person, { identities, address, notBefore, version: history.version }, []),
    ...attached,
    ...claimed,
  ]
  return change(person.id, merges ? [...writes, merge(merges, person, context)] : writes, context)
}

/** A pending user showed an address of somebody else, and a provider that was linked may have written one: no `email_verified` there counts as an entered code. */
function withoutMarks(known: KnownIdentity): KnownIdentity {
  return known.native ? { ...known, marksUnknown: true } : known
}

/** The merged person remains as a tombstone: its id is in tokens and in the application's rows, and leads to the survivor. */
function merge(merged: Person, survivor: Person, { now }: ChangeContext): PersonWrite {
  const history = new History(merged.id, merged.version, now)
  const events = [history.record('person.merged', { into: survivor.id })]
  return personWrite(merged, { identities: [], mergedInto: survivor.id, version: history.version }, events)
}

/** The row of the identity remembers the former person: what its next sign-in means is decided, never assumed. */
export function unlinking(
  { person, removes }: Unlinks,
  { address, released }: LeftAddress,
  revisionOf: Moving['revisionOf'],
  context: ChangeContext,
): Change | undefined {
  const history = new History(person.id, person.version, context.now)
  const detached = removes.map(
    (one): IdentityWrite => ({
      row: 'identity',
      identity: bare(one),
      expectedRevision: revisionOf(one),
      attachment: { status: 'waiting', wants: person.id },
      events: [history.record('identity.unlinked', { provider: one.provider })],
    }),
  )
  const left = person.identities.filter((known) => !removes.some((one) => sameIdentity(one, known)))
  // What the provider wrote over the user's address stays there when the link is gone.
  const identities = left.map(withoutMarks)
  // No token tells by which provider it was got: whoever signed in by the removed one has to sign in again.
  const free = released.map(({ identifier, ownership }) => releaseWrite(identifier, ownership, history, context.now))
  const after = { identities, address, notBefore: context.now, version: history.version }
  return change(person.id, [personWrite(person, after, []), ...detached, ...free], context)
}

/** Whoever has signed in until now has to sign in again. */
export function endOfSessions(person: Person, context: ChangeContext): Change | undefined {
  return change(person.id, [personWrite(person, { notBefore: context.now }, [])], context)
}

/** A sign-in method that belonged to nobody becomes a person of its own. */
export function separatePersonChange(
  shown: readonly KnownIdentity[],
  revisionOf: Moving['revisionOf'],
  context: ChangeContext,
): Change | undefined {
  const id = context.mint()
  const identities = shown.map(withoutMarks)
  const history = new History(id, 0, context.now)
  const created = [history.record('person.created', {})]
  const attached = identities.map((one) => identityWrite(one, id, history, revisionOf(one)))
  const nobody: Person = { id, identities, version: 0, notBefore: 0, address: null, mergedInto: null, revision: 0 }
  return change(id, [personWrite(nobody, { version: history.version }, created), ...attached], context)
}
