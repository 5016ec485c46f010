import { createTriggerHandler, type Report, type TriggerOptions } from 'onesub/triggers'
import { createPersonVerifier } from 'onesub/verify'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../packages/onesub/src/core/errors.ts'
import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import { PROVIDERS, TRUST } from '../environment/providers.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type Tokens,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
let later = 0
const time = { ...systemTime, now: () => Date.now() + later }
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterEach(() => {
  environment.emulator.reset()
  later = 0
})
afterAll(() => environment.close())

/** For Cognito, for onesub and for the API: so that nobody is refused for coming at the same time as somebody else. */
function pass(ms: number): void {
  later += ms
  environment.emulator.advanceClock(ms)
}

type Policy = NonNullable<TriggerOptions['policy']>
type ExistingUsers = NonNullable<Policy['existingUsers']>

/** `marked`: verified, as the pool has it. `profile`: the provider was used before onesub, too. */
type Kind =
  | { readonly by: 'password'; readonly marked: boolean }
  | { readonly by: 'google'; readonly account: 1 | 2; readonly profile: boolean }
  | { readonly by: 'unlisted'; readonly profile: boolean }
  | { readonly by: 'form' | 'two clicks' | 'administrator' | 'stranger’s form' }

/** One sign-in method of one human. */
interface Way {
  readonly name: string
  readonly human: string
  /** Whose address is shown. */
  readonly address: string
  readonly kind: Kind
  comes(pool: TestPool): Promise<Tokens | 'no sign-in'>
}

/** What a visit came to: a person, or the code of an error. */
type Came = { readonly person: string } | { readonly code: string } | 'no sign-in'

/** Mulberry32: the same numbers from the same seed, everywhere. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((one) => [random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)
}

function codeIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && typeof error.code === 'string') return error.code
  return /onesub\/([A-Z_]+)/.exec(error.message)?.[1] ?? error.name
}

async function cameBy(pool: TestPool, { comes }: Way): Promise<Came> {
  try {
    const tokens = await comes(pool)
    return tokens === 'no sign-in' ? tokens : { person: await pool.personOf(tokens) }
  } catch (error) {
    return { code: codeIn(error) }
  }
}

interface Shares {
  /** How many of a hundred humans have it. */
  readonly secondAccount: number
  readonly unlisted: number
  readonly form: number
  readonly twoClicks: number
  readonly administrator: number
  readonly stranger: number
}

