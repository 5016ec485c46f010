import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Change, OwnershipWrite } from '../../core/change.ts'
import type { DomainEvent } from '../../core/events.ts'
import { type Identifier, normaliseEmail } from '../../core/keys/index.ts'
import { operationId } from '../../core/operation.ts'
import { type Identity, type KnownIdentity, type PersonId, parsePersonId } from '../../core/person.ts'
import type { Registry } from '../../core/ports.ts'

/** An adapter under test, and how to hear what its store has told so far. */
export interface Subject {
  readonly registry: Registry
  heard(): Promise<readonly DomainEvent[]>
}

const POOL = 'eu-west-1_contract'
const UNTOUCHED = { address: null, mergedInto: null }

/** Every adapter passes this suite: `registryContract('my store', async () => ({ registry, heard }))` is a whole test file. */
export function registryContract(name: string, open: () => Promise<Subject>): void {
  describe(`registry contract: ${name}`, () => {
    it('knows nothing of a key that nobody has claimed', async () => {
      const { registry } = await open()
      const key = freshKey()
      expect(await registry.facts({ identity: freshIdentity(), identifiers: [key] })).toEqual({
        owner: undefined,
        waitsFor: undefined,
        identityRevision: 0,
        identifiers: [{ identifier: key, ownership: undefined, person: undefined }],
      })
      expect(await registry.resolve(freshIdentity())).toBeUndefined()
      expect(await registry.person(freshPerson())).toBeUndefined()
    })

    it('gives a claim back as it was made', async () => {
      const { registry } = await open()
      const key = freshKey()
      const change = claiming(key, 'ada')
      expect(await registry.commit(change)).toEqual({ outcome: 'committed', person: change.person, replayed: false })
      const { identifiers } = await registry.facts({ identity: undefined, identifiers: [key] })
      expect(identifiers[0]?.ownership).toEqual({ ...claimIn(change), opId: change.opId, revision: 1 })
      expect(identifiers[0]?.person).toBeUndefined()
    })

    it('T85: refuses a second claim of one key, and the refusal brings the winner', async () => {
      const { registry } = await open()
      const key = freshKey()
      const first = claiming(key, 'ada')
      await registry.commit(first)
      expect(await registry.commit(claiming(key, 'eve'))).toEqual({
        outcome: 'overtaken',
        winner: { ...claimIn(first), opId: first.opId, revision: 1 },
      })
    })

    it('T92: takes its own earlier success for success, and keeps the person minted then', async () => {
      const { registry, heard } = await open()
      const key = freshKey()
      const first = claiming(key, 'ada')
      await registry.commit(first)
      const retry = claiming(key, 'ada')
      expect(retry.person).not.toBe(first.person)
      expect(await registry.commit(retry)).toEqual({ outcome: 'committed', person: first.person, replayed: true })
      expect(about(await heard(), first.person, retry.person)).toHaveLength(1)
    })

    it('T89: lets an expired claim be taken over with the person it was minted with, and only from the revision that was seen', async () => {
      const { registry } = await open()
      const key = freshKey()
      const first = claiming(key, 'ada')
      await registry.commit(first)
      const takeover = claiming(key, 'bob', { expectedRevision: 1, person: first.person, epoch: 2 })
      expect(await registry.commit(takeover)).toMatchObject({ outcome: 'committed', person: first.person })
      expect(
        await registry.commit(claiming(key, 'eve', { expectedRevision: 1, person: first.person, epoch: 2 })),
      ).toMatchObject({
        outcome: 'overtaken',
        winner: { epoch: 2, person: first.person, revision: 2 },
      })
    })

    it('creates a person with her identities and keys in one change, and resolves each identity to her', async () => {
      const { registry, heard } = await open()
      const { change, identities, key, person } = settling()
      expect(await registry.commit(change)).toMatchObject({ outcome: 'committed', person })
      for (const identity of identities) expect(await registry.resolve(identity)).toBe(person)
      const facts = await registry.facts({ identity: identities[0], identifiers: [key] })
      expect(facts.owner).toEqual({ id: person, identities, notBefore: 5, ...UNTOUCHED, version: 3, revision: 1 })
      expect(facts.identityRevision).toBe(1)
      expect(facts.identifiers[0]?.person).toEqual(facts.owner)
      expect(await registry.person(person)).toEqual(facts.owner)
      expect(
        about(await heard(), person)
          .map(({ type }) => type)
          .sort(),
      ).toEqual(['identifier.proven', 'identity.linked', 'person.created'])
    })

    it('T53: keeps identities apart whose names join to the same text', async () => {
      const { registry } = await open()
      const subject = randomUUID()
      const a = settling([{ pool: POOL, provider: 'a', subject: `b#${subject}`, userName: null, native: false }])
      const b = settling([{ pool: POOL, provider: 'a#b', subject, userName: null, native: false }])
      await registry.commit(a.change)
      await registry.commit(b.change)
      expect(await registry.resolve({ pool: POOL, provider: 'a', subject: `b#${subject}` })).toBe(a.person)
      expect(await registry.resolve({ pool: POOL, provider: 'a#b', subject })).toBe(b.person)
    })

    it('writes all rows of a change or none, and tells all events or none', async () => {
      const { registry, heard } = await open()
      const taken = settling()
      await registry.commit(taken.change)
      const clash = settling(undefined, taken.key)
      expect(await registry.commit(clash.change)).toMatchObject({ outcome: 'overtaken' })
      for (const identity of clash.identities) expect(await registry.resolve(identity)).toBeUndefined()
      expect(await registry.person(clash.person)).toBeUndefined()
      expect(about(await heard(), clash.person)).toEqual([])
    })

    it('does not take a change for its own success when only some of its rows are there', async () => {
      const { registry } = await open()
      // Several times, because a store may look at the rows in an order of its own.
      for (let time = 0; time < 8; time += 1) {
        const [email, other] = [freshKey(), freshKey()]
        const first = claiming(email, 'ada')
        await registry.commit(first)
        const wider: Change = { ...first, writes: [first.writes[0], ...claiming(other, 'ada').writes] }
        expect(await registry.commit(wider)).toEqual({ outcome: 'overtaken', winner: undefined })
        const { identifiers } = await registry.facts({ identity: undefined, identifiers: [other] })
        expect(identifiers[0]?.ownership).toBeUndefined()
      }
    })

    it('does not take for its own success what two changes under one name have written', async () => {
      const { registry } = await open()
      // Several times, because a store may look at the rows in an order of its own.
      for (let time = 0; time < 8; time += 1) {
        const [email, number, other, another] = [freshKey(), freshKey(), freshKey(), freshKey()]
        await registry.commit(both([email, number], 'ada'))
        await registry.commit(both([other, another], 'ada'))
        expect(await registry.commit(both([email, another], 'ada'))).toEqual({
          outcome: 'overtaken',
          winner: undefined,
        })
      }
    })

    it('adds to a person only from the revision that was seen', async () => {
      const { registry, heard } = await open()
      const { change, person, identities } = settling()
      await registry.commit(change)
      const added = freshIdentity('Google')
      expect(await registry.commit(adding(person, identities, added, 1))).toMatchObject({
        outcome: 'committed',
        person,
      })
      expect(await registry.resolve(added)).toBe(person)
      const late = freshIdentity('Google')
      expect(await registry.commit(adding(person, identities, late, 1))).toMatchObject({ outcome: 'overtaken' })
      expect(await registry.resolve(late)).toBeUndefined()
      expect((await registry.person(person))?.revision).toBe(2)
      expect(
        about(await heard(), person)
          .map(({ version }) => version)
          .sort(),
      ).toEqual([1, 2, 3, 4])
    })

    it('moves an identity from one person to another, and keeps the absorbed one as a tombstone', async () => {
      const { registry } = await open()
      const [survivor, merged] = [settling(), settling()]
      await registry.commit(survivor.change)
      await registry.commit(merged.change)
      const [moved] = merged.identities
      if (!moved) throw new Error('no identity')
      const merge = (expectedRevision: number): Change => ({
        opId: operation(moved.subject, [expectedRevision, expectedRevision]),
        person: survivor.person,
        writes: [
          {
            row: 'identity',
            identity: bare(moved),
            expectedRevision,
            attachment: { status: 'member', person: survivor.person },
            events: [],
          },
          {
            row: 'person',
            id: merged.person,
            expectedRevision,
            person: { ...UNTOUCHED, identities: [], notBefore: 0, mergedInto: survivor.person, version: 4 },
            events: [],
          },
        ],
      })
      expect(await registry.commit(merge(2))).toMatchObject({ outcome: 'overtaken' })
      expect(await registry.commit(merge(1))).toMatchObject({ outcome: 'committed' })
      expect(await registry.resolve(moved)).toBe(survivor.person)
      expect(await registry.person(merged.person)).toMatchObject({ mergedInto: survivor.person, identities: [] })
      expect(await registry.facts({ identity: moved, identifiers: [] })).toMatchObject({ identityRevision: 2 })
    })

    it('resolves an identity that waits for proof to nobody', async () => {
      const { registry } = await open()
      const identity = freshIdentity()
      const wants = freshPerson()
      const events = [
        { type: 'identity.pending' as const, person: wants, version: 0, at: 5, detail: { provider: 'Cognito' } },
      ]
      await registry.commit({
        opId: operation('eve', [0]),
        person: wants,
        writes: [
          {
            row: 'identity',
            identity: bare(identity),
            expectedRevision: 0,
            attachment: { status: 'waiting', wants },
            events,
          },
        ],
      })
      expect(await registry.resolve(identity)).toBeUndefined()
      expect(await registry.facts({ identity, identifiers: [] })).toMatchObject({ owner: undefined, waitsFor: wants })
    })

    it('T46: takes subjects and names of any length and script', async () => {
      const { registry } = await open()
      const subject = `${'ж'.repeat(1_000)}'"\\;--\u0000\u0001\ud800${randomUUID()}`
      const { change, person } = settling([
        { pool: POOL, provider: 'Weird "IdP"', subject, userName: `x_${subject}`.slice(0, 128), native: false },
      ])
      expect(await registry.commit(change)).toMatchObject({ outcome: 'committed' })
      expect(await registry.resolve({ pool: POOL, provider: 'Weird "IdP"', subject })).toBe(person)
      expect((await registry.person(person))?.identities[0]?.subject).toBe(subject)
    })

    it('T85: lets exactly one of 64 simultaneous sign-ups have a key', async () => {
      const { registry, heard } = await open()
      const round = await race(registry, 64)
      expect(round.committed).toBe(1)
      expect(new Set(round.personsSeen).size).toBe(1)
      expect(about(await heard(), ...round.personsMinted)).toHaveLength(1)
    })

    it('T92: answers 16 simultaneous runs of one sign-up with one person', async () => {
      const { registry, heard } = await open()
      const key = freshKey()
      const runs = Array.from({ length: 16 }, () => claiming(key, 'ada'))
      const results = await Promise.all(runs.map((run) => registry.commit(run)))
      const persons = results.map((result) => (result.outcome === 'committed' ? result.person : 'overtaken'))
      expect(new Set(persons).size).toBe(1)
      expect(persons[0]).not.toBe('overtaken')
      expect(about(await heard(), ...runs.map(({ person }) => person))).toHaveLength(1)
    })

    it('lets exactly one of 16 simultaneous changes of several rows win', async () => {
      const { registry } = await open()
      const [one, two] = [freshKey(), freshKey()]
      const changes = Array.from({ length: 16 }, (_, at) => both(at % 2 ? [one, two] : [two, one], `racer-${at}`))
      const results = await Promise.all(changes.map((change) => registry.commit(change)))
      expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1)
      const { identifiers } = await registry.facts({ identity: undefined, identifiers: [one, two] })
      expect(identifiers[0]?.ownership?.person).toBe(identifiers[1]?.ownership?.person)
    })
  })
}

