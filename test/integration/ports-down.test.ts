import { isOnesubError, OnesubError } from 'onesub'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Arrival, type Desk, openDesk, openWorld, PASSWORD, type Tokens, type World } from '../world/world.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const EMAIL = 'ada@example.com'
/** Stands in every fault's own words, and must stand in nothing that comes out. */
const SECRET = 'ada-and-her-table'

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
  const world = await openWorld(desk, {
    inbound,
    options: { time: ports.time },
    through: {
      registry: (registry) => ports.through(registry, 'registry throws', registryFault, 'registry hangs'),
      cognito: (api) => ports.through(api, 'Cognito throttles', cognitoFault, 'Cognito hangs'),
    },
  })
  return { ports, world }
}

/** What she notices: `named` and `unnamed` are signed in, with and without a person in the token. */
type Noticed = 'done' | 'named' | 'unnamed' | 'try again' | 'no answer'

interface Flow {
  readonly name: string
  readonly inbound?: boolean
  /** With both ports up. */
  before?(world: World): Promise<void>
  /** What is done while a port is down, and once more when it is up: as a client would do it. */
  does(world: World): Promise<Noticed>
  /** In the order of `DOWN`. */
  readonly while: readonly [Noticed, Noticed, Noticed, Noticed]
  /** When all is up. */
  readonly later: Noticed
  /** By which she shows in the end who she is. */
  comesBack?(world: World): Promise<Tokens>
}

const google = { id: 'ada', sub: '1180', email: EMAIL, email_verified: true, hd: 'example.com' }
const okta = { id: 'okta-ada', sub: '00u1', email: EMAIL, email_verified: true }
const CLOSED = ['try again', 'try again', 'try again', 'try again'] as const
const NO_COGNITO_NEEDED = ['try again', 'try again', 'done', 'done'] as const

