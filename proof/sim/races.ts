import { changeAddress, deleteUser, link, startSeparatePerson, unlink, writesOwnProfile } from './account-flows.ts'
import { humans, PROVIDERS } from './actors.ts'
import type { Watch } from './coverage.ts'
import {
  adminConfirms,
  adminCreates,
  confirm,
  federate,
  flowOn,
  type Human,
  reset,
  type Stage,
  signIn,
  signUp,
  wasHereBefore,
} from './flows.ts'
import { InvariantChecker } from './invariant-checker.ts'
import { inPeace } from './liveness.ts'
import type { Ran } from './play.ts'
import type { PoolUser } from './pool.ts'
import { among, type Chooser } from './random.ts'
import { Scheduler } from './scheduler.ts'
import { World } from './world.ts'

/** Few runs come to these calls, and those should not have used up their faults on signing in. */
const SELDOM =
  /^(link|unlink|begin anew) (registry.commit|cognito)|adminUpdateUserAttributes|TokenGeneration_\w+ (registry.(commit|person)|cognito)|AdminCreateUser (cognito|registry)|PreSignUp_SignUp cognito.adminDeleteUser|unlink registry/
/** And hardly any to these. */
const HARDLY_EVER =
  /(ExternalProvider cognito.(adminDeleteUser|adminUserGlobalSignOut))|PostConfirmation_\w+ cognito.describeUserPool|RefreshTokens registry.(facts|commit)|(Confirm\w+|AdminCreateUser|TokenGeneration_\w+) registry.person|^unlink registry.commit|^link cognito.adminDisable/
const ODDS = { hardlyEver: 1, seldom: 3, first: 6, later: 20 }

/** As the product has it: how long a user may take to appear in the pool. */
const APPEARS_WITHIN_MS = 30 * 60_000

/** Past the window of a sign-up, past the time in which another begins, past what codes live. */
const LEAPS = [
  ['a window', 11_000],
  ['half an hour', 1_900_000],
  ['a day', 25 * 3_600_000],
] as const satisfies readonly (readonly [says: string, ms: number])[]

const POLICIES = ['link', 'link', 'enumeration-safe', 'ask', 'refuse'] as const

/** Some flows of two humans at once, with some faults; then everybody signs in once more in the liveness phase, and the checker looks. */
export async function race(chooser: Chooser, watch: Partial<Watch> = {}): Promise<Ran> {
  const story: string[] = []
  const faults = chooser.pick(4)
  let isLater = false
  let wasLong = false
  const scheduler = new Scheduler({
    chooser,
    faults,
    oddsOf: (label) => {
      if (HARDLY_EVER.test(label)) return ODDS.hardlyEver
      return SELDOM.test(label) ? ODDS.seldom : isLater ? ODDS.later : ODDS.first
    },
    leaps: chooser.oneIn(3) ? 1 + chooser.pick(2) : 0,
    leap: () => {
      leap()
      // A function reads its clock as it begins. One that lasts longer than Cognito waits takes an address for proven earlier than it was.
      for (const { name } of [ada, eve]) checker.mayBeSeveral(name)
    },
    onStep: (label, fate) => {
      story.push(fate === 'done' ? label : `${label} — ${fate}`)
      watch.onStep?.(label, fate)
    },
  })
  const leap = () => {
    const [says, ms] = among<readonly [says: string, ms: number]>(chooser, LEAPS)
    story.push(`${says} passes`)
    world.now += ms
    wasLong ||= ms > APPEARS_WITHIN_MS
  }
  const existingAccount = among(chooser, POLICIES)
  story.push(`policy ${existingAccount}`)
  const isStale = chooser.oneIn(12)
  if (isStale) story.push('reads may be stale')
  const trustsAdministrators = chooser.pick(2) === 0
  const isSkewed = chooser.oneIn(3)
  if (isSkewed) story.push('clocks differ')
  const world = new World({
    scheduler,
    chooser,
    byAddress: chooser.pick(3) === 0,
    isStale,
    isSkewed,
    ...(watch.onTrigger && { onTrigger: watch.onTrigger }),
    policy: {
      existingAccount,
      providers: PROVIDERS,
      federatedSignUp: among(chooser, ['native-user', 'profile-only']),
      trustAdminVerified: trustsAdministrators,
      existingUsers: among(chooser, ['unknown', 'verified-by-code']),
    },
  })
  const checker = new InvariantChecker((line) => story.push(line))
  const [ada, eve] = humans()
  // With clocks that differ, or a store that is behind, who came before whom is told wrongly: a duplicate, never a takeover.
  if (isSkewed || isStale) for (const { name } of [ada, eve]) checker.mayBeSeveral(name)
  const stage: Stage = {
    world,
    progress: { flow: 'in the liveness phase', triggers: 0 },
    checker,
    hasInbound: chooser.pick(4) === 0,
    linkingSignIn: among(chooser, ['fails once', 'succeeds']),
    freed: [],
    trustsAdministrators,
    isQuiet: existingAccount === 'enumeration-safe',
    signsIn: true,
    ownerOf: (address) => [ada, eve].find((human) => human.addresses.includes(address.toLowerCase()))?.name,
  }

  const flows = 2 + Number(chooser.oneIn(4))
  for (let flow = 0; flow < flows; flow += 1) start(stage, [ada, eve], chooser, flow, story)
  await scheduler.run()
  for (let rounds = Number(chooser.oneIn(3)) + Number(chooser.oneIn(8)); rounds > 0; rounds -= 1) {
    if (chooser.oneIn(4)) leap()
    isLater = true
    scheduler.allow(chooser.pick(3))
    const human = chooser.oneIn(4) ? eve : ada
    for (let flow = chooser.pick(2); flow >= 0; flow -= 1) laterFlow(stage, human, chooser, story)
    await scheduler.run()
  }

  // Whoever was written down, and then kept out for half an hour, looks like somebody who has deleted the account.
  if (wasLong) for (const { name, refused } of [ada, eve]) if (refused.size > 0) checker.mayBeSeveral(name)
  await inPeace(stage, [ada, eve], existingAccount, chooser.oneIn(5))
  return { violations: checker.violations, steps: scheduler.steps, story }
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
  'was here before': async (stage, human, chooser, name) => {
    const user = wasHereBefore(stage, human, name, among(chooser, ['ada@example.com', human.address]))
    if (user) await signIn(stage, human, user)
  },
}