/** One round of a race for a fresh key: who won, and whom the others were told of. */
export async function race(registry: Registry, racers: number) {
  const key = freshKey()
  const changes = Array.from({ length: racers }, (_, at) => claiming(key, `racer-${at}`))
  const results = await Promise.all(changes.map((change) => registry.commit(change)))
  return {
    committed: results.filter(({ outcome }) => outcome === 'committed').length,
    personsSeen: results.map((result) => (result.outcome === 'committed' ? result.person : result.winner?.person)),
    personsMinted: changes.map(({ person }) => person),
  }
}

export function freshKey(): Identifier<'email'> {
  const normalised = normaliseEmail(`${randomUUID()}@example.com`)
  if (!normalised.ok) throw new Error(normalised.fault)
  return normalised.identifier
}

export function freshPerson(): PersonId {
  const id = parsePersonId(randomUUID())
  if (!id) throw new Error('not a UUID')
  return id
}

export function freshIdentity(provider = 'Cognito'): KnownIdentity {
  const subject = randomUUID()
  return { pool: POOL, provider, subject, userName: `user-${subject}`, native: provider === 'Cognito' }
}

function bare({ pool, provider, subject }: Identity): Identity {
  return { pool, provider, subject }
}

export function operation(userName: string, expectedRevisions: readonly number[]) {
  return operationId({ pool: POOL, source: 'PreSignUp_SignUp', userName, client: 'web', expectedRevisions })
}

