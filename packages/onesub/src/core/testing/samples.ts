import type { ProvenEmail, SoftRank, StatedIdentifier } from '../evidence.ts'
import { type FreshProof, freshProof, type SignIn } from '../fresh-proof.ts'
import { type Identifier, normaliseEmail } from '../identifiers/index.ts'
import type { IdentifierStatus, Ownership } from '../identifiers/ownership.ts'
import { operationId } from '../operation.ts'
import { type Identity, type KnownIdentity, type Person, type PersonId, parsePersonId } from '../person.ts'

export const POOL = 'eu-west-1_Test1'

export function emailKey(address = 'ada@example.com'): Identifier<'email'> {
  const read = normaliseEmail(address)
  if (!read.ok) throw new Error(read.fault)
  return read.identifier
}

export function personId(last: number): PersonId {
  const id = parsePersonId(`00000000-0000-7000-8000-${String(last).padStart(12, '0')}`)
  if (!id) throw new Error('not a person id')
  return id
}

export function stated(rank: SoftRank = 0, address?: string): StatedIdentifier {
  return { kind: 'stated', identifier: emailKey(address), rank }
}

export function proven(address?: string): ProvenEmail {
  return { kind: 'proven', identifier: emailKey(address), rank: 3 }
}

export function nativeIdentity(subject = 'sub-ada', userName = 'ada'): KnownIdentity {
  return { pool: POOL, provider: 'Cognito', subject, userName, native: true }
}

export function googleIdentity(subject = '1180'): Identity {
  return { pool: POOL, provider: 'Google', subject }
}

export function person(last = 1, identities: readonly KnownIdentity[] = [nativeIdentity()]): Person {
  return { id: personId(last), identities, version: 3, notBefore: 0, address: null, mergedInto: null, revision: 1 }
}

export function ownership(of: Partial<Ownership> = {}): Ownership {
  return {
    person: personId(1),
    rank: 0,
    epoch: 1,
    opId: operationId({
      pool: POOL,
      source: 'PreSignUp_SignUp',
      userName: 'ada',
      client: 'web',
      expectedRevisions: [0],
    }),
    holder: { pool: POOL, userName: 'ada' },
    leaseUntil: 2_000,
    revision: 1,
    ...of,
  }
}

/** Fresh proof that this sign-in method belongs to the person: both sides signed in at `now`. */
export function fresh(...shows: SignIn['shows']): FreshProof {
  const [user] = shows
  const proof = freshProof({ user: nativeIdentity(), shows: [nativeIdentity()], at: 0 }, { user, shows, at: 0 }, 0)
  if (!proof) throw new Error('not fresh')
  return proof
}

export const FREE: IdentifierStatus = { kind: 'free' }
export const ownedClaim = (of: Partial<Ownership> = {}) => ownership({ rank: 3, holder: null, leaseUntil: null, ...of })
