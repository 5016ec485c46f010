import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolCommand,
  GetUserAttributeVerificationCodeCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect } from 'vitest'
import { confirmedUser, type OpenPool, pairs, refusal } from '../testing/open-pool.ts'
import { EMAIL, INSENSITIVE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()

const update = ({ sdk, UserPoolId }: OpenPool, attributes: Record<string, string>, Username = 'ada') =>
  sdk.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes: pairs(attributes) }))

describe('attributes', () => {
  const custom = (
    Name: string,
    more: Partial<NonNullable<CreateUserPoolCommandInput['Schema']>[number]> = {},
  ): Partial<CreateUserPoolCommandInput> => ({
    Schema: [{ Name, AttributeDataType: 'String', Mutable: true, ...more }],
  })

  async function signedIn(given = {}) {
    const pool = await suite.open(given)
    await confirmedUser(pool, 'ada', EMAIL)
    return { pool, AccessToken: (await pool.signIn('ada')).AuthenticationResult?.AccessToken ?? '' }
  }
  async function created(pool: OpenPool, attributes: Record<string, string> = {}) {
    const UserAttributes = pairs(attributes)
    return await pool.sdk.send(
      new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada', UserAttributes }),
    )
  }
  async function refusedAtCreation(attributes: Record<string, string>, schema = {}) {
    return await refusal(created(await suite.open({ pool: schema }), attributes))
  }

  shows('attribute-01', async () => {
    expect(await refusedAtCreation({ 'custom:none': 'x' })).toContain(
      'InvalidParameterException: Invalid user attributes: user.custom:none: Attribute does not exist in the schema.',
    )
  })
  shows('attribute-02', async () => {
    const pool = await suite.open({ pool: custom('legacy', { Mutable: false }) })
    await created(pool, { 'custom:legacy': '1' })
    expect(await refusal(update(pool, { 'custom:legacy': '2' }))).toContain('Attribute cannot be updated.')
    expect(await pool.user('ada')).toMatchObject({ 'custom:legacy': '1' })
  })
  shows('attribute-03', async () => {
    expect(await refusedAtCreation({ name: 'a'.repeat(2_049) })).toContain('InvalidParameterException')
    expect(await refusedAtCreation({ name: 'a'.repeat(2_048) })).toBe('no refusal')
  })
  shows('attribute-04', async () => {
    expect(await refusedAtCreation({ email: 'ada' })).toBe('InvalidParameterException: Invalid email address format.')
  })
  shows('attribute-05', async () => {
    for (const phone_number of ['0170 1234567', '+49 170', '491701234567']) {
      expect(await refusedAtCreation({ phone_number })).toBe('InvalidParameterException: Invalid phone number format.')
    }
  })
  shows('attribute-06', async () => {
    expect(await refusedAtCreation({ birthdate: '1815' })).toContain('InvalidParameterException')
    expect(await refusedAtCreation({ birthdate: '1815-12-10' })).toBe('no refusal')
  })
  shows('attribute-07', async () => {
    const pool = await suite.open()
    await created(pool, { name: 'Ada' })
    await update(pool, { name: '' })
    expect(await pool.user('ada')).not.toHaveProperty('name')
  })
  shows('attribute-08', async () => {
    const { pool, AccessToken } = await signedIn()
    const UserAttributes = pairs({ email: 'new@example.com' })
    const answer = await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    expect(answer.CodeDeliveryDetailsList).toMatchObject([{ AttributeName: 'email', Destination: 'n***@e***' }])
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'false' })
  })
  shows('attribute-09', async () => {
    const UserAttributeUpdateSettings = { AttributesRequireVerificationBeforeUpdate: ['email' as const] }
    const { pool, AccessToken } = await signedIn({ pool: { UserAttributeUpdateSettings } })
    const UserAttributes = pairs({ email: 'new@example.com' })
    await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    expect(await pool.user('ada')).toMatchObject({ email: 'ada@example.com', email_verified: 'true' })
    const Code = pool.code('ada')
    await pool.sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
  })
  shows('attribute-10', async () => {
    const { pool } = await signedIn()
    const before = suite.emulator().inbox(pool.UserPoolId, 'ada').length
    await update(pool, { email: 'new@example.com', email_verified: 'true' })
    expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
    expect(suite.emulator().inbox(pool.UserPoolId, 'ada')).toHaveLength(before)
  })
  shows('attribute-11', async () => {
    const { pool } = await signedIn()
    expect(await refusal(update(pool, { sub: 'mine' }))).toContain('InvalidParameterException')
  })
  shows('attribute-12', async () => {
    const { pool, AccessToken } = await signedIn()
    await update(pool, { email_verified: 'false' })
    await pool.sdk.send(new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'email' }))
    const Code = pool.code('ada')
    await pool.sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'true' })
  })
  shows('attribute-13', async () => {
    const { pool, AccessToken } = await signedIn()
    const ask = new GetUserAttributeVerificationCodeCommand({ AccessToken, AttributeName: 'phone_number' })
    expect(await refusal(pool.sdk.send(ask))).toContain('InvalidParameterException')
  })
  shows('attribute-14', async () => {
    expect(await refusedAtCreation({ updated_at: 'yesterday' })).toContain('InvalidParameterException')
    expect(await refusedAtCreation({ ...EMAIL, email_verified: 'yes' })).toContain('InvalidParameterException')
  })
  shows('attribute-15', async () => {
    const text = custom('code', { StringAttributeConstraints: { MinLength: '2', MaxLength: '3' } })
    const number = custom('age', { AttributeDataType: 'Number', NumberAttributeConstraints: { MaxValue: '150' } })
    expect(await refusedAtCreation({ 'custom:code': 'a' }, text)).toContain('InvalidParameterException')
    expect(await refusedAtCreation({ 'custom:code': 'abcd' }, text)).toContain('InvalidParameterException')
    expect(await refusedAtCreation({ 'custom:age': '151' }, number)).toContain('InvalidParameterException')
    expect(await refusedAtCreation({ 'custom:code': 'abc' }, text)).toBe('no refusal')
  })
  shows('attribute-16', async () => {
    const { pool, AccessToken } = await signedIn({ client: { WriteAttributes: ['email'] } })
    const write = new UpdateUserAttributesCommand({ AccessToken, UserAttributes: pairs({ name: 'Ada' }) })
    expect(await refusal(pool.sdk.send(write))).toContain('NotAuthorizedException')
  })
  shows('attribute-17', async () => {
    const { pool, AccessToken } = await signedIn()
    await update(pool, { email: 'new@example.com' })
    const Code = pool.code('ada') === '000000' ? '111111' : '000000'
    const verify = new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code })
    expect(await refusal(pool.sdk.send(verify))).toContain('CodeMismatchException')
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })
  shows('attribute-18', async () => {
    const { pool, AccessToken } = await signedIn({ pool: custom('tenant') })
    const write = new UpdateUserAttributesCommand({ AccessToken, UserAttributes: pairs({ 'custom:tenant': '1' }) })
    expect(await refusal(pool.sdk.send(write))).toContain('NotAuthorizedException')
  })
  shows('attribute-19', async () => {
    const pool = await suite.open()
    await created(pool)
    const look = () => pool.sdk.send(new AdminGetUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    const before = await look()
    suite.wait(5_000)
    await update(pool, { name: 'Ada' })
    const after = await look()
    expect(after.UserCreateDate).toEqual(before.UserCreateDate)
    expect(Number(after.UserLastModifiedDate)).toBeGreaterThan(Number(before.UserLastModifiedDate))
  })
  shows('attribute-20', async () => {
    const { sdk, UserPoolId } = await suite.open()
    const { UserPool } = await sdk.send(new DescribeUserPoolCommand({ UserPoolId }))
    const names = UserPool?.SchemaAttributes?.map((attribute) => attribute.Name)
    expect(names).toEqual(
      expect.arrayContaining(['sub', 'email', 'email_verified', 'address', 'zoneinfo', 'updated_at', 'birthdate']),
    )
    expect(names).toHaveLength(20)
  })
  const KEEPING = { UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email' as const] } }
  async function changing(given = {}) {
    const { pool, AccessToken } = await signedIn(given)
    const UserAttributes = pairs({ email: 'new@example.com' })
    await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
    const verify = (Code: string) =>
      pool.sdk.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }))
    return { pool, verify, code: pool.code('ada') }
  }
  shows('attribute-21', async () => {
    const flagged = async (verifiedFlagAlone: 'ignored' | 'promotesPending', changes: Record<string, string>) => {
      const { pool, verify, code } = await changing({ pool: KEEPING })
      suite.emulator().setQuirks({ verifiedFlagAlone }, pool.UserPoolId)
      await update(pool, changes)
      const { email, email_verified } = Object(await pool.user('ada'))
      return [email, email_verified, (await refusal(verify(code))).split(':')[0]]
    }
    const alone = { email_verified: 'true' }
    expect(await flagged('ignored', alone)).toEqual([EMAIL.email, 'true', 'no refusal'])
    expect(await flagged('promotesPending', alone)).toEqual(['new@example.com', 'true', 'ExpiredCodeException'])
    // Address and flag together, and a flag that takes away, are about the address that stands.
    expect(await flagged('promotesPending', { ...EMAIL, ...alone })).toEqual([EMAIL.email, 'true', 'no refusal'])
    expect(await flagged('promotesPending', { email_verified: 'false' })).toEqual([EMAIL.email, 'false', 'no refusal'])
  })
  shows('attribute-23', async () => {
    for (const email_verified of ['True', 'TRUE']) {
      const pool = await suite.open({ pool: { AliasAttributes: ['email'] } })
      await created(pool, { ...EMAIL, email_verified })
      expect(await pool.user(EMAIL.email)).toMatchObject({ username: 'ada', email_verified: 'true' })
      await update(pool, { email: 'new@example.com', email_verified })
      expect(await pool.user('new@example.com')).toMatchObject({ username: 'ada', email_verified: 'true' })
    }
  })
  shows('attribute-22', async () => {
    for (const given of [{}, { pool: KEEPING }]) {
      const { pool, verify, code } = await changing(given)
      await update(pool, { ...EMAIL, email_verified: 'true' })
      expect(await pool.user('ada')).toMatchObject({ ...EMAIL, email_verified: 'true' })
      await verify(code)
      expect(await pool.user('ada')).toMatchObject({ email: 'new@example.com', email_verified: 'true' })
    }
  })
})