interface ClaimOptions {
  readonly expectedRevision?: number
  readonly person?: PersonId
  readonly epoch?: number
}

/** A soft claim as a native sign-up makes it. */
export function claiming(
  key: Identifier,
  userName: string,
  { expectedRevision = 0, person = freshPerson(), epoch = 1 }: ClaimOptions = {},
): Change & { readonly writes: readonly [OwnershipWrite] } {
  return {
    opId: operation(userName, [expectedRevision]),
    person,
    writes: [ownershipWrite(key, person, userName, expectedRevision, epoch)],
  }
}

function both(keys: readonly [Identifier, Identifier], userName: string): Change {
  const person = freshPerson()
  const [a, b] = keys
  return {
    opId: operation(userName, [0, 0]),
    person,
    writes: [ownershipWrite(a, person, userName, 0, 1), ownershipWrite(b, person, userName, 0, 1)],
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
    row: 'claim',
    identifier,
    expectedRevision,
    ownership: { person, rank: 0, epoch, holder: { pool: POOL, userName }, leaseUntil: 1_900_000_000_000 },
    events: [{ type: 'identifier.reserved', person, version: epoch, at: 5, detail: { identifier: identifier.kind } }],
  }
}

function claimIn(change: Change) {
  const [write] = change.writes
  if (write.row !== 'claim') throw new Error('not a claim')
  return write.ownership
}

