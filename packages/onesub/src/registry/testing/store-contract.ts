import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Change, Write } from '../../core/change.ts'
import type { Person } from '../../core/person.ts'
import type { EventFeed, Registry } from '../../core/ports.ts'
import type { Prunable } from '../prune.ts'
import type { Pepper } from '../rows/keys.ts'
import { claiming, freshIdentity, freshKey, freshPerson, operation, settling } from './contract.ts'

export type Opened = Registry & Partial<EventFeed & Prunable>

export interface OpenOptions {
  readonly pepper?: Pepper
  readonly sharedBy?: readonly string[]
}

/** An empty store of its own, and how many calls it has been asked, where that can be counted. */
export interface Place {
  open(options?: OpenOptions): Promise<Opened>
  calls?(): number
  /** A registry whose commits nobody sees before `end`, where the store has such transactions. */
  late?(): Promise<Late>
}

export interface Late {
  readonly registry: Opened
  end(): Promise<void>
}

const OLD = 'the pepper of the first years'
const NEW = 'the pepper of the later years'
const OTHER = 'the pepper of somebody else'
const POOLS = ['eu-west-1_Aaaaaaaaa', 'eu-west-1_Bbbbbbbbb', 'eu-west-1_Ccccccccc'] as const
const DAY_MS = 24 * 3_600_000
const REFUSED = { code: 'CONFIG_INVALID', retry: false }

type Part = (place: () => Promise<Place>) => void

/** What a store has to do beside keeping rows. Each test begins with a new store. */
export function storeContract(name: string, place: () => Promise<Place>): void {
  describe(`store contract: ${name}`, () => {
    const parts: readonly Part[] = [peppers, rotations, pools, limits, ends]
    for (const part of parts) part(place)
  })
}

/** For a store that ends with its process, and so is opened once and has no pepper. */
export function storeOfOneProcessContract(name: string, place: () => Promise<Place>): void {
  describe(`store contract: ${name}`, () => {
    limits(place)
    ends(place)
  })
}

function peppers(place: () => Promise<Place>): void {
  it.each<[says: string, first: Pepper, then: Pepper]>([
    ['another pepper', OLD, OTHER],
    ['the pepper with a line break behind it', OLD, `${OLD}\n`],
    ['the pepper without its line break', `${OLD}\n`, OLD],
    ['the pepper with a space behind it', OLD, `${OLD} `],
    ['no pepper where there was one', OLD, null],
    ['a pepper where there was none', null, OLD],
    ['two peppers, neither of which it was', OLD, { current: NEW, former: OTHER }],
  ])('T164: is not opened with %s, and says what to do without telling the pepper', async (_, first, then) => {
    const { open } = await place()
    const key = freshKey()
    const before = await open({ pepper: first })
    await before.commit(claiming(key, 'ada'))
    const error: unknown = await open({ pepper: then }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ ...REFUSED, message: expect.stringMatching(/option "pepper".*registry\.md/) })
    expect(String(error)).not.toMatch(/years|somebody/)
    const after = await open({ pepper: first })
    expect(await after.commit(claiming(key, 'eve'))).toMatchObject({ outcome: 'overtaken' })
  })

  it('T164: is not opened with another pepper before it has a row either', async () => {
    const { open } = await place()
    await open({ pepper: OLD })
    await expect(open({ pepper: OTHER })).rejects.toMatchObject(REFUSED)
  })

  it('T164: opened for the first time by many at once, it takes the pepper of one of them', async () => {
    const { open } = await place()
    const openings = Array.from({ length: 8 }, (_, at) => open({ pepper: at % 2 ? OLD : OTHER }))
    const outcomes = await Promise.allSettled(openings)
    const opened = outcomes.map(({ status }) => status === 'fulfilled')
    expect(
      [opened.filter((_, at) => at % 2 === 0), opened.filter((_, at) => at % 2 === 1)].map(agreed).toSorted(),
    ).toEqual([false, true])
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(REFUSED)
    }
  })

  it.each([
    { current: OLD, former: OLD },
    { current: OLD },
    { former: OLD },
    { current: 'short', former: OLD },
    {},
    [],
  ])('T164: two peppers that are none are refused: %j', async (pepper) => {
    const { open } = await place()
    const options: { pepper: Pepper } = JSON.parse(JSON.stringify({ pepper }))
    await expect(open(options)).rejects.toMatchObject(REFUSED)
  })
}

