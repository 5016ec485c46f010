import { isPersonEvent } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Choice, seededChoice } from '../../packages/onesub/src/core/identifiers/testing/seeded.ts'
import { openTestEnvironment, openTestPool, type TestEnvironment, tokensOf } from '../environment/test-pool.ts'

type Recorded = Awaited<ReturnType<Awaited<ReturnType<typeof openTestPool>>['events']>>[number]

/** What a consumer can rely on, and all it has to do: a person's events count 1, 2, 3 …, so it drops what it has seen and waits for what is missing. */
class Consumer {
  readonly #seen = new Map<string, number>()
  readonly #early = new Map<string, Recorded>()
  readonly #lines = new Map<string, string[]>()

  hear(event: Recorded): void {
    const { person, version } = event
    if (version <= (this.#seen.get(person) ?? 0)) return
    this.#early.set(`${person} ${version}`, event)
    for (;;) {
      const due = `${person} ${(this.#seen.get(person) ?? 0) + 1}`
      const next = this.#early.get(due)
      if (!next) return
      this.#early.delete(due)
      this.#seen.set(person, next.version)
      this.#lines.set(person, [...(this.#lines.get(person) ?? []), `${next.type} ${JSON.stringify(next.detail)}`])
    }
  }

  projection() {
    return { waiting: this.#early.size, persons: Object.fromEntries([...this.#lines].toSorted()) }
  }
}

describe('the events of two persons, one of whom is merged into the other', () => {
  let environment: TestEnvironment
  let told: readonly Recorded[]

  beforeAll(async () => {
    environment = await openTestEnvironment()
    environment.emulator.setPersona({ id: 'work', sub: '9', email: 'ada@gmail.com', email_verified: true })
    const pool = await openTestPool(environment)
    const native = await pool.register('ada', 'ada@example.com')
    const google = tokensOf(await pool.continueWith('Google', 'work'))
    const { accessToken } = native
    const offer = await pool.account.offerLink({ accessToken, additionIdToken: google.idToken })
    if (offer === 'linked') throw new Error('nothing was offered')
    await pool.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
    told = (await pool.events()).filter(isPersonEvent)
  })
  afterAll(() => environment.close())

  const heard = (events: readonly Recorded[]) => {
    const consumer = new Consumer()
    for (const event of events) consumer.hear(event)
    return consumer.projection()
  }

  it('are those of a whole life each', () => {
    const { waiting, persons } = heard(told)
    expect(waiting).toBe(0)
    expect(Object.values(persons).map((lines) => lines.map((line) => line.split(' ')[0]))).toEqual(
      expect.arrayContaining([expect.arrayContaining(['person.created', 'person.merged'])]),
    )
    expect(Object.keys(persons)).toHaveLength(2)
  })

  it('T90: delivered one to five times each, in any order, they give the result of one ordered delivery', () => {
    const choose = seededChoice('repeats')
    const ordered = heard(told)
    for (let round = 0; round < 500; round += 1) {
      const repeated = told.flatMap((event) => Array.from({ length: 1 + choose.below(5) }, () => event))
      expect(heard(shuffled(repeated, choose))).toEqual(ordered)
    }
  })

  it('T90: each has a name of its own, of the person, the version and the type', () => {
    const names = told.map(({ person, version, type }) => `${person} ${version} ${type}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('T91: every order of six of them gives the same result', () => {
    const six = told.filter(({ version }) => version <= 3)
    expect(six).toHaveLength(6)
    const ordered = heard(six)
    expect(ordered.waiting).toBe(0)
    for (const order of permutations(six)) expect(heard(order)).toEqual(ordered)
  })

  it('T91: one that is missing holds back those after it of its person, and nobody else’s', () => {
    const [first] = told
    const late = heard(told.filter((event) => event !== first))
    expect(late.waiting).toBe(told.filter(({ person }) => person === first?.person).length - 1)
    expect(Object.keys(late.persons)).toHaveLength(1)
  })
})

function shuffled<T>(items: readonly T[], choose: Choice): readonly T[] {
  const rest = [...items]
  return items.flatMap(() => rest.splice(choose.below(rest.length), 1))
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}
