import { COGNITO } from '../../../packages/onesub/src/core/person.ts'
import { CognitoFault, type PoolUser } from '../pool.ts'
import { emailOf, isVerified } from './cognito.ts'
import type { Human } from './ground-truth.ts'
import type { Code, Life, Session } from './life.ts'

interface SignedUp {
  readonly user?: PoolUser
  readonly refused?: string
}

/** Fills in the form. */
export async function signUp(life: Life, human: Human, wanted: string, email: string): Promise<SignedUp> {
  const { pool, kind, groundTruth, policy } = life
  const phone = kind.signInBy === 'phone' || kind.verifies === 'phone' ? groundTruth.numberOf(human) : undefined
  const login = kind.signInBy === 'email' ? email : kind.signInBy === 'phone' ? (phone ?? '') : wanted
  const unique = [email, ...(phone !== undefined && policy.unique.includes('phone') ? [phone] : [])]
  const isFirst = unique.every((one) => !life.touched.has(one.toLowerCase())) && wanted.startsWith(human)
  life.touches(...unique)
  life.askedFor.add(`${human} ${email.toLowerCase()}`)
  life.trace.push(`${human} signs up as ${login} with ${email}`)
  const attributes = { email, email_verified: 'false', ...(phone !== undefined && { phone_number: phone }) }
  try {
    const userName = pool.nameFor(login)
    const answer = await life.ask({ source: 'PreSignUp_SignUp', userName, attributes })
    if (!answer.ok) {
      if (policy.unseenUsers === 'look') life.looked.add(email.toLowerCase())
      if (isFirst) life.judge.violated(`I4: a sign-up with an address that nobody has used is refused`)
      return { refused: answer.code }
    }
    if (pool.find(login)) throw new CognitoFault('UsernameExistsException')
    judgeUnseen(life, email)
    const user = pool.add(userName, { attributes: new Map(Object.entries(attributes)), passwordOf: human })
    life.signUps.push({ address: email.toLowerCase(), sub: user.sub, at: life.now })
    sendCode(life, user)
    return { user }
  } catch (error) {
    if (!(error instanceof CognitoFault)) throw error
    life.trace.push(`  ${error.name}`)
    return { refused: error.name }
  }
}

/** `unseenUsers: 'look'` refuses the sign-up of a human who has a user already, where Cognito finds users by address (T167). */
function judgeUnseen({ pool, policy, isAttached, judge }: Life, email: string): void {
  if (
    !isAttached ||
    policy.unseenUsers !== 'look' ||
    policy.mode !== 'enforce' ||
    policy.existingAccount === 'enumeration-safe'
  )
    return
  const seen = pool.kind.signInBy === 'alias' ? pool.find(email) : undefined
  if (seen && seen.status !== 'UNCONFIRMED' && emailOf(seen) === email.toLowerCase())
    judge.violated('I5: a sign-up is let in whose address a user of the pool has already')
}

/** The first one, or ResendConfirmationCode. */
export function sendCode(life: Life, user: PoolUser): void {
  const to = life.kind.verifies === 'phone' || life.kind.signInBy === 'phone' ? 'phone_number' : 'email'
  life.sends({ of: 'sign-up', user, to })
}

/** ConfirmSignUp, by the reader of the code, or of the link in the mail. `isContested`: as `onesub/browser` reports it. */
export async function enterCode(life: Life, human: Human, code: Code, isContested: boolean): Promise<void> {
  const user = life.userBy(code.sub)
  if (user?.status !== 'UNCONFIRMED' || user.attributes.get(code.to) !== code.address) return
  life.trace.push(`${human} enters the code of ${user.userName}${isContested ? ', contested' : ''}`)
  const { lastProof } = life
  const isLatest = code.to === 'email' && user.created > (lastProof.get(code.address.toLowerCase()) ?? 0)
  const signer = user.passwordOf
  try {
    life.pool.confirm(user, code.to)
  } catch (error) {
    if (!(error instanceof CognitoFault)) throw error
    life.trace.push(`  ${error.name}`)
    return
  }
  if (signer !== undefined && code.to === 'email')
    life.judge.confirmed(user.sub, signer as Human, human, passwordAfter(life, user, code.address, isContested))
  if (life.lastProof.has(code.address.toLowerCase())) spoilsInDoubt(life, user, code.address)
  doubts(life, user, code.address)
  if (code.to === 'email') life.proves(code.address)
  if (signer !== human) life.onePerson.spoils(code.address, 'the code of another’s sign-up is entered')
  const clientMetadata = isContested ? { 'onesub-contested': 'true' } : undefined
  const answer = await life.askAbout(user, 'PostConfirmation_ConfirmSignUp', {
    ...(clientMetadata && { clientMetadata }),
  })
  if (!answer.ok) return
  if (signer === human && code.to === 'email' && life.isEnforced) life.onePerson.stands(user, code.address)
  if (isLatest && life.isEnforced) life.mustBeSomebody.add(user.sub)
}

/** After that, a code was probably asked for again (docs/evidence.md, "Passwords from before a proof"). */
const PROMPT_MS = 16 * 60_000

