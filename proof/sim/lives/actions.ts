import { CognitoFault, nameOf, type PoolUser } from '../pool.ts'
import { among, type Chooser } from '../random.ts'
import {
  adminConfirms,
  deletes,
  enterCode,
  forgets,
  leaks,
  refresh,
  resets,
  sendCode,
  signIn,
  signUp,
} from './by-password.ts'
import { federate } from './by-provider.ts'
import { emailOf, isVerified } from './cognito.ts'
import { type Human, PEOPLE } from './ground-truth.ts'
import { cookieMayAnswer } from './hosted-pages.ts'
import { type Code, type Life, OTHER_POOL, type Session } from './life.ts'

/** What somebody does now; false where it cannot be done. */
type Action = (life: Life, human: Human) => Promise<boolean>

const MINUTE = 60_000
/** An access token lives for an hour, whatever becomes of its session (developer guide, "Understanding the access token"). */
const ACCESS_LASTS = 60 * MINUTE

function one<T>({ chooser }: Life, options: readonly T[]): T | undefined {
  return options.length === 0 ? undefined : options[chooser.pick(options.length)]
}

function nativesOf({ pool }: Life): readonly PoolUser[] {
  return [...pool.users.values()].filter(({ own }) => own === undefined)
}

function codesOf({ codes, groundTruth }: Life, human: Human, of: Code['of']): readonly Code[] {
  return codes.filter((code) => code.of === of && code.reader === human && stillReads(groundTruth, code, human))
}

/** Who has lost the mailbox reads its old messages no more. */
function stillReads(groundTruth: Life['groundTruth'], { to, address }: Code, human: Human): boolean {
  return to === 'phone_number' || groundTruth.readerOf(address) === human
}

function spelled(life: Life, address: string): string {
  return life.chooser.oneIn(3) ? address.toUpperCase() : address
}

/** Honest people type what is theirs; Eve types what is Ada's as well. Mostly it is one address that everything is about. */
function typedBy(life: Life, human: Human): string {
  const owner = life.groundTruth.readerOf('ada@example.com')
  if ((human === owner || human === 'eve') && life.chooser.oneIn(2)) return spelled(life, 'ada@example.com')
  const all = human === 'eve' ? life.groundTruth.addresses : life.groundTruth.mailboxesOf(human)
  return spelled(life, one(life, all) ?? `${human}@example.com`)
}

function freshName(life: Life, human: Human): string {
  return `${human}-${life.pool.users.size}-${life.steps}`
}

function nameWantedBy(life: Life, human: Human): string {
  if (life.chooser.oneIn(6)) return one(life, life.freed) ?? freshName(life, human)
  if (human !== 'eve' || !life.chooser.oneIn(3)) return freshName(life, human)
  const others = life.groundTruth.accounts.filter(({ holder }) => holder !== 'eve')
  const account = one(life, others)
  return life.chooser.oneIn(2) || !account ? life.nextPerson : nameOf(account)
}

/** The link in a mail opens whatever it is about; a code is for the name that one has typed. */
async function confirms(life: Life, human: Human, code: Code, wasRefused: boolean): Promise<void> {
  const user = life.userBy(code.sub)
  const isOwn = user?.passwordOf === human
  if (!isOwn && !life.askedFor.has(`${human} ${code.address.toLowerCase()}`)) return
  await enterCode(life, human, code, wasRefused && !isOwn)
}

const signsUp: Action = async (life, human) => {
  const email = typedBy(life, human)
  const { user, refused } = await signUp(life, human, nameWantedBy(life, human), email)
  if (life.chooser.oneIn(3)) life.passes(20 * MINUTE, '20 minutes')
  const own = life.codes.filter((code) => code.sub === user?.sub && code.reader === human).at(-1)
  const other = codesOf(life, human, 'sign-up')
    .filter((code) => code.address.toLowerCase() === email.toLowerCase())
    .at(-1)
  const code = own ?? other
  if (code && !life.chooser.oneIn(4)) await confirms(life, human, code, refused !== undefined)
  if (user && life.chooser.pick(3) > 0) await signIn(life, human, user)
  return true
}

