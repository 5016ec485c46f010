import type { PoolUser } from '../pool.ts'
import { enterCode, forgets, resets, sendCode, signIn, signUp } from './by-password.ts'
import { federate } from './by-provider.ts'
import { emailOf, isVerified } from './cognito.ts'
import { type Human, PEOPLE } from './ground-truth.ts'
import type { Life } from './life.ts'

/** In between, everything that keeps simultaneous sign-ups together has ended, and an attacker has tried once more. */
const WAITS = [
  [15_000, '15 seconds'],
  [16 * 60_000, '16 minutes'],
  [26 * 3_600_000, '26 hours'],
  [15_000, '15 seconds'],
] as const

/** The liveness phase, without faults. Each human signs in by all their methods, and each reader of a mailbox must get a person by it. */
export async function runLivenessPhase(life: Life): Promise<void> {
  life.trace.push('in the liveness phase')
  life.disabled.clear()
  const somebody = new Set<string>()
  const persons = new Set<string>()
  for (const human of PEOPLE) {
    for (const user of natives(life)) {
      const person = await signIn(life, human, user)
      if (person === undefined) continue
      persons.add(`${human} ${person}`)
      // Also an address that a change which is not finished hides (docs/evidence.md).
      for (const address of [emailOf(user), ...(life.hidden.get(user.sub) ?? [])]) somebody.add(`${human} ${address}`)
    }
    for (const account of life.groundTruth.accountsOf(human)) {
      if (life.memberBy(account.provider, account.subject) === undefined) continue
      const person = await federate(life, human, account)
      if (person === undefined) continue
      persons.add(`${human} ${person}`)
      somebody.add(`${human} ${account.address}`)
    }
  }
  if (!life.isEnforced) {
    if (life.policy.mode === 'dry-run' && life.commits > 0) life.judge.violated('I8: dry-run has written the registry')
    return
  }
  life.onePerson.judge(life)
  judgeOrphans(life)
  const human = life.chooser.oneIn(3) ? 'bob' : 'ada'
  for (const address of life.groundTruth.mailboxesOf(human)) {
    // A number that is unique is one person's, whatever address comes with it.
    const isTold = life.policy.unique.includes('phone') && [...somebody].some((one) => one.startsWith(human))
    // By another sign-in method the human gets the person whom the address led to before.
    const hasLinked = life.onePerson.hasDecided && [...persons].some((one) => one.startsWith(human))
    const isKnown =
      hasLinked || [...(life.personsBy.get(address) ?? [])].some((person) => persons.has(`${human} ${person}`))
    if (!isTold && !isKnown && !somebody.has(`${human} ${address}`)) await becomesSomebody(life, human, address)
    somebody.add(`${human} ${address}`)
    await provesByProvider(life, human, address)
  }
}

function natives({ pool }: Life): readonly PoolUser[] {
  return [...pool.users.values()].filter(({ own }) => own === undefined)
}

/** Where policy lets proof in, proof gets in, whatever others did before. */
async function provesByProvider(life: Life, human: Human, address: string): Promise<void> {
  const { existingAccount } = life.policy
  if (existingAccount !== 'link' && existingAccount !== 'enumeration-safe') return
  const accounts = life.groundTruth.accountsOf(human).filter((one) => one.isAuthority && one.address === address)
  const account = accounts[life.chooser.pick(accounts.length || 1)]
  if (!account || life.onePerson.hasDecided) return
  life.judge.asked.providers += 1
  // A passing fault has the code TRY_AGAIN: the second try must succeed.
  const person = (await federate(life, human, account)) ?? (await federate(life, human, account))
  // Another subject of one provider is pending until the human agrees (docs/evidence.md), whoever has the address now.
  const isAnotherSubject = life.groundTruth.accounts.some(
    ({ provider, subject }) =>
      provider === account.provider && subject !== account.subject && life.memberBy(provider, subject) !== undefined,
  )
  if (person === undefined && !isAnotherSubject)
    life.judge.violated(`I3: ${account.provider} proves an address, and leads to nobody`)
}