/** Users of a pool as it was before onesub, until there are so many, and how they and their owners sign in from now on. */
async function populate(pool: TestPool, users: number, shares: Shares, random: () => number): Promise<Way[]> {
  const { userPoolId } = pool
  const natives: { username: string; password: string; attributes: Record<string, string> }[] = []
  const ways: Way[] = []
  const has = (share: number) => random() * 100 < share
  let profiles = 0

  const native = (human: string, username: string, email: string) => {
    const marked = human.startsWith('human') && has(70)
    const attributes = { email, email_verified: String(marked) }
    natives.push({ username, password: PASSWORD, attributes })
    return { human, address: email.toLowerCase(), name: username, kind: { by: 'password', marked } } as const
  }

  const persona = (id: string, sub: string, email: string) => {
    environment.emulator.setPersona({ id, sub, subject: sub, email, email_verified: true, hd: 'example.com' })
    return (provider: string) => async (late: TestPool) => tokensOf(await late.continueWith(provider, id))
  }

  for (let number = 0; natives.length + profiles < users; number += 1) {
    const human = `human${number}`
    const address = `human${number}@example.com`
    const Address = `Human${number}@Example.com`
    const own = { human, address }
    const count = [0, 1, 1, 2][Math.floor(random() * 4)] ?? 1
    for (let at = 0; at < count; at += 1) {
      const way = native(human, `user${number}-${at}`, at === 0 ? address : address.toUpperCase())
      ways.push({ ...way, comes: (late) => late.signIn(way.name) })
    }
    if (count === 0 || has(40)) {
      const profile = has(50)
      const comes = persona(`g${number}`, `91${number}`, address)('Google')
      if (profile) await comes(pool)
      if (profile) profiles += 1
      ways.push({ ...own, name: `g${number}`, kind: { by: 'google', account: 1, profile }, comes })
    }
    if (has(shares.secondAccount)) {
      const comes = persona(`h${number}`, `81${number}`, address)('Google')
      ways.push({ ...own, name: `h${number}`, kind: { by: 'google', account: 2, profile: false }, comes })
    }
    if (has(shares.unlisted)) {
      const profile = has(50)
      const comes = persona(`o${number}`, `71${number}`, address)('Unlisted')
      if (profile) await comes(pool)
      ways.push({ ...own, name: `o${number}`, kind: { by: 'unlisted', profile }, comes })
    }
    if (has(shares.form))
      ways.push({ ...own, name: `form${number}`, kind: { by: 'form' }, comes: form(number, Address) })
    if (has(shares.twoClicks))
      ways.push({ ...own, name: `click${number}`, kind: { by: 'two clicks' }, comes: twoClicks(number, Address) })
    if (has(shares.administrator))
      ways.push({ ...own, name: `made${number}`, kind: { by: 'administrator' }, comes: invited(number, Address) })
    if (has(shares.stranger)) {
      const way = native(`stranger${number}`, `stranger${number}`, address)
      ways.push({ ...way, comes: (late) => late.signIn(way.name) })
    }
    if (has(shares.stranger)) {
      const kind = { by: 'stranger’s form' } as const
      const comes = strangersForm(number, Address)
      ways.push({ name: `squat${number}`, human: `squatter${number}`, address, kind, comes })
    }
  }
  environment.emulator.seed({ userPoolId, users: natives })
  return ways
}

/** Signs up and enters the code; signs in once that has come to its end. */
function form(number: number, email: string): Way['comes'] {
  let isThere = false
  return async (pool) => {
    if (!isThere) await pool.confirm(await pool.signUp(`form${number}`, email))
    isThere = true
    return pool.signIn(`form${number}`)
  }
}

function twoClicks(number: number, email: string): Way['comes'] {
  return async (pool) => {
    const clicks = ['one', 'two'].map((click) => pool.signUp(`${click}${number}`, email))
    for (const click of await Promise.allSettled(clicks)) if (click.status === 'rejected') throw click.reason
    return 'no sign-in'
  }
}

function invited(number: number, email: string): Way['comes'] {
  return async ({ userPoolId: UserPoolId }) => {
    const UserAttributes = [{ Name: 'email', Value: email }]
    const user = { UserPoolId, Username: `made${number}`, UserAttributes }
    await environment.cognito.adminCreateUser({ ...user, MessageAction: 'SUPPRESS' })
    return 'no sign-in'
  }
}

/** Cannot read the mailbox; an administrator confirms the user all the same. */
function strangersForm(number: number, email: string): Way['comes'] {
  let isThere = false
  return async (pool) => {
    const Username = `squat${number}`
    if (!isThere) await pool.signUp(Username, email)
    if (!isThere) await environment.cognito.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username })
    isThere = true
    return pool.signIn(Username)
  }
}

async function opened(inbound: boolean, policy: Policy): Promise<TestPool> {
  const { Okta } = PROVIDERS(environment.emulator.endpoint)
  if (!Okta) throw new Error('no such provider')
  const providers = { Unlisted: Okta }
  const pool = await openTestPool(environment, { inbound, policy, providers, isLate: true, options: { time } })
  const verify = createPersonVerifier({
    pools: [{ userPoolId: pool.userPoolId, clientIds: [pool.clientId] }],
    dangerouslyTrustEmulator: environment.emulator.endpoint,
    registry: null,
    clock: time.now,
  })
  return { ...pool, personOf: async ({ accessToken }) => (await verify(accessToken)).person }
}

