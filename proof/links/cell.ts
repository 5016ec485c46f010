import { normaliseEmail } from 'onesub'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { KEEPS } from '../../test/environment/pools.ts'
import {
  openTestPool,
  type SignInResult,
  type TestEnvironment,
  type TestPool,
  type Tokens,
} from '../../test/environment/test-pool.ts'
import { type Actors, actorsOf } from './actors.ts'
import { type Cell, type PoolPlace, TRUSTS } from './coordinates.ts'
import { type Expected, type ExpectedOutcomes, expectedOutcomes, type Who } from './oracle.ts'

const SQUATTERS_PASSWORD = 'Cuckoo-Nest-7'

export interface Played {
  readonly cell: Cell
  /** In words, with nothing of whom it met; empty where all came as it must. */
  readonly faults: readonly string[]
}

/** What a cell has met so far. */
interface Diary {
  readonly persons: Map<Who, { readonly id: string; readonly sub: string }>
  readonly faults: string[]
}

/** Plays cells that share a pool, one after another, and looks at the pool as a whole at the end. */
export async function playPool(
  environment: TestEnvironment,
  place: PoolPlace,
  cells: readonly Cell[],
): Promise<readonly Played[]> {
  const { kind, policy, federatedSignUp, inbound, position, trust } = place
  const clock = { offset: BEHIND_MS }
  const pool = await openTestPool(environment, {
    options: { time: { ...systemTime, now: () => Date.now() + clock.offset } },
    // Elsewhere nobody is joined whose password is in doubt: `test/threats/doubt.test.ts`.
    settings: { ...KEEPS, ...kind.settings },
    quirks: position.quirks,
    policy: { existingAccount: policy, federatedSignUp, providers: TRUSTS[trust] },
    inbound,
  })
  const played = []
  for (const cell of cells) {
    const actors = actorsOf(cell)
    const wanted = expectedOutcomes(cell, actors)
    played.push({ cell, actors, wanted, diary: await play(environment, pool, clock, cell, actors, wanted) })
  }
  const users = pool.users().map((user) => JSON.stringify(user))
  const everybody = played.flatMap(({ diary }) => [...diary.persons.values()].map(({ id }) => id))
  return played.map(({ cell, wanted, diary }) => {
    const own = [...diary.persons.values()].map(({ id }) => id)
    const found = users.filter((user) => [cell.tag, ...own].some((mark) => user.includes(mark))).length
    if (found !== wanted.users) diary.faults.push(`${found} users of the pool, not ${wanted.users}`)
    if (own.length !== wanted.persons) diary.faults.push(`${own.length} persons, not ${wanted.persons}`)
    if (everybody.filter((id) => own.includes(id)).length !== own.length) diary.faults.push('somebody else’s person')
    return { cell, faults: diary.faults }
  })
}

/** Our clock beside Cognito's, so that a sign-up after a proof is after it by Cognito's whole seconds too. */
const BEHIND_MS = -5_000
/** At a squatter's sign-up, whose window has ended before the next sign-up. */
const LONG_AGO_MS = -60_000

interface Clock {
  offset: number
}

async function play(
  environment: TestEnvironment,
  pool: TestPool,
  clock: Clock,
  cell: Cell,
  actors: Actors,
  wanted: ExpectedOutcomes,
): Promise<Diary> {
  const diary: Diary = { persons: new Map(), faults: [] }
  const before = await personsBegun(pool)
  try {
    environment.emulator.setPersona(actors.first.persona)
    environment.emulator.setPersona(actors.second.persona)
    clock.offset = LONG_AGO_MS
    const squatter = cell.squatted ? await squat(environment, pool, cell, actors) : undefined
    clock.offset = BEHIND_MS
    const native = new NativeUser(pool, `ada-${cell.tag}`, actors.typed)
    for (const [at, { step, expected }] of wanted.steps.entries()) {
      if (expected.kind === 'skipped') continue
      const result =
        step === 'native'
          ? await native.comes()
          : await pool.continueWith(actors[step].provider, actors[step].persona.id)
      const fault = await compare(pool, result, expected, diary)
      if (fault) diary.faults.push(`step ${at + 1} (${step}): ${fault}`)
    }
    if (squatter && (await squatter.getsIn())) diary.faults.push('the squatter gets in')
    const begun = (await personsBegun(pool)) - before
    if (begun !== wanted.persons) diary.faults.push(`${begun} persons begun, not ${wanted.persons}`)
    const owner = await ownerOf(pool, actors, diary)
    if (owner !== wanted.owner) diary.faults.push(`the address is ${owner}’s, not ${wanted.owner}’s`)
  } catch (error) {
    diary.faults.push(`broken off: ${error instanceof Error ? `${error.name}: ${error.message}` : 'unknown'}`)
  }
  return diary
}