const entersCode: Action = async (life, human) => {
  const code = one(life, codesOf(life, human, 'sign-up'))
  if (!code) return false
  // `onesub/browser` reports it for a user to whom the form said that the name was taken.
  const mine = nativesOf(life).some(
    ({ passwordOf, attributes }) =>
      passwordOf === human && attributes.get('email')?.toLowerCase() === code.address.toLowerCase(),
  )
  await confirms(life, human, code, !mine)
  return true
}

const signsIn: Action = async (life, human) => {
  const user = one(
    life,
    nativesOf(life).filter(({ passwordOf }) => passwordOf === human),
  )
  if (!user) return false
  await signIn(life, human, user)
  return true
}

const continues: Action = async (life, human) => {
  const account = one(life, life.groundTruth.accountsOf(human))
  if (!account) return false
  await federate(life, human, account)
  return true
}

/** The provider that is the authority for the address that everything is about. */
const proves: Action = async (life) => {
  const human = life.groundTruth.readerOf('ada@example.com')
  const own = human ? life.groundTruth.accountsOf(human) : []
  const account = one(
    life,
    own.filter(({ isAuthority, address }) => isAuthority && address === 'ada@example.com'),
  )
  if (!human || !account) return false
  await federate(life, human, account)
  return true
}

/** Somebody else signs up with the address that everything is about, and goes away. */
const squats: Action = async (life) => {
  await signUp(life, 'eve', freshName(life, 'eve'), spelled(life, 'ada@example.com'))
  return true
}

/** Its reader follows whatever has come to the mailbox. */
const followsMail: Action = async (life) => {
  const human = life.groundTruth.readerOf('ada@example.com')
  const code = human && codesOf(life, human, 'sign-up').at(-1)
  if (!human || !code) return false
  await confirms(life, human, code, life.chooser.oneIn(4))
  return true
}

const refreshes: Action = async (life, human) => {
  const session = one(
    life,
    life.sessions.filter((one) => one.human === human),
  )
  if (session === undefined) return false
  await refresh(life, session)
  return true
}

const recovers: Action = async (life, human) => {
  const shown = nativesOf(life).filter(
    (user) =>
      life.groundTruth.readerOf(emailOf(user)) === human ||
      life.groundTruth.holderOfNumber(user.attributes.get('phone_number')) === human,
  )
  const user = one(life, human === 'eve' ? nativesOf(life) : shown)
  if (!user || !forgets(life, user)) return false
  const code = life.codes.at(-1)
  if (code?.reader !== human) return true
  if (life.chooser.oneIn(4)) await anything(life, among(life.chooser, PEOPLE))
  const reset = await resets(life, human, code)
  if (reset && life.chooser.pick(3) > 0) await signIn(life, human, reset)
  return true
}

const changesAddress: Action = async (life, human) => {
  const user = one(
    life,
    nativesOf(life).filter((one) => one.passwordOf === human && one.status === 'CONFIRMED'),
  )
  if (!user) return false
  const address = typedBy(life, human).toLowerCase()
  const former = emailOf(user)
  if (former === address) return false
  life.touches(address)
  life.trace.push(`${human} changes the address of ${user.userName} from ${former} to ${address}`)
  try {
    life.pool.requestAddress(user, address)
    if (!life.kind.keepsOriginal) life.hides(user, former)
    const reads = life.groundTruth.readerOf(address) === human
    if (!reads || life.chooser.oneIn(3)) return true
    if (life.chooser.oneIn(6)) await anything(life, among(life.chooser, PEOPLE))
    life.pool.verifyAddress(user, address)
  } catch (error) {
    if (!(error instanceof CognitoFault)) throw error
    life.trace.push(`  ${error.name}`)
    return true
  }
  life.trace.push('  and confirms it')
  life.onePerson.spoils(former, 'the user shows another one')
  life.onePerson.marks(user, address, 'code')
  life.proves(address)
  if (life.chooser.pick(3) > 0) await signIn(life, human, user)
  if (former !== undefined && life.chooser.oneIn(4)) await isLeftTo(life, human, former)
  return true
}

