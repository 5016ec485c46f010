import { signInWithGoogle } from './google-sign-in.ts'
import { type DemoPool, given, subOf } from './pool.ts'

/** What the mail program of the demonstration's human shows: the newest code sent to a user. */
type Mailbox = (userName: string) => string | undefined

export interface Walker {
  readonly pool: DemoPool
  readonly mailbox: Mailbox
}

/** How she got in by a door: with which `sub`, and what she met on the way. */
export interface Entry {
  readonly door: string
  readonly sub: string
  readonly story: string
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

/** The same human, four times. Refused, she does what the refusal says: she signs in with what she has. */
export async function walkThroughAllDoors(walker: Walker): Promise<readonly Entry[]> {
  return [await frontDoor(walker), await otherSpelling(walker), await eightClicks(walker), await google(walker)]
}

async function frontDoor(walker: Walker): Promise<Entry> {
  await register(walker, FIRST_NAME, 'Ada@Example.com')
  return { door: 'signs up as Ada@Example.com', sub: await signIn(walker, FIRST_NAME), story: 'a user is made' }
}

async function otherSpelling(walker: Walker): Promise<Entry> {
  const outcome = await attempt(() => register(walker, 'ada-lovelace', 'ada@example.com'))
  const sub = await signIn(walker, outcome === 'let in' ? 'ada-lovelace' : FIRST_NAME)
  return {
    door: 'signs up as ada@example.com',
    sub,
    story: outcome === 'let in' ? 'another user is made' : told(outcome),
  }
}

const CLICKS = 8

/** The app gives each click a user name of its own, as apps do that hide user names. */
async function eightClicks(walker: Walker): Promise<Entry> {
  const names = Array.from({ length: CLICKS }, (_, click) => `ada-click-${click + 1}`)
  const outcomes = await Promise.all(names.map((name) => attempt(() => signUp(walker, name, 'ADA@example.com'))))
  const made = names.filter((_, click) => outcomes[click] === 'let in')
  for (const name of made) await confirm(walker, name)
  const refusal = outcomes.find((outcome) => outcome !== 'let in')
  return {
    door: `clicks "sign up" ${CLICKS} times at once`,
    sub: await signIn(walker, made[0] ?? FIRST_NAME),
    story: [
      ...(made.length > 0 ? [`${made.length} × a user is made`] : []),
      ...(refusal ? [`${CLICKS - made.length} × ${told(refusal)}`] : []),
    ].join(', '),
  }
}

async function google({ pool }: Walker): Promise<Entry> {
  const { sub, attempts } = await signInWithGoogle(pool, GOOGLE_ADA.id)
  const story = attempts === 1 ? 'let in' : 'linked, let in when asked again'
  return { door: 'continues with Google', sub, story }
}

async function register(walker: Walker, userName: string, email: string): Promise<void> {
  await signUp(walker, userName, email)
  await confirm(walker, userName)
}

async function signUp({ pool }: Walker, userName: string, email: string): Promise<void> {
  const UserAttributes = [{ Name: 'email', Value: email }]
  await pool.cognito.signUp({ ClientId: pool.clientId, Username: userName, Password: PASSWORD, UserAttributes })
}

async function confirm({ pool, mailbox }: Walker, userName: string): Promise<void> {
  const ConfirmationCode = given(mailbox(userName))
  await pool.cognito.confirmSignUp({ ClientId: pool.clientId, Username: userName, ConfirmationCode })
}

async function signIn({ pool }: Walker, userName: string): Promise<string> {
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

function told(message: string): string {
  const code = /onesub\/([A-Z_]+)/.exec(message)?.[1]
  return `refused (${code ?? message}), signs in instead`
}
