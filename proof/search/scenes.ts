import { hash } from 'node:crypto'
import { humans, PROVIDERS } from '../sim/actors.ts'
import { adminCreates, confirm, federate, flowOn, type Human, type Stage, signIn, signUp } from '../sim/flows.ts'
import { InvariantChecker } from '../sim/invariant-checker.ts'
import { LEASE_MS, type Lease } from '../sim/leases.ts'
import { agree, inPeace } from '../sim/liveness.ts'
import { PLAIN } from '../sim/random.ts'
import { type Fault, Scheduler } from '../sim/scheduler.ts'
import { World } from '../sim/world.ts'
import type { Scene } from './explore.ts'

type Flow = (stage: Stage, cast: { readonly ada: Human; readonly eve: Human }, name: string) => Promise<unknown>

async function wholeSignUp(stage: Stage, human: Human, name: string, address: string): Promise<void> {
  const user = await signUp(stage, human, name, address)
  if (user) await confirm(stage, human, user)
}

const by = (provider: string) => async (stage: Stage, human: Human) => {
  const account = human.accounts.find((one) => one.provider === provider)
  if (account) await federate(stage, human, account)
}

/** What two or three people do at once. Everything is about one address, so that it collides. */
export const FLOWS = {
  'signs up': (stage, { ada }, name) => wholeSignUp(stage, ada, name, ada.address),
  'signs up in capitals': (stage, { ada }, name) => wholeSignUp(stage, ada, name, ada.address.toUpperCase()),
  Google: (stage, { ada }) => by('Google')(stage, ada),
  Okta: (stage, { ada }) => by('Okta')(stage, ada),
  Facebook: (stage, { ada }) => by('Facebook')(stage, ada),
  administrator: async (stage, { ada }, name) => {
    const user = await adminCreates(stage, ada, name)
    if (user) await signIn(stage, ada, user)
  },
  'Eve squats': (stage, { ada, eve }, name) => signUp(stage, eve, name, ada.address),
  'Eve’s Facebook': (stage, { eve }) => by('Facebook')(stage, eve),
} as const satisfies Record<string, Flow>
export type FlowName = keyof typeof FLOWS

/** The ways in which a function can end without having been heard to the end. */
const CRASHES: readonly Fault[] = ['dies before', 'dies after', 'late']

export interface SceneOptions {
  readonly flows: readonly FlowName[]
  readonly crashes: number
  readonly kinds?: readonly Fault[]
  /** How many times a lease's time passes, at any moment. */
  readonly leaps: number
  readonly lease?: Lease
  readonly federatedSignUp?: 'native-user' | 'profile-only'
  readonly byAddress?: boolean
}

export function sceneOf(options: SceneOptions): Scene {
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
    const story: string[] = []
    const scheduler = new Scheduler({
      chooser,
      faults: crashes,
      kinds,
      leaps,
      leap: () => {
        story.push('a lease’s time passes')
        // A function that lasts longer than Cognito waits takes an address for proven earlier than it was: a duplicate, never a takeover.
        const isProving = JSON.stringify(scheduler.pending()).includes('ExternalProvider registry.commit')
        if (lease === 'kept' && isProving) checker.mayBeSeveral(ada.name)
        world.now += LEASE_MS + 60_000
      },
      onStep: (label, fate) => story.push(fate === 'done' ? label : `${label} — ${fate}`),
      isEnough: () =>
        agree(stage) || isKnown(fingerprint([...scheduler.pending(), ...world.state(), ...checker.state()])),
    })
    const policy = { existingAccount: 'link', providers: PROVIDERS, federatedSignUp, trustAdminVerified: true } as const
    const world = new World({ scheduler, chooser: PLAIN, byAddress, lease, policy })
    const checker = new InvariantChecker((line) => story.push(line))
    const [ada, eve] = humans()
    const stage: Stage = {
      world,
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
      void FLOWS[name](flowOn(stage, `${name} ${at}`), { ada, eve }, `user-${at}`)
    }
    if (await scheduler.run()) await inPeace(stage, [ada, eve], 'link')
    return { violations: checker.violations, story }
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