/** The mailbox that somebody has just left is another's, who has a provider vouch for it (T29, T151). */
async function isLeftTo(life: Life, human: Human, address: string): Promise<void> {
  if (life.groundTruth.readerOf(address) !== human || human === 'eve') return
  const to: Human = human === 'ada' ? 'bob' : 'ada'
  life.groundTruth.passes(address, to)
  life.trace.push(`the mailbox ${address} is ${to}’s now`)
  life.onePerson.spoils(address, 'the mailbox has changed hands')
  const account = one(
    life,
    life.groundTruth.accountsOf(to).filter((one) => one.isAuthority && one.address === address),
  )
  if (account) await federate(life, to, account)
}

/** GetUserAttributeVerificationCode and VerifyUserAttribute, for an address that was never confirmed (T175). */
const verifiesAddress: Action = async (life, human) => {
  const user = one(
    life,
    nativesOf(life).filter(
      (one) => one.passwordOf === human && one.status === 'CONFIRMED' && !isVerified(one, 'email'),
    ),
  )
  const address = user && emailOf(user)
  if (
    !user ||
    address === undefined ||
    life.groundTruth.readerOf(address) !== human ||
    life.pool.takenFrom(user, address)
  )
    return false
  life.trace.push(`${human} confirms the address of ${user.userName}`)
  user.attributes.set('email_verified', 'true')
  life.onePerson.marks(user, address, 'code')
  life.proves(address)
  if (life.chooser.pick(3) > 0) await signIn(life, human, user)
  const own = life.groundTruth.accountsOf(human).filter((one) => one.isAuthority && one.address === address)
  const account = one(life, own)
  if (account && life.chooser.oneIn(2)) await federate(life, human, account)
  return true
}

const changesAddressByUs: Action = async (life, human) => {
  const session = fresh(life, human).find(({ way }) => way === 'password')
  const user = session && life.userBy(session.sub)
  if (!session || !user || user.status !== 'CONFIRMED') return false
  const address = typedBy(life, human).toLowerCase()
  const former = emailOf(user)
  if (former === address) return false
  life.touches(address)
  life.trace.push(`${human} changes the address of ${user.userName} from ${former} to ${address}, by our page`)
  const account = life.account()
  const accessToken = session.token
  try {
    const { proof } = await account.changeAddress({ accessToken, address })
    if (!life.kind.keepsOriginal) life.hides(user, former)
    if (life.groundTruth.readerOf(address) !== human) return true
    if (life.chooser.oneIn(4)) await anything(life, among(life.chooser, PEOPLE))
    await account.confirmAddress({ accessToken, proof, code: address })
    life.onePerson.spoils(former, 'the user shows another one')
    life.onePerson.stands(user, address)
    life.proves(address)
  } catch (error) {
    life.onePerson.spoils(former, 'a change that was begun')
    life.onePerson.spoils(address, 'a change that was begun')
    life.trace.push(`  ${error instanceof Error && 'code' in error ? error.code : error}`)
  }
  return true
}

/** UpdateUserAttributes on a provider's profile (T154). */
const writesOwnProfile: Action = async (life, human) => {
  const session = one(
    life,
    life.sessions.filter((one) => one.human === human && one.way !== 'password'),
  )
  const user = session && life.userBy(session.sub)
  if (!session || !user || user.own !== session.way) return false
  life.trace.push(`${human} writes ada@example.com onto the profile ${user.userName}`)
  life.onePerson.spoils(emailOf(user), 'written over on the profile')
  user.attributes.set('email', 'ada@example.com')
  user.attributes.set('email_verified', 'true')
  user.attributes.set('custom:hd', 'example.com')
  life.touches('ada@example.com')
  await refresh(life, session)
  return true
}