/** All of them say the same; undefined where they do not. */
function agreed(all: readonly boolean[]): boolean | undefined {
  return all.every((one) => one === all[0]) ? all[0] : undefined
}

function rotations(place: () => Promise<Place>): void {
  const BEFORE = { pepper: { current: OLD, former: NEW } }
  const DURING = { pepper: { current: NEW, former: OLD } }

  it.each([
    ['the new pepper is known', BEFORE],
    ['the new pepper is current', DURING],
  ])('T164: rows from before a rotation are read, and written where they stand, once %s', async (_, options) => {
    const { open } = await place()
    const old = await open({ pepper: OLD })
    const ada = settling()
    const [identity] = ada.identities
    const bob = claiming(freshKey(), 'bob')
    await old.commit(ada.change)
    await old.commit(bob)

    const rotated = await open(options)
    const facts = await rotated.facts({ identity, identifiers: [ada.key, freshKey()] })
    expect(facts).toMatchObject({
      owner: { id: ada.person },
      identityRevision: 1,
      identifiers: [{ ownership: { person: ada.person } }, { ownership: undefined }],
    })
    expect(await rotated.resolve(identity ?? freshIdentity())).toBe(ada.person)
    expect(await rotated.commit(claiming(ada.key, 'eve'))).toMatchObject({
      outcome: 'overtaken',
      winner: { person: ada.person },
    })
    expect(await rotated.commit(bob)).toMatchObject({ outcome: 'committed', replayed: true })

    const takeover = claiming(bob.writes[0].identifier, 'cyd', { expectedRevision: 1, person: bob.person, epoch: 2 })
    expect(await rotated.commit(takeover)).toMatchObject({ outcome: 'committed', replayed: false })
    expect(await rotated.commit({ ...takeover, opId: operation('dan', [1]) })).toMatchObject({
      outcome: 'overtaken',
      winner: { revision: 2 },
    })
    const { identifiers } = await rotated.facts({ identity: undefined, identifiers: [bob.writes[0].identifier] })
    expect(identifiers[0]?.ownership).toMatchObject({ revision: 2, epoch: 2 })
    expect(await rotated.commit(settling(undefined, ada.key).change)).toEqual({
      outcome: 'overtaken',
      winner: undefined,
    })
  })

  it('T164: an address that was sealed before a rotation is read', async () => {
    const { open } = await place()
    const old = await open({ pepper: OLD })
    const { change, person } = settling()
    const [first, ...others] = change.writes
    if (first.row !== 'person') throw new Error('not a person')
    await old.commit({
      ...change,
      writes: [{ ...first, person: { ...first.person, address: 'Ada@Example.com' } }, ...others],
    })
    expect(await (await open(DURING)).person(person)).toMatchObject({ address: 'Ada@Example.com' })
  })

  it('T164: whoever knows one of the two alone is refused once both are in use, whichever comes', async () => {
    const { open } = await place()
    await open({ pepper: OLD })
    await open(BEFORE)
    await open({ pepper: OLD })
    await open(DURING)
    await open(BEFORE)
    for (const pepper of [OLD, NEW, null, { current: NEW, former: OTHER }, { current: OTHER, former: OLD }])
      await expect(open({ pepper })).rejects.toMatchObject(REFUSED)
  })

  it('T164: from no pepper to one, the rows stay', async () => {
    const { open } = await place()
    const key = freshKey()
    const { person } = claiming(key, 'ada')
    await (await open({ pepper: null })).commit(claiming(key, 'ada', { person }))
    const rotated = await open({ pepper: { current: NEW, former: null } })
    expect(await rotated.commit(claiming(key, 'eve'))).toMatchObject({ outcome: 'overtaken', winner: { person } })
  })

  it('T164: of simultaneous first writes by the two kinds of process, one wins, and all read its row', async () => {
    const { open } = await place()
    await open({ pepper: OLD })
    const kinds = [await open(BEFORE), await open(DURING)]
    for (let round = 0; round < 20; round += 1) {
      const [one, two] = [freshKey(), freshKey()]
      const racers = Array.from({ length: 6 }, (_, at) => twoClaims(at % 3 ? [one, two] : [two, one], `racer-${at}`))
      const results = await Promise.all(racers.map((change, at) => committed(kinds[at % 2], change)))
      expect(results.filter(({ outcome }) => outcome === 'committed')).toHaveLength(1)
      const read = await Promise.all(kinds.map((kind) => kind.facts({ identity: undefined, identifiers: [one, two] })))
      const persons = read.flatMap(({ identifiers }) => identifiers.map(({ ownership }) => ownership?.person))
      expect(new Set(persons).size).toBe(1)
      expect(persons[0]).toBeDefined()
    }
  })
}

