/** Whether two samples may come from one distribution, whatever that looks like. */
export interface KolmogorovSmirnov {
  /** The widest gap between the two empirical distributions, 0 to 1. */
  readonly distance: number
  /** How likely a gap of this width or more is where there is no difference. */
  readonly p: number
}

/** The two-sample test, two-sided; good from some tens of values a side on. */
export function kolmogorovSmirnov(one: readonly number[], other: readonly number[]): KolmogorovSmirnov {
  if (one.length === 0 || other.length === 0) throw new RangeError('There is nothing to compare.')
  const distance = widestGap(one.toSorted(ascending), other.toSorted(ascending))
  const effective = (one.length * other.length) / (one.length + other.length)
  return { distance, p: survival(effective, distance) }
}

function widestGap(one: readonly number[], other: readonly number[]): number {
  let [i, j, widest] = [0, 0, 0]
  while (i < one.length && j < other.length) {
    const value = Math.min(one[i] ?? 0, other[j] ?? 0)
    while (i < one.length && one[i] === value) i += 1
    while (j < other.length && other[j] === value) j += 1
    widest = Math.max(widest, Math.abs(i / one.length - j / other.length))
  }
  return widest
}

const TERMS = 100

/**
 * The Kolmogorov distribution, with the correction for finite samples (M. A. Stephens, "Use of the Kolmogorov–Smirnov, Cramér–von Mises and
 * related statistics without extensive tables", Journal of the Royal Statistical Society B 32, 1970).
 */
function survival(effective: number, distance: number): number {
  const root = Math.sqrt(effective)
  return kolmogorovSurvival((root + 0.12 + 0.11 / root) * distance)
}

/** Q(λ) = 2 Σ (−1)^(k−1) exp(−2k²λ²), k from 1 on. */
export function kolmogorovSurvival(lambda: number): number {
  // The series crawls there, and the answer is 1 to fifteen digits.
  if (lambda < 0.18) return 1
  let sum = 0
  for (let k = 1; k <= TERMS; k += 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * lambda * lambda)
  return Math.min(1, Math.max(0, sum))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted(ascending)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

function ascending(a: number, b: number): number {
  return a - b
}