/** Also those whom no token names. */
async function personsBegun(pool: TestPool): Promise<number> {
  return (await pool.events()).filter(({ type }) => type === 'person.created').length
}

async function compare(pool: TestPool, result: Outcome, expected: Expected, diary: Diary): Promise<string | undefined> {
  if (expected.kind === 'refused') {
    if (!('refused' in result)) return `let in, not refused with ${expected.saying.source}`
    return expected.saying.test(result.refused) ? undefined : `refused with "${result.refused}"`
  }
  if ('refused' in result) return `refused with "${result.refused}"`
  const found = await personIn(pool, result.tokens)
  if (expected.kind !== 'person') return found === undefined ? undefined : 'a person, where the identity is pending'
  if (found === undefined) return 'nobody, not a person'
  const known = diary.persons.get(expected.who)
  if (!known) {
    const isAnother = [...diary.persons.values()].some(({ id }) => id === found.id)
    diary.persons.set(expected.who, found)
    return isAnother ? 'the person of another sign-in method' : undefined
  }
  if (known.id !== found.id) return `another person than by ${expected.who}`
  if (expected.ownUser) return known.sub === found.sub ? 'no user beside the first one' : undefined
  return known.sub === found.sub ? undefined : `another sub than by ${expected.who}`
}

/** By the claim in the access token alone; undefined where it names nobody. */
async function personIn(pool: TestPool, { accessToken }: Tokens) {
  try {
    const { person, identity } = await pool.verify(accessToken)
    return { id: String(person), sub: identity.subject }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'PERSON_UNKNOWN') return undefined
    throw error
  }
}

async function ownerOf(
  { registry }: TestPool,
  { plain }: Actors,
  { persons }: Diary,
): Promise<ExpectedOutcomes['owner']> {
  const email = normaliseEmail(plain)
  if (!email.ok) throw new TypeError('a cell has an address that is none')
  const [fact] = (await registry.facts({ identity: undefined, identifiers: [email.identifier] })).identifiers
  if (!fact?.ownership) return 'nobody'
  const { person } = fact.ownership
  return [...persons].find(([, { id }]) => id === person)?.[0] ?? 'squatter'
}

type Outcome = SignInResult | { readonly tokens: Tokens } | { readonly refused: string }

/** Ada signs up, enters the code and signs in; after that Ada signs in by the chosen name. */
class NativeUser {
  readonly #pool: TestPool
  readonly #name: string
  readonly #email: string
  #userName: string | undefined

  constructor(pool: TestPool, name: string, email: string) {
    this.#pool = pool
    this.#name = name
    this.#email = email
  }

  async comes(): Promise<Outcome> {
    try {
      if (this.#userName === undefined) {
        const userName = await this.#pool.signUp(this.#name, this.#email)
        await this.#pool.confirm(userName)
        this.#userName = userName
      }
      return { tokens: await this.#pool.signIn(this.#userName) }
    } catch (error) {
      if (error instanceof Error) return { refused: error.message }
      throw error
    }
  }
}

async function squat({ cognito }: TestEnvironment, { clientId }: TestPool, { tag, kind }: Cell, { plain }: Actors) {
  const Username = kind.email === 'user name' ? plain : `squatter-${tag}`
  const UserAttributes = [{ Name: 'email', Value: plain }]
  await cognito.signUp({ ClientId: clientId, Username, Password: SQUATTERS_PASSWORD, UserAttributes })
  const AuthParameters = { USERNAME: Username, PASSWORD: SQUATTERS_PASSWORD }
  return {
    getsIn: () =>
      cognito.initiateAuth({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: clientId, AuthParameters }).then(
        () => true,
        () => false,
      ),
  }
}
