import type { Change, Write } from '../changes/change.ts'
import type { Ownership } from '../identifiers/ownership.ts'
import { operationId } from '../operation.ts'
import type { Identity, KnownIdentity, Person, PersonId } from '../person.ts'
import { emailKey, POOL, personId } from './samples.ts'

let operations = 0

/** Rows as earlier changes have left them. */
export function change(...[first, ...rest]: [Write, ...Write[]]): Change {
  operations += 1
  const opId = operationId({
    pool: POOL,
    source: 'test',
    userName: String(operations),
    client: '',
    expectedRevisions: [],
  })
  return { opId, person: personId(1), writes: [first, ...rest] }
}

export function personRow(
  { id, revision: _, ...person }: Person,
  of: Partial<Omit<Person, 'id' | 'revision'>> = {},
): Write {
  return { row: 'person', id, expectedRevision: 0, person: { ...person, ...of }, events: [] }
}

export function identityRow({ pool, provider, subject }: Identity, person: PersonId): Write {
  return {
    row: 'identity',
    identity: { pool, provider, subject },
    expectedRevision: 0,
    attachment: { status: 'member', person },
    events: [],
  }
}

/** The person has proven the address. */
export function claimRow(person: PersonId, address?: string, holder: Ownership['holder'] = null): Write {
  const ownership = { person, rank: 3, epoch: 1, holder, leaseUntil: null } as const
  return { row: 'ownership', identifier: emailKey(address), expectedRevision: 0, ownership, events: [] }
}

/** A person with these users, and their rows. */
export function personRows(person: Person, identities: readonly KnownIdentity[] = person.identities): Write[] {
  return [personRow({ ...person, identities }), ...identities.map((one) => identityRow(one, person.id))]
}
