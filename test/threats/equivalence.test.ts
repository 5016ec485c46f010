import { describe, expect, it } from 'vitest'
import { seededChoice } from '../../packages/onesub/src/core/identifiers/testing/seeded.ts'
import { compare, MARGIN, type Pair, PRECISE } from '../../proof/enumeration/equivalence.ts'

const TYPICAL = 4

interface Machine {
  /** Spread of a visit, as a share of the typical duration. */
  readonly spread: number
  /** Of a hundred visits, how many meet a pause of ten times the duration. */
  readonly pauses?: number
  readonly pairs?: number
}

/** Visits on a machine of this kind, a registered address taking `slower` longer (a share of the typical duration). */
function visits(seed: string, slower: number, { spread, pauses = 0, pairs = 1_000 }: Machine): readonly Pair[] {
  const choose = seededChoice(seed)
  const uniform = () => choose.below(1_000_000) / 1_000_000
  const one = () => {
    const normal = Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6)
    const pause = uniform() * 100 < pauses ? 10 * TYPICAL * uniform() : 0
    return TYPICAL * (1 + spread * normal) + pause
  }
  return Array.from({ length: pairs }, () => ({ registered: one() + slower * TYPICAL, free: one() }))
}

const SEEDS = Array.from({ length: 200 }, (_, at) => `machine ${at}`)
const verdicts = (slower: number, machine: Machine) =>
  new Set(SEEDS.map((seed) => compare(visits(seed, slower, machine)).verdict))

describe('the equivalence test of the times', () => {
  const quiet = { spread: 0.05 }

  it('T79: finds two equal pools equal, and a delay of 5 % different, on a quiet machine', () => {
    expect(verdicts(0, quiet)).toEqual(new Set(['same']))
    expect(verdicts(2 * MARGIN, quiet)).toEqual(new Set(['differs']))
    expect(verdicts(-2 * MARGIN, quiet)).toEqual(new Set(['differs']))
  })

  it('T79: calls a difference of the margin itself the same in one run of a hundred, not in more', () => {
    const called = SEEDS.map((seed) => compare(visits(seed, MARGIN, quiet)).verdict)
    expect(called.filter((verdict) => verdict === 'same').length).toBeLessThanOrEqual(6)
  })

  it('T79: does not let a busy machine decide: pauses and spread widen the interval and change no verdict', () => {
    const [little, much] = [compare(visits('busy', 0, quiet)), compare(visits('busy', 0, { spread: 1 }))]
    expect(much.halfWidth).toBeGreaterThan(10 * little.halfWidth)
    for (const machine of [{ spread: 0.05, pauses: 10 }, { spread: 1 }, { spread: 1, pauses: 20 }]) {
      expect(verdicts(0, machine)).not.toContain('differs')
      expect(verdicts(2 * MARGIN, machine)).not.toContain('same')
    }
    expect(verdicts(0, { spread: 1 })).toEqual(new Set(['undecided']))
    expect(verdicts(1, { spread: 1 })).toEqual(new Set(['differs']))
    // The same machine, and enough visits.
    expect(compare(visits('busy', 0, { spread: 0.2, pairs: 20_000 })).verdict).toBe('same')
    expect(compare(visits('busy', 2 * MARGIN, { spread: 0.2, pairs: 20_000 })).verdict).toBe('differs')
  })

  it('T79: is not left undecided by a registered address that is noisier than a free one', () => {
    const free = visits('free', 0, { ...quiet, pairs: 2_000 })
    const wild = visits('registered', 0, { spread: 2, pairs: 2_000 })
    const mixed = free.map((pair, at) => ({ free: pair.free, registered: wild[at]?.registered ?? 0 }))
    const { verdict, noise, halfWidth } = compare(mixed)
    expect(noise).toBeLessThan(PRECISE)
    expect(halfWidth).toBeGreaterThan(MARGIN)
    expect(verdict).toBe('differs')
  })

  it('T79: fails a difference about as large as the margin once the interval is narrow, however restless the machine', () => {
    const [restless, steady] = [visits('restless', 0, { spread: 1 }), visits('steady', 0, { spread: 0.03 })]
    const together = restless.map(({ free }, at) => {
      const own = steady[at] ?? { registered: 0, free: 0 }
      return { free, registered: free + own.registered - own.free + 0.9 * MARGIN * TYPICAL }
    })
    const { verdict, noise, halfWidth, difference } = compare(together)
    expect(noise).toBeGreaterThan(PRECISE)
    expect(halfWidth).toBeLessThan(PRECISE)
    expect([difference - halfWidth < MARGIN, difference + halfWidth > MARGIN]).toEqual([true, true])
    expect(verdict).toBe('differs')
  })

  it('gives the interval of a textbook: the normal quantile times the standard error where nothing is extreme', () => {
    // Differences of −1, 0 and 1 in equal parts of a typical duration of 100.
    const pairs = Array.from({ length: 900 }, (_, at) => ({ registered: 100 + (at % 3) - 1, free: 100 }))
    const { difference, halfWidth, typical, pairs: count } = compare(pairs)
    expect([typical, count]).toEqual([100, 900])
    expect(difference).toBeCloseTo(0, 12)
    const winsorizedSquares = 600 * 0.01 ** 2
    expect(halfWidth).toBeCloseTo(2.3263 * Math.sqrt(winsorizedSquares / (450 * 449)), 6)
  })

  it('wants a hundred pairs at least', () => {
    expect(() => compare(visits('few', 0, { ...quiet, pairs: 99 }))).toThrow(RangeError)
  })
})