/** A person who begins with one identity and one proven address. */
export function settling(
  identities: readonly KnownIdentity[] = [freshIdentity()],
  identifier: Identifier = freshKey(),
) {
  const person = freshPerson()
  const told = (version: number) => ({ person, version, at: 5 })
  const change: Change = {
    opId: operation(identities[0]?.subject ?? '', [0, 0, 0]),
    person,
    writes: [
      {
        row: 'person',
        id: person,
        expectedRevision: 0,
        person: { identities, notBefore: 5, ...UNTOUCHED, version: 3 },
        events: [{ type: 'person.created', ...told(1), detail: {} }],
      },
      ...identities.map((identity) => ({
        row: 'identity' as const,
        identity: bare(identity),
        expectedRevision: 0,
        attachment: { status: 'member' as const, person },
        events: [{ type: 'identity.linked' as const, ...told(2), detail: { provider: identity.provider } }],
      })),
      {
        row: 'claim',
        identifier,
        expectedRevision: 0,
        ownership: { person, rank: 3, epoch: 1, holder: null, leaseUntil: null },
        events: [{ type: 'identifier.proven', ...told(3), detail: { identifier: identifier.kind } }],
      },
    ],
  }
  return { change, identities, key: identifier, person }
}

function adding(
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
        person: { identities: [...before, added], notBefore: 5, ...UNTOUCHED, version: 4 },
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

function about(events: readonly DomainEvent[], ...persons: readonly PersonId[]): readonly DomainEvent[] {
  return events.filter(({ person }) => persons.includes(person))
}
