import {
  ConfirmForgotPasswordCommand,
  CreateUserImportJobCommand,
  DescribeUserImportJobCommand,
  ForgotPasswordCommand,
  GetCSVHeaderCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  StartUserImportJobCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect } from 'vitest'
import { type Given, type OpenPool, PASSWORD, refusal } from '../testing/open-pool.ts'
import { EMAIL, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
const forget = ({ sdk, ClientId }: OpenPool) => sdk.send(new ForgotPasswordCommand({ ClientId, Username: 'ada' }))

describe('migration by trigger', () => {
  const ADA = { ...EMAIL, email_verified: 'true' }
  const known = { userAttributes: ADA, finalUserStatus: 'CONFIRMED', messageAction: 'SUPPRESS' }
  const migrating = (response: object, given: Given = {}) =>
    suite.triggered(['UserMigration'], (event: object) => ({ ...event, response }), given)
  const sourcesOf = (pool: OpenPool) => suite.eventsOf(pool).map(({ source }) => source)

  shows('migrate-01', async () => {
    const pool = await migrating(known)
    expect((await pool.signIn('ada')).AuthenticationResult?.IdToken).toBeTruthy()
    expect(await pool.user('ada')).toMatchObject({ ...ADA, status: 'CONFIRMED' })
    expect(suite.eventsOf(pool)).toMatchObject([
      { source: 'UserMigration_Authentication', event: { userName: 'ada', request: { password: PASSWORD } } },
    ])
  })
  shows('migrate-02', async () => {
    const pool = await migrating(known)
    for (const _ of ['first', 'again']) expect(await refusal(pool.signIn('ada', 'weak'))).toBe('no refusal')
  })
  shows('migrate-03', async () => {
    const pool = await migrating(known)
    await forget(pool)
    expect(pool.code('ada')).toMatch(/^\d{6}$/u)
    expect(sourcesOf(pool)).toEqual(['UserMigration_ForgotPassword'])
    expect(Object(suite.eventsOf(pool)[0]?.event).request).not.toHaveProperty('password')
  })
  shows('migrate-04', async () => {
    const pool = await migrating({})
    expect(await refusal(pool.signIn('ada'))).toBe('UserNotFoundException: User does not exist.')
    expect(await refusal(forget(pool))).toContain('UserNotFoundException')
    expect(suite.emulator().users(pool.UserPoolId)).toEqual([])
  })
  shows('migrate-05', async () => {
    for (const finalUserStatus of [undefined, 'RESET_REQUIRED']) {
      const pool = await migrating({ ...known, finalUserStatus })
      expect(await refusal(pool.signIn('ada'))).toContain('PasswordResetRequiredException')
      expect(await pool.user('ada')).toMatchObject({ status: 'RESET_REQUIRED' })
    }
  })
  shows('migrate-06', async () => {
    const pool = await migrating(known)
    await pool.signIn('ada')
    await pool.signIn('ada', 'wrong').catch(() => {})
    await pool.signIn('ada')
    expect(sourcesOf(pool)).toHaveLength(1)
  })
  shows('migrate-07', async () => {
    const aliases: Given = { pool: { AliasAttributes: ['email'] } }
    const holding = async (forceAliasCreation: boolean) => {
      const pool = await migrating({ ...known, forceAliasCreation }, aliases)
      await pool.signIn('ada')
      return { pool, second: await refusal(pool.signIn('bob')) }
    }
    expect((await holding(false)).second).toContain('AliasExistsException')
    const { pool, second } = await holding(true)
    expect(second).toBe('no refusal')
    expect(await pool.user(EMAIL.email)).toMatchObject({ username: 'bob' })
  })
  shows('migrate-08', async () => {
    const welcomed = async (response: object, migrationWelcome?: 'withoutTrigger' | 'asInvitation') => {
      const answer = (event: { triggerSource: string }) => ({
        ...event,
        response: event.triggerSource.startsWith('UserMigration') ? response : {},
      })
      const pool = await suite.triggered(['UserMigration', 'CustomMessage'], answer)
      if (migrationWelcome) suite.emulator().setQuirks({ migrationWelcome }, pool.UserPoolId)
      await pool.signIn('ada')
      const messages = suite
        .emulator()
        .inbox(pool.UserPoolId, 'ada')
        .map(({ destination }) => destination)
      return [messages, sourcesOf(pool).slice(1)]
    }
    const { messageAction: _, ...speaking } = { ...known, desiredDeliveryMediums: ['EMAIL'] }
    expect(await welcomed(known, 'asInvitation')).toEqual([[], []])
    expect(await welcomed(speaking)).toEqual([[EMAIL.email], []])
    expect(await welcomed(speaking, 'asInvitation')).toEqual([[EMAIL.email], ['CustomMessage_AdminCreateUser']])
    // Without a word about the medium it is SMS, and there is no phone.
    expect(await welcomed({ ...speaking, desiredDeliveryMediums: undefined }, 'asInvitation')).toEqual([[], []])
  })
})

type Line = Readonly<Record<string, string>>

async function begin({ sdk, UserPoolId }: OpenPool) {
  const CloudWatchLogsRoleArn = 'arn:aws:iam::000000000000:role/logs'
  const request = { UserPoolId, JobName: 'test', CloudWatchLogsRoleArn }
  const { UserImportJob: job } = await sdk.send(new CreateUserImportJobCommand(request))
  const { CSVHeader: columns = [] } = await sdk.send(new GetCSVHeaderCommand({ UserPoolId }))
  const place = { UserPoolId, JobId: job?.JobId }
  return {
    upload: (lines: readonly Line[], headers: Line = { 'x-amz-server-side-encryption': 'aws:kms' }) => {
      const rows = lines.map((line) => columns.map((name) => line[name] ?? '').join(','))
      return fetch(job?.PreSignedUrl ?? '', { method: 'PUT', body: [columns.join(','), ...rows].join('\n'), headers })
    },
    start: () => sdk.send(new StartUserImportJobCommand(place)),
    status: async () => (await sdk.send(new DescribeUserImportJobCommand(place))).UserImportJob,
  }
}

async function imported(pool: OpenPool, lines: readonly Line[]) {
  const job = await begin(pool)
  await job.upload(lines)
  await job.start()
  await expect.poll(async () => (await job.status())?.CompletionDate).toBeDefined()
  return await job.status()
}

describe('import of a file', () => {
  const ROW = { 'cognito:username': 'ada', ...EMAIL, email_verified: 'TRUE' }

  shows('import-01', async () => {
    const pool = await suite.open()
    await imported(pool, [ROW])
    expect(await pool.user('ada')).toMatchObject({ ...EMAIL, email_verified: 'true', status: 'RESET_REQUIRED' })
    expect(await refusal(pool.signIn('ada'))).toContain('PasswordResetRequiredException')
    await forget(pool)
    const proof = { ClientId: pool.ClientId, Username: 'ada', ConfirmationCode: pool.code('ada'), Password: PASSWORD }
    await pool.sdk.send(new ConfirmForgotPasswordCommand(proof))
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })
  shows('import-02', async () => {
    const unverified = { ...ROW, 'cognito:username': 'bob', email_verified: 'FALSE' }
    const counts = { Status: 'Succeeded', ImportedUsers: 1, SkippedUsers: 1, FailedUsers: 1 }
    expect(await imported(await suite.open(), [ROW, ROW, unverified])).toMatchObject(counts)
  })
  shows('import-03', async () => {
    const slots = ['PreSignUp', 'PostConfirmation', 'UserMigration', 'CustomMessage']
    const pool = await suite.triggered(slots, (event) => event)
    await imported(pool, [ROW])
    expect(await pool.user('ada')).toMatchObject({ username: 'ada' })
    expect(suite.eventsOf(pool)).toEqual([])
  })
  shows('import-04', async () => {
    const pool = await suite.open({ client: { PreventUserExistenceErrors: 'ENABLED' } })
    await imported(pool, [ROW])
    expect(await refusal(pool.signIn('ada'))).toBe('NotAuthorizedException: Incorrect username or password.')
  })
  shows('import-05', async () => {
    const job = await begin(await suite.open({ pool: { AutoVerifiedAttributes: [] } }))
    expect(await refusal(job.start())).toContain('PreconditionNotMetException')
  })
  shows('import-06', async () => {
    const job = await begin(await suite.open())
    expect((await job.upload([ROW], {})).status).toBe(403)
    expect((await job.upload([ROW])).status).toBe(200)
  })
  shows('import-07', async () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'EMAIL_OTP' as const] } }
    const client = { ExplicitAuthFlows: ['ALLOW_USER_AUTH' as const] }
    const pool = await suite.open({ pool: { Policies }, client })
    await imported(pool, [ROW])
    const { ClientId, sdk } = pool
    const AuthParameters = { USERNAME: 'ada', PREFERRED_CHALLENGE: 'EMAIL_OTP' }
    const { Session } = await sdk.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_AUTH', AuthParameters }))
    const ChallengeResponses = { USERNAME: 'ada', EMAIL_OTP_CODE: pool.code('ada') }
    const answer = { ClientId, ChallengeName: 'EMAIL_OTP', Session, ChallengeResponses } as const
    expect((await sdk.send(new RespondToAuthChallengeCommand(answer))).AuthenticationResult?.IdToken).toBeTruthy()
  })
})
