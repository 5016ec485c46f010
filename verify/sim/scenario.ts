import { Auditor } from './auditor.ts'
import {
  adminCreates,
  beginAnew,
  confirm,
  federate,
  type Human,
  link,
  type ProviderAccount,
  poolUserIdentity,
  reset,
  type Stage,
  signIn,
  signUp,
  unlink,
} from './flows.ts'
import { nameOf, POOL, type PoolUser } from './pool.ts'
import { among, type Chooser } from './random.ts'
import { type Fate, Scheduler } from './scheduler.ts'
import { World } from './world.ts'

const PROVIDERS = {
  Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' },
  Okta: { kind: 'oidc', domains: ['example.com'] },
  Facebook: { kind: 'facebook' },
} as const

const POLICIES = ['link', 'link', 'quiet', 'explicit', 'refuse'] as const

/** Eve knows Ada's address, and that is all she knows. */
function humans(): readonly [Human, Human] {
  const google = (subject: string, email: string): ProviderAccount => ({
    provider: 'Google',
    subject,
    attributes: { email, email_verified: 'true', 'custom:hd': 'example.com' },
    raw: { idToken: { sub: subject, email, email_verified: true, hd: 'example.com' } },
    proves: true,
  })
  const facebook = (subject: string): ProviderAccount => ({
    provider: 'Facebook',
    subject,
    attributes: { email: 'ada@example.com' },
    raw: { userInfo: { id: subject, email: 'ada@example.com' } },
    proves: false,
  })
  const ada: Human = {
    name: 'ada',
    address: 'ada@example.com',
    accounts: [
      google('1', 'ada@example.com'),
      {
        provider: 'Okta',
        subject: 'a_1',
        attributes: { email: 'ada@example.com' },
        raw: { idToken: { sub: 'a_1', email: 'ada@example.com' } },
        proves: true,
      },
      facebook('1'),
    ],
    tokens: new Map(),
  }
  const eve: Human = {
    name: 'eve',
    address: 'eve@example.com',
    accounts: [
      google('2', 'eve@example.com'),
      // Facebook does not vouch: Eve has written Ada's address there.
      facebook('2'),
      {
        provider: 'Google',
        subject: '3',
        attributes: { email: 'ada@example.com', email_verified: 'false', 'custom:hd': 'example.com' },
        raw: { idToken: { sub: '3', email: 'ada@example.com', email_verified: 'false', hd: 'example.com' } },
        proves: false,
      },
    ],
    tokens: new Map(),
  }
  return [ada, eve]
}

export interface Ran {
  readonly violations: readonly string[]
  readonly steps: number
  /** What was done, for whoever reads a trace. */
  readonly story: readonly string[]
}

export interface RunOptions {
  readonly onStep?: (label: string, fate: Fate) => void
}

/** Some flows of two humans at once, with some faults; then everybody signs in once more in peace, and the auditor looks. */
export async function run(chooser: Chooser, { onStep }: RunOptions = {}): Promise<Ran> {
  const story: string[] = []
  const faults = chooser.pick(4)
  const scheduler = new Scheduler({
    chooser,
    faults,
    onStep: (label, fate) => {
      story.push(fate === 'done' ? label : `${label} — ${fate}`)
      onStep?.(label, fate)
    },
  })
  const knownKey = among(chooser, POLICIES)
  story.push(`policy ${knownKey}`)
  const world = new World({
    scheduler,
    chooser,
    byAddress: chooser.pick(3) === 0,
    policy: {
      knownKey,
      providers: PROVIDERS,
      socialFirst: among(chooser, ['anchor', 'profile']),
      trustAdminVerified: chooser.pick(2) === 0,
    },
  })
  const auditor = new Auditor((line) => story.push(line))
  const [ada, eve] = humans()
  const stage: Stage = {
    world,
    auditor,
    hasInbound: chooser.pick(4) === 0,
    linkingSignIn: among(chooser, ['fails once', 'succeeds']),
    ownerOf: (address) => [ada, eve].find((human) => human.address === address.toLowerCase())?.name,
  }

  const flows = 2 + chooser.pick(3)
  for (let flow = 0; flow < flows; flow += 1) start(stage, [ada, eve], chooser, flow, story)
  await scheduler.run()
  // A day and a bit: leases have ended.
  if (chooser.pick(4) === 0) world.now += 25 * 3_600_000
  if (chooser.pick(2) === 0) {
    scheduler.allow(chooser.pick(3))
    for (let flow = chooser.pick(2); flow >= 0; flow -= 1) laterFlow(stage, ada, chooser, story)
    await scheduler.run()
  }

  await inPeace(stage, [ada, eve], knownKey)
  return { violations: auditor.violations, steps: scheduler.steps, story }
}

type Flow = (stage: Stage, human: Human, chooser: Chooser, name: string) => Promise<unknown>

