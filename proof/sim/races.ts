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
  signIn,
  signUp,
  type TestEnvironment,
  wasHereBefore,
} from './flows.ts'
import { InvariantChecker } from './invariant-checker.ts'
import { runLivenessPhase } from './liveness.ts'
import type { Ran } from './play.ts'
import type { PoolUser } from './pool.ts'
import { among, type Chooser } from './random.ts'
import { Scheduler } from './scheduler.ts'
import { SimulatedPool } from './simulated-pool.ts'

/** Few runs come to these calls, and those should not have used up their faults on signing in. */
const SELDOM =
  /^(link|unlink|start separate person) (registry.commit|cognito)|adminUpdateUserAttributes|TokenGeneration_\w+ (registry.(commit|person)|cognito)|AdminCreateUser (cognito|registry)|PreSignUp_SignUp cognito.adminDeleteUser|unlink registry/
/** And hardly any to these. */
const HARDLY_EVER =
  /(ExternalProvider cognito.(adminDeleteUser|adminDisableProviderForUser|adminUserGlobalSignOut))|PostConfirmation_\w+ cognito.describeUserPool|RefreshTokens registry.(facts|commit)|(Confirm\w+|AdminCreateUser|TokenGeneration_\w+) registry.person|^unlink registry.commit|^link cognito.adminDisable/