const FLOWS: readonly Flow[] = [
  {
    name: 'a sign-up by the form',
    does: (world) => attempt(() => world.signUp('ada', EMAIL), /already exists/),
    while: NO_COGNITO_NEEDED,
    later: 'done',
    comesBack: async (world) => {
      await world.confirm('ada')
      return world.signIn('ada')
    },
  },
  {
    name: 'a confirmation',
    before: async (world) => void (await world.signUp('ada', EMAIL)),
    does: (world) => attempt(() => world.confirm('ada'), /Current status is CONFIRMED|CodeMismatch/),
    while: NO_COGNITO_NEEDED,
    later: 'done',
    comesBack: (world) => world.signIn('ada'),
  },
  {
    name: 'a password reset',
    before: async (world) => void (await world.register('ada', EMAIL)),
    does: (world) => attempt(() => reset(world)),
    // A recovery that cannot end the sessions from before it is none (T158).
    while: CLOSED,
    later: 'done',
    comesBack: (world) => world.signIn('ada'),
  },
  {
    name: 'a user made by an administrator',
    does: (world) => attempt(() => createByAdmin(world), /already exists/),
    // Whether somebody has the name already, Cognito alone knows.
    while: ['try again', 'try again', 'done', 'try again'],
    later: 'done',
    comesBack: setFirstPassword,
  },
  {
    name: 'a first sign-in by a provider that begins',
    does: (world) => noticed(world, () => world.continueWith('Google', 'ada')),
    while: CLOSED,
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a first sign-in by a provider that joins',
    before: async (world) => void (await world.register('ada', EMAIL)),
    does: (world) => noticed(world, () => world.continueWith('Google', 'ada')),
    while: CLOSED,
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a return by a provider',
    before: async (world) => void (await world.continueWith('Google', 'ada')),
    does: (world) => noticed(world, () => world.continueWith('Google', 'ada')),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a first sign-in that joins, in a pool with InboundFederation',
    inbound: true,
    before: async (world) => void (await world.register('ada', EMAIL)),
    does: (world) => noticed(world, () => world.continueWith('Google', 'ada')),
    while: CLOSED,
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a return, in a pool with InboundFederation',
    inbound: true,
    before: async (world) => void (await world.continueWith('Google', 'ada')),
    does: (world) => noticed(world, () => world.continueWith('Google', 'ada')),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: byGoogle,
  },
  {
    name: 'a token for a known person',
    before: async (world) => void (await world.register('ada', EMAIL)),
    does: (world) => noticed(world, async () => ({ tokens: await world.signIn('ada'), attempts: 1 })),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: (world) => world.signIn('ada'),
  },
  {
    name: 'a token for a user from before onesub',
    before: async ({ userPoolId }) => {
      const attributes = { email: EMAIL, email_verified: 'true' }
      desk.emulator.seed({ userPoolId, users: [{ username: 'ada', password: PASSWORD, attributes }] })
    },
    does: (world) => noticed(world, async () => ({ tokens: await world.signIn('ada'), attempts: 1 })),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: (world) => world.signIn('ada'),
  },
  {
    name: 'the repair of an address that a provider wrote over',
    before: async (world) => {
      await world.register('ada', EMAIL)
      await world.continueWith('Okta', 'okta-ada')
      desk.emulator.setPersona({ ...okta, email: 'boss@example.com' })
    },
    does: (world) => noticed(world, () => world.continueWith('Okta', 'okta-ada')),
    while: ['unnamed', 'unnamed', 'named', 'named'],
    later: 'named',
    comesBack: (world) => world.signIn('ada'),
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

async function noticed(world: World, arrive: () => Promise<Arrival>): Promise<Noticed> {
  const arrival = await arrive()
  if ('refused' in arrival) return saysTryAgain(arrival.refused)
  return isNamed(world, arrival.tokens)
}

async function isNamed(world: World, { accessToken }: Tokens): Promise<'named' | 'unnamed'> {
  return world.verify(accessToken).then(
    () => 'named' as const,
    (error) => {
      expect(error).toMatchObject({ code: 'PERSON_UNKNOWN' })
      return 'unnamed' as const
    },
  )
}

async function reset({ clientId, userPoolId }: World): Promise<void> {
  await desk.cognito.forgotPassword({ ClientId: clientId, Username: 'ada' })
  const ConfirmationCode = desk.emulator.newestCode(userPoolId, 'ada') ?? ''
  await desk.cognito.confirmForgotPassword({
    ClientId: clientId,
    Username: 'ada',
    ConfirmationCode,
    Password: PASSWORD,
  })
}

async function createByAdmin({ userPoolId }: World): Promise<void> {
  await desk.cognito.adminCreateUser({
    UserPoolId: userPoolId,
    Username: 'ada',
    MessageAction: 'SUPPRESS',
    UserAttributes: [{ Name: 'email', Value: EMAIL }],
  })
}

async function setFirstPassword(world: World): Promise<Tokens> {
  const { userPoolId } = world
  await desk.cognito.adminSetUserPassword({
    UserPoolId: userPoolId,
    Username: 'ada',
    Password: PASSWORD,
    Permanent: true,
  })
  return world.signIn('ada')
}

async function byGoogle(world: World): Promise<Tokens> {
  const arrival = await world.continueWith('Google', 'ada')
  if ('refused' in arrival) throw new Error(arrival.refused)
  return arrival.tokens
}

/** All that a run leaves behind that is not chance: what was told, who is in the pool under which address, and the ways in of the person. */
async function stateOf(world: World, flow: Flow) {
  const tokens = await (flow.comesBack ?? byGoogle)(world)
  const told = (await world.events()).map(({ type }) => type)
  const users = world.users().map(({ UserAttributes, UserStatus }) => [UserStatus, ...shownIn(UserAttributes)])
  const { ways, password } = await world.account.signInMethods(tokens.accessToken)
  return {
    named: await isNamed(world, tokens),
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
  desk.emulator.setPersona(google)
  desk.emulator.setPersona(okta)
}

async function cleanRun(flow: Flow) {
  meetEverybody()
  const { world } = await open(flow.inbound)
  await flow.before?.(world)
  expect(await flow.does(world)).toBe(flow.later)
  return stateOf(world, flow)
}

describe.each(FLOWS)('T112: $name', (flow) => {
  it.each(DOWN.map((down, at) => [down, flow.while[at] ?? 'no answer'] as const))(
    'while %s: %s',
    async (down, expected) => {
      meetEverybody()
      const { ports, world } = await open(flow.inbound)
      await flow.before?.(world)
      ports.down = down
      expect(await flow.does(world)).toBe(expected)
      ports.down = 'none'
      if (expected === 'try again') expect(ports.met).toBeGreaterThan(0)
      expect(JSON.stringify(world.reports)).not.toMatch(/example\.com|table/)
      expect(await flow.does(world)).toBe(flow.later)
      expect(await stateOf(world, flow)).toEqual(await cleanRun(flow))
    },
  )
})

/** The page of an application: it calls the ports itself, and what throws there is its answer. */
interface Page {
  readonly name: string
  /** Gives the call that is made while a port is down, and again when it is up. */
  before(world: World): Promise<() => Promise<unknown>>
  readonly while: Readonly<Record<Down, Noticed>>
}

async function twoAccounts(world: World) {
  const native = await world.register('ada', EMAIL)
  desk.emulator.setPersona({ id: 'work', sub: '9', email: 'ada@gmail.com', email_verified: true })
  const arrival = await world.continueWith('Google', 'work')
  if ('refused' in arrival) throw new Error(arrival.refused)
  return { accessToken: native.accessToken, additionIdToken: arrival.tokens.idToken }
}

const PAGES: readonly Page[] = [
  {
    name: 'the list of ways in',
    before: async (world) => {
      const { accessToken } = await world.register('ada', EMAIL)
      return () => world.account.signInMethods(accessToken)
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
    before: async (world) => {
      const both = await twoAccounts(world)
      return () => world.account.offerLink(both)
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
    before: async (world) => {
      const both = await twoAccounts(world)
      const offer = await world.account.offerLink(both)
      if (offer === 'linked') throw new Error('nothing was offered')
      const { proof, merges } = offer
      return () => world.account.acceptLink({ accessToken: both.accessToken, proof, merges })
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
    name: 'taking a way in off',
    before: async (world) => {
      const { accessToken } = await world.register('ada', EMAIL)
      await world.continueWith('Google', 'ada')
      return () => world.account.unlink({ accessToken, provider: 'Google', subject: '1180' })
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
  const end = async (world: World) => {
    const { ways } = await world.account.signInMethods((await world.signIn('ada')).accessToken)
    const told = (await world.events()).map(({ type }) => type)
    return { ways: ways.map(({ provider }) => provider).toSorted(), told: told.toSorted() }
  }

  it.each(DOWN.map((down) => [down, page.while[down]] as const))('while %s: %s', async (down, expected) => {
    meetEverybody()
    const { ports, world } = await open()
    const call = await page.before(world)
    const told = (await world.events()).length
    ports.down = down
    expect(await answered(call)).toBe(expected)
    ports.down = 'none'
    if (down.startsWith('registry')) expect((await world.events()).length).toBe(told)
    if (expected !== 'done') await call()
    const clean = await open()
    await (await page.before(clean.world))()
    expect(await end(world)).toEqual(await end(clean.world))
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