const FLOWS: Readonly<Record<string, Flow>> = {
  'signs up and confirms': async (stage, human, _, name) => {
    const user = await signUp(stage, human, name, human.address)
    if (user) await confirm(stage, human, user)
    if (user) await signIn(stage, human, user)
  },
  'signs up in other letters': async (stage, human, _, name) => {
    const user = await signUp(stage, human, name, human.address.toUpperCase())
    if (user) await confirm(stage, human, user)
    if (user) await signIn(stage, human, user)
  },
  'continues with a provider': async (stage, human, chooser) => {
    const account = human.accounts[chooser.pick(human.accounts.length)]
    if (account) await federate(stage, human, account)
  },
  'continues with a provider twice': async (stage, human, chooser) => {
    const account = human.accounts[chooser.pick(human.accounts.length)]
    if (account) await federate(stage, human, account)
    if (account) await federate(stage, human, account)
  },
  'is made by an administrator': async (stage, human, _, name) => {
    const user = await adminCreates(stage, human, name)
    if (user) await signIn(stage, human, user)
  },
}

function start(stage: Stage, [ada, eve]: readonly [Human, Human], chooser: Chooser, number: number, story: string[]) {
  const name = `user-${number}`
  const which = chooser.pick(Object.keys(FLOWS).length + 1)
  const [says, flow] = Object.entries(FLOWS)[which] ?? []
  if (flow) {
    const human = chooser.pick(4) === 0 ? eve : ada
    story.push(`${human.name} ${says} (${name})`)
    void flow(stage, human, chooser, name)
    return
  }
  story.push('eve signs up as ada')
  void signUp(stage, eve, name, ada.address)
}

/** What people do once they are in: link, take off, reset. */
function laterFlow(stage: Stage, human: Human, chooser: Chooser, story: string[]) {
  const ways = [...human.tokens.keys()]
  const at = chooser.pick(ways.length || 1)
  const [one = '', other = ''] = [ways[at], ways[(at + 1) % (ways.length || 1)]]
  const account = human.accounts[chooser.pick(human.accounts.length)]
  switch (chooser.pick(4)) {
    case 0:
      story.push(`${human.name} links ${other} to ${one}`)
      void link(stage, human, one, other)
      break
    case 1:
      story.push(`${human.name} takes a provider off`)
      if (account) void unlink(stage, human, one, account)
      if (account && chooser.pick(2) === 0) void federate(stage, human, account)
      break
    case 2:
      story.push(`${human.name} begins anew with ${one}`)
      void beginAnew(stage, human, one)
      break
    default:
      story.push(`${human.name} resets a password`)
      for (const user of usersOf(stage)) void reset(stage, human, user)
  }
}

function usersOf({ world }: Stage): readonly PoolUser[] {
  return [...world.pool.users.values()]
}

/** No faults, one thing after the other. */
async function inPeace(stage: Stage, people: readonly Human[], policy: string): Promise<void> {
  const { world, auditor } = stage
  const peace = new Scheduler({ chooser: { pick: () => 0 }, faults: 0, onStep: (label) => auditor.noted(label) })
  const alone = async (work: () => Promise<string | undefined>) => {
    let person: string | undefined
    void work().then((found) => {
      person = found
    })
    await peace.run()
    return person
  }
  world.hands(peace)
  for (const human of people) {
    const proven: (string | undefined)[] = []
    for (const user of usersOf(stage)) {
      if (user.passwordOf === undefined) await alone(async () => void (await reset(stage, human, user)))
      if (user.passwordOf !== human.name) continue
      const person = await alone(() => signIn(stage, human, user))
      if (user.attributes.get('email')?.toLowerCase() === human.address && user.status === 'CONFIRMED')
        proven.push(person)
    }
    for (const account of human.accounts) {
      const person = await alone(() => federate(stage, human, account))
      if (account.proves) proven.push(person)
      // Where policy lets proof in, proof gets in, whatever went wrong before.
      if (account.proves && (policy === 'link' || policy === 'quiet')) {
        auditor.mustBeSomebody(human.name, nameOf(account), person)
      }
    }
    auditor.ended(human.name, proven)
  }
  await agree(stage)
  auditor.heard((await world.registry.told(0, 10_000)).map(({ event }) => event))
}

/** Cognito links an identity to one user; whose both are must be one person. */
async function agree({ world, auditor }: Stage): Promise<void> {
  for (const user of world.pool.users.values()) {
    const owner = await world.registry.resolve(poolUserIdentity(POOL, user.sub))
    for (const name of user.links) {
      const at = name.indexOf('_')
      const linked = await world.registry.resolve({
        pool: POOL,
        provider: name.slice(0, at),
        subject: name.slice(at + 1),
      })
      if (linked !== undefined && owner !== undefined && linked !== owner) {
        auditor.disagreed('Cognito links an identity to another person’s user')
      }
    }
  }
}