/** A back end, or an employee, makes a user with an address that somebody has typed. */
const isMade: Action = async (life, human) => {
  const { policy, chooser, groundTruth, pool } = life
  const typed = typedBy(life, human).toLowerCase()
  // The operator's word has to be true (docs/evidence.md).
  const verified = policy.trustAdminVerified ? groundTruth.readerOf(typed) === human : chooser.pick(2) === 0
  const isMailed = policy.invitations === 'generated' || chooser.oneIn(2)
  const taken = chooser.oneIn(4) ? one(life, nativesOf(life))?.userName : undefined
  const wanted = pool.byAddress ? typed : (taken ?? freshName(life, human))
  if (!pool.takesName(wanted)) return false
  life.touches(typed)
  life.trace.push(
    `an administrator makes ${wanted} with ${typed}${verified ? ', verified' : ''}${isMailed ? ', by mail' : ''}, for ${human}`,
  )
  const before = life.lastProof.has(typed)
  life.made.add(typed)
  const attributes = { email: typed, ...(verified && { email_verified: 'true' }) }
  const userName = pool.byAddress ? pool.nextId() : wanted
  const answer = await life.ask({ source: 'PreSignUp_AdminCreateUser', userName, attributes })
  if (!answer.ok) {
    if (!before && !isOwnedByProvider(life, typed))
      life.judge.violated('I4: an administrator is refused though nobody has proven the address')
    return true
  }
  // Cognito asks us before it looks for the name: for half an hour such a user is expected (docs/evidence.md).
  if (verified && policy.trustAdminVerified) life.proves(typed)
  if (!pool.byAddress && chooser.oneIn(4)) await signUp(life, 'eve', wanted, typed)
  if (pool.find(wanted)) {
    life.trace.push('  UsernameExistsException')
    life.onePerson.spoils(typed, 'an administrator has made nobody')
    return true
  }
  const knower = isMailed ? groundTruth.readerOf(typed) : human
  const user = pool.add(userName, {
    status: 'FORCE_CHANGE_PASSWORD',
    attributes: new Map(Object.entries(attributes)),
    passwordOf: knower,
  })
  life.madeUsers.add(user.sub)
  if (!isMailed && chooser.oneIn(2)) user.status = 'CONFIRMED'
  if (isMailed && policy.invitations === 'generated' && user.status === 'FORCE_CHANGE_PASSWORD') {
    life.invited.set(user.sub, typed)
    life.onePerson.invites(user, typed, before || life.kind.signInBy === 'phone')
  } else life.onePerson.spoils(typed, 'made by an administrator')
  if (knower && chooser.oneIn(2)) await signIn(life, knower, user)
  return true
}

function isOwnedByProvider(life: Life, address: string): boolean {
  return life.groundTruth.accounts.some(
    ({ provider, subject, isAuthority, address: said }) =>
      isAuthority && said === address && life.memberBy(provider, subject) !== undefined,
  )
}

/** CSV import or UserMigration: no trigger of ours tells. */
const isImported: Action = async (life, human) => {
  const { policy, groundTruth, pool, chooser } = life
  const typed = typedBy(life, human).toLowerCase()
  if (pool.byAddress && pool.find(typed)) return false
  const verified =
    policy.existingUsers === 'verified-by-code'
      ? groundTruth.readerOf(typed) === human && chooser.oneIn(2)
      : chooser.oneIn(2)
  wasHere(life, human, typed, verified)
  life.onePerson.spoils(typed, 'imported')
  return true
}

