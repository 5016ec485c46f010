import { signInWithGoogle } from './google-sign-in.ts'
import { type DemoPool, given, subOf } from './pool.ts'

/** What the mail program of the demonstration's human shows: the newest code sent to a user. */
type Mailbox = (userName: string) => string | undefined

export interface DemoUser {
  readonly pool: DemoPool
  readonly mailbox: Mailbox
}

/** How Ada signed in by one method: with which `sub`, and which refusals came before. */
export interface SignIn {
  readonly action: string
  readonly sub: string
  readonly result: string
}

const PASSWORD = 'Correct-Horse-9'
const FIRST_NAME = 'ada'
export const GOOGLE_ADA = {
  id: 'ada',
  sub: '110248495921238986420',
  email: 'ada@example.com',
  email_verified: true,
  hd: 'example.com',
  name: 'Ada',
}

/** The same human, four times. After a refusal the human does what it says: signs in with the account that exists. */
export async function signInFourTimes(user: DemoUser): Promise<readonly SignIn[]> {
  return [await signUpByForm(user), await otherSpelling(user), await eightClicks(user), await google(user)]
}

async function signUpByForm(user: DemoUser): Promise<SignIn> {
  await register(user, FIRST_NAME, 'Ada@Example.com')
  return { action: 'signs up as Ada@Example.com', sub: await signIn(user, FIRST_NAME), result: 'a user is made' }
}

async function otherSpelling(user: DemoUser): Promise<SignIn> {
  const outcome = await attempt(() => register(user, 'ada-lovelace', 'ada@example.com'))
  const sub = await signIn(user, outcome === 'let in' ? 'ada-lovelace' : FIRST_NAME)
  return {
    action: 'signs up as ada@example.com',
    sub,
    result: outcome === 'let in' ? 'another user is made' : refused(outcome),
  }
}

const CLICKS = 8

/** The app gives each click a user name of its own, as apps do that hide user names. */
async function eightClicks(user: DemoUser): Promise<SignIn> {
  const names = Array.from({ length: CLICKS }, (_, click) => `ada-click-${click + 1}`)
  const outcomes = await Promise.all(names.map((name) => attempt(() => signUp(user, name, 'ADA@example.com'))))
  const made = names.filter((_, click) => outcomes[click] === 'let in')
  for (const name of made) await confirm(user, name)
  const refusal = outcomes.find((outcome) => outcome !== 'let in')
  return {
    action: `clicks "sign up" ${CLICKS} times at once`,
    sub: await signIn(user, made[0] ?? FIRST_NAME),
    result: [
      ...(made.length > 0 ? [`${made.length} × a user is made`] : []),
      ...(refusal ? [`${CLICKS - made.length} × ${refused(refusal)}`] : []),
    ].join(', '),
  }
}

async function google({ pool }: DemoUser): Promise<SignIn> {
  const { sub, attempts } = await signInWithGoogle(pool, GOOGLE_ADA.id)
  const result = attempts === 1 ? 'let in' : 'linked, let in when asked again'
  return { action: 'continues with Google', sub, result }
}

async function register(user: DemoUser, userName: string, email: string): Promise<void> {
  await signUp(user, userName, email)
  await confirm(user, userName)
}

async function signUp({ pool }: DemoUser, userName: string, email: string): Promise<void> {
  const UserAttributes = [{ Name: 'email', Value: email }]
  await pool.cognito.signUp({ ClientId: pool.clientId, Username: userName, Password: PASSWORD, UserAttributes })
}

async function confirm({ pool, mailbox }: DemoUser, userName: string): Promise<void> {
  const ConfirmationCode = given(mailbox(userName))
  await pool.cognito.confirmSignUp({ ClientId: pool.clientId, Username: userName, ConfirmationCode })
}

async function signIn({ pool }: DemoUser, userName: string): Promise<string> {
  const { AuthenticationResult } = await pool.cognito.initiateAuth({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: pool.clientId,
    AuthParameters: { USERNAME: userName, PASSWORD },
  })
  return subOf(pool, given(AuthenticationResult?.AccessToken))
}

async function attempt(work: () => Promise<void>): Promise<string> {
  try {
    await work()
    return 'let in'
  } catch (error) {
    if (error instanceof Error && error.name === 'UserLambdaValidationException') return error.message
    throw error
  }
}

function refused(message: string): string {
  const code = /onesub\/([A-Z_]+)/.exec(message)?.[1]
  return `refused (${code ?? message}), signs in instead`
}
