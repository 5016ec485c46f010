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

/** What a removed provider leaves: Okta (and Google as host) is the authority for example.com, Google for gmail.com, Facebook for none. */
const SUBJECTS = { Okta: '1', Google: '2', Facebook: '4' } as const
type Linkable = keyof typeof SUBJECTS

export function peopleOf(environment: () => TestEnvironment) {
  const meet = (sub: string, email: string, email_verified = true) =>
    environment().emulator.setPersona({ id: sub, sub, email, email_verified })
  return {
    /** The provider sends this address for its user of that subject from now on. */
    meet,

    async comesBy(pool: TestPool, provider: Linkable, email: string, verified = true): Promise<Tokens> {
      const persona = SUBJECTS[provider]
      meet(persona, email, verified)
      return tokensOf(await pool.continueWith(provider, persona))
    },

    takesOff: (pool: TestPool, { accessToken }: Tokens, provider: Linkable) =>
      pool.account.unlink({ accessToken, provider, subject: SUBJECTS[provider] }),

    /** Another human, for whom Google is the host of the domain. */
    newcomerByGoogle(pool: TestPool, email: string): Promise<string | undefined> {
      const hd = email.split('@')[1] ?? ''
      environment().emulator.setPersona({ id: '5', sub: '5', email, email_verified: true, hd })
      return personBy(pool, 'Google', '5')
    },

    /** The person whom a reset opens to whoever reads the mailbox; undefined for nobody. */
    async whoRecovers(pool: TestPool, email: string): Promise<string | undefined> {
      const { cognito, emulator } = environment()
      const { Users = [] } = await cognito.listUsers({ UserPoolId: pool.userPoolId })
      for (const { Username = '' } of Users) {
        for (const name of new Set([Username, email])) {
          const client = { ClientId: pool.clientId, Username: name }
          const isSent = await cognito.forgotPassword(client).then(
            () => true,
            () => false,
          )
          const message = emulator.inbox(pool.userPoolId, name).at(-1)
          if (!isSent || message?.destination !== email) continue
          const ConfirmationCode = message.code ?? ''
          await cognito.confirmForgotPassword({ ...client, Password: NEXT_PASSWORD, ConfirmationCode })
          return pool.personOf(await pool.signIn(name, NEXT_PASSWORD))
        }
      }
      return undefined
    },
  }
}

/** The password that a reset sets. */
export const NEXT_PASSWORD = 'Another-Horse-8'