async function committed(registry: Opened | undefined, change: Change) {
  if (!registry) throw new Error('no registry')
  return registry.commit(change)
}

function twoClaims(
  [a, b]: readonly [ReturnType<typeof freshKey>, ReturnType<typeof freshKey>],
  userName: string,
): Change {
  const person = freshPerson()
  const [first, second] = [claiming(a, userName, { person }), claiming(b, userName, { person })]
  return { opId: operation(userName, [0, 0]), person, writes: [first.writes[0], second.writes[0]] }
}

function pools(place: () => Promise<Place>): void {
  const [a, b, c] = POOLS

  it('T168: the first user pool to come has the registry; another one is refused with the way out, also after both have begun anew', async () => {
    const { open } = await place()
    const first = await open()
    await first.admit?.(a)
    await first.admit?.(a)
    for (const registry of [first, await open()]) {
      const error: unknown = await admitted(registry, b).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ ...REFUSED, message: expect.stringMatching(/another user pool.*"sharedBy"/) })
      expect(String(error)).not.toContain(a)
      await expect(admitted(registry, b)).rejects.toMatchObject(REFUSED)
    }
    await admitted(await open(), a)
  })

  it('T168: pools that the operator names together have it together, in either order', async () => {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const { open } = await place()
      await admitted(await open(), one)
      await expect(admitted(await open({ sharedBy: [other] }), other)).rejects.toMatchObject(REFUSED)
      await expect(admitted(await open({ sharedBy: [one] }), other)).rejects.toMatchObject(REFUSED)
      await admitted(await open({ sharedBy: [a, b] }), other)
      await admitted(await open(), one)
      await expect(admitted(await open({ sharedBy: [a, c] }), c)).rejects.toMatchObject(REFUSED)
    }
  })

  it('T168: of two pools that come first at once, one has it', async () => {
    const { open } = await place()
    const registries = await Promise.all(Array.from({ length: 6 }, () => open()))
    const outcomes = await Promise.allSettled(registries.map((registry, at) => admitted(registry, at % 2 ? a : b)))
    const won = outcomes.map(({ status }) => status === 'fulfilled')
    expect([won.filter((_, at) => at % 2 === 0), won.filter((_, at) => at % 2 === 1)].map(agreed).toSorted()).toEqual([
      false,
      true,
    ])
  })

  it('T168: asks the store once in a process, and not at all where the pool is known when it is opened', async () => {
    const { open, calls } = await place()
    if (!calls) return
    const registry = await open()
    await Promise.all([admitted(registry, a), admitted(registry, a)])
    const before = calls()
    await admitted(registry, a)
    expect(calls()).toBe(before)
    const again = await open()
    const opened = calls()
    await admitted(again, a)
    expect(calls()).toBe(opened)
  })

  it.each([['nonsense'], [['nonsense']], [[7]], [{ 0: a }]])(
    'T168: "sharedBy" is a list of pool ids: %j is none',
    async (sharedBy) => {
      const { open } = await place()
      const options: { sharedBy: readonly string[] } = JSON.parse(JSON.stringify({ sharedBy }))
      await expect(open(options)).rejects.toMatchObject(REFUSED)
    },
  )
}

async function admitted(registry: Opened, pool: string): Promise<void> {
  if (!registry.admit) throw new Error('a store that keeps no pool')
  await registry.admit(pool)
}

