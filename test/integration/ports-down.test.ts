import { isOnesubError, OnesubError } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type SignInResult,
  type TestEnvironment,
  type TestPool,
  type Tokens,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const EMAIL = 'ada@example.com'
/** Stands in every fault's own words, and must stand in nothing that comes out. */
const SECRET = 'ada-and-the-table'

const DOWN = ['registry throws', 'registry hangs', 'Cognito throttles', 'Cognito hangs'] as const
type Down = (typeof DOWN)[number]

/** The two ports, and a time that goes on by itself only while a call hangs. */
class Ports {
  down: Down | 'none' = 'none'
  /** Calls that met a port which was down; a row of the table in which there are none proves nothing. */
  met = 0
  #now = Date.now()
  readonly #timers = new Set<{ readonly at: number; readonly callBack: () => void }>()

  readonly time = {
    now: () => this.#now,
    after: (ms: number, callBack: () => void) => {
      const timer = { at: this.#now + ms, callBack }
      this.#timers.add(timer)
      return () => void this.#timers.delete(timer)
    },
  }

  through<Port extends object>(port: Port, throws: Down, fault: () => Error, hangs: Down): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...given: unknown[]) => {
          if (this.down !== throws && this.down !== hangs) return Reflect.apply(member, target, given)
          this.met += 1
          return this.down === throws ? Promise.reject(fault()) : this.#never()
        }
      },
    })
  }

  #never(): Promise<never> {
    setImmediate(() => {
      this.#now += 4_000
      for (const timer of [...this.#timers]) {
        if (timer.at > this.#now) continue
        this.#timers.delete(timer)
        timer.callBack()
      }
    })
    return new Promise(() => {})
  }
}

const registryFault = () => new OnesubError('REGISTRY_UNREACHABLE', { cause: new Error(`${SECRET} ${EMAIL}`) })
const cognitoFault = () => Object.assign(new Error(`${SECRET} ${EMAIL}`), { name: 'TooManyRequestsException' })

async function open(inbound = false) {
  const ports = new Ports()
  const pool = await openTestPool(environment, {
    inbound,
    options: { time: ports.time },
    through: {
      registry: (registry) => ports.through(registry, 'registry throws', registryFault, 'registry hangs'),
      cognito: (api) => ports.through(api, 'Cognito throttles', cognitoFault, 'Cognito hangs'),
    },
  })
  return { ports, pool }
}

/** What the user notices: `named` and `unnamed` are signed in, with and without a person in the token. */
type Noticed = 'done' | 'named' | 'unnamed' | 'try again' | 'no answer'

interface Flow {
  readonly name: string
  readonly inbound?: boolean
  /** With both ports up. */
  before?(pool: TestPool): Promise<void>
  /** What is done while a port is down, and once more when it is up: as a client would do it. */
  does(pool: TestPool): Promise<Noticed>
  /** In the order of `DOWN`. */
  readonly while: readonly [Noticed, Noticed, Noticed, Noticed]
  /** When all is up. */
  readonly later: Noticed
  /** The sign-in at the end, which shows the person. */
  comesBack?(pool: TestPool): Promise<Tokens>
}

const google = { id: 'ada', sub: '1180', email: EMAIL, email_verified: true, hd: 'example.com' }
const okta = { id: 'okta-ada', sub: '00u1', email: EMAIL, email_verified: true }
const CLOSED = ['try again', 'try again', 'try again', 'try again'] as const
const NO_COGNITO_NEEDED = ['try again', 'try again', 'done', 'done'] as const

