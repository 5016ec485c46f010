import { randomUUID } from 'node:crypto'
import type { Change } from '../../core/changes/change.ts'
import { differ, equal, existing, matches } from './assertions.ts'
import type { Demand } from './description.ts'
import { about, eventsOf } from './event-history.ts'
import { race } from './races.ts'
import {
  bare,
  creatingPerson,
  freshEmail,
  freshIdentity,
  freshPerson,
  linkingIdentity,
  operation,
  POOL,
  reserving,
  reservingBoth,
  UNCHANGED,
} from './sample-changes.ts'

/** What is written, what is refused, and what is read afterwards. The cases share one store. */
export const ROW_DEMANDS: readonly Demand[] = [
  {
    name: 'knows nothing of an identifier that nobody has',
    async run(store) {
      const registry = await store.open()
      const email = freshEmail()
      equal(await registry.facts({ identity: freshIdentity(), identifiers: [email] }), {
        owner: undefined,
        waitsFor: undefined,
        identityRevision: 0,
        identifiers: [{ identifier: email, ownership: undefined, person: undefined }],
      })
      equal(await registry.resolve(freshIdentity()), undefined)
      equal(await registry.person(freshPerson()), undefined)
    },
  },
  {
    name: 'returns an ownership as it was written',
    async run(store) {
      const registry = await store.open()
      const email = freshEmail()
      const change = reserving(email, 'ada')
      equal(await registry.commit(change), { outcome: 'committed', person: change.person, replayed: false })
      const { identifiers } = await registry.facts({ identity: undefined, identifiers: [email] })
      equal(identifiers[0]?.ownership, { ...change.writes[0].ownership, opId: change.opId, revision: 1 })
      equal(identifiers[0]?.person, undefined)
    },
  },
  {
    name: 'T85: refuses a second reservation of an identifier, and the refusal contains the first one',
    async run(store) {
      const registry = await store.open()
      const email = freshEmail()
      const first = reserving(email, 'ada')
      await registry.commit(first)
      equal(await registry.commit(reserving(email, 'eve')), {
        outcome: 'overtaken',
        winner: { ...first.writes[0].ownership, opId: first.opId, revision: 1 },
      })
    },
  },
  {
    name: 'T92: answers a repeated commit with its earlier success and the person of that time',
    async run(store) {
      const registry = await store.open()
      const email = freshEmail()
      const first = reserving(email, 'ada')
      await registry.commit(first)
      const retry = reserving(email, 'ada')
      differ(retry.person, first.person)
      equal(await registry.commit(retry), { outcome: 'committed', person: first.person, replayed: true })
      equal(about(await eventsOf(store), first.person, retry.person).length, 1)
    },
  },
  {
    name: 'T89: lets an expired reservation pass to another user with its person, and only from the revision that was read',
    async run(store) {
      const registry = await store.open()
      const email = freshEmail()
      const first = reserving(email, 'ada')
      await registry.commit(first)
      const takeover = reserving(email, 'bob', { expectedRevision: 1, person: first.person, epoch: 2 })
      matches(await registry.commit(takeover), { outcome: 'committed', person: first.person })
      matches(await registry.commit(reserving(email, 'eve', { expectedRevision: 1, person: first.person, epoch: 2 })), {
        outcome: 'overtaken',
        winner: { epoch: 2, person: first.person, revision: 2 },
      })
    },
  },
  {
    name: 'creates a person with identities and identifiers in one change, and resolves each identity to the person',
    async run(store) {
      const registry = await store.open()
      const { change, identities, identifier: email, person } = creatingPerson()
      matches(await registry.commit(change), { outcome: 'committed', person })
      for (const identity of identities) equal(await registry.resolve(identity), person)
      const facts = await registry.facts({ identity: identities[0], identifiers: [email] })
      equal(facts.owner, { id: person, identities, notBefore: 5, ...UNCHANGED, version: 3, revision: 1 })
      equal(facts.identityRevision, 1)
      equal(facts.identifiers[0]?.person, facts.owner)
      equal(await registry.person(person), facts.owner)
      equal(
        about(await eventsOf(store), person)
          .map(({ type }) => type)
          .sort(),
        ['identifier.proven', 'identity.linked', 'person.created'],
      )
    },
  },
  {
    name: 'T53: keeps identities apart whose names join to the same text',
    async run(store) {
      const registry = await store.open()
      const subject = randomUUID()
      const a = creatingPerson([{ pool: POOL, provider: 'a', subject: `b#${subject}`, userName: null, native: false }])
      const b = creatingPerson([{ pool: POOL, provider: 'a#b', subject, userName: null, native: false }])
      await registry.commit(a.change)
      await registry.commit(b.change)
      equal(await registry.resolve({ pool: POOL, provider: 'a', subject: `b#${subject}` }), a.person)
      equal(await registry.resolve({ pool: POOL, provider: 'a#b', subject }), b.person)
    },
  },
  {
    name: 'writes all rows of a change or none, and all of its events or none',
    async run(store) {
      const registry = await store.open()
      const taken = creatingPerson()
      await registry.commit(taken.change)
      const clash = creatingPerson(undefined, taken.identifier)
      matches(await registry.commit(clash.change), { outcome: 'overtaken' })
      for (const identity of clash.identities) equal(await registry.resolve(identity), undefined)
      equal(await registry.person(clash.person), undefined)
      equal(about(await eventsOf(store), clash.person), [])
    },
  },
  {
    name: 'does not take a change for its own success when only some of its rows are there',
    async run(store) {
      const registry = await store.open()
      // Several times, because a store may look at the rows in an order of its own.
      for (let time = 0; time < 8; time += 1) {
        const [email, other] = [freshEmail(), freshEmail()]
        const first = reserving(email, 'ada')
        await registry.commit(first)
        const wider: Change = { ...first, writes: [first.writes[0], ...reserving(other, 'ada').writes] }
        equal(await registry.commit(wider), { outcome: 'overtaken', winner: undefined })
        const { identifiers } = await registry.facts({ identity: undefined, identifiers: [other] })
        equal(identifiers[0]?.ownership, undefined)
      }
    },
  },
  {
    name: 'does not take for its own success what two changes under one name have written',
    async run(store) {
      const registry = await store.open()
      // Several times, because a store may look at the rows in an order of its own.
      for (let time = 0; time < 8; time += 1) {
        const [email, number, other, another] = [freshEmail(), freshEmail(), freshEmail(), freshEmail()]
        await registry.commit(reservingBoth([email, number], 'ada'))
        await registry.commit(reservingBoth([other, another], 'ada'))
        equal(await registry.commit(reservingBoth([email, another], 'ada')), {
          outcome: 'overtaken',
          winner: undefined,
        })
      }
    },
  },
  {
    name: 'adds to a person only from the revision that was read',
    async run(store) {
      const registry = await store.open()
      const { change, person, identities } = creatingPerson()
      await registry.commit(change)
      const added = freshIdentity('Google')
      matches(await registry.commit(linkingIdentity(person, identities, added, 1)), {
        outcome: 'committed',
        person,
      })
      equal(await registry.resolve(added), person)
      const late = freshIdentity('Google')
      matches(await registry.commit(linkingIdentity(person, identities, late, 1)), { outcome: 'overtaken' })
      equal(await registry.resolve(late), undefined)
      equal((await registry.person(person))?.revision, 2)
      equal(
        about(await eventsOf(store), person)
          .map(({ version }) => version)
          .sort(),
        [1, 2, 3, 4],
      )
    },
  },
  {
    name: 'moves an identity from one person to another, and keeps the merged one',
    async run(store) {
      const registry = await store.open()
      const [survivor, merged] = [creatingPerson(), creatingPerson()]
      await registry.commit(survivor.change)
      await registry.commit(merged.change)
      const moved = existing(merged.identities[0], 'identity')
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
            person: { ...UNCHANGED, identities: [], notBefore: 0, mergedInto: survivor.person, version: 4 },
            events: [],
          },
        ],
      })
      matches(await registry.commit(merge(2)), { outcome: 'overtaken' })
      matches(await registry.commit(merge(1)), { outcome: 'committed' })
      equal(await registry.resolve(moved), survivor.person)
      matches(await registry.person(merged.person), { mergedInto: survivor.person, identities: [] })
      matches(await registry.facts({ identity: moved, identifiers: [] }), { identityRevision: 2 })
    },
  },
  {
    name: 'resolves an identity that waits for proof to no person',
    async run(store) {
      const registry = await store.open()
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
      equal(await registry.resolve(identity), undefined)
      matches(await registry.facts({ identity, identifiers: [] }), { owner: undefined, waitsFor: wants })
    },
  },
  {
    name: 'T46: takes subjects and names of any length and script',
    async run(store) {
      const registry = await store.open()
      const subject = `${'ж'.repeat(1_000)}'"\\;--\u0000\u0001\ud800${randomUUID()}`
      const { change, person } = creatingPerson([
        { pool: POOL, provider: 'Weird "IdP"', subject, userName: `x_${subject}`.slice(0, 128), native: false },
      ])
      matches(await registry.commit(change), { outcome: 'committed' })
      equal(await registry.resolve({ pool: POOL, provider: 'Weird "IdP"', subject }), person)
      equal((await registry.person(person))?.identities[0]?.subject, subject)
    },
  },
  {
    name: 'T85: gives an identifier to exactly one of 64 simultaneous sign-ups',
    async run(store) {
      const registry = await store.open()
      const round = await race(registry, 64)
      equal(round.committed, 1)
      equal(new Set(round.personsSeen).size, 1)
      equal(about(await eventsOf(store), ...round.personsMinted).length, 1)
    },
  },
  {
    name: 'T92: answers 16 simultaneous runs of one sign-up with one person',
    async run(store) {
      const registry = await store.open()
      const email = freshEmail()
      const runs = Array.from({ length: 16 }, () => reserving(email, 'ada'))
      const results = await Promise.all(runs.map((run) => registry.commit(run)))
      const persons = results.map((result) => (result.outcome === 'committed' ? result.person : 'overtaken'))
      equal(new Set(persons).size, 1)
      differ(persons[0], 'overtaken')
      equal(about(await eventsOf(store), ...runs.map(({ person }) => person)).length, 1)
    },
  },
  {
    name: 'lets exactly one of 16 simultaneous changes of several rows win',
    async run(store) {
      const registry = await store.open()
      const [one, two] = [freshEmail(), freshEmail()]
      const changes = Array.from({ length: 16 }, (_, at) =>
        reservingBoth(at % 2 ? [one, two] : [two, one], `racer-${at}`),
      )
      const results = await Promise.all(changes.map((change) => registry.commit(change)))
      equal(results.filter(({ outcome }) => outcome === 'committed').length, 1)
      const { identifiers } = await registry.facts({ identity: undefined, identifiers: [one, two] })
      equal(identifiers[0]?.ownership?.person, identifiers[1]?.ownership?.person)
    },
  },
]