function limits(place: () => Promise<Place>): void {
  it('T172: a change of more than 100 rows is refused before it is written; one of 100 is not', async () => {
    const { open } = await place()
    const registry = await open()
    const person = freshPerson()
    const changeOf = (rows: number): Change => {
      const [first, ...others] = Array.from({ length: rows }, () => claiming(freshKey(), 'ada', { person }).writes[0])
      if (!first) throw new Error('no row')
      return { opId: operation(`ada-${rows}`, [0]), person, writes: [first, ...others] }
    }
    const tooLong = changeOf(101)
    await expect(registry.commit(tooLong)).rejects.toMatchObject({ code: 'CHANGE_TOO_LARGE', retry: false })
    const keys = tooLong.writes.flatMap((write) => (write.row === 'claim' ? [write.identifier] : []))
    const { identifiers } = await registry.facts({ identity: undefined, identifiers: keys.slice(0, 40) })
    expect(identifiers.filter(({ ownership }) => ownership !== undefined)).toEqual([])
    expect(await registry.commit(changeOf(100))).toMatchObject({ outcome: 'committed' })
  })

  it('T172: a person near 400 KB is refused before it is written; a smaller one is read back whole', async () => {
    const { open } = await place()
    const registry = await open()
    const large = personOfBytes(412_000)
    await expect(registry.commit(creating(large))).rejects.toMatchObject({ code: 'CHANGE_TOO_LARGE', retry: false })
    await expect(registry.commit(creating(personOfBytes(900_000)))).rejects.toMatchObject({ code: 'CHANGE_TOO_LARGE' })
    expect(await registry.person(large.id)).toBeUndefined()
    for (const subject of ['x', 'ж', '"', '\u0000']) {
      const largest = personOfBytes(402_000, subject)
      expect(await registry.commit(creating(largest))).toMatchObject({ outcome: 'committed' })
      expect((await registry.person(largest.id))?.identities).toEqual(largest.identities)
    }
  })
}

/** With identities whose JSON text has about as many bytes. */
function personOfBytes(bytes: number, letter = 'x'): Person {
  const subject = letter.repeat(Math.floor(10_000 / Buffer.byteLength(JSON.stringify(letter).slice(1, -1))))
  const identities = Array.from({ length: Math.floor(bytes / 10_130) }, (_, at) => ({
    ...freshIdentity(),
    subject: `${at}${subject}`,
  }))
  return { id: freshPerson(), identities, notBefore: 0, address: null, mergedInto: null, version: 0, revision: 0 }
}

function creating({ id, revision: expectedRevision, ...person }: Person): Change {
  const write: Write = { row: 'person', id, expectedRevision, person, events: [] }
  return { opId: operation(randomUUID(), [expectedRevision]), person: id, writes: [write] }
}