const FLOWS: readonly Flow[] = [
  {
    name: 'a sign-up by the form',
    does: (pool) => attempt(() => pool.signUp('ada', EMAIL), /already exists/),
    while: NO_COGNITO_NEEDED,
    later: 'done',
    comesBack: async (pool) => {
      await pool.confirm('ada')
      return pool.signIn('ada')
    },
  },
  {
    name: 'a confirmation',
    before: async (pool) => void (await pool.signUp('ada', EMAIL)),
    does: (pool) => attempt(() => pool.confirm('ada'), /Current status is CONFIRMED|CodeMismatch/),
    while: NO_COGNITO_NEEDED,
    later: 'done',
    comesBack: (pool) => pool.signIn('ada'),
  },
  {
    name: 'a password reset',
    before: async (pool) => void (await pool.register('ada', EMAIL)),
    does: (pool) => attempt(() => reset(pool)),
    // A recovery that cannot end the sessions from before it is none (T158).
    while: CLOSED,
    later: 'done',
    comesBack: (pool) => pool.signIn('ada'),
  },
  {
    name: 'a user made by an administrator',
    does: (pool) => attempt(() => createByAdmin(pool), /already exists/),
    // Whether somebody has the name already, Cognito alone knows.
    while: ['try again', 'try again', 'done', 'try again'],
    later: 'done',
    comesBack: setFirstPassword,
  },
  {
    name: 'a first sign-in by a provider that begins',
    does: (pool) => noticed(pool, () => pool.continueWith('Google', 'ada')),
    while: CLOSED,
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a first sign-in by a provider that joins',
    before: async (pool) => void (await pool.register('ada', EMAIL)),
    does: (pool) => noticed(pool, () => pool.continueWith('Google', 'ada')),
    while: CLOSED,
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a return by a provider',
    before: async (pool) => void (await pool.continueWith('Google', 'ada')),
    does: (pool) => noticed(pool, () => pool.continueWith('Google', 'ada')),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a first sign-in that joins, in a pool with InboundFederation',
    inbound: true,
    before: async (pool) => void (await pool.register('ada', EMAIL)),
    does: (pool) => noticed(pool, () => pool.continueWith('Google', 'ada')),
    while: CLOSED,
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a return, in a pool with InboundFederation',
    inbound: true,
    before: async (pool) => void (await pool.continueWith('Google', 'ada')),
    does: (pool) => noticed(pool, () => pool.continueWith('Google', 'ada')),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a token for a known person',
    before: async (pool) => void (await pool.register('ada', EMAIL)),
    does: (pool) => noticed(pool, async () => ({ tokens: await pool.signIn('ada'), attempts: 1 })),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: (pool) => pool.signIn('ada'),
  },
  {
    name: 'a token for a user from before onesub',
    before: async ({ userPoolId }) => {
      const attributes = { email: EMAIL, email_verified: 'true' }
      environment.emulator.seed({ userPoolId, users: [{ username: 'ada', password: PASSWORD, attributes }] })
    },
    does: (pool) => noticed(pool, async () => ({ tokens: await pool.signIn('ada'), attempts: 1 })),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: (pool) => pool.signIn('ada'),
  },
  {
    name: 'the repair of an address that a provider wrote over',
    before: async (pool) => {
      await pool.register('ada', EMAIL)
      await pool.continueWith('Okta', 'okta-ada')
      environment.emulator.setPersona({ ...okta, email: 'boss@example.com' })
    },
    does: (pool) => noticed(pool, () => pool.continueWith('Okta', 'okta-ada')),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: (pool) => pool.signIn('ada'),
  },
]

/** Where a call failed as it should: with a code that says "again", and nothing of whom it met. */
async function attempt(call: () => Promise<unknown>, isFine = /^$/): Promise<Noticed> {
  try {
    await call()
    return 'done'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (isFine.test(error.message)) return 'done'
    return saysTryAgain(error.message)
  }
}

function saysTryAgain(words: string): 'try again' {
  expect(words).toMatch(/onesub\/(TRY_AGAIN|REGISTRY_UNREACHABLE): This did not go through\. Please try again/)
  expect(words).not.toMatch(/ada/i)
  return 'try again'
}

async function noticed(pool: TestPool, arrive: () => Promise<SignInResult>): Promise<Noticed> {
  const result = await arrive()
  if ('refused' in result) return saysTryAgain(result.refused)
  return isNamed(pool, result.tokens)
}