/** A user from before our triggers, confirmed; marked where the code came back from the mailbox, or where nobody vouches for marks. */
export function wasHere(life: Life, human: Human, email: string, verified: boolean): PoolUser | undefined {
  const { pool, groundTruth, kind } = life
  const phone = kind.signInBy === 'phone' ? groundTruth.numberOf(human) : undefined
  if (pool.byAddress && pool.find(phone ?? email)) return undefined
  const attributes = new Map([
    ['email', email],
    ['email_verified', String(verified)],
    ...(phone === undefined ? [] : [['phone_number', phone] as const]),
  ])
  life.touches(email, phone)
  const userName = pool.byAddress ? pool.nextId() : `${human}-old-${pool.users.size}-${life.steps}`
  if (pool.users.has(userName)) return undefined
  life.trace.push(`${userName} of ${human} is there, with ${email}${verified ? ', verified' : ''}`)
  const user = pool.add(userName, { attributes, status: 'CONFIRMED', passwordOf: human })
  if (verified && groundTruth.readerOf(email) === human) life.onePerson.marks(user, email, 'before us')
  if (!verified) life.onePerson.spoils(email, 'an old user without a mark')
  return user
}

const isConfirmedByAdministrator: Action = async (life) => {
  const user = one(
    life,
    nativesOf(life).filter(({ status }) => status === 'UNCONFIRMED'),
  )
  if (!user) return false
  await adminConfirms(life, user)
  return true
}

/** AdminUpdateUserAttributes by a back end that takes anybody's word. */
const isMarked: Action = async (life) => {
  const user = one(
    life,
    nativesOf(life).filter((one) => one.passwordOf !== undefined && !isVerified(one, 'email')),
  )
  if (!user || life.policy.flagsOnlyByCode || life.policy.existingUsers === 'verified-by-code') return false
  if (life.pool.takenFrom(user, emailOf(user) ?? '')) return false
  life.trace.push(`a back end marks the address of ${user.userName} as verified`)
  user.attributes.set('email_verified', 'true')
  life.onePerson.spoils(emailOf(user), 'marked by a back end')
  return true
}

const isDisabled: Action = async (life) => {
  const user = one(life, [...life.pool.users.values()])
  if (!user) return false
  if (life.disabled.delete(user.sub)) life.trace.push(`${user.userName} is enabled`)
  else {
    life.disabled.add(user.sub)
    life.trace.push(`${user.userName} is disabled`)
  }
  return true
}

const leaves: Action = async (life, human) => {
  const sessions = life.sessions.filter(
    (one) => one.human === human && life.userBy(one.sub) && life.now - one.at < ACCESS_LASTS,
  )
  const user = life.userBy(one(life, sessions)?.sub ?? '')
  if (!user) return false
  deletes(life, user)
  return true
}

const passesMailbox: Action = async (life) => {
  const address = one(life, life.groundTruth.mailboxesOf('ada').concat(life.groundTruth.mailboxesOf('bob'))) ?? ''
  const to: Human = life.groundTruth.readerOf(address) === 'ada' ? 'bob' : 'ada'
  life.groundTruth.passes(address, to)
  life.trace.push(`the mailbox ${address} is ${to}’s now`)
  life.onePerson.spoils(address, 'the mailbox has changed hands')
  return true
}

const renames: Action = async (life, human) => {
  const account = one(
    life,
    life.groundTruth.accountsOf(human).filter(({ isAuthority, provider }) => isAuthority && provider !== 'Acme'),
  )
  const address = one(life, life.groundTruth.mailboxesOf(human))
  if (!account || address === undefined || account.address === address) return false
  life.trace.push(`${nameOf(account)} of ${human} has the address ${address} now`)
  life.onePerson.spoils(account.address, 'a provider has renamed it')
  if (!life.kind.hasInbound || account.provider === 'Corp' || life.touched.has(address))
    life.onePerson.spoils(address, 'a provider has renamed it')
  account.address = address
  account.wasRenamed = true
  return true
}

const leaksPassword: Action = async (life, human) => {
  const user = one(
    life,
    nativesOf(life).filter(({ passwordOf }) => passwordOf === human),
  )
  return human !== 'eve' && user !== undefined && leaks(life, 'eve', user)
}

