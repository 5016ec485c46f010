import { performance } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Choice } from '../../packages/onesub/src/core/identifiers/testing/seeded.ts'
import { openTestPool, type TestEnvironment, type TestPool } from '../../test/environment/test-pool.ts'
import { type Comparison, compare, PRECISE } from './equivalence.ts'
import { Counted } from './ports.ts'
import { askAsStranger, type Seen, signUpInput } from './stranger.ts'

/** Where people have their address as an alias, which Cognito does not look at before it is proven: silence is possible. */
const POOL = { AliasAttributes: ['email' as const], UsernameConfiguration: { CaseSensitive: false } }
/** One trip to a store nearby. */
const STORE_LATENCY_MS = 1
const AT_ONCE = 32

export interface CountedPool {
  readonly pool: TestPool
  readonly ports: Counted
}

export async function openCounted(environment: TestEnvironment): Promise<CountedPool> {
  const ports = new Counted()
  const pool = await openTestPool(environment, {
    settings: POOL,
    policy: { existingAccount: 'enumeration-safe' },
    through: {
      registry: (real) => ports.through('registry', real),
      cognito: (api) => ports.through('cognito', api),
    },
  })
  return { pool, ports }
}

export interface Observed {
  readonly seen: Seen
  /** To the ports, in order. */
  readonly calls: string
  readonly milliseconds: number
}

export interface Measure {
  readonly observed: readonly Observed[]
  readonly times: Comparison
}

export interface Measuring {
  readonly tag: string
  readonly choose: Choice
  /** At the most; a quiet machine needs fewer. */
  readonly mostPairs: number
  /** A fault on purpose: a registered address takes this many milliseconds longer. */
  readonly delayMs?: number
}

const PAIRS_AT_ONCE = 500

/**
 * The same attackers sign up in both pools with the same addresses, which are registered in one of them; in the other as many people are, by
 * other addresses. It goes on until the interval is narrow enough, wherever it lies.
 */
export async function measure(
  environment: TestEnvironment,
  pools: readonly [known: CountedPool, blank: CountedPool],
  measuring: Measuring,
): Promise<Measure> {
  const both: { readonly registered: Observed; readonly free: Observed }[] = []
  const timesNow = () =>
    compare(both.map(({ registered, free }) => ({ registered: registered.milliseconds, free: free.milliseconds })))
  do {
    const wanted = Math.min(PAIRS_AT_ONCE, measuring.mostPairs - both.length)
    const numbers = Array.from({ length: wanted }, (_, at) => both.length + at)
    both.push(...(await visitInPairs(environment, pools, measuring, numbers)))
  } while (timesNow().halfWidth > PRECISE && both.length < measuring.mostPairs)
  return { observed: both.flatMap(({ registered, free }) => [registered, free]), times: timesNow() }
}

/** A random choice for each second pair says which pool is asked first; the next pair has the other order, so that both are first equally often. */
async function visitInPairs(
  environment: TestEnvironment,
  [known, blank]: readonly [CountedPool, CountedPool],
  { tag, choose, delayMs = 0 }: Measuring,
  numbers: readonly number[],
) {
  await Promise.all([
    registerAll(environment, known.pool, tag, numbers),
    registerAll(environment, blank.pool, `not-${tag}`, numbers),
  ])
  const pairs: { readonly registered: Observed; readonly free: Observed }[] = []
  let isKnownFirst = false
  for (const number of numbers) {
    isKnownFirst = number % 2 === 0 ? choose.below(2) === 0 : !isKnownFirst
    const comes = { name: `stranger-${tag}-${number}`, email: addressOf(tag, number) }
    const early = isKnownFirst ? await visit(environment, known, comes, delayMs) : undefined
    const free = await visit(environment, blank, comes, 0)
    pairs.push({ registered: early ?? (await visit(environment, known, comes, delayMs)), free })
  }
  return pairs
}

async function visit(
  { emulator }: TestEnvironment,
  { pool, ports }: CountedPool,
  { name, email }: { readonly name: string; readonly email: string },
  delayMs: number,
): Promise<Observed> {
  const input = signUpInput(pool.clientId, name, email)
  ports.taken()
  let owed = delayMs
  ports.wait = async () => {
    const own = STORE_LATENCY_MS + owed
    owed = 0
    await exactly(own)
  }
  const began = performance.now()
  const seen = await askAsStranger(emulator.endpoint, 'SignUp', input)
  const milliseconds = performance.now() - began
  ports.wait = async () => {}
  return { seen, calls: ports.taken(), milliseconds }
}

/** Timers are off by more than what is to be found. */
async function exactly(milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds
  while (performance.now() < until) await nextTurn()
}

/** Three of four have entered their code, the fourth has not. */
async function registerAll(
  { emulator }: TestEnvironment,
  { clientId, userPoolId }: TestPool,
  tag: string,
  numbers: readonly number[],
): Promise<void> {
  const waiting = [...numbers]
  const ask = async (operation: string, input: object) => {
    const { status } = await askAsStranger(emulator.endpoint, operation, { ClientId: clientId, ...input })
    if (status !== 200) throw new Error(`${operation}: ${status}`)
  }
  const next = async () => {
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const Username = `owner-${tag}-${number}`
      await ask('SignUp', signUpInput(clientId, Username, addressOf(tag, number)))
      if (number % 4 === 0) continue
      await ask('ConfirmSignUp', { Username, ConfirmationCode: emulator.newestCode(userPoolId, Username) })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

function addressOf(tag: string, number: number): string {
  return `person-${tag}-${number}@example.com`
}
