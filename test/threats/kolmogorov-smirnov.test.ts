import { describe, expect, it } from 'vitest'
import { seededChoice } from '../../packages/onesub/src/core/keys/testing/seeded.ts'
import { kolmogorovSmirnov, kolmogorovSurvival, median } from '../../verify/enumeration/kolmogorov-smirnov.ts'

describe('the test that is to tell two worlds apart by their times', () => {
  // Smirnov's table, as in every book of statistics: the critical values for 20, 10, 5, 1 and 0.1 per cent.
  it.each([
    [1.0727, 0.2],
    [1.2239, 0.1],
    [1.3581, 0.05],
    [1.6276, 0.01],
    [1.9495, 0.001],
  ])('knows that a gap of %d is met by chance with p = %d', (lambda, p) => {
    expect(kolmogorovSurvival(lambda)).toBeCloseTo(p, 4)
  })

  it('measures the widest gap, equal values on both sides among them', () => {
    expect(kolmogorovSmirnov([1, 2, 3, 4], [1, 2, 3, 4])).toEqual({ distance: 0, p: 1 })
    expect(kolmogorovSmirnov([1, 2, 3], [4, 5, 6]).distance).toBe(1)
    expect(kolmogorovSmirnov([1, 2, 2, 3], [2, 3, 3, 4]).distance).toBe(0.5)
    expect(() => kolmogorovSmirnov([], [1])).toThrow(RangeError)
  })

  it('gives what the table gives for two samples of 2,000', () => {
    // 1.6276 √(2/2000) = 0.05147: the critical gap at one per cent.
    const one = Array.from({ length: 2_000 }, (_, at) => at)
    const apart = (by: number) =>
      kolmogorovSmirnov(
        one,
        one.map((value) => value + by),
      ).p
    expect(apart(102)).toBeGreaterThan(0.01)
    expect(apart(104)).toBeLessThan(0.01)
  })

  it('finds nothing between two halves of one sample, and a tenth of the spread between two', () => {
    const choose = seededChoice('times')
    const draw = () => choose.below(1_000_000)
    const [one, other] = [Array.from({ length: 2_000 }, draw), Array.from({ length: 2_000 }, draw)]
    expect(kolmogorovSmirnov(one, other).p).toBeGreaterThan(0.01)
    expect(
      kolmogorovSmirnov(
        one,
        other.map((time) => time + 100_000),
      ).p,
    ).toBeLessThan(0.001)
  })

  it('takes the median of an odd and of an even number of values', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
  })
})
