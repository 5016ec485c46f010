import { COGNITO } from '../../packages/onesub/src/core/person.ts'
import type { InvariantChecker } from './invariant-checker.ts'
import { nameOf, type PoolUser } from './pool.ts'
import type { Progress, SimulatedPool, TriggerInput } from './simulated-pool.ts'

/** An account at a provider, and what the provider sends about it. */
export interface ProviderAccount {
  readonly provider: string
  readonly subject: string
  readonly attributes: Readonly<Record<string, string>>
  /** The same as the provider wrote it. */
  readonly raw: object
  /** The provider is the authority for the address: it is proven (E3). */
  readonly proves: boolean
}

/** One human: what belongs to them, and what they have been given so far. */
export interface Human {
  readonly name: string
  readonly address: string
  /** All mailboxes of the human. */
  readonly addresses: readonly string[]
  readonly accounts: readonly ProviderAccount[]
  /** The provider accounts that have proven the address and then were refused. */
  readonly refused: Set<ProviderAccount>
  /** The provider accounts that the human has used. */
  readonly used: Set<ProviderAccount>
  /** The human's newest tokens, by sign-in method. */
  readonly tokens: Map<string, string>
}

export interface TestEnvironment {
  readonly simulatedPool: SimulatedPool
  readonly progress: Progress
  readonly checker: InvariantChecker
  /** Whether the pool has the InboundFederation trigger. */
  readonly hasInbound: boolean
  /** How a sign-in ends whose own trigger made the link (aws-amplify/amplify-flutter#1716). */
  readonly linkingSignIn: 'fails once' | 'succeeds'
  /** Names of users that were deleted: anybody can have them now. */
  readonly freed: string[]
  /** An administrator's word for an address is proof. */
  readonly trustsAdministrators: boolean
  /** Under `enumeration-safe`: a sign-up with a known address is accepted. */
  readonly isQuiet: boolean
  /** Everybody signs in at the end anyway; whether they do in the middle of things as well. */
  readonly signsIn: boolean
  /** The address of a sign-up belongs to its owner, not to the user who typed it. */
  readonly ownerOf: (address: string) => string | undefined
}

/** The same environment, for another flow. */
export function flowOn(environment: TestEnvironment, flow: string): TestEnvironment {
  return { ...environment, progress: { flow, triggers: 0 } }
}

function ask({ simulatedPool, progress }: TestEnvironment, input: TriggerInput) {
  return simulatedPool.trigger(input, progress)
}

/** Fills in the form, with the human's own address or another's. */
export async function signUp(
  environment: TestEnvironment,
  human: Human,
  wanted: string,
  address: string,
): Promise<PoolUser | undefined> {
  const { pool } = environment.simulatedPool
  try {
    const userName = pool.nameFor(pool.byAddress ? address : wanted)
    const answer = await ask(environment, { source: 'PreSignUp_SignUp', userName, attributes: { email: address } })
    if (!answer.ok || (pool.byAddress && pool.find(address))) return undefined
    const attributes = new Map([
      ['email', address],
      ['email_verified', 'false'],
    ])
    return pool.add(userName, { attributes, passwordOf: human.name })
  } catch {
    return undefined
  }
}

/** Enters the code, which went to the address: only its owner has it. */
export async function confirm(environment: TestEnvironment, human: Human, user: PoolUser): Promise<void> {
  const { ownerOf } = environment
  const mayConfirm = user.passwordOf === human.name && ownerOf(user.attributes.get('email') ?? '') === human.name
  if (!mayConfirm || user.status !== 'UNCONFIRMED') return
  user.status = 'CONFIRMED'
  user.attributes.set('email_verified', 'true')
  // Who has come by a provider before, and is let in by the form all the same, proves it twice (T183).
  if (environment.isQuiet && [...human.used].some(({ proves }) => proves)) environment.checker.mayBeSeveral(human.name)
  const answer = await told(environment, user, 'PostConfirmation_ConfirmSignUp')
  if (answer.ok) environment.checker.proved(human.name, user.userName)
}

async function told(
  environment: TestEnvironment,
  user: PoolUser,
  source: string,
  of: { readonly byAdministrator?: boolean } = {},
) {
  const attributes = { ...environment.simulatedPool.pool.attributesOf(user), 'cognito:user_status': user.status }
  return ask(environment, { source, userName: user.userName, attributes, ...of })
}

/** AdminConfirmSignUp: no code was entered, and the address stays unverified. */
export async function adminConfirms(environment: TestEnvironment, user: PoolUser): Promise<void> {
  if (user.status !== 'UNCONFIRMED') return
  user.status = 'CONFIRMED'
  await told(environment, user, 'PostConfirmation_ConfirmSignUp', { byAdministrator: true })
}

/** A user of the pool from before our triggers: confirmed, and verified where a code came back from the mailbox. */
export function wasHereBefore(
  { simulatedPool, checker, ownerOf }: TestEnvironment,
  human: Human,
  wanted: string,
  address: string,
) {
  const { pool } = simulatedPool
  if (pool.byAddress && pool.find(address)) return undefined
  // The order in which they come matters to what is joined, and to nothing else (T167, T183).
  checker.mayBeSeveral(human.name)
  const attributes = new Map([
    ['email', address],
    ['email_verified', String(ownerOf(address) === human.name)],
  ])
  const userName = pool.byAddress ? pool.nextId() : wanted
  return pool.add(userName, { attributes, status: 'CONFIRMED', passwordOf: human.name })
}