/** Whether the password from before this first proof opens the user still, by docs/evidence.md. */
function passwordAfter(life: Life, user: PoolUser, address: string, isContested: boolean) {
  const same = life.signUps.filter((one) => one.address === address.toLowerCase())
  const own = same.find(({ sub }) => sub === user.sub)
  // With an invitation, an earlier proof or another reader of the mailbox in between, the documentation promises less.
  const isPlain = life.isEnforced && own && life.isUnproven(address) && life.policy.mode === 'enforce'
  if (!isPlain) return 'kept'
  const isAlone = same.length === 1
  if (isContested || same.some(({ at }) => at > own.at) || (isAlone && life.now - own.at > PROMPT_MS)) return 'replaced'
  return isAlone && life.policy.passwordBeforeProof !== 'always' ? 'kept' : 'in doubt'
}

function isDoubtful(life: Life, user: PoolUser, address: string): boolean {
  const { signUps, policy } = life
  const key = address.toLowerCase()
  const others = signUps.some((one) => one.address === key && one.sub !== user.sub)
  const isInvitedBeside = life.made.has(key) && !life.invited.has(user.sub)
  return policy.passwordBeforeProof === 'always' || others || isInvitedBeside || life.looked.has(key)
}

function doubts(life: Life, user: PoolUser, address: string): void {
  if (isDoubtful(life, user, address)) spoilsInDoubt(life, user, address)
}

function spoilsInDoubt(life: Life, user: PoolUser, address: string): void {
  if (!isJoinedInDoubt(life, user)) life.onePerson.spoils(address, 'whose password is in doubt is not joined there')
}

/** Where nothing but the password can be out, it is replaced at the join (docs/evidence.md). */
function isJoinedInDoubt({ kind }: Life, user: PoolUser): boolean {
  return kind.keepsOriginal && !isVerified(user, 'phone_number')
}

/** AdminConfirmSignUp: without a code. */
export async function adminConfirms(life: Life, user: PoolUser): Promise<void> {
  life.trace.push(`an administrator confirms ${user.userName}`)
  life.pool.confirm(user, undefined)
  await life.askAbout(user, 'PostConfirmation_ConfirmSignUp', { byAdministrator: true })
}

export async function signIn(life: Life, human: Human, user: PoolUser): Promise<string | undefined> {
  if (user.passwordOf !== human || user.own !== undefined || life.disabled.has(user.sub)) return undefined
  const isInvited = user.status === 'FORCE_CHANGE_PASSWORD'
  if (!isInvited && user.status !== 'CONFIRMED') return undefined
  user.status = 'CONFIRMED'
  if (!isInvited) await life.askAbout(user, 'PostAuthentication_Authentication')
  const source = isInvited ? 'TokenGeneration_NewPasswordChallenge' : 'TokenGeneration_Authentication'
  const wasKnown = life.memberBy(COGNITO, user.sub) !== undefined
  const person = await life.tokens(human, 'password', user, source)
  // A passing fault is over at the second sign-in.
  const isNobody = async () => (await life.tokens(human, 'password', user, source)) === undefined
  if (life.mustBeSomebody.has(user.sub) && person === undefined && (await isNobody()))
    life.judge.violated('I3: whoever has entered the code of their own, latest sign-up is nobody')
  life.onePerson.cameIn(life, user, { isInvited, wasKnown })
  for (const address of life.onePerson.provenBy(user)) doubts(life, user, address)
  if (isInvited || life.onePerson.provenBy(user).length > 0) life.proves(user.attributes.get('email'))
  return person
}

/** The session goes on; undefined where it does not. */
export async function refresh(life: Life, session: Session): Promise<string | undefined> {
  const user = life.userBy(session.sub)
  if (!user || session.at < user.signedOutAt || life.disabled.has(user.sub)) return undefined
  life.trace.push(`${session.human} refreshes ${session.way} of ${user.userName}`)
  return life.tokens(session.human, session.way, user, 'TokenGeneration_RefreshTokens', session.at)
}

/** ForgotPassword. Where the code goes, the pool says. */
export function forgets(life: Life, user: PoolUser): boolean {
  if (user.own !== undefined || user.status !== 'CONFIRMED' || life.disabled.has(user.sub)) return false
  const ways = (['email', 'phone_number'] as const).filter((one) => isVerified(user, one))
  const [to] = life.kind.recoversBy === 'phone' ? ways.toReversed() : ways
  if (!to) return false
  life.sends({ of: 'recovery', user, to })
  return true
}

/** ConfirmForgotPassword. */
export async function resets(life: Life, human: Human, code: Code): Promise<PoolUser | undefined> {
  const user = life.userBy(code.sub)
  if (!user || user.own !== undefined || user.status !== 'CONFIRMED') return undefined
  life.now += 2_000
  life.trace.push(`${human} resets the password of ${user.userName}`)
  user.passwordOf = human
  const answer = await life.askAbout(user, 'PostConfirmation_ConfirmForgotPassword')
  life.onePerson.recovered(user)
  if (answer.ok) life.recovers(user, human)
  return user
}

/** Eve has the password, and signs in once before it is replaced. */
export async function leaks(life: Life, to: Human, user: PoolUser): Promise<boolean> {
  const owner = user.passwordOf as Human | undefined
  if (owner === undefined || owner === to || user.status !== 'CONFIRMED') return false
  life.trace.push(`the password of ${user.userName} leaks to ${to}`)
  life.judge.intrudes(user.sub, to, owner)
  user.passwordOf = to
  await signIn(life, to, user)
  user.passwordOf = owner
  return true
}

/** DeleteUser. There is no trigger for it. */
export function deletes(life: Life, user: PoolUser): void {
  life.trace.push(`${user.userName} is deleted`)
  life.pool.users.delete(user.userName)
  life.freed.push(user.userName)
  life.onePerson.spoils(user.attributes.get('email'), 'a user is deleted')
}