async function isNamed(pool: TestPool, { accessToken }: Tokens): Promise<'named' | 'unnamed'> {
  return pool.verify(accessToken).then(
    () => 'named' as const,
    (error) => {
      expect(error).toMatchObject({ code: 'PERSON_UNKNOWN' })
      return 'unnamed' as const
    },
  )
}

async function reset({ clientId, userPoolId }: TestPool): Promise<void> {
  await environment.cognito.forgotPassword({ ClientId: clientId, Username: 'ada' })
  const ConfirmationCode = environment.emulator.newestCode(userPoolId, 'ada') ?? ''
  await environment.cognito.confirmForgotPassword({
    ClientId: clientId,
    Username: 'ada',
    ConfirmationCode,
    Password: PASSWORD,
  })
}

async function createByAdmin({ userPoolId }: TestPool): Promise<void> {
  await environment.cognito.adminCreateUser({
    UserPoolId: userPoolId,
    Username: 'ada',
    MessageAction: 'SUPPRESS',
    UserAttributes: [{ Name: 'email', Value: EMAIL }],
  })
}

async function setFirstPassword(pool: TestPool): Promise<Tokens> {
  const { userPoolId } = pool
  await environment.cognito.adminSetUserPassword({
    UserPoolId: userPoolId,
    Username: 'ada',
    Password: PASSWORD,
    Permanent: true,
  })
  return pool.signIn('ada')
}

async function byGoogle(pool: TestPool): Promise<Tokens> {
  const result = await pool.continueWith('Google', 'ada')
  if ('refused' in result) throw new Error(result.refused)
  return result.tokens
}

/** All that a run leaves behind that is not chance: the events, who is in the pool under which address, and the sign-in methods of the person. */
async function stateOf(pool: TestPool, flow: Flow) {
  const tokens = await (flow.comesBack ?? byGoogle)(pool)
  const told = (await pool.events()).map(({ type }) => type)
  const users = pool.users().map(({ UserAttributes, UserStatus }) => [UserStatus, ...shownIn(UserAttributes)])
  const { ways, password } = await pool.account.signInMethods(tokens.accessToken)
  return {
    named: await isNamed(pool, tokens),
    told: told.toSorted(),
    users,
    ways: ways.map(({ provider, removable }) => [provider, removable]),
    password,
  }
}

function shownIn(attributes: unknown): readonly string[] {
  const list: readonly { Name?: string; Value?: string }[] = Array.isArray(attributes) ? attributes : []
  return list.flatMap(({ Name, Value }) => (Name?.startsWith('email') ? [`${Name}=${Value}`] : []))
}

function meetEverybody(): void {
  environment.emulator.setPersona(google)
  environment.emulator.setPersona(okta)
}

async function cleanRun(flow: Flow) {
  meetEverybody()
  const { pool } = await open(flow.inbound)
  await flow.before?.(pool)
  expect(await flow.does(pool)).toBe(flow.later)
  return stateOf(pool, flow)
}

describe.each(FLOWS)('T112: $name', (flow) => {
  it.each(DOWN.map((down, at) => [down, flow.while[at] ?? 'no answer'] as const))(
    'while %s: %s',
    async (down, expected) => {
      meetEverybody()
      const { ports, pool } = await open(flow.inbound)
      await flow.before?.(pool)
      ports.down = down
      expect(await flow.does(pool)).toBe(expected)
      ports.down = 'none'
      if (expected === 'try again') expect(ports.met).toBeGreaterThan(0)
      expect(JSON.stringify(pool.reports)).not.toMatch(/example\.com|table/)
      expect(await flow.does(pool)).toBe(flow.later)
      expect(await stateOf(pool, flow)).toEqual(await cleanRun(flow))
    },
  )
})

