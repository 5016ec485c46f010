import { ForgotPasswordCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

interface MigrationEvent {
  readonly userName: string
  readonly request: { readonly password?: string }
}
const ADA = { email: 'ada@example.com', email_verified: 'true' }

async function poolWith(answer: (event: MigrationEvent) => object, given: Parameters<typeof openPool>[1] = {}) {
  const name = `migration-${Math.random()}`
  emulator.setTrigger(name, (event: MigrationEvent) => ({ ...event, response: answer(event) }))
  const LambdaConfig = { UserMigration: `arn:aws:lambda:us-east-1:000000000000:function:${name}` }
  return await openPool(emulator, { ...given, pool: { ...given.pool, LambdaConfig } })
}

const knowing = ({ request }: MigrationEvent) =>
  request.password === undefined || request.password === 'weak'
    ? { userAttributes: ADA, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }
    : {}

describe('UserMigration (Developer Guide: user-pool-lambda-migrate-user)', () => {
  it('brings a stranger in with the password that was typed, whatever the policy says', async () => {
    const pool = await poolWith(knowing)
    expect((await pool.signIn('ada', 'weak')).AuthenticationResult?.IdToken).toBeTruthy()
    expect(await pool.user('ada')).toMatchObject({ ...ADA, status: 'CONFIRMED' })
    expect(emulator.triggerCalls().at(-1)).toMatchObject({
      source: 'UserMigration_Authentication',
      event: { userName: 'ada', request: { password: 'weak', validationData: null } },
    })
    const before = emulator.triggerCalls().length
    expect(await refusal(pool.signIn('ada', 'other'))).toContain('Incorrect username or password')
    expect(emulator.triggerCalls()).toHaveLength(before)
  })

  it('an empty answer means that nobody is there', async () => {
    const pool = await poolWith(knowing)
    expect(await refusal(pool.signIn('ada', PASSWORD))).toBe('UserNotFoundException: User does not exist.')
  })

  it('without finalUserStatus CONFIRMED the password has to be reset', async () => {
    const pool = await poolWith(() => ({ userAttributes: ADA }))
    expect(await refusal(pool.signIn('ada', 'weak'))).toContain('PasswordResetRequiredException')
    expect(await pool.user('ada')).toMatchObject({ status: 'RESET_REQUIRED' })
  })

  it('runs for a forgotten password too, without one in the event', async () => {
    const pool = await poolWith(knowing)
    await pool.sdk.send(new ForgotPasswordCommand({ ClientId: pool.ClientId, Username: 'ada' }))
    expect(pool.code('ada')).toMatch(/^\d{6}$/u)
    const call = emulator.triggerCalls().at(-1)
    expect(call).toMatchObject({ source: 'UserMigration_ForgotPassword' })
    expect(JSON.stringify(call?.event)).not.toContain('password')
  })

  it('a taken address is an error unless the answer forces it', async () => {
    const aliases = { pool: { AliasAttributes: ['email' as const] } }
    const pool = await poolWith(
      ({ userName }) => ({
        userAttributes: ADA,
        finalUserStatus: 'CONFIRMED',
        forceAliasCreation: userName === 'cleo',
      }),
      aliases,
    )
    await pool.signIn('ada', 'weak')
    expect(await refusal(pool.signIn('bob', 'weak'))).toContain('AliasExistsException')
    expect(await refusal(pool.signIn('cleo', 'weak'))).toBe('no refusal')
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'cleo' })
  })

  it('another username may come back only for somebody who typed an alias', async () => {
    const renaming = () => ({ userAttributes: { ...ADA, username: 'lovelace' }, finalUserStatus: 'CONFIRMED' })
    const aliases = await poolWith(renaming, { pool: { AliasAttributes: ['email'] } })
    await aliases.signIn('ada@example.com', 'weak')
    expect(await aliases.user('ada@example.com')).toMatchObject({ username: 'lovelace' })
    expect(await refusal((await poolWith(renaming)).signIn('ada', 'weak'))).toContain('InvalidLambdaResponseException')
  })

  it('a thrown error says that migrating failed, under the name the client setting asks for', async () => {
    const failing = () => {
      throw new Error('directory is down')
    }
    const open = await poolWith(failing)
    expect(await refusal(open.signIn('ada'))).toBe(
      `UserNotFoundException: Exception migrating user in app client ${open.ClientId}`,
    )
    const hidden = await poolWith(failing, { client: { PreventUserExistenceErrors: 'ENABLED' } })
    expect(await refusal(hidden.signIn('ada'))).toContain('NotAuthorizedException: Exception migrating user')
  })
})