/** Sessions whose access tokens still open an account page. */
function fresh(life: Life, human: Human): readonly Session[] {
  return life.sessions.filter((one) => one.human === human && life.now - one.at < ACCESS_LASTS).toReversed()
}

const links: Action = async (life, human) => {
  const sessions = fresh(life, human)
  const first = one(life, sessions)
  const second = one(
    life,
    sessions.filter((one) => one.way !== 'password' && one.sub !== first?.sub),
  )
  if (!first || !second) return false
  life.trace.push(`${human} links ${second.way} to ${first.way} of ${first.userName}`)
  for (const address of life.groundTruth.addresses) life.onePerson.spoils(address, 'linked by hand')
  await onPage(life, async (account) => {
    const offer = await account.offerLink({ accessToken: first.token, additionIdToken: second.token })
    if (offer === 'linked') return
    if (life.chooser.oneIn(4)) await anything(life, among(life.chooser, PEOPLE))
    const { person } = await account.acceptLink({
      accessToken: first.token,
      proof: offer.proof,
      merges: offer.merges,
    })
    life.judge.links(human, person)
  })
  return true
}

const unlinks: Action = async (life, human) => {
  const session = one(life, fresh(life, human))
  const account = one(
    life,
    life.groundTruth
      .accountsOf(human)
      .filter(({ provider, subject }) => life.memberBy(provider, subject) !== undefined),
  )
  if (!session || !account) return false
  life.trace.push(`${human} takes ${nameOf(account)} off, by ${session.way} of ${session.userName}`)
  for (const address of life.groundTruth.addresses) life.onePerson.spoils(address, 'unlinked by hand')
  await onPage(life, (page) => page.unlink({ accessToken: session.token, ...account }))
  return true
}

const beginsAnew: Action = async (life, human) => {
  const session = one(life, fresh(life, human))
  if (!session) return false
  life.trace.push(`${human} starts a separate person with ${session.way} of ${session.userName}`)
  for (const address of life.groundTruth.addresses) life.onePerson.spoils(address, 'separate person')
  await onPage(life, (page) => page.startSeparatePerson(session.token))
  return true
}

async function onPage(life: Life, work: (page: ReturnType<Life['account']>) => Promise<unknown>): Promise<void> {
  // An application that only looks has no page of ours yet.
  if (life.policy.mode === 'dry-run') return
  try {
    await work(life.account())
  } catch (error) {
    life.trace.push(`  ${error instanceof Error && 'code' in error ? error.code : error}`)
  }
}

/** A second pool on the same table, whose provider of the same name vouches for whatever Eve writes (T168). */
const comesInAnotherPool: Action = async (life, human) => {
  if (human !== 'eve') return false
  const name = 'Google_9'
  const attributes = { email: 'ada@example.com', email_verified: 'true', 'custom:hd': 'example.com' }
  life.trace.push('eve comes as ada in another pool')
  await life.comesElsewhere(
    name,
    {
      ...attributes,
      sub: 'elsewhere',
      identities: JSON.stringify([{ providerName: 'Google', userId: '9', primary: true }]),
    },
    OTHER_POOL,
  )
  return true
}

/** What Cognito may send some day, or another client, or a replica (T176): while we only look, it goes back as it came. */
const isOdd: Action = async (life, human) => {
  if (life.policy.mode === 'enforce') return false
  const attributes = { email: typedBy(life, human), sub: 'odd' }
  const asked = { source: 'PreSignUp_SignUp', userName: freshName(life, human), attributes }
  const odd = [
    { source: 'PreSignUp_OfTomorrow' },
    { region: 'us-east-1' },
    { client: 'another' },
    { attributes: { email: 'no address' } },
    { userName: life.nextPerson },
    { userName: 'Google_1' },
  ]
  life.trace.push('something odd comes')
  await life.ask({ ...asked, ...one(life, odd) })
  return true
}