/** From here on the pool's triggers have this policy; what the registry knows stays. */
async function switchTo(pool: TestPool, policy: Policy, report: (report: Report) => void): Promise<void> {
  const { userPoolId, clientId, registry, userPool } = pool
  const { UserPool } = await environment.cognito.describeUserPool({ UserPoolId: userPoolId })
  const arn = UserPool?.LambdaConfig?.PreSignUp ?? ''
  const triggers = createTriggerHandler({ userPoolId, clientIds: [clientId], registry, userPool, report, policy, time })
  environment.emulator.setTrigger(arn, (event, context) => triggers(event, context))
}

/** Which persons policy `link` promises one human: docs/evidence.md in a few lines, without the product's code. */
class Promised {
  readonly #persons = new Map<string, string>()
  #owner: { person: string; hasUser: boolean; account: number | undefined } | undefined

  readonly #existingUsers: ExistingUsers
  readonly #inbound: boolean

  constructor(existingUsers: ExistingUsers, inbound: boolean) {
    this.#existingUsers = existingUsers
    this.#inbound = inbound
  }

  /** A name for the person; undefined for nobody. */
  comes({ name, kind }: Way, isObserving: boolean): string | undefined {
    const known = this.#persons.get(name)
    if (known !== undefined) return known
    const person = this.#decided(name, kind, isObserving)
    if (person !== undefined) this.#persons.set(name, person)
    return person
  }

