/**
 * One equivalence test: does a visit take the same time with a registered address as with a free one, up to a stated margin?
 *
 * What is estimated is the 25 % trimmed mean of the paired differences, as a share of the typical duration. Visits come in pairs, one to
 * each pool, so that other work of the machine affects both equally. What happens to few visits only is trimmed away: a call more or
 * less is found by counting the calls, without a clock. The interval is that of Yuen, with the Winsorized variance (K. K. Yuen,
 * "The two-sample trimmed t for unequal population variances", Biometrika 61, 1974), at 98 %: two one-sided tests at 1 % each (D. J. Schuirmann,
 * "A comparison of the two one-sided tests procedure…", Journal of Pharmacokinetics and Biopharmaceutics 15, 1987).
 *
 * The verdict does not depend on how busy the machine is. More noise widens the interval, the measure then takes more pairs, and it stops by
 * the width alone, never by where the interval lies (Y. S. Chow and H. Robbins, "On the asymptotic theory of fixed-width sequential
 * confidence intervals for the mean", Annals of Mathematical Statistics 36, 1965). If the largest number of pairs is too small for this
 * noise, the verdict is `undecided`. That is no failure, since a busy machine is no fault of the product, and it is no pass: it is told
 * with its reason. It is not a hiding place either: noise is measured on the free address alone, and a registered one that is noisier differs.
 */
export interface Pair {
  /** Milliseconds. */
  readonly registered: number
  readonly free: number
}

export interface Comparison {
  readonly verdict: 'same' | 'differs' | 'undecided'
  /** Registered minus free, as a share of the typical duration. */
  readonly difference: number
  /** Half the width of the interval around it. */
  readonly halfWidth: number
  /** The half-width that free visits have among themselves. */
  readonly noise: number
  readonly margin: number
  /** The median of all visits, in milliseconds. */
  readonly typical: number
  readonly pairs: number
}

/** What may differ: a fortieth of the typical duration. A delay of twice as much has to be found. */
export const MARGIN = 0.025
/** So narrow that the interval of no difference lies inside the margin but for one run in 100,000. */
export const PRECISE = MARGIN / 3
// The 99th percentile of the normal distribution; there are hundreds of pairs, so it stands for Student's.
const ONE_PER_CENT = 2.3263
const TRIMMED = 0.25

export function compare(pairs: readonly Pair[]): Comparison {
  if (pairs.length < 100) throw new RangeError('Too few pairs for an interval.')
  const typical = median(pairs.flatMap(({ registered, free }) => [registered, free]))
  const { mean, halfWidth } = interval(pairs.map(({ registered, free }) => (registered - free) / typical))
  const noise = noiseOf(pairs, typical)
  const verdict = verdictOf(mean, halfWidth, noise)
  return { verdict, difference: mean, halfWidth, noise, margin: MARGIN, typical, pairs: pairs.length }
}

function verdictOf(difference: number, halfWidth: number, noise: number): Comparison['verdict'] {
  const distance = Math.abs(difference)
  if (distance + halfWidth < MARGIN) return 'same'
  // Beyond the margin by twice the interval, which chance alone brings about once in 100,000 runs.
  if (distance - 2 * halfWidth > MARGIN) return 'differs'
  return Math.min(halfWidth, noise) <= PRECISE ? 'differs' : 'undecided'
}

/** Each free visit beside the one before it: half as many pairs, so an interval that is wider by √2. */
function noiseOf(pairs: readonly Pair[], typical: number): number {
  const differences = pairs.flatMap(({ free }, at) => {
    const before = at % 2 === 1 ? pairs[at - 1] : undefined
    return before ? [(free - before.free) / typical] : []
  })
  return interval(differences).halfWidth / Math.SQRT2
}

interface Interval {
  readonly mean: number
  readonly halfWidth: number
}

function interval(values: readonly number[]): Interval {
  const sorted = values.toSorted(ascending)
  const cut = Math.floor(sorted.length * TRIMMED)
  const kept = sorted.slice(cut, sorted.length - cut)
  const [lowest = 0, highest = 0] = [kept[0], kept.at(-1)]
  const winsorized = sorted.map((value) => Math.min(highest, Math.max(lowest, value)))
  const center = meanOf(winsorized)
  const squares = sumOf(winsorized.map((value) => (value - center) ** 2))
  const standardError = Math.sqrt(squares / (kept.length * (kept.length - 1)))
  return { mean: meanOf(kept), halfWidth: ONE_PER_CENT * standardError }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
const meanOf = (values: readonly number[]) => sumOf(values) / values.length
const ascending = (a: number, b: number) => a - b

function median(values: readonly number[]): number {
  const sorted = values.toSorted(ascending)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
