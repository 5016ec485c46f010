import type { Change, IdentityWrite, PersonWrite, Write } from './change.ts'
import { bare, change, claimWrite, History, identityWrite, type Making, personWrite } from './change-parts.ts'
import type { Claim } from './claim.ts'
import type { Links } from './decide-link.ts'
import type { Unlinks } from './decide-unlink.ts'
import type { Key } from './keys/index.ts'
import { type Identity, type KnownIdentity, type Person, sameIdentity } from './person.ts'

/** What is known of the rows that a link moves. */
export interface Moving {
  /** Of the identity's own row; 0 where it has none. */
  readonly revisionOf: (identity: Identity) => number
  /** The absorbed person's claims, which become the survivor's as they are. */
  readonly claims: readonly { readonly key: Key; readonly claim: Claim }[]
}

/** All that the new side shows, and all that the absorbed person had: each is hers from now on. */
export function identitiesIn({ because, absorbs }: Pick<Links, 'because' | 'absorbs'>): readonly KnownIdentity[] {
  const known = absorbs?.identities ?? []
  return [...known, ...because.adds.filter((shown) => !known.some((one) => sameIdentity(one, shown)))]
}

export function linking(links: Links, moving: Moving, making: Making): Change | undefined {
  const { person, absorbs } = links
  const history = new History(person.id, person.version, making.now)
  const moved = identitiesIn(links)
    .filter((one) => !person.identities.some((known) => sameIdentity(known, one)))
    .map(withoutMarks)
  const attached = moved.map((one) => identityWrite(one, person.id, history, moving.revisionOf(one)))
  const claimed = moving.claims.map(({ key, claim }) => {
    const standing = { is: 'owned', claim } as const
    const take = { evidence: { kind: 'stated', key, rank: 0 } as const, standing, preempts: false }
    return claimWrite(take, person.id, { holder: claim.holder, leaseUntil: null }, history, making)
  })
  // A shell was the absorbed person's anchor and nothing else; whoever still holds a token of it is the survivor.
  const identities = [...person.identities, ...moved.filter(({ shell }) => shell === undefined)]
  const address = person.address ?? absorbs?.address ?? null
  const writes: Write[] = [
    personWrite(person, { identities, address, version: history.version }, []),
    ...attached,
    ...claimed,
  ]
  return change(person.id, absorbs ? [...writes, absorption(absorbs, person, making)] : writes, making)
}

/** Who has waited showed what was not theirs, and what is relinked leaves a provider's word behind: no mark there is an entered code. */
function withoutMarks(known: KnownIdentity): KnownIdentity {
  return known.native ? { ...known, marksUnknown: true } : known
}

/** She remains as a tombstone: her id is in tokens and in the application's rows, and leads to the survivor. */
function absorption(absorbed: Person, survivor: Person, { now }: Making): PersonWrite {
  const history = new History(absorbed.id, absorbed.version, now)
  const tells = [history.tell('person.merged', { into: survivor.id })]
  return personWrite(absorbed, { identities: [], mergedInto: survivor.id, version: history.version }, tells)
}

/** The identity stays known as hers that was: what its next sign-in means is decided, never assumed. */
export function unlinking(
  { person, removes }: Unlinks,
  revisionOf: Moving['revisionOf'],
  making: Making,
): Change | undefined {
  const history = new History(person.id, person.version, making.now)
  const detached = removes.map(
    (one): IdentityWrite => ({
      row: 'identity',
      identity: bare(one),
      over: revisionOf(one),
      attachment: { standing: 'waiting', wants: person.id },
      tells: [history.tell('identity.unlinked', { provider: one.provider })],
    }),
  )
  const left = person.identities.filter((known) => !removes.some((one) => sameIdentity(one, known)))
  // What the provider wrote over the user's address stays there when the link is gone.
  const identities = left.map(withoutMarks)
  return change(person.id, [personWrite(person, { identities, version: history.version }, []), ...detached], making)
}

/** Somebody whose way in was nobody's begins a life of her own with it. */
export function separatePersonChange(
  shown: readonly KnownIdentity[],
  revisionOf: Moving['revisionOf'],
  making: Making,
): Change | undefined {
  const id = making.mint()
  const identities = shown.map(withoutMarks)
  const history = new History(id, 0, making.now)
  const created = [history.tell('person.created', {})]
  const attached = identities.map((one) => identityWrite(one, id, history, revisionOf(one)))
  const nobody: Person = { id, identities, version: 0, notBefore: 0, address: null, mergedInto: null, revision: 0 }
  return change(id, [personWrite(nobody, { version: history.version }, created), ...attached], making)
}