export async function signIn(environment: TestEnvironment, human: Human, user: PoolUser): Promise<string | undefined> {
  if (user.passwordOf !== human.name || user.status !== 'CONFIRMED') return undefined
  await told(environment, user, 'PostAuthentication_Authentication')
  return arrive(environment, human, `the password of ${user.userName}`, user, 'TokenGeneration_Authentication')
}

/** The session goes on without a sign-in. */
export function refresh(
  environment: TestEnvironment,
  human: Human,
  credential: string,
  user: PoolUser,
): Promise<string | undefined> {
  return arrive(environment, human, credential, user, 'TokenGeneration_RefreshTokens')
}

async function arrive(environment: TestEnvironment, human: Human, credential: string, user: PoolUser, source: string) {
  const { simulatedPool, checker, progress } = environment
  if (!environment.signsIn || !simulatedPool.pool.users.has(user.userName)) return undefined
  const { token, person } = await simulatedPool.token(user, source, progress)
  human.tokens.set(credential, token)
  checker.saw({ human: human.name, credential, person })
  return person
}

/** Sets a new password by the code that goes to a verified address. */
export async function reset(environment: TestEnvironment, human: Human, user: PoolUser): Promise<void> {
  const { ownerOf } = environment
  const { attributes, status } = user
  const reaches = ownerOf(attributes.get('email') ?? '') === human.name && attributes.get('email_verified') === 'true'
  if (!reaches || status !== 'CONFIRMED') return
  user.passwordOf = human.name
  // A user of another person, or of nobody yet, that proves the address once more is the later proof (T183).
  const { simulatedPool, checker } = environment
  const person = simulatedPool.memberBy(COGNITO, user.sub)
  const isAnother = ({ proves, provider, subject }: ProviderAccount) =>
    proves && simulatedPool.memberBy(provider, subject) !== person
  // A recovery proves nothing new: a user without a person gets one, without the address.
  if (person === undefined) checker.mayBeSeveral(human.name)
  const look = () => [...human.used].some(isAnother) && checker.mayBeSeveral(human.name)
  look()
  await told(environment, user, 'PostConfirmation_ConfirmForgotPassword')
  // A provider may have been the first one while the trigger ran.
  look()
}

/** Made by an administrator, who gives the human the password. */
export async function adminCreates(
  environment: TestEnvironment,
  human: Human,
  wanted: string,
): Promise<PoolUser | undefined> {
  const { pool } = environment.simulatedPool
  // What is not proven is a person of its own, until the human links it.
  if (!environment.trustsAdministrators) environment.checker.mayBeSeveral(human.name)
  try {
    const userName = pool.nameFor(pool.byAddress ? human.address : wanted)
    const attributes = { email: human.address, email_verified: 'true' }
    const answer = await ask(environment, { source: 'PreSignUp_AdminCreateUser', userName, attributes })
    if (!answer.ok || (pool.byAddress && pool.find(human.address))) return undefined
    const status = 'CONFIRMED' as const
    return pool.add(userName, { attributes: new Map(Object.entries(attributes)), status, passwordOf: human.name })
  } catch {
    return undefined
  }
}

/** "Continue with …". In at once, in when asked again, or refused. */
export async function federate(
  environment: TestEnvironment,
  human: Human,
  account: ProviderAccount,
): Promise<string | undefined> {
  human.used.add(account)
  const first = await federateOnce(environment, human, account)
  return first === 'again' ? outcome(await federateOnce(environment, human, account)) : outcome(first)
}

function outcome(result: string | undefined): string | undefined {
  return result === 'again' || result === 'refused' ? undefined : result
}

/** What Cognito writes onto a user. A mark that the provider does not send is written as "no" (aws-amplify/amplify-js#7300, #11565). */
function mapped({ attributes }: ProviderAccount): Readonly<Record<string, string>> {
  return { email_verified: 'false', ...attributes }
}

async function federateOnce(
  environment: TestEnvironment,
  human: Human,
  account: ProviderAccount,
): Promise<string | undefined> {
  const { simulatedPool } = environment
  const { pool } = simulatedPool
  const name = nameOf(account)
  const refused = (code: string) => {
    environment.checker.noted(`${human.name} is refused by ${name}: ${code}`)
    if (account.proves) human.refused.add(account)
    return 'refused' as const
  }
  if (environment.hasInbound) {
    const inbound = { providerName: account.provider, attributes: account.raw }
    const source = 'InboundFederation_ExternalProvider'
    const answer = await ask(environment, { source, userName: name, attributes: account.attributes, inbound })
    if (!answer.ok) return refused(answer.code)
  }
  const known = pool.linkedTo(name)
  if (known) {
    // Written over at each sign-in (developer guide, "Specifying identity provider attribute mappings").
    for (const [attribute, value] of Object.entries(mapped(account))) known.attributes.set(attribute, value)
    await told(environment, known, 'PostAuthentication_Authentication')
    return arrive(environment, human, name, known, 'TokenGeneration_HostedAuth')
  }
  const asked = await ask(environment, {
    source: 'PreSignUp_ExternalProvider',
    userName: name,
    attributes: account.attributes,
  })
  if (!asked.ok) return refused(asked.code)
  const linked = pool.linkedTo(name)
  if (linked) {
    return environment.linkingSignIn === 'fails once'
      ? 'again'
      : arrive(environment, human, name, linked, 'TokenGeneration_HostedAuth')
  }
  const profile = pool.add(name, {
    own: name,
    status: 'EXTERNAL_PROVIDER',
    attributes: new Map(Object.entries(mapped(account))),
  })
  await told(environment, profile, 'PostConfirmation_ConfirmSignUp')
  return arrive(environment, human, name, profile, 'TokenGeneration_HostedAuth')
}
