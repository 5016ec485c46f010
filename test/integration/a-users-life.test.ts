import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesHere } from '../environment/people.ts'
import {
  openTestEnvironment,
  openTestPool,
  PASSWORD,
  type PoolSettings,
  type TestEnvironment,
  type TestPool,
  tokensOf,
} from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const OLD = 'Ada@Example.com'

/** What a user signs in by. `byPhone`: the user name is a phone number, and the address an attribute. */
const NAMES: readonly (readonly [name: string, settings: PoolSettings, byPhone?: true])[] = [
  ['user names', {}],
  ['e-mail as alias', { AliasAttributes: ['email'] }],
  ['e-mail, phone and preferred name as aliases', { AliasAttributes: ['email', 'phone_number', 'preferred_username'] }],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
  ['e-mail or phone as user name', { UsernameAttributes: ['email', 'phone_number'] }],
  ['phone as user name', { UsernameAttributes: ['phone_number'] }, true],
]
const CASES = [
  ['case-sensitive', true],
  ['case-insensitive', false],
] as const
const KEEPING = [
  ['the new address shows at once', {}],
  [
    'the old address is kept until verified',
    { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] } },
  ],
] as const satisfies readonly (readonly [string, PoolSettings])[]
/** `gmail.com` is Google's own; at the other domain Google is its host. */
const NEW = ['Ada@Gmail.com', 'Ada@Example.org'] as const

const SITUATIONS = NAMES.flatMap(([names, settings, byPhone = false]) =>
  CASES.flatMap(([spelling, CaseSensitive]) =>
    KEEPING.flatMap(([keeping, keeps], at) =>
      [false, true].map((inbound) => {
        const pool = { ...settings, ...keeps, UsernameConfiguration: { CaseSensitive } }
        // Each kind of pool meets both.
        const address = NEW[(at + Number(inbound)) % 2] ?? NEW[0]
        const name = `${names}, ${spelling}, ${keeping}, InboundFederation ${inbound}`
        return [name, { settings: pool, byPhone, inbound, address }] as const
      }),
    ),
  ),
)

function google(address: string, sub: string): string {
  const [, hd = ''] = address.toLowerCase().split('@')
  environment.emulator.setPersona({ id: `g${sub}`, sub, email: address.toLowerCase(), email_verified: true, hd })
  return `g${sub}`
}

describe.each(SITUATIONS)('a user’s life, in a pool with %s', (_, { settings, byPhone, inbound, address }) => {
  async function opened() {
    const pool = await openTestPool(environment, { settings, inbound })
    const ways = waysInto(pool)
    await ways.registers('ada', OLD)
    const first = await ways.signsIn('ada', OLD)
    const ada = await pool.personOf(first)
    await changesHere(environment, pool, first.accessToken, ways.nameOf('ada', OLD), address)
    return { pool, ways, first, ada }
  }

  /** Until Ada deletes the account. */
  async function lives() {
    const { pool, ways, first, ada } = await opened()
    const changed = await ways.signsIn('ada', address)
    expect(await pool.personOf(changed)).toBe(ada)
    expect(await pool.subOf(changed)).toBe(await pool.subOf(first))

    const persona = google(address, '1180')
    const byGoogle = tokensOf(await pool.continueWith('Google', persona))
    expect(await pool.personOf(byGoogle)).toBe(ada)
    expect(await pool.subOf(byGoogle)).toBe(await pool.subOf(first))
    expect(await pool.personOf(await ways.signsIn('ada', address))).toBe(ada)
    expect(pool.users()).toHaveLength(1)

    await ways.registers('bob', OLD)
    const bob = await pool.personOf(await ways.signsIn('bob', OLD))
    expect(bob).not.toBe(ada)

    const { accessToken } = await ways.signsIn('ada', address)
    expect(await pool.personOf({ accessToken })).toBe(ada)
    await environment.cognito.deleteUser({ AccessToken: accessToken })
    await expect(ways.signsIn('ada', address)).rejects.toThrow()
    return { pool, ways, ada, bob, persona }
  }

  it('Ada returns by the form as a new person; the linked Google account still leads to the former one', async () => {
    const { pool, ways, ada, bob, persona } = await lives()
    await ways.registers('ada', address)
    const back = await pool.personOf(await ways.signsIn('ada', address))
    expect([ada, bob]).not.toContain(back)
    for (const _visit of [1, 2]) {
      expect(await pool.personOf(tokensOf(await pool.continueWith('Google', persona)))).toBe(ada)
      expect(await pool.personOf(await ways.signsIn('ada', address))).toBe(back)
      expect(await pool.personOf(await ways.signsIn('bob', OLD))).toBe(bob)
    }
  })

  it('Ada returns by Google as the same person, and a reset sets a password again', async () => {
    const { pool, ways, ada, bob, persona } = await lives()
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', persona)))).toBe(ada)
    await expect(ways.signsUp('ada', address)).rejects.toThrow(/onesub\/IDENTIFIER_TAKEN|already exists/)
    // A phone number cannot be invented: there Ada has the profile of Google, and no password.
    if (!byPhone) {
      // Cognito leaves no other name to sign in by where addresses are mere attributes: it is the person id then.
      const name = pool.isByAddress || settings.AliasAttributes ? address : ada
      await pool.recover(name, 'Another-Horse-8')
      expect(await pool.personOf(await pool.signIn(name, 'Another-Horse-8'))).toBe(ada)
    }
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', persona)))).toBe(ada)
    expect(await pool.personOf(await ways.signsIn('bob', OLD))).toBe(bob)
  })

  it('whoever has the old address next is one person by the form and by Google', async () => {
    const { pool, ways, ada } = await opened()
    await ways.registers('bob', OLD)
    const bob = await pool.personOf(await ways.signsIn('bob', OLD))
    expect(bob).not.toBe(ada)
    expect(await pool.personOf(tokensOf(await pool.continueWith('Google', google(OLD, '2290'))))).toBe(bob)
    expect(await pool.personOf(await ways.signsIn('ada', address))).toBe(ada)
  })

  // A released address is nobody's: it is no sign-up of somebody else's that would leave the next owner's password in doubt.
  it('whoever has the old address next keeps the password when Google is linked', async () => {
    const { pool, ways } = await opened()
    await ways.registers('bob', OLD)
    const bob = await pool.personOf(await ways.signsIn('bob', OLD))
    tokensOf(await pool.continueWith('Google', google(OLD, '2290')))
    expect(await pool.personOf(await ways.signsIn('bob', OLD))).toBe(bob)
  })

  function waysInto(pool: TestPool) {
    const numbers: Readonly<Record<string, string>> = { ada: '+4915112345678', bob: '+4915187654321' }
    const nameOf = (name: string, email: string) => (byPhone ? (numbers[name] ?? '') : pool.isByAddress ? email : name)
    const signsUp = async (name: string, email: string) => {
      if (!byPhone) return pool.signUp(name, email)
      const Username = nameOf(name, email)
      const UserAttributes = [{ Name: 'email', Value: email }]
      await environment.cognito.signUp({ ClientId: pool.clientId, Username, Password: PASSWORD, UserAttributes })
      return Username
    }
    return {
      nameOf,
      signsUp,
      registers: async (name: string, email: string) => pool.confirm(await signsUp(name, email)),
      signsIn: (name: string, email: string) => pool.signIn(nameOf(name, email)),
    }
  }
})
