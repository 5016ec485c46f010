import type { Claim, Standing } from './claim.ts'
import { claimUnder } from './decide-native-sign-up.ts'
import type { Begins, Joins, Refused, Returns, Waits } from './decision.ts'
import type { Evidence, ProvenEmail, StatedKey } from './evidence.ts'
import type { Identity, Person, PersonId } from './person.ts'
import type { KnownKeyPolicy } from './policy.ts'

interface AddressArrival {
  readonly evidence: Evidence
  readonly standing: Standing
  /** The person behind the claim; undefined while the claim's sign-up is unfinished. */
  readonly holder: Person | undefined
}

export interface FederationFacts {
  readonly identity: Identity
  /** Whether the subject is known byte for byte; Cognito accepts a link with a folded one and then never finds it again. */
  readonly exactSubject: boolean
  /** Cognito has made the profile already: it can no longer be linked or kept out, only merged on purpose. */
  readonly hasProfile: boolean
  readonly owner: Person | undefined
  /** Known, and nobody's: she took it off her account, and it says nothing of who uses it now. */
  readonly waitsFor: PersonId | undefined
  /** Undefined without an address, or with one that is contact data only. */
  readonly address: AddressArrival | undefined
  readonly policy: KnownKeyPolicy
}

/**
 * | who arrives                                     | refuse    | link             | explicit         | quiet |
 * | ----------------------------------------------- | --------- | ---------------- | ---------------- | ----- |
 * | an identity we know                             | returns (all policies)  |
 * | one that was taken off somebody's account       | waits for consent or proof (all policies)  |
 * | without an address                              | begins without a key (all policies)  |
 * | free address, unverified (E1)                   | begins without the key (all policies)  |
 * | free address, vouched for (E2) or proven (E3)   | begins with the key (all policies)  |
 * | address held with less proof than this          | begins as a new person who takes the key (all policies)  |
 * | proven address (E3) of a person with proof (E3) | KEY_TAKEN | joins            | waits | joins |
 * | … who has another subject of the same provider  | KEY_TAKEN | waits | waits | begins apart |
 * | proven address that an administrator vouched for, whose user has not come yet | KEY_TAKEN | begins as the person minted with it | waits | as link |
 * | unproven address (E1, E2) that is held          | KEY_TAKEN | begins apart     | waits | begins apart |
 * | who would join or be refused, but has a profile | begins apart (all policies)  |
 * | who would join, but her subject is uncertain    | SUBJECT_UNCERTAIN (all policies)  |
 *
 * "Apart" is without the key: a person of her own. "Waits" is let in without a person: until she has signed in with both and links, or says that
 * she is somebody else and begins anew.
 */
export function decideFederation(facts: FederationFacts): Begins | Returns | Joins | Waits | Refused {
  if (!facts.owner && facts.waitsFor) return { kind: 'waits', wants: facts.waitsFor, since: 'still' }
  const decision = decideByEvidence(facts)
  if (facts.hasProfile && decision.kind !== 'begins' && decision.kind !== 'returns') return APART
  return decision.kind === 'joins' && !facts.exactSubject ? { kind: 'refused', code: 'SUBJECT_UNCERTAIN' } : decision
}

type ByEvidence = Begins | Returns | Joins | Waits | Refused

function decideByEvidence({ identity, owner, address, policy }: FederationFacts): ByEvidence {
  if (owner) return { kind: 'returns', person: owner, recovered: false, proves: [] }
  if (!address) return APART
  const { evidence, standing } = address
  if (standing.is === 'hard') return onHardKey(address, standing.claim, identity, policy)
  if (evidence.kind === 'proven') return takesOver(evidence, standing)
  return onStatedAddress(evidence, standing, policy)
}

const APART: Begins = { kind: 'begins', person: 'new', takes: [] }

function onHardKey({ evidence, holder }: AddressArrival, claim: Claim, identity: Identity, policy: KnownKeyPolicy) {
  if (evidence.kind === 'stated') return onKnownKey(claim, policy)
  return holder ? joinOrAsk(evidence, holder, identity, policy) : finishOrAsk(evidence, claim, policy)
}

/** A claim is proven before its user has come only where an administrator vouched for it; she is that user, by another way. */
function finishOrAsk(evidence: ProvenEmail, claim: Claim, policy: KnownKeyPolicy): Begins | Waits | Refused {
  if (policy === 'refuse' || policy === 'explicit') return onKnownKey(claim, policy)
  return { kind: 'begins', person: claim.person, takes: [{ evidence, over: claim, preempts: false }] }
}

function joinOrAsk(because: ProvenEmail, person: Person, identity: Identity, policy: KnownKeyPolicy) {
  if (policy === 'refuse' || policy === 'explicit') return onKnownKey({ person: person.id }, policy)
  // The same provider vouches for another subject under a known address: the address may have been given to somebody else.
  if (hasOtherSubject(person, identity)) return policy === 'quiet' ? APART : waitsFor(person.id)
  return { kind: 'joins', person, because, takes: [] } as const
}

/** Let in by Cognito and nobody yet: a refusal would keep her from the second sign-in that proves both sides, too. */
function waitsFor(wants: PersonId): Waits {
  return { kind: 'waits', wants, since: 'now' }
}

function onKnownKey({ person }: Pick<Claim, 'person'>, policy: KnownKeyPolicy): Begins | Waits | Refused {
  switch (policy) {
    case 'refuse':
      return { kind: 'refused', code: 'KEY_TAKEN' }
    case 'explicit':
      return waitsFor(person)
    case 'link':
    case 'quiet':
      return APART
  }
}

function onStatedAddress(evidence: StatedKey, standing: Standing, policy: KnownKeyPolicy): Begins | Waits | Refused {
  if (standing.is === 'soft') return onKnownKey(standing.claim, policy)
  // A provider that does not vouch claims nothing: whoever can type an address there could take it here.
  if (evidence.rank < 2) return standing.is === 'weaker' ? onKnownKey(standing.claim, policy) : APART
  return takesOver(evidence, standing)
}

/** Over somebody's weaker claim a new person begins: effects of the old sign-up may still land under the old id. */
function takesOver(evidence: Evidence, standing: Standing): Begins {
  const over: Claim | undefined = claimUnder(standing)
  return { kind: 'begins', person: 'new', takes: [{ evidence, over, preempts: over !== undefined }] }
}

function hasOtherSubject(person: Person, identity: Identity): boolean {
  return person.identities.some(
    (known) =>
      known.pool === identity.pool && known.provider === identity.provider && known.subject !== identity.subject,
  )
}