/** The page of an application: it calls the ports itself, and what throws there is its answer. */
interface Page {
  readonly name: string
  /** Gives the call that is made while a port is down, and again when it is up. */
  before(pool: TestPool): Promise<() => Promise<unknown>>
  readonly while: Readonly<Record<Down, Noticed>>
}

async function twoAccounts(pool: TestPool) {
  const native = await pool.register('ada', EMAIL)
  environment.emulator.setPersona({ id: 'work', sub: '9', email: 'ada@gmail.com', email_verified: true })
  const result = await pool.continueWith('Google', 'work')
  if ('refused' in result) throw new Error(result.refused)
  return { accessToken: native.accessToken, additionIdToken: result.tokens.idToken }
}

const PAGES: readonly Page[] = [
  {
    name: 'the list of sign-in methods',
    before: async (pool) => {
      const { accessToken } = await pool.register('ada', EMAIL)
      return () => pool.account.signInMethods(accessToken)
    },
    while: {
      'registry throws': 'try again',
      'registry hangs': 'no answer',
      'Cognito throttles': 'done',
      'Cognito hangs': 'done',
    },
  },
  {
    name: 'an offer to link',
    before: async (pool) => {
      const both = await twoAccounts(pool)
      return () => pool.account.offerLink(both)
    },
    while: {
      'registry throws': 'try again',
      'registry hangs': 'no answer',
      'Cognito throttles': 'done',
      'Cognito hangs': 'done',
    },
  },
  {
    name: 'the acceptance of an offer',
    before: async (pool) => {
      const both = await twoAccounts(pool)
      const offer = await pool.account.offerLink(both)
      if (offer === 'linked') throw new Error('nothing was offered')
      const { proof, merges } = offer
      return () => pool.account.acceptLink({ accessToken: both.accessToken, proof, merges })
    },
    // The registry has decided; what Cognito has not done now is done at a later sign-in.
    while: {
      'registry throws': 'try again',
      'registry hangs': 'no answer',
      'Cognito throttles': 'done',
      'Cognito hangs': 'no answer',
    },
  },
  {
    name: 'an unlink',
    before: async (pool) => {
      const { accessToken } = await pool.register('ada', EMAIL)
      await pool.continueWith('Google', 'ada')
      return () => pool.account.unlink({ accessToken, provider: 'Google', subject: '1180' })
    },
    while: {
      'registry throws': 'try again',
      'registry hangs': 'no answer',
      'Cognito throttles': 'try again',
      'Cognito hangs': 'no answer',
    },
  },
]

describe.each(PAGES)('T112: on the account page, $name', (page) => {
  const end = async (pool: TestPool) => {
    const { ways } = await pool.account.signInMethods((await pool.signIn('ada')).accessToken)
    const told = (await pool.events()).map(({ type }) => type)
    return { ways: ways.map(({ provider }) => provider).toSorted(), told: told.toSorted() }
  }

  it.each(DOWN.map((down) => [down, page.while[down]] as const))('while %s: %s', async (down, expected) => {
    meetEverybody()
    const { ports, pool } = await open()
    const call = await page.before(pool)
    const told = (await pool.events()).length
    ports.down = down
    expect(await answered(call)).toBe(expected)
    ports.down = 'none'
    if (down.startsWith('registry')) expect((await pool.events()).length).toBe(told)
    if (expected !== 'done') await call()
    const clean = await open()
    await (await page.before(clean.pool))()
    expect(await end(pool)).toEqual(await end(clean.pool))
  })
})

/** `no answer` for a call that waits on a port; whoever renders the page gives up on it. */
async function answered(call: () => Promise<unknown>): Promise<Noticed> {
  const givesUp = new Promise<Noticed>((resolve) => setTimeout(() => resolve('no answer'), 1_300))
  const calls = call().then(
    (): Noticed => 'done',
    (error: unknown): Noticed => {
      expect(isOnesubError(error) && error.retry).toBe(true)
      return saysTryAgain(error instanceof Error ? error.message : '')
    },
  )
  return Promise.race([calls, givesUp])
}