/** At another's browser, where the hosted pages remember its owner: a link needs another sign-in (T159). */
const linksAtAnothersBrowser: Action = async (life, human) => {
  const own = fresh(life, human)[0]
  const remembered = one(
    life,
    life.sessions.filter(
      (session) => session.human !== human && session.way !== 'password' && life.now - session.at < ACCESS_LASTS,
    ),
  )
  const user = remembered && life.userBy(remembered.sub)
  if (human !== 'eve' || !own || !remembered || !user || !life.isEnforced) return false
  const provider = remembered.way.split('_')[0] ?? ''
  life.trace.push(`${human} asks to link at the browser of ${remembered.human}`)
  if (!(await cookieMayAnswer(provider))) return true
  life.trace.push('  and the cookie of the hosted pages answers')
  await life.tokens(human, remembered.way, user, 'TokenGeneration_HostedAuth')
  return true
}

const resends: Action = async (life, human) => {
  const user = one(
    life,
    nativesOf(life).filter(({ status }) => status === 'UNCONFIRMED'),
  )
  if (!user || (life.groundTruth.readerOf(emailOf(user)) !== human && human !== 'eve')) return false
  sendCode(life, user)
  return true
}

const PASSES = [
  [11_000, '11 seconds'],
  [2 * MINUTE, '2 minutes'],
  [17 * MINUTE, '17 minutes'],
  [31 * MINUTE, '31 minutes'],
  [2 * 60 * MINUTE, '2 hours'],
  [25 * 60 * MINUTE, '25 hours'],
] as const

const waits: Action = async (life) => {
  const [ms, says] = PASSES[life.chooser.pick(PASSES.length)] ?? PASSES[0]
  life.passes(ms, says)
  return true
}

/** What lives are about. Each of them has some of everything; what goes together comes often in one of its own. */
const THEMES = {
  anything: [signsUp, continues, signsIn, recovers, changesAddress, waits],
  squatting: [signsUp, signsUp, squats, squats, followsMail, followsMail, signsIn, proves, refreshes, links],
  invitations: [isMade, isMade, signsIn, continues, proves, entersCode],
  'changes of address': [
    verifiesAddress,
    isConfirmedByAdministrator,
    changesAddress,
    changesAddress,
    signsIn,
    continues,
    proves,
    recovers,
    passesMailbox,
    signsUp,
  ],
  recoveries: [leaksPassword, leaksPassword, recovers, recovers, refreshes, links, proves, signsUp, signsIn],
  'coming back': [leaves, leaves, signsUp, signsUp, proves, continues, waits],
  'by hand': [
    linksAtAnothersBrowser,
    links,
    links,
    unlinks,
    unlinks,
    continues,
    continues,
    signsUp,
    signsIn,
    changesAddress,
  ],
} as const satisfies Record<string, readonly Action[]>
export type Theme = keyof typeof THEMES

const SOMETIMES: readonly Action[] = [
  signsUp,
  continues,
  signsIn,
  recovers,
  changesAddress,
  waits,
  entersCode,
  refreshes,
  changesAddressByUs,
  verifiesAddress,
  writesOwnProfile,
  isMade,
  isImported,
  isConfirmedByAdministrator,
  isMarked,
  isDisabled,
  leaves,
  passesMailbox,
  renames,
  leaksPassword,
  links,
  unlinks,
  beginsAnew,
  comesInAnotherPool,
  resends,
  isOdd,
  linksAtAnothersBrowser,
]

export function anyTheme(chooser: Chooser): Theme {
  const names = Object.keys(THEMES) as Theme[]
  return names[chooser.pick(names.length)] ?? 'anything'
}

export async function anything(life: Life, human: Human): Promise<void> {
  // Cognito keeps whole seconds.
  life.now += 3_000
  for (let tries = 0; tries < 4; tries += 1) {
    const actions: readonly Action[] = life.chooser.pick(3) === 0 ? SOMETIMES : THEMES[life.theme]
    const action = actions[life.chooser.pick(actions.length)]
    if (action && (await action(life, human))) return
  }
}
