import { systemTime } from '../../packages/onesub/src/triggers/system-time.ts'
import {
  openTestPool,
  PASSWORD,
  type TestEnvironment,
  type TestPool,
  type TestPoolOptions,
  type Tokens,
  tokensOf,
} from './test-pool.ts'

/** The person of a sign-in by the provider; undefined without a person, and for a refusal. */
export async function personBy(pool: TestPool, provider: string, persona: string): Promise<string | undefined> {
  const result = await pool.continueWith(provider, persona)
  if ('refused' in result) return undefined
  return pool.personOf(result.tokens).catch(() => undefined)
}

/** The person of a sign-in by the password; undefined without a person, and where Cognito no longer accepts the password. */
export async function personWith(pool: TestPool, name: string, password = PASSWORD): Promise<string | undefined> {
  const tokens = await pool.signIn(name, password).catch(() => undefined)
  return tokens && pool.personOf(tokens).catch(() => undefined)
}

/** In a pool with addresses as user names the user has the new one for a name where it shows at once. */
export function codeOf(
  { emulator }: TestEnvironment,
  { userPoolId }: TestPool,
  userName: string,
  address: string,
): string {
  return emulator.newestCode(userPoolId, userName) ?? emulator.newestCode(userPoolId, address) ?? ''
}

/** Through our own call, which sees the code being entered. */
export async function changesHere(
  environment: TestEnvironment,
  pool: TestPool,
  accessToken: string,
  userName: string,
  address: string,
): Promise<void> {
  const { proof } = await pool.account.changeAddress({ accessToken, address })
  await pool.account.confirmAddress({ accessToken, proof, code: codeOf(environment, pool, userName, address) })
}

/** A pool whose clock of ours goes on at will: nothing is waited for. */
export async function openMovable(environment: TestEnvironment, options: TestPoolOptions = {}) {
  const clock = { later: 0 }
  const time = { ...systemTime, now: () => environment.now() + clock.later }
  return { clock, pool: await openTestPool(environment, { ...options, options: { time, ...options.options } }) }
}

/** On the account page: the method of the second sign-in is added to the account of the first. */
export async function link(pool: TestPool, { accessToken }: Tokens, { idToken }: Tokens): Promise<void> {
  const offer = await pool.account.offerLink({ accessToken, additionIdToken: idToken })
  if (offer !== 'linked') await pool.account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
}

/** Who the reader of the mailbox is, by Google, which is the authority for its domain. */
export async function ownerByGoogle(environment: TestEnvironment, pool: TestPool, email: string): Promise<string> {
  environment.emulator.setPersona({ id: 'g', sub: '900', email, email_verified: true, hd: email.split('@')[1] ?? '' })
  return pool.personOf(tokensOf(await pool.continueWith('Google', 'g')))
}
