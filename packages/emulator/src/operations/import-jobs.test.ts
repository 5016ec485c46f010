import { pbkdf2Sync, scryptSync } from 'node:crypto'
import {
  ConfirmForgotPasswordCommand,
  CreateUserImportJobCommand,
  type CreateUserImportJobCommandInput,
  DescribeUserImportJobCommand,
  ForgotPasswordCommand,
  GetCSVHeaderCommand,
  ListUserImportJobsCommand,
  StartUserImportJobCommand,
  StopUserImportJobCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { type OpenPool, openPool, PASSWORD, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
let now = Date.parse('2026-01-01T00:00:00Z')
beforeAll(async () => {
  emulator = await startEmulator({ clock: () => now })
})
afterAll(() => emulator.close())

type Line = Readonly<Record<string, string>>

async function begin(pool: OpenPool, more: Partial<CreateUserImportJobCommandInput> = {}) {
  const { sdk, UserPoolId } = pool
  const CloudWatchLogsRoleArn = 'arn:aws:iam::000000000000:role/logs'
  const request = { UserPoolId, JobName: 'test', CloudWatchLogsRoleArn, ...more }
  const { UserImportJob: job } = await sdk.send(new CreateUserImportJobCommand(request))
  const place = { UserPoolId, JobId: job?.JobId }
  const { CSVHeader: header = [] } = await sdk.send(new GetCSVHeaderCommand({ UserPoolId }))
  const columns = more.PasswordHashingAlgorithm ? [...header, 'cognito:password_hash'] : header
  const put = (body: string, headers: Line = { 'x-amz-server-side-encryption': 'aws:kms' }) =>
    fetch(job?.PreSignedUrl ?? '', { method: 'PUT', body, headers })
  return {
    header,
    place,
    put,
    upload: (lines: readonly Line[]) => {
      const rows = lines.map((line) => columns.map((name) => (line[name] ?? '').replaceAll(',', '\\,')).join(','))
      return put([columns.join(','), ...rows].join('\n'))
    },
    start: () => sdk.send(new StartUserImportJobCommand(place)),
    stop: () => sdk.send(new StopUserImportJobCommand(place)),
    status: async () => (await sdk.send(new DescribeUserImportJobCommand(place))).UserImportJob,
  }
}

async function run(pool: OpenPool, lines: readonly Line[], more: Partial<CreateUserImportJobCommandInput> = {}) {
  const job = await begin(pool, more)
  await job.upload(lines)
  expect((await job.start()).UserImportJob?.Status).toBe('Pending')
  await expect.poll(async () => (await job.status())?.CompletionDate).toBeDefined()
  return await job.status()
}

const ADA = { 'cognito:username': 'ada', email: 'ada@example.com', email_verified: 'TRUE', name: 'Ada, the first' }

describe('CSV import (Developer Guide: cognito-user-pools-using-import-tool)', () => {
  it('brings users in who reset their password first, and runs no trigger', async () => {
    emulator.setTrigger('import', (event) => event)
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:import'
    const pool = await openPool(emulator, { pool: { LambdaConfig: { PreSignUp: arn, PostConfirmation: arn } } })
    expect(await run(pool, [ADA])).toMatchObject({
      Status: 'Succeeded',
      ImportedUsers: 1,
      SkippedUsers: 0,
      FailedUsers: 0,
    })
    expect(await pool.user('ada')).toMatchObject({
      status: 'RESET_REQUIRED',
      name: 'Ada, the first',
      email_verified: 'true',
    })
    expect(emulator.triggerCalls()).toEqual([])
    expect(await refusal(pool.signIn('ada'))).toBe(
      'PasswordResetRequiredException: Password reset required for the user',
    )
    const who = { ClientId: pool.ClientId, Username: 'ada' }
    await pool.sdk.send(new ForgotPasswordCommand(who))
    const reset = { ...who, ConfirmationCode: pool.code('ada'), Password: PASSWORD }
    await pool.sdk.send(new ConfirmForgotPasswordCommand(reset))
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })

  it('a client that hides who exists does not tell that the user was imported', async () => {
    const pool = await openPool(emulator, { client: { PreventUserExistenceErrors: 'ENABLED' } })
    await run(pool, [ADA])
    expect(await refusal(pool.signIn('ada'))).toBe('NotAuthorizedException: Incorrect username or password.')
  })

  it('counts who is skipped and who fails, and says in which line, without any value', async () => {
    const pool = await openPool(emulator)
    const lines = [ADA, ADA, { ...ADA, 'cognito:username': 'bob', email_verified: 'FALSE' }, { email: 'x@example.com' }]
    const done = await run(pool, lines)
    expect(done).toMatchObject({ Status: 'Succeeded', ImportedUsers: 1, SkippedUsers: 1, FailedUsers: 2 })
    expect(done?.CompletionMessage).toContain('line 4: The row has no verified address.')
    expect(done?.CompletionMessage).not.toContain('example.com')
  })

  it('fails as a whole without a file or with a column missing', async () => {
    const pool = await openPool(emulator)
    const empty = await begin(pool)
    await empty.start()
    await expect.poll(async () => (await empty.status())?.Status).toBe('Failed')
    const short = await begin(pool)
    await short.put('email,cognito:username\nada@example.com,ada')
    await short.start()
    await expect.poll(async () => (await short.status())?.CompletionMessage).toContain('The header has no column')
  })

  it('takes the file only with the encryption header, and only before the start', async () => {
    const job = await begin(await openPool(emulator))
    expect((await job.put('', {})).status).toBe(403)
    expect((await job.upload([ADA])).status).toBe(200)
    await job.start()
    expect((await job.upload([ADA])).status).toBe(403)
  })

  it('does not start in a pool without an auto-verified attribute, nor a day later', async () => {
    const job = await begin(await openPool(emulator, { pool: { AutoVerifiedAttributes: [] } }))
    expect(await refusal(job.start())).toContain('PreconditionNotMetException')
    now += 86_400_000
    expect((await job.status())?.Status).toBe('Expired')
    expect(await refusal(job.start())).toContain('The job is Expired')
  })

  it('can be stopped on its way, and until then the pool cannot be changed', async () => {
    const pool = await openPool(emulator)
    const job = await begin(pool)
    await job.upload(Array.from({ length: 20_000 }, (_, index) => ({ ...ADA, 'cognito:username': `user-${index}` })))
    await job.start()
    const change = new UpdateUserPoolCommand({ UserPoolId: pool.UserPoolId })
    const [changed, stopped] = await Promise.all([refusal(pool.sdk.send(change)), job.stop()])
    expect(changed).toContain('UserImportInProgressException')
    expect(stopped.UserImportJob?.Status).toBe('Stopping')
    await expect.poll(async () => (await job.status())?.Status).toBe('Stopped')
    const { UserImportJobs } = await pool.sdk.send(
      new ListUserImportJobsCommand({ UserPoolId: pool.UserPoolId, MaxResults: 10 }),
    )
    expect(UserImportJobs?.map((one) => one.JobId)).toEqual([job.place.JobId])
    expect(UserImportJobs?.[0]?.ImportedUsers).toBeLessThan(20_000)
  })
})

describe('import of password hashes (experimental)', () => {
  const salt = Buffer.from('a salt of theirs')
  const pbkdf2 = pbkdf2Sync(PASSWORD, salt, 1_000, 32, 'sha256').toString('base64')
  const scrypt = scryptSync(PASSWORD, salt, 32, { N: 2 ** 10, r: 8, p: 1 }).toString('base64')
  it.each([
    ['PBKDF2_SHA256' as const, `$pbkdf2-sha256$i=1000$${salt.toString('base64')}$${pbkdf2}`],
    ['SCRYPT' as const, `$scrypt$ln=10,r=8,p=1$${salt.toString('base64')}$${scrypt}`],
  ])('%s: the old password goes on working', async (PasswordHashingAlgorithm, hash) => {
    const pool = await openPool(emulator)
    const done = await run(pool, [{ ...ADA, 'cognito:password_hash': hash }], { PasswordHashingAlgorithm })
    expect(done).toMatchObject({ ImportedUsers: 1, PasswordHashingAlgorithm })
    expect(await pool.user('ada')).toMatchObject({ status: 'CONFIRMED' })
    expect(await refusal(pool.signIn('ada', 'wrong'))).toContain('Incorrect username or password')
    for (const _ of ['first', 'again']) expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })

  it.each(['BCRYPT' as const, 'ARGON2ID' as const])(
    '%s is refused instead of ignored',
    async (PasswordHashingAlgorithm) => {
      expect(await refusal(begin(await openPool(emulator), { PasswordHashingAlgorithm }))).toContain(
        'NotEmulatedException',
      )
    },
  )
})