describe('ListUsers', () => {
  async function crowd(more = {}) {
    const pool = await suite.open({ pool: more })
    await pool.signUp('ada', { email: 'Ada@Example.com', name: 'Ada' })
    await pool.signUp('adam', { email: 'adam@example.com', name: 'Adam "A"' })
    return pool
  }
  async function names(pool: OpenPool, Filter: string) {
    const { Users } = await pool.sdk.send(new ListUsersCommand({ UserPoolId: pool.UserPoolId, Filter }))
    return Users?.map((user) => user.Username)
  }
  const listing = ({ sdk, UserPoolId }: OpenPool, more: Partial<ListUsersCommandInput> = {}) =>
    sdk.send(new ListUsersCommand({ UserPoolId, ...more }))

  shows('list-01', async () => expect(await names(await crowd(), 'username = "ada"')).toEqual(['ada']))
  shows('list-02', async () => expect(await names(await crowd(), 'name ^= "Ada"')).toEqual(['ada', 'adam']))
  shows('list-03', async () => {
    const two = 'username = "ada" and name = "Ada"'
    expect(await refusal(names(await crowd(), two))).toBe('InvalidParameterException: Error while parsing filter')
  })
  shows('list-04', async () => {
    const pool = await crowd({ Schema: [{ Name: 'tenant', AttributeDataType: 'String' }] })
    expect(await refusal(names(pool, 'custom:tenant = "1"'))).toContain('InvalidParameterException')
  })
  shows('list-05', async () => {
    const pool = await crowd()
    expect(await names(pool, String.raw`name = "Adam \"A\""`)).toEqual(['adam'])
    expect(await refusal(names(pool, 'name = "Adam "A""'))).toContain('Error while parsing filter')
    expect(await refusal(names(pool, 'name ^= "x" or name ^= ""'))).toContain('Error while parsing filter')
  })
  shows('list-06', async () => {
    const pool = await crowd()
    await pool.sdk.send(new AdminDisableUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect(await names(pool, 'status = "Disabled"')).toEqual(['ada'])
    expect(await names(pool, 'status = "Enabled"')).toEqual(['adam'])
  })
  shows('list-07', async () => {
    const pool = await crowd()
    await pool.confirm('ada')
    expect(await names(pool, 'cognito:user_status = "confirmed"')).toEqual(['ada'])
  })
  shows('list-08', async () => {
    const pool = await crowd()
    const { sub } = { sub: '', ...(await pool.user('adam')) }
    expect(await names(pool, `sub = "${sub}"`)).toEqual(['adam'])
  })
  shows('list-09', async () => {
    const pool = await crowd()
    expect(await refusal(listing(pool, { Limit: 61 }))).toContain('InvalidParameterException')
    expect(await refusal(listing(pool, { Limit: 60 }))).toBe('no refusal')
  })
  shows('list-10', async () => {
    const pool = await crowd()
    const first = await listing(pool, { Limit: 1 })
    const second = await listing(pool, { Limit: 1, PaginationToken: first.PaginationToken })
    expect([first, second].flatMap(({ Users }) => Users?.map((user) => user.Username))).toEqual(['ada', 'adam'])
    expect(second.PaginationToken).toBeUndefined()
  })
  shows('list-11', async () => {
    const pool = await crowd()
    const { PaginationToken } = await listing(pool, { Limit: 1 })
    suite.wait(3_601_000)
    expect(await refusal(listing(pool, { PaginationToken }))).toContain('InvalidParameterException')
  })
  shows('list-12', async () => {
    const { Users } = await listing(await crowd(), { AttributesToGet: ['name'] })
    expect(Users?.[0]?.Attributes).toEqual([{ Name: 'name', Value: 'Ada' }])
  })
  shows('list-13', async () => {
    const pool = await suite.open()
    suite.emulator().setQuirks({ listUsersLagMs: 2_000 }, pool.UserPoolId)
    await pool.signUp('ada')
    expect((await listing(pool)).Users).toEqual([])
    suite.wait(2_000)
    expect((await listing(pool)).Users).toHaveLength(1)
  })
  shows('list-14', async () => {
    const [sensitive, insensitive] = [await crowd(), await crowd(INSENSITIVE)]
    const filter = 'email = "ada@example.COM"'
    expect([await names(sensitive, filter), await names(insensitive, filter)]).toEqual([[], ['ada']])
    suite.emulator().setQuirks({ listUsersEmailFilter: 'alwaysFold' }, sensitive.UserPoolId)
    suite.emulator().setQuirks({ listUsersEmailFilter: 'alwaysExact' }, insensitive.UserPoolId)
    expect([await names(sensitive, filter), await names(insensitive, filter)]).toEqual([['ada'], []])
  })
  shows('list-15', async () => expect(await names(await crowd(), '')).toHaveLength(2))
  shows('list-16', async () => {
    const search = names(await crowd(), 'email_verified = "true"')
    expect(await refusal(search)).toBe('InvalidParameterException: Invalid search attribute: email_verified')
  })
})