/** What people do with their accounts: few runs come there, and the sign-ins before use up the faults, unless these are kept. */
const ON_THE_ACCOUNT_PAGE = /^(link|unlink|start separate person) /
/** An unlink that comes to this call still has its commit before it, which wants a fault of its own. */
const RARELY = /^unlink cognito.adminUpdate/
const ODDS = { hardlyEver: 1, rarely: 2, seldom: 3, first: 6, later: 20, kept: 1_000_000 }

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
  const trace: string[] = []
  const faults = chooser.pick(4)
  let isLater = false
  let wasLong = false
  let areFaultsKept = false
  const scheduler = new Scheduler({
    chooser,
    faults,
    oddsOf: (label) => {
      if (areFaultsKept && !ON_THE_ACCOUNT_PAGE.test(label)) return ODDS.kept
      if (HARDLY_EVER.test(label)) return ODDS.hardlyEver
      if (RARELY.test(label)) return ODDS.rarely
      return SELDOM.test(label) ? ODDS.seldom : isLater ? ODDS.later : ODDS.first
    },
    leaps: chooser.oneIn(3) ? 1 + chooser.pick(2) : 0,
    leap: () => {
      leap()
      // A function reads its clock as it begins. One that lasts longer than Cognito waits takes an address for proven earlier than it was.
      for (const { name } of [ada, eve]) checker.mayBeSeveral(name)
    },
    onStep: (label, fate) => {
      trace.push(fate === 'done' ? label : `${label} — ${fate}`)
      watch.onStep?.(label, fate)
    },
  })
  const leap = () => {
    const [says, ms] = among<readonly [says: string, ms: number]>(chooser, LEAPS)
    trace.push(`${says} passes`)
    simulatedPool.now += ms
    wasLong ||= ms > APPEARS_WITHIN_MS
  }
  const existingAccount = among(chooser, POLICIES)
  trace.push(`policy ${existingAccount}`)
  const isStale = chooser.oneIn(12)
  if (isStale) trace.push('reads may be stale')
  const trustsAdministrators = chooser.pick(2) === 0
  const isSkewed = chooser.oneIn(3)
  if (isSkewed) trace.push('clocks differ')
  const simulatedPool = new SimulatedPool({
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
  const checker = new InvariantChecker((line) => trace.push(line))
  const [ada, eve] = humans()
  // With clocks that differ, or a store that is behind, the order of two proofs may be wrong: a duplicate person, never a takeover.
  if (isSkewed || isStale) for (const { name } of [ada, eve]) checker.mayBeSeveral(name)
  const environment: TestEnvironment = {
    simulatedPool,
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
  for (let flow = 0; flow < flows; flow += 1) start(environment, [ada, eve], chooser, flow, trace)
  await scheduler.run()
  for (let rounds = Number(chooser.oneIn(3)) + Number(chooser.oneIn(8)); rounds > 0; rounds -= 1) {
    if (chooser.oneIn(4)) leap()
    isLater = true
    scheduler.allow(chooser.pick(3))
    areFaultsKept = chooser.oneIn(3)
    const human = chooser.oneIn(4) ? eve : ada
    for (let flow = chooser.pick(2); flow >= 0; flow -= 1) accountFlow(environment, human, chooser, trace)
    await scheduler.run()
  }

  // A person that was stored, and whose sign-in failed for half an hour, looks like one whose user was deleted.
  if (wasLong) for (const { name, refused } of [ada, eve]) if (refused.size > 0) checker.mayBeSeveral(name)
  await runLivenessPhase(environment, [ada, eve], existingAccount, chooser.oneIn(5))
  return { violations: checker.violations, steps: scheduler.steps, trace }
}

type Flow = (environment: TestEnvironment, human: Human, chooser: Chooser, name: string) => Promise<unknown>

const FLOWS: Readonly<Record<string, Flow>> = {
  'signs up and confirms': async (environment, human, _, name) => {
    const user = await signUp(environment, human, name, human.address)
    if (user) await confirm(environment, human, user)
    if (user) await signIn(environment, human, user)
  },
  'signs up in other letters': async (environment, human, _, name) => {
    const user = await signUp(environment, human, name, human.address.toUpperCase())
    if (user) await confirm(environment, human, user)
    if (user) await signIn(environment, human, user)
  },
  'continues with a provider': async (environment, human, chooser) => {
    const account = human.accounts[chooser.pick(human.accounts.length)]
    if (account) await federate(environment, human, account)
  },
  'continues with a provider twice': async (environment, human, chooser) => {
    const account = human.accounts[chooser.pick(human.accounts.length)]
    if (account) await federate(environment, human, account)
    if (account) await federate(environment, human, account)
  },
  'is made by an administrator': async (environment, human, _, name) => {
    const user = await adminCreates(environment, human, name)
    if (user) await signIn(environment, human, user)
  },
  'was here before': async (environment, human, chooser, name) => {
    const user = wasHereBefore(environment, human, name, among(chooser, ['ada@example.com', human.address]))
    if (user) await signIn(environment, human, user)
  },
}

function start(
  environment: TestEnvironment,
  [ada, eve]: readonly [Human, Human],
  chooser: Chooser,
  number: number,
  trace: string[],
) {
  const name = `user-${number}`
  const which = chooser.pick(Object.keys(FLOWS).length + 1)
  const [says, flow] = Object.entries(FLOWS)[which] ?? []
  if (flow) {
    const human = chooser.oneIn(4) ? eve : ada
    trace.push(`${human.name} ${says} (${name})`)
    void flow(flowOn(environment, name), human, chooser, name)
    return
  }
  trace.push('eve signs up as ada')
  void signUp(flowOn(environment, name), eve, name, ada.address)
}

type AccountFlow = (environment: TestEnvironment, human: Human, chooser: Chooser) => Promise<unknown>

/** What people do once they are in. */
const LATER_FLOWS: Readonly<Record<string, AccountFlow>> = {
  'links a sign-in method to another': async (environment, human, chooser) => {
    const ways = await freshWays(environment, human, chooser)
    await link(environment, human, ways[0] ?? '', ways[1] ?? '')
  },
  'takes a provider off': async (environment, human, chooser) => {
    const ways = await freshWays(environment, human, chooser)
    const account = anyOf([...human.used], chooser)
    if (account) await unlink(environment, human, ways[0] ?? '', account)
  },
  'continues with a provider': async (environment, human, chooser) => {
    const account = human.accounts[chooser.pick(human.accounts.length)]
    if (account) await federate(environment, human, account)
  },
  'starts a separate person': async (environment, human, chooser) => {
    await freshWays(environment, human, chooser)
    await startSeparatePerson(environment, human, anyOf([...human.tokens.keys()], chooser) ?? '')
  },
  'resets the password': async (environment, human, chooser) => {
    const user = anyOf(usersOf(environment), chooser)
    if (user) await reset(environment, human, user)
  },
  'deletes a user': async (environment, human, chooser) => {
    const user = anyOf(usersOf(environment), chooser)
    if (user) await deleteUser(environment, human, user)
  },
  'signs up under a name that is free again': async (environment, human, chooser) => {
    const name = anyOf(environment.freed, chooser)
    const user = name !== undefined && (await signUp(environment, human, name, human.address))
    if (user) await confirm(environment, human, user)
    if (user) await signIn(environment, human, user)
  },
  'changes an address': async (environment, human, chooser) => {
    const user = anyOf(usersOf(environment), chooser)
    const address = among(chooser, ['ada@example.com', 'ada@second.example', 'eve@example.com'])
    if (user) await changeAddress(environment, human, user, address)
    if (user) await signIn(environment, human, user)
  },
  'is confirmed by an administrator': async (environment, human, chooser) => {
    const user = anyOf(usersOf(environment), chooser)
    if (user) await adminConfirms(environment, user)
    if (user) await signIn(environment, human, user)
  },
  'writes another address onto a profile': async (environment, human, chooser) => {
    const account = anyOf([...human.used], chooser)
    const attributes = { email: among(chooser, ['ada@example.com', 'eve@example.com']), 'custom:hd': 'example.com' }
    const mark = { email_verified: among(chooser, ['true', 'false']) }
    if (account) await writesOwnProfile(environment, human, account, { ...attributes, ...mark })
  },
  'is told of again': async ({ simulatedPool, progress }, _, chooser) => {
    const earlier = anyOf(simulatedPool.asked, chooser)
    if (earlier) await simulatedPool.trigger(earlier, progress)
  },
}

/** An account page wants two sign-ins of the last minutes: here by two providers, or by one and by a password. */
async function freshWays(environment: TestEnvironment, human: Human, chooser: Chooser): Promise<readonly string[]> {
  const at = chooser.pick(human.accounts.length)
  const first = human.accounts[at]
  const second = human.accounts[(at + 1 + chooser.pick(human.accounts.length - 1)) % human.accounts.length]
  const user = anyOf(usersOf(environment), chooser)
  const before = new Set(human.tokens.values())
  if (first) await federate(environment, human, first)
  if (user && chooser.oneIn(3)) await signIn(environment, human, user)
  else if (second) await federate(environment, human, second)
  return [...human.tokens].filter(([, token]) => !before.has(token)).map(([way]) => way)
}

function accountFlow(environment: TestEnvironment, human: Human, chooser: Chooser, trace: string[]) {
  const all = Object.entries(LATER_FLOWS)
  const [says, flow] = all[chooser.pick(all.length)] ?? []
  trace.push(`${human.name} ${says}`)
  if (flow) void flow(flowOn(environment, says ?? ''), human, chooser)
}

function anyOf<T>(options: readonly T[], chooser: Chooser): T | undefined {
  return options[chooser.pick(options.length || 1)]
}

function usersOf({ simulatedPool }: TestEnvironment): readonly PoolUser[] {
  return [...simulatedPool.pool.users.values()]
}