function ends(place: () => Promise<Place>): void {
  const now = 1_800_000_000_000
  const reserving = (leaseUntil: number | null, rank: 0 | 2 | 3): ReturnType<typeof claiming> => {
    const change = claiming(freshKey(), `user-${randomUUID()}`)
    const [write] = change.writes
    return { ...change, writes: [{ ...write, ownership: { ...write.ownership, rank, leaseUntil } }] }
  }

  it('T165: reservations that ended long ago are deleted, in batches, and nothing else is', async () => {
    const { open } = await place()
    const registry = await open()
    if (!registry.prune) return
    const ended = Array.from({ length: 7 }, (_, at) => reserving(now - 30 * DAY_MS - 1 - at, at % 2 ? 0 : 2))
    const kept = [
      reserving(now - 30 * DAY_MS, 0),
      reserving(now - 48 * 3_600_000, 0),
      reserving(now + DAY_MS, 0),
      reserving(null, 3),
      reserving(null, 2),
      reserving(now - 100 * DAY_MS, 3),
    ]
    for (const change of [...ended, ...kept]) await registry.commit(change)
    expect(await registry.prune({ now, batch: 2 })).toEqual({ reservations: 7, events: 0 })
    expect(await registry.prune({ now, batch: 2 })).toEqual({ reservations: 0, events: 0 })
    const status = async (changes: typeof ended) => {
      const facts = await registry.facts({
        identity: undefined,
        identifiers: changes.map(({ writes }) => writes[0].identifier),
      })
      return facts.identifiers.map(({ ownership }) => ownership?.person)
    }
    expect(await status(ended)).toEqual(ended.map(() => undefined))
    expect(await status(kept)).toEqual(kept.map(({ person }) => person))
  })

  it('T165: a key whose reservation was deleted is claimed as if for the first time, by a person id of its own', async () => {
    const { open } = await place()
    const registry = await open()
    if (!registry.prune) return
    const change = reserving(now - 31 * DAY_MS, 0)
    const [{ identifier }] = change.writes
    await registry.commit(change)
    await registry.prune({ now })
    const late = claiming(identifier, 'late', { expectedRevision: 1, person: change.person, epoch: 2 })
    expect(await registry.commit(late)).toEqual({ outcome: 'overtaken', winner: undefined })
    const next = claiming(identifier, 'bob')
    expect(await registry.commit(next)).toEqual({ outcome: 'committed', person: next.person, replayed: false })
  })

  it('T165: events that every reader has are deleted, in batches; the others keep their positions', async () => {
    const { open } = await place()
    const registry = await open()
    if (!registry.prune || !registry.told) return
    for (let at = 0; at < 7; at += 1) await registry.commit(claiming(freshKey(), `user-${at}`))
    const all = await registry.told()
    expect(all).toHaveLength(7)
    expect(await registry.prune({ now: 0 })).toMatchObject({ events: 0 })
    expect(await registry.prune({ now: 0, deliveredUpTo: all[4]?.position ?? 0, batch: 2 })).toMatchObject({
      events: 5,
    })
    expect(await registry.told()).toEqual(all.slice(5))
    expect(await registry.prune({ now: 0, deliveredUpTo: all[6]?.position ?? 0 })).toMatchObject({ events: 2 })
    await registry.commit(claiming(freshKey(), 'later'))
    const [later, ...others] = await registry.told(all[6]?.position)
    expect(later?.position).toBeGreaterThan(all[6]?.position ?? 0)
    expect(others).toEqual([])
  })

  it('T165: tells a backlog in pages that are smaller, each event once, in the order of its person', async () => {
    const { open } = await place()
    const registry = await open()
    if (!registry.told) return
    const key = freshKey()
    const { person, ...first } = claiming(key, 'user-0')
    await registry.commit({ ...first, person })
    for (let over = 1; over < 23; over += 1)
      await registry.commit(claiming(key, `user-${over}`, { expectedRevision: over, person, epoch: over + 1 }))
    const told = []
    for (let page = await registry.told(0, 5); page.length > 0; page = await registry.told(told.at(-1)?.position, 5))
      told.push(...page)
    expect(told.map(({ event }) => event.version)).toEqual(Array.from({ length: 23 }, (_, at) => at + 1))
    expect(await registry.told(0, 23)).toEqual(told)
    // What has been told already comes in pages as well.
    expect(await registry.told(0, 4)).toEqual(told.slice(0, 4))
  })

  it('T103, T165: misses no late commit where pages are smaller than the backlog, and tells each event once', async () => {
    const { open, late } = await place()
    const registry = await open()
    if (!registry.told || !late) return
    const [first, second, ...others] = Array.from({ length: 12 }, (_, at) => claiming(freshKey(), `user-${at}`))
    if (!first || !second) throw new Error('no changes')
    const slow = await late()
    await slow.registry.commit(first)
    for (const change of others.slice(0, 6)) await registry.commit(change)
    await slow.registry.commit(second)
    for (const change of others.slice(6)) await registry.commit(change)

    const told = [...(await registry.told(0, 3))]
    told.push(...(await registry.told(told.at(-1)?.position, 3)))
    await slow.end()
    for (let page = await registry.told(told.at(-1)?.position, 3); page.length > 0; ) {
      expect(page.length).toBeLessThanOrEqual(3)
      told.push(...page)
      page = await registry.told(told.at(-1)?.position, 3)
    }
    const persons = told.map(({ event }) => event.person)
    expect(persons.toSorted()).toEqual([first, second, ...others].map(({ person }) => person).toSorted())
    expect(told.map(({ position }) => position)).toEqual(told.map((_, at) => at + 1))
    expect(await registry.told(0, 50)).toEqual(told)
  })
}