/** By the form, the code and the reset, within four tries: with somebody else at the form before each of them. */
async function becomesSomebody(life: Life, human: Human, address: string): Promise<void> {
  life.trace.push(`${human} wants in by ${address}`)
  life.judge.asked.mailboxes += 1
  for (const [ms, says] of WAITS) {
    if ((await byRecovery(life, human, address)) || (await byForm(life, human, address))) return
    life.passes(ms, says)
    if (life.chooser.oneIn(2)) await signUp(life, 'eve', `eve-${life.steps}`, address)
  }
  if ((await byRecovery(life, human, address)) || (await byForm(life, human, address))) return
  if (!isStoodInTheWay(life, address)) life.judge.violated('I3: whoever reads a mailbox is nobody, whatever they try')
}

async function byRecovery(life: Life, human: Human, address: string): Promise<boolean> {
  for (const user of natives(life)) {
    if (emailOf(user) !== address || !isVerified(user, 'email') || !forgets(life, user)) continue
    const code = life.codes.at(-1)
    if (code?.reader !== human) continue
    const reset = await resets(life, human, code)
    if (reset && (await signIn(life, human, reset)) !== undefined) return true
  }
  return false
}

async function byForm(life: Life, human: Human, address: string): Promise<boolean> {
  const { user, refused } = await signUp(life, human, `${human}-${life.steps}`, address)
  const found = user ?? (life.kind.signInBy === 'email' ? life.pool.find(address) : undefined)
  if (found?.status !== 'UNCONFIRMED') return false
  if (!user) sendCode(life, found)
  const code = life.codes.findLast((one) => one.sub === found.sub && one.reader === human)
  if (!code) return false
  await enterCode(life, human, code, refused !== undefined)
  if ((await signIn(life, human, found)) !== undefined) return true
  return byRecovery(life, human, address)
}

/**
 * Documented limits (docs/evidence.md): somebody has written the address onto a user, where addresses or numbers are names or aliases; or the
 * mailbox's former reader has it still, and has no user that could be recovered.
 */
function isStoodInTheWay(life: Life, address: string): boolean {
  const { groundTruth, pool } = life
  const shown = [...pool.users.values()].filter((user) => emailOf(user) === address)
  const isFormers =
    shown.length > 0 ||
    [...life.hidden.values()].some((addresses) => addresses.has(address)) ||
    groundTruth.accounts.some(
      (one) => one.address === address && life.memberBy(one.provider, one.subject) !== undefined,
    )
  if (groundTruth.hasPassed(address) && isFormers) return true
  // The account at the provider is closed, and there is no user with a password beside its profile.
  if (shown.some(({ own }) => own !== undefined && groundTruth.accountNamed(own)?.isClosed)) return true
  const ofThePool = shown.filter(({ own }) => own === undefined)
  switch (pool.kind.signInBy) {
    case 'name':
      return false
    case 'phone':
      return true
    case 'alias':
      return ofThePool.some((user) => isVerified(user, 'email') && !isRecoveredThere(life, user))
    case 'email':
      return ofThePool.some(({ status }) => status !== 'UNCONFIRMED' || pool.kind.verifies === 'phone')
  }
}

function isRecoveredThere({ kind }: Life, user: PoolUser): boolean {
  const isByPhone = kind.recoversBy === 'phone' && isVerified(user, 'phone_number')
  return user.status === 'CONFIRMED' && !isByPhone
}

/** A user that was made for somebody, whom nothing is linked to and whom nobody can sign in as (T174). */
function judgeOrphans(life: Life): void {
  for (const user of natives(life)) {
    const isOurs = user.passwordOf === undefined && user.links.size === 0 && user.status === 'CONFIRMED'
    if (isOurs && life.personsOf(user).size === 0)
      life.judge.violated('I11: a user that nobody can sign in as is left in the pool')
  }
}
