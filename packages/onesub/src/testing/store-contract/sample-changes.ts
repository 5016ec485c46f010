import { randomUUID } from 'node:crypto'
import type { Change, OwnershipWrite } from '../../core/changes/change.ts'
import { type Identifier, normaliseEmail } from '../../core/identifiers/index.ts'
import { operationId } from '../../core/operation.ts'
import { type Identity, type KnownIdentity, type PersonId, parsePersonId } from '../../core/person.ts'
import { existing } from './assertions.ts'

// Rows for one case alone: every address, person and identity is a new one.

export const POOL = 'eu-west-1_contract'
export const UNCHANGED = { address: null, mergedInto: null }

export function freshEmail(): Identifier<'email'> {
  const normalised = normaliseEmail(`${randomUUID()}@example.com`)
  return existing(normalised.ok ? normalised.identifier : undefined, 'address')
}

export function freshPerson(): PersonId {
  return existing(parsePersonId(randomUUID()), 'person id')
}

export function freshIdentity(provider = 'Cognito'): KnownIdentity {
  const subject = randomUUID()
  return { pool: POOL, provider, subject, userName: `user-${subject}`, native: provider === 'Cognito' }
}

export function bare({ pool, provider, subject }: Identity): Identity {
  return { pool, provider, subject }
}

export function operation(userName: string, expectedRevisions: readonly number[]) {
  return operationId({ pool: POOL, source: 'PreSignUp_SignUp', userName, client: 'web', expectedRevisions })
}

interface ReservationOptions {
  readonly expectedRevision?: number
  readonly person?: PersonId
  readonly epoch?: number
}

export type OwnershipChange = Change & { readonly writes: readonly [OwnershipWrite] }

/** The reservation of an identifier, as a native sign-up makes it. */
export function reserving(
  identifier: Identifier,
  userName: string,
  { expectedRevision = 0, person = freshPerson(), epoch = 1 }: ReservationOptions = {},
): OwnershipChange {
  return {
    opId: operation(userName, [expectedRevision]),
    person,
    writes: [ownershipWrite(identifier, person, userName, expectedRevision, epoch)],
  }
}

/** Two identifiers in one change, for one person. */
export function reservingBoth(
  [one, other]: readonly [Identifier, Identifier],
  userName: string,
): Change & { readonly writes: readonly [OwnershipWrite, OwnershipWrite] } {
  const person = freshPerson()
  return {
    opId: operation(userName, [0, 0]),
    person,
    writes: [ownershipWrite(one, person, userName, 0, 1), ownershipWrite(other, person, userName, 0, 1)],
  }
}

function ownershipWrite(
  identifier: Identifier,
  person: PersonId,
  userName: string,
  expectedRevision: number,
  epoch: number,
): OwnershipWrite {
  return {
    row: 'ownership',
    identifier,
    expectedRevision,
    ownership: { person, rank: 0, epoch, holder: { pool: POOL, userName }, leaseUntil: 1_900_000_000_000 },
    events: [{ type: 'identifier.reserved', person, version: epoch, at: 5, detail: { identifier: identifier.kind } }],
  }
}

/** A new person with one identity and one proven address. */
export function creatingPerson(
  identities: readonly KnownIdentity[] = [freshIdentity()],
  identifier: Identifier = freshEmail(),
) {
  const person = freshPerson()
  const recorded = (version: number) => ({ person, version, at: 5 })
  const change: Change = {
    opId: operation(identities[0]?.subject ?? '', [0, 0, 0]),
    person,
    writes: [
      {
        row: 'person',
        id: person,
        expectedRevision: 0,
        person: { identities, notBefore: 5, ...UNCHANGED, version: 3 },
        events: [{ type: 'person.created', ...recorded(1), detail: {} }],
      },
      ...identities.map((identity) => ({
        row: 'identity' as const,
        identity: bare(identity),
        expectedRevision: 0,
        attachment: { status: 'member' as const, person },
        events: [{ type: 'identity.linked' as const, ...recorded(2), detail: { provider: identity.provider } }],
      })),
      {
        row: 'ownership',
        identifier,
        expectedRevision: 0,
        ownership: { person, rank: 3, epoch: 1, holder: null, leaseUntil: null },
        events: [{ type: 'identifier.proven', ...recorded(3), detail: { identifier: identifier.kind } }],
      },
    ],
  }
  return { change, identities, identifier, person }
}

/** One more identity for a person who was last seen at this revision. */
export function linkingIdentity(
  person: PersonId,
  before: readonly KnownIdentity[],
  added: KnownIdentity,
  expectedRevision: number,
): Change {
  return {
    opId: operation(added.subject, [expectedRevision, 0]),
    person,
    writes: [
      {
        row: 'person',
        id: person,
        expectedRevision,
        person: { identities: [...before, added], notBefore: 5, ...UNCHANGED, version: 4 },
        events: [],
      },
      {
        row: 'identity',
        identity: bare(added),
        expectedRevision: 0,
        attachment: { status: 'member', person },
        events: [{ type: 'identity.linked', person, version: 4, at: 5, detail: { provider: added.provider } }],
      },
    ],
  }
}
