import { afterAll, beforeAll, expect, it } from 'vitest'
import { confirms, googleArrives, signUp, triggerEvent } from '../../packages/onesub/src/triggers/testing/events.ts'
import { testPool } from '../../packages/onesub/src/triggers/testing/pool.ts'
import { openTestEnvironment, openTestPool, type TestEnvironment, type TestPool } from '../environment/test-pool.ts'

let environment: TestEnvironment
beforeAll(async () => {
  environment = await openTestEnvironment()
})
afterAll(() => environment.close())

const ADA = 'ada@example.com'
const OLD_PASSWORD = 'As-In-The-Old-Pool-1'

/** The application's own function, which asks the old pool. */
async function migrating(pool: TestPool, attributes: Readonly<Record<string, string>>): Promise<void> {
  const UserMigration = `arn:aws:lambda:us-east-1:000000000000:function:migration-${pool.userPoolId}`
  const { UserPool } = await environment.cognito.describeUserPool({ UserPoolId: pool.userPoolId })
  await environment.cognito.updateUserPool({
    UserPoolId: pool.userPoolId,
    AutoVerifiedAttributes: ['email'],
    LambdaConfig: { ...UserPool?.LambdaConfig, UserMigration },
  })
  environment.emulator.setTrigger(UserMigration, (event: { userName: string; request: { password?: string } }) => {
    const isKnown = event.userName === 'ada' && event.request.password === OLD_PASSWORD
    const response = { userAttributes: attributes, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }
    return { ...event, response: isKnown ? response : {} }
  })
}

it.each(['refuse', 'link', 'ask', 'enumeration-safe'] as const)(
  'T19: a squatter who has signed up with the address before its owner is migrated gets nothing of the owner’s (policy %s)',
  async (existingAccount) => {
    const pool = await openTestPool(environment, { policy: { existingAccount, existingUsers: 'verified-by-code' } })
    await migrating(pool, { email: ADA, email_verified: 'true' })
    await pool.signUp('eve', ADA)
    const moved = await pool.personOf(await pool.signIn('ada', OLD_PASSWORD))
    expect((await pool.events()).map(({ type }) => type)).toContain('identifier.superseded')

    // Even if the code that was sent to the owner's mailbox then is entered.
    await pool.confirm('eve')
    const eve = await pool.signIn('eve')
    await expect(pool.verify(eve.accessToken)).rejects.toMatchObject({ code: 'PERSON_UNKNOWN' })
    expect(await pool.personOf(await pool.signIn('ada', OLD_PASSWORD))).toBe(moved)
  },
)

it('T20: an address that the old pool had not verified is not proven by the move', async () => {
  environment.emulator.setPersona({ id: 'owner', sub: '1180', email: ADA, email_verified: true, hd: 'example.com' })
  const pool = await openTestPool(environment)
  await migrating(pool, { email: ADA, email_verified: 'false' })
  const moved = await pool.personOf(await pool.signIn('ada', OLD_PASSWORD))
  expect((await pool.events()).map(({ type }) => type)).not.toContain('identifier.proven')
  const owner = await pool.continueWith('Google', 'owner')
  if ('refused' in owner) throw new Error(owner.refused)
  expect(await pool.personOf(owner.tokens)).not.toBe(moved)
})

it.each(['UserMigration_Authentication', 'UserMigration_ForgotPassword'])(
  'T20: %s passes our handler as it came: no flag is raised, no password is reported',
  async (source) => {
    const { handler, reports, events } = testPool()
    const event = {
      ...triggerEvent({ source, response: { userAttributes: { email: ADA, email_verified: 'false' } } }),
      request: { password: OLD_PASSWORD, validationData: null },
    }
    const before = structuredClone(event)
    expect(await handler(event)).toBe(event)
    expect(event).toEqual(before)
    expect(JSON.stringify(reports)).not.toContain(OLD_PASSWORD)
    expect(await events()).toEqual([])
  },
)

it('T19: a user who signed in before the end of the migration keeps the ownership against a squatter after it', async () => {
  const { handler, personOf } = testPool()
  await handler(confirms('ada', ADA))
  await expect(handler(signUp('eve', ADA))).rejects.toMatchObject({ code: 'IDENTIFIER_TAKEN' })
  await handler(googleArrives())
  expect(await personOf('ada')).toBeDefined()
})