function start(stage: Stage, [ada, eve]: readonly [Human, Human], chooser: Chooser, number: number, story: string[]) {
  const name = `user-${number}`
  const which = chooser.pick(Object.keys(FLOWS).length + 1)
  const [says, flow] = Object.entries(FLOWS)[which] ?? []
  if (flow) {
    const human = chooser.oneIn(4) ? eve : ada
    story.push(`${human.name} ${says} (${name})`)
    void flow(flowOn(stage, name), human, chooser, name)
    return
  }
  story.push('eve signs up as ada')
  void signUp(flowOn(stage, name), eve, name, ada.address)
}

type LaterFlow = (stage: Stage, human: Human, chooser: Chooser) => Promise<unknown>

/** What people do once they are in. */
const LATER_FLOWS: Readonly<Record<string, LaterFlow>> = {
  'links a way in to another': async (stage, human, chooser) => {
    const ways = await freshWays(stage, human, chooser)
    await link(stage, human, ways[0] ?? '', ways[1] ?? '')
  },
  'takes a provider off': async (stage, human, chooser) => {
    const ways = await freshWays(stage, human, chooser)
    const account = anyOf([...human.used], chooser)
    if (account) await unlink(stage, human, ways[0] ?? '', account)
  },
  'continues with a provider': async (stage, human, chooser) => {
    const account = human.accounts[chooser.pick(human.accounts.length)]
    if (account) await federate(stage, human, account)
  },
  'begins anew': async (stage, human, chooser) => {
    await freshWays(stage, human, chooser)
    await startSeparatePerson(stage, human, anyOf([...human.tokens.keys()], chooser) ?? '')
  },
  'resets the password': async (stage, human, chooser) => {
    const user = anyOf(usersOf(stage), chooser)
    if (user) await reset(stage, human, user)
  },
  'deletes a user': async (stage, human, chooser) => {
    const user = anyOf(usersOf(stage), chooser)
    if (user) await deleteUser(stage, human, user)
  },
  'signs up under a name that is free again': async (stage, human, chooser) => {
    const name = anyOf(stage.freed, chooser)
    const user = name !== undefined && (await signUp(stage, human, name, human.address))
    if (user) await confirm(stage, human, user)
    if (user) await signIn(stage, human, user)
  },
  'changes an address': async (stage, human, chooser) => {
    const user = anyOf(usersOf(stage), chooser)
    const address = among(chooser, ['ada@example.com', 'ada@second.example', 'eve@example.com'])
    if (user) await changeAddress(stage, human, user, address)
    if (user) await signIn(stage, human, user)
  },
  'is confirmed by an administrator': async (stage, human, chooser) => {
    const user = anyOf(usersOf(stage), chooser)
    if (user) await adminConfirms(stage, user)
    if (user) await signIn(stage, human, user)
  },
  'writes another address onto a profile': async (stage, human, chooser) => {
    const account = anyOf([...human.used], chooser)
    const attributes = { email: among(chooser, ['ada@example.com', 'eve@example.com']), 'custom:hd': 'example.com' }
    const mark = { email_verified: among(chooser, ['true', 'false']) }
    if (account) await writesOwnProfile(stage, human, account, { ...attributes, ...mark })
  },
  'is told of again': async ({ world, progress }, _, chooser) => {
    const earlier = anyOf(world.asked, chooser)
    if (earlier) await world.trigger(earlier, progress)
  },
}

/** An account page wants two sign-ins of the last minutes: here by two providers, or by one and by a password. */
async function freshWays(stage: Stage, human: Human, chooser: Chooser): Promise<readonly string[]> {
  const at = chooser.pick(human.accounts.length)
  const first = human.accounts[at]
  const second = human.accounts[(at + 1 + chooser.pick(human.accounts.length - 1)) % human.accounts.length]
  const user = anyOf(usersOf(stage), chooser)
  const before = new Set(human.tokens.values())
  if (first) await federate(stage, human, first)
  if (user && chooser.oneIn(3)) await signIn(stage, human, user)
  else if (second) await federate(stage, human, second)
  return [...human.tokens].filter(([, token]) => !before.has(token)).map(([way]) => way)
}

function laterFlow(stage: Stage, human: Human, chooser: Chooser, story: string[]) {
  const all = Object.entries(LATER_FLOWS)
  const [says, flow] = all[chooser.pick(all.length)] ?? []
  story.push(`${human.name} ${says}`)
  if (flow) void flow(flowOn(stage, says ?? ''), human, chooser)
}

function anyOf<T>(options: readonly T[], chooser: Chooser): T | undefined {
  return options[chooser.pick(options.length || 1)]
}

function usersOf({ world }: Stage): readonly PoolUser[] {
  return [...world.pool.users.values()]
}
