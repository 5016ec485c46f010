import { hash } from 'node:crypto'
import { humans, PROVIDERS } from '../sim/actors.ts'
import {
  adminCreates,
  confirm,
  federate,
  flowOn,
  type Human,
  signIn,
  signUp,
  type TestEnvironment,
} from '../sim/flows.ts'
import { InvariantChecker } from '../sim/invariant-checker.ts'
import { LEASE_MS, type Lease } from '../sim/leases.ts'
import { agree, runLivenessPhase } from '../sim/liveness.ts'
import { PLAIN } from '../sim/random.ts'
import { type Fault, Scheduler } from '../sim/scheduler.ts'
import { SimulatedPool } from '../sim/simulated-pool.ts'
import type { Scenario } from './explore.ts'

type Flow = (
  environment: TestEnvironment,
  actors: { readonly ada: Human; readonly eve: Human },
  name: string,
) => Promise<unknown>

async function wholeSignUp(environment: TestEnvironment, human: Human, name: string, address: string): Promise<void> {
  const user = await signUp(environment, human, name, address)
  if (user) await confirm(environment, human, user)
}

const by = (provider: string) => async (environment: TestEnvironment, human: Human) => {
  const account = human.accounts.find((one) => one.provider === provider)
  if (account) await federate(environment, human, account)
}

/** What two or three people do at once. Everything is about one address, so that it collides. */
export const FLOWS = {
  'signs up': (environment, { ada }, name) => wholeSignUp(environment, ada, name, ada.address),
  'signs up in capitals': (environment, { ada }, name) =>
    wholeSignUp(environment, ada, name, ada.address.toUpperCase()),
  Google: (environment, { ada }) => by('Google')(environment, ada),
  Okta: (environment, { ada }) => by('Okta')(environment, ada),
  Facebook: (environment, { ada }) => by('Facebook')(environment, ada),
  administrator: async (environment, { ada }, name) => {
    const user = await adminCreates(environment, ada, name)
    if (user) await signIn(environment, ada, user)
  },
  'Eve squats': (environment, { ada, eve }, name) => signUp(environment, eve, name, ada.address),
  'Eve’s Facebook': (environment, { eve }) => by('Facebook')(environment, eve),
} as const satisfies Record<string, Flow>
export type FlowName = keyof typeof FLOWS

/** How a function can end without delivering its answer. */
const CRASHES: readonly Fault[] = ['dies before', 'dies after', 'late']

export interface ScenarioOptions {
  readonly flows: readonly FlowName[]
  readonly crashes: number
  readonly kinds?: readonly Fault[]
  /** How many times a lease's time passes, at any moment. */
  readonly leaps: number
  readonly lease?: Lease
  readonly federatedSignUp?: 'native-user' | 'profile-only'
  readonly byAddress?: boolean
}

export function scenarioOf(options: ScenarioOptions): Scenario {
  const {
    flows,
    crashes,
    kinds = CRASHES,
    leaps,
    lease = 'kept',
    federatedSignUp = 'native-user',
    byAddress = false,
  } = options
  return async (chooser, isKnown) => {
    const trace: string[] = []
    const scheduler = new Scheduler({
      chooser,
      faults: crashes,
      kinds,
      leaps,
      leap: () => {
        trace.push('a lease’s time passes')
        // A function that lasts longer than Cognito waits takes an address for proven earlier than it was: a duplicate, never a takeover.
        const isProving = JSON.stringify(scheduler.pending()).includes('ExternalProvider registry.commit')
        if (lease === 'kept' && isProving) checker.mayBeSeveral(ada.name)
        simulatedPool.now += LEASE_MS + 60_000
      },
      onStep: (label, fate) => trace.push(fate === 'done' ? label : `${label} — ${fate}`),
      isEnough: () =>
        agree(environment) ||
        isKnown(fingerprint([...scheduler.pending(), ...simulatedPool.state(), ...checker.state()])),
    })
    const policy = { existingAccount: 'link', providers: PROVIDERS, federatedSignUp, trustAdminVerified: true } as const
    const simulatedPool = new SimulatedPool({ scheduler, chooser: PLAIN, byAddress, lease, policy })
    const checker = new InvariantChecker((line) => trace.push(line))
    const [ada, eve] = humans()
    const environment: TestEnvironment = {
      simulatedPool,
      progress: { flow: 'in the liveness phase', triggers: 0 },
      checker,
      hasInbound: false,
      linkingSignIn: 'fails once',
      freed: [],
      trustsAdministrators: true,
      isQuiet: false,
      signsIn: false,
      ownerOf: (address) => [ada, eve].find(({ addresses }) => addresses.includes(address.toLowerCase()))?.name,
    }
    for (const [at, name] of flows.entries()) {
      void FLOWS[name](flowOn(environment, `${name} ${at}`), { ada, eve }, `user-${at}`)
    }
    if (await scheduler.run()) await runLivenessPhase(environment, [ada, eve], 'link')
    return { violations: checker.violations, trace }
  }
}

const MADE_UP = /[01]0000000-0000-[47]000-8000-\d{12}/g

/**
 * Lists are sorted without looking at ids, and ids are named by the order in which they then turn up: two states that differ in nothing but
 * ids, or in the order in which equal things were written, are one.
 */
function fingerprint(lists: readonly (readonly unknown[])[]): string {
  const sorted = lists.map((list) =>
    list
      .map(textOf)
      .sort((one, other) => (one.masked < other.masked ? -1 : Number(one.masked > other.masked)))
      .map(({ text }) => text)
      .join('\n'),
  )
  const names = new Map<string, number>()
  const text = sorted.join('\n\n').replace(MADE_UP, (id) => {
    if (!names.has(id)) names.set(id, names.size)
    return `id ${names.get(id)}`
  })
  return hash('sha1', text, 'base64')
}

function textOf(item: unknown) {
  const text = JSON.stringify(item) ?? ''
  return { text, masked: text.replace(MADE_UP, 'id') }
}