  #decided(name: string, kind: Kind, isObserving: boolean): string | undefined {
    const owner = this.#owner
    if (kind.by === 'form') {
      if (owner && !isObserving) return undefined
      this.#owner = { person: name, hasUser: true, account: undefined }
      return name
    }
    if (kind.by === 'password') {
      if (!kind.marked || this.#existingUsers === 'unknown') return name
      if (!owner) this.#owner = { person: name, hasUser: true, account: undefined }
      if (!owner || owner.hasUser || isObserving) return name
      owner.hasUser = true
      return owner.person
    }
    if (kind.by === 'google') {
      if (kind.profile && !this.#inbound) return name
      if (!owner) this.#owner = { person: name, hasUser: false, account: kind.account }
      if (!owner || isObserving) return name
      if (owner.account !== undefined && owner.account !== kind.account) return kind.profile ? name : undefined
      owner.account = kind.account
      return owner.person
    }
    return undefined
  }
}

const ONESUB = new Set(Object.keys(CATALOGUE))
const LANES = 6

/** Each human's ways in the order given; humans beside each other. */
async function inLanes(ways: readonly Way[], visit: (way: Way) => Promise<void>): Promise<void> {
  const laneOf = ({ human }: Way) => Number(/\d+/.exec(human)?.[0]) % LANES
  const lanes = Array.from({ length: LANES }, (_, lane) => ways.filter((way) => laneOf(way) === lane))
  await Promise.all(
    lanes.map(async (lane) => {
      for (const way of lane) await visit(way)
    }),
  )
}

describe('T167: users from before onesub and users beside them, in random order, over HTTP', () => {
  const SETTINGS = [
    { existingUsers: 'verified-by-code', inbound: true, observes: 0, humans: 2_000 },
    { existingUsers: 'unknown', inbound: false, observes: 0, humans: 400 },
    { existingUsers: 'verified-by-code', inbound: false, observes: 0.3, humans: 400 },
  ] as const
  it.each(SETTINGS)(
    'are the persons that the pages promise, or are told a code, and never somebody else ($humans, $existingUsers, InboundFederation $inbound, $observes of the visits in observe)',
    async ({ existingUsers, inbound, observes, humans }) => {
      const random = seeded(20_261_128)
      const policy: Policy = { existingUsers, providers: TRUST }
      const pool = await opened(inbound, { ...policy, mode: 'observe' })
      const shares = { secondAccount: 5, unlisted: 2, form: 15, twoClicks: 0, administrator: 0, stranger: 5 }
      const ways = await populate(pool, humans, shares, random)
      // In observe a form beside the owner is let in, and its password is in doubt from then on.
      const besideOwner = new Set(
        ways.flatMap(({ kind, human }) => (observes > 0 && kind.by === 'form' ? [human] : [])),
      )
      // A password beside which somebody else has signed up may be replaced: how many persons there are then is not counted here.
      const squatted = new Set(ways.flatMap(({ kind, address }) => (kind.by === 'stranger’s form' ? [address] : [])))
      const promises = new Map(ways.map(({ human }) => [human, new Promised(existingUsers, inbound)]))
      const humanOf = new Map<string, string>()
      const personOf = new Map<string, string>()
      const promiseOf = new Map<string, string>()
      const wrong: string[] = []

      const faultIn = (way: Way, came: Came, promised: string | undefined): string | undefined => {
        if (came === 'no sign-in') return 'was not asked'
        const isCounted = !squatted.has(way.address)
        if ('code' in came) {
          if (!ONESUB.has(came.code)) return 'is not told what to do'
          return isCounted && promised !== undefined ? 'is kept out' : undefined
        }
        const { person } = came
        if ((humanOf.get(person) ?? way.human) !== way.human) return 'is somebody else'
        humanOf.set(person, way.human)
        if (!isCounted) return undefined
        if (promised === undefined) return 'is let in'
        if ((personOf.get(promised) ?? person) !== person) return 'is apart'
        if ((promiseOf.get(person) ?? promised) !== promised) return 'is joined'
        personOf.set(promised, person)
        promiseOf.set(person, promised)
        return undefined
      }

      const visit = async (way: Way, isObserving: boolean) => {
        let came = await cameBy(pool, way)
        const isReplaced = came !== 'no sign-in' && 'code' in came && came.code === 'NotAuthorizedException'
        if (isReplaced && (squatted.has(way.address) || besideOwner.has(way.human))) {
          await pool.recover(way.name, PASSWORD)
          came = await cameBy(pool, way)
        }
        const promised = promises.get(way.human)?.comes(way, isObserving)
        const fault = faultIn(way, came, promised)
        if (fault) wrong.push(`${way.name} ${fault}, promised ${promised ?? 'a code'}: ${JSON.stringify(came)}`)
      }

      pool.attach()
      const first = shuffled(ways, random)
      const observed = first.splice(0, first.length * observes)
      await inLanes(observed, (way) => visit(way, true))
      await switchTo(pool, policy, () => {})
      await inLanes(first, (way) => visit(way, false))
      await inLanes(shuffled(ways, random).slice(0, ways.length / 4), (way) => visit(way, false))
      expect(wrong).toEqual([])
      expect(humanOf.size).toBeGreaterThan(humans / 2)

      // Nobody tells those with two persons; the account page makes them one.
      const pairs = new Map<string, Way[]>()
      for (const way of ways) {
        const isOnPage = way.kind.by === 'password' || way.kind.by === 'google'
        if (isOnPage && !squatted.has(way.address)) pairs.set(way.human, [...(pairs.get(way.human) ?? []), way])
      }
      const persons = (human: string) => [...humanOf.values()].filter((one) => one === human).length
      const both = [...pairs].filter(([human, { length }]) => length === 2 && persons(human) === 2).slice(0, 10)
      expect(both).toHaveLength(10)
      for (const [, [one, other]] of both) if (one && other) expect(await joined(pool, one, other)).toBe(1)
    },
    300_000,
  )

  async function joined(pool: TestPool, one: Way, other: Way): Promise<number> {
    const [mine, added] = [await one.comes(pool), await other.comes(pool)]
    if (mine === 'no sign-in' || added === 'no sign-in') throw new Error('no sign-in method')
    const { accessToken } = mine
    const offer = await pool.account.offerLink({ accessToken, additionIdToken: added.idToken })
    if (offer !== 'linked') await pool.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
    return new Set([JSON.stringify(await cameBy(pool, one)), JSON.stringify(await cameBy(pool, other))]).size
  }
})

it('T167: two users from before us and a Google account are as many persons in every order', async () => {
  const counts: number[] = []
  for (const order of ['G12', 'G21', '1G2', '12G', '2G1', '21G']) {
    const pool = await opened(false, { existingUsers: 'verified-by-code', providers: TRUST })
    const users = ['ada@example.com', 'ADA@example.com'].map((email, at) => ({
      username: `user${at + 1}`,
      password: PASSWORD,
      attributes: { email, email_verified: 'true' },
    }))
    environment.emulator.seed({ userPoolId: pool.userPoolId, users })
    environment.emulator.setPersona({
      id: 'google',
      sub: '77',
      email: 'ada@example.com',
      email_verified: true,
      hd: 'example.com',
    })
    pool.attach()
    const persons = new Set<string>()
    for (const way of order) {
      const tokens =
        way === 'G' ? tokensOf(await pool.continueWith('Google', 'google')) : await pool.signIn(`user${way}`)
      persons.add(await pool.personOf(tokens))
    }
    counts.push(persons.size)
  }
  expect(new Set(counts).size, String(counts)).toBe(1)
})

const FORETOLD = (['link', 'refuse', 'ask', 'enumeration-safe'] as const).flatMap((existingAccount, at) => [
  { existingAccount, existingUsers: 'verified-by-code', inbound: at % 2 === 0 } as const,
  { existingAccount, existingUsers: 'unknown', inbound: at % 2 !== 0 } as const,
])
const SHARES = { secondAccount: 20, unlisted: 15, form: 30, twoClicks: 10, administrator: 10, stranger: 10 }
/** A code of ours that keeps somebody out, or nobody in the token. */
const isCodeOfOurs = (came: Came) => came !== 'no sign-in' && 'code' in came && ONESUB.has(came.code)

describe.each(FORETOLD)(
  'T167: policy $existingAccount, existing users $existingUsers, InboundFederation $inbound',
  ({ existingAccount, existingUsers, inbound }) => {
    const policy: Policy = { existingAccount, existingUsers, providers: TRUST }

    /** The same pool and the same ways each time. */
    async function begin(mode: NonNullable<Policy['mode']>) {
      const pool = await opened(inbound, { ...policy, mode })
      const ways = await populate(pool, 40, SHARES, seeded(1_967))
      pool.attach()
      const subs = new Map(pool.users().map(({ Username, UserAttributes }) => [Username, subIn(UserAttributes)]))
      return { pool, ways, subs }
    }

    /** A password that was replaced is set again, as its user would. */
    async function visits(pool: TestPool, way: Way): Promise<Came> {
      pass(20_000)
      const came = await cameBy(pool, way)
      if (came === 'no sign-in' || !('code' in came) || came.code !== 'NotAuthorizedException') return came
      await pool.recover(way.name, PASSWORD)
      return cameBy(pool, way)
    }

    const twice = (ways: readonly Way[]) => [...shuffled(ways, seeded(1)), ...shuffled(ways, seeded(2))]

    it('observe names beforehand exactly those whom enforce keeps out or leaves without a person', async () => {
      const enforced = await begin('enforce')
      const really = new Map<string, Came>()
      for (const way of twice(enforced.ways)) {
        const came = await visits(enforced.pool, way)
        if (isCodeOfOurs(came) && !really.has(way.name)) really.set(way.name, came)
      }

      const observed = await begin('observe')
      const { pool, subs } = observed
      const named = new Map<string, Report[]>()
      const departed = new Set<string>()
      for (const way of twice(observed.ways)) {
        const from = pool.reports.length
        const came = await visits(pool, way)
        // Nobody is refused; whose provider is not listed has no person, whatever the mode.
        if (way.kind.by !== 'unlisted') expect(isCodeOfOurs(came), `${way.name} ${JSON.stringify(came)}`).toBe(false)
        const reports = pool.reports.slice(from)
        const foretold = reports.filter(({ would }) => would !== undefined && would !== 'link-identity')
        if (foretold.length > 0) named.set(way.name, [...(named.get(way.name) ?? []), ...foretold])
        if (reports.some(({ would }) => would !== undefined)) departed.add(way.address)
      }

      const unforeseen = (way: Way) => existingAccount === 'link' && isUnforeseen(way, observed.ways, departed)
      const expected = enforced.ways.filter((way) => really.has(way.name) && !unforeseen(way)).map(({ name }) => name)
      const told = observed.ways.filter((way) => named.has(way.name) && !unforeseen(way)).map(({ name }) => name)
      expect(told).toEqual(expected)
      expect(told.length).toBeGreaterThan(0)

      for (const { name, kind } of observed.ways) {
        const reports = named.get(name) ?? []
        const came = really.get(name)
        // The very code, where there is one.
        if (came && came !== 'no sign-in' && 'code' in came && came.code !== 'PERSON_UNKNOWN' && reports.length > 0)
          expect(reports.map(({ would }) => would)).toContain(came.code)
        // Who is in the pool already is named by the id that the operator finds there.
        const userName = kind.by === 'unlisted' && kind.profile ? `Unlisted_${name.replace('o', '71')}` : name
        const sub = subs.get(userName)
        if (reports.length > 0 && sub !== undefined) expect(reports.map(({ user }) => user)).toContain(sub)
      }
    })

    it('dry-run names the same, one visit ahead, and writes nothing', async () => {
      const results: string[][] = []
      for (const mode of ['enforce', 'dry-run'] as const) {
        const { pool, ways } = await begin('observe')
        const isFromBefore = ({ kind }: Way) => kind.by === 'password' || ('profile' in kind && kind.profile)
        // Two clicks are two visits: the second one meets what the first one has written.
        const isNew = (way: Way) => !isFromBefore(way) && way.kind.by !== 'two clicks'
        for (const way of shuffled(ways.filter(isFromBefore), seeded(1))) await visits(pool, way)
        const reports: Report[] = []
        await switchTo(pool, { ...policy, mode }, (report) => reports.push(report))
        const before = await pool.events()
        const out: string[] = []
        const addresses = new Set<string>()
        for (const way of shuffled(ways.filter(isNew), seeded(3))) {
          if (addresses.has(way.address)) continue
          addresses.add(way.address)
          const from = reports.length
          const came = await visits(pool, way)
          const isForetold = reports.slice(from).some(({ would }) => would !== undefined && would !== 'link-identity')
          if (mode === 'dry-run' ? isForetold : isCodeOfOurs(came)) out.push(way.name)
        }
        if (mode === 'dry-run') expect(await pool.events()).toEqual(before)
        results.push(out.toSorted())
      }
      const [really, named] = results
      expect(named).toEqual(really)
      expect(named?.length).toBeGreaterThan(0)
    })
  },
)

/**
 * Fault: `observe` does not carry on what it says. Under `link` another account of the same provider waits for proof once the first one has
 * joined the address; where the first one would have joined, or had the address taken by whoever would have been refused, it is said to join.
 */
function isUnforeseen({ human, address, kind }: Way, ways: readonly Way[], departed: ReadonlySet<string>): boolean {
  const accounts = ways.filter((way) => way.human === human && way.kind.by === 'google').length
  return kind.by === 'google' && accounts > 1 && departed.has(address)
}

it.fails('T167: observe names another account of the same provider, which waits once the first one has joined', async () => {
  const codes: unknown[] = []
  for (const mode of ['enforce', 'observe'] as const) {
    const pool = await opened(false, { mode, providers: TRUST })
    pool.attach()
    await pool.register('ada', 'ada@example.com')
    for (const sub of ['1', '2']) {
      const email = 'ada@example.com'
      environment.emulator.setPersona({ id: `google${sub}`, sub, email, email_verified: true, hd: 'example.com' })
      const from = pool.reports.length
      tokensOf(await pool.continueWith('Google', `google${sub}`))
      const reports = pool.reports.slice(from)
      codes.push(reports.some(({ outcome, would }) => (mode === 'enforce' ? outcome : would) === 'pending'))
    }
  }
  expect(codes.slice(2)).toEqual(codes.slice(0, 2))
})

function subIn(attributes: unknown): string | undefined {
  const list: readonly { readonly Name?: unknown; readonly Value?: unknown }[] = Array.isArray(attributes)
    ? attributes
    : []
  const sub = list.find(({ Name }) => Name === 'sub')?.Value
  return typeof sub === 'string' ? sub : undefined
}
