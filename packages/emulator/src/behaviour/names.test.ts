import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminUpdateUserAttributesCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  ListUsersCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { describe, expect } from 'vitest'
import { confirmedUser, type OpenPool, openPool, PASSWORD, pairs, refusal } from '../testing/open-pool.ts'
import { signInWithGoogle } from '../testing/walk.ts'
import { EMAIL, GOOGLE, INSENSITIVE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()

const adminUpdate = ({ sdk, UserPoolId }: OpenPool, Username: string, attributes: Record<string, string>) =>
  sdk.send(new AdminUpdateUserAttributesCommand({ UserPoolId, Username, UserAttributes: pairs(attributes) }))

const tokenOf = async (pool: OpenPool, name: string) =>
  (await pool.signIn(name)).AuthenticationResult?.AccessToken ?? ''

describe('aliases', () => {
  const aliasPool = (more = {}) => suite.open({ pool: { AliasAttributes: ['email', 'preferred_username'], ...more } })
  async function withHolder(more = {}) {
    const pool = await aliasPool(more)
    await confirmedUser(pool, 'ada', EMAIL)
    return pool
  }

  shows('alias-01', async () => {
    const pool = await withHolder()
    expect(await refusal(pool.signUp('eve', EMAIL))).toBe('no refusal')
  })
  shows('alias-02', async () => {
    const pool = await withHolder()
    await pool.signUp('eve', EMAIL)
    expect(await refusal(pool.confirm('eve'))).toContain('AliasExistsException: ')
  })
  shows('alias-03', async () => {
    const pool = await withHolder()
    await pool.signUp('eve', EMAIL)
    await pool.confirm('eve', true)
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'eve' })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })
  shows('alias-04', async () => {
    const pool = await withHolder()
    await pool.signUp('eve', EMAIL)
    await pool.confirm('eve').catch(() => {})
    expect(await pool.user('eve')).toMatchObject({ status: 'UNCONFIRMED' })
    expect(await refusal(pool.confirm('eve', true))).toBe('no refusal')
  })
  shows('alias-05', async () => {
    const pool = await aliasPool()
    await pool.signUp('ada', EMAIL)
    expect(await refusal(pool.signIn('ada@example.com'))).toBe('UserNotFoundException: User does not exist.')
  })
  shows('alias-06', async () => {
    const pool = await withHolder()
    expect((await pool.signIn('ada@example.com')).AuthenticationResult?.AccessToken).toBeTruthy()
  })
  shows('alias-07', async () => {
    const confirmAll = (event: object) => ({ ...event, response: { autoConfirmUser: true, autoVerifyEmail: true } })
    const pool = await suite.triggered(['PreSignUp'], confirmAll, { pool: { AliasAttributes: ['email'] } })
    await pool.signUp('ada', EMAIL)
    await pool.signUp('eve', EMAIL)
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'eve' })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })
  shows('alias-08', async () => {
    const pool = await withHolder()
    await pool.signUp('eve')
    await adminUpdate(pool, 'eve', { ...EMAIL, email_verified: 'true' })
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'eve' })
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
  })
  shows('alias-09', async () => {
    const pool = await aliasPool()
    expect(await refusal(pool.signUp('eve@example.com'))).toContain('InvalidParameterException: Username cannot be')
  })
  shows('alias-10', async () => {
    const pool = await aliasPool({ AliasAttributes: ['phone_number'] })
    expect(await refusal(pool.signUp('+491701234567'))).toContain('InvalidParameterException: Username cannot be')
  })
  shows('alias-11', async () => {
    const pool = await withHolder()
    await adminUpdate(pool, 'ada', { email: 'new@example.com' })
    expect(await refusal(pool.signIn('ada@example.com'))).toContain('UserNotFoundException')
    expect(await refusal(pool.signIn('new@example.com'))).toContain('UserNotFoundException')
    await adminUpdate(pool, 'ada', { email_verified: 'true' })
    expect(await refusal(pool.signIn('new@example.com'))).toBe('no refusal')
  })
  shows('alias-12', async () => {
    const pool = await aliasPool()
    expect(await refusal(pool.signUp('ada', { preferred_username: 'countess' }))).toContain('InvalidParameterException')
  })
  shows('alias-13', async () => {
    const pool = await withHolder()
    await adminUpdate(pool, 'ada', { preferred_username: 'countess' })
    expect(await refusal(pool.signIn('countess'))).toBe('no refusal')
  })
  shows('alias-14', async () => {
    const pool = await withHolder()
    const create = () => createAdmin(pool, 'bob', { ...EMAIL, email_verified: 'true' })
    expect(await refusal(create())).toBe('UsernameExistsException: An account with the given email already exists.')
    suite.emulator().setQuirks({ adminCreateTakenAlias: 'AliasExistsException' }, pool.UserPoolId)
    expect(await refusal(create())).toContain('AliasExistsException')
  })
  shows('alias-15', async () => {
    const pool = await withHolder()
    await createAdmin(pool, 'bob', { ...EMAIL, email_verified: 'true' }, true)
    expect(await pool.user('ada@example.com')).toMatchObject({ username: 'bob' })
  })
  shows('alias-16', async () => {
    const pool = await withHolder()
    await confirmedUser(pool, 'eve', { email: 'eve@example.com' })
    const AccessToken = await tokenOf(pool, 'eve')
    await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: pairs(EMAIL) }))
    const Code = pool.code('eve')
    const verify = new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code })
    expect(await refusal(pool.sdk.send(verify))).toContain('AliasExistsException')
  })
})

const createAdmin = (
  { sdk, UserPoolId }: OpenPool,
  Username: string,
  attributes: Record<string, string>,
  ForceAliasCreation = false,
) =>
  sdk.send(new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes: pairs(attributes), ForceAliasCreation }))

describe('an address as the username', () => {
  const addressPool = (...UsernameAttributes: ('email' | 'phone_number')[]) =>
    suite.open({ pool: { UsernameAttributes } })
  const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/u

  shows('address-01', async () => {
    const pool = await addressPool('email')
    const { UserSub } = await pool.signUp('ada@example.com')
    expect(await pool.user('ada@example.com')).toMatchObject({ username: UserSub, sub: UserSub })
    expect(UserSub).toMatch(UUID)
  })
  shows('address-02', async () => {
    const pool = await addressPool('email')
    await pool.signUp('ada@example.com')
    expect(await pool.user('ada@example.com')).toMatchObject({ email: 'ada@example.com' })
  })
  shows('address-03', async () => {
    const pool = await addressPool('email')
    expect(await refusal(pool.signUp('ada'))).toBe('InvalidParameterException: Username should be an email.')
  })
  shows('address-04', async () => {
    const pool = await addressPool('email', 'phone_number')
    expect(await refusal(pool.signUp('ada'))).toContain('Username should be either an email or a phone number.')
  })
  shows('address-05', async () => {
    const pool = await addressPool('email')
    const other = pool.signUp('ada@example.com', { email: 'eve@example.com' })
    expect(await refusal(other)).toContain('User email should be empty or same as username')
  })
  shows('address-06', async () => {
    const pool = await addressPool('email')
    await pool.signUp('ada@example.com')
    expect(await refusal(pool.signUp('ada@example.com'))).toBe('UsernameExistsException: User already exists')
  })
  shows('address-07', async () => {
    const pool = await addressPool('email')
    await pool.signUp('ada@example.com')
    const who = { UserPoolId: pool.UserPoolId, Username: 'ada@example.com' }
    await pool.sdk.send(new AdminConfirmSignUpCommand(who))
    expect(await pool.user('ada@example.com')).toMatchObject({ email_verified: 'false' })
    expect(await refusal(pool.signIn('ada@example.com'))).toBe('no refusal')
  })
  shows('address-08', async () => {
    const pool = await addressPool('email')
    const created = await createAdmin(pool, 'ada@example.com', {})
    expect(created.User?.Username).toMatch(UUID)
    expect(await pool.user('ada@example.com')).toMatchObject({ username: created.User?.Username })
  })
  shows('address-09', async () => {
    const pool = await addressPool('email')
    await pool.signUp('ada@example.com')
    const find = async (Filter: string) =>
      (await pool.sdk.send(new ListUsersCommand({ UserPoolId: pool.UserPoolId, Filter }))).Users
    expect(await find('username = "ada@example.com"')).toEqual([])
    expect(await find('email = "ada@example.com"')).toHaveLength(1)
  })
  shows('address-10', async () => {
    const pool = await addressPool('email')
    await confirmedUser(pool, 'ada@example.com', {})
    await adminUpdate(pool, 'ada@example.com', { email: 'new@example.com' })
    expect(await refusal(pool.signIn('new@example.com'))).toBe('no refusal')
    expect(await refusal(pool.signUp('ada@example.com'))).toBe('no refusal')
  })
  shows('address-11', async () => {
    const pool = await addressPool('email')
    await pool.signUp('ada@example.com')
    await pool.signUp('eve@example.com')
    expect(await refusal(adminUpdate(pool, 'eve@example.com', EMAIL))).toContain('AliasExistsException')
  })
  shows('address-12', async () => {
    const pool = await suite.open({ google: GOOGLE, pool: { UsernameAttributes: ['email'] } })
    await confirmedUser(pool, 'ada@example.com', {})
    await signInWithGoogle(pool, 'ada')
    expect(suite.emulator().users(pool.UserPoolId)).toHaveLength(2)
  })
  shows('address-13', async () => {
    const given = { pool: { UsernameAttributes: ['email' as const] } }
    const pool = await suite.triggered(['PreSignUp'], (event) => event, given)
    const { UserSub } = await pool.signUp('ada@example.com')
    expect(suite.eventsOf(pool).map((call) => call.event)).toMatchObject([{ userName: UserSub }])
  })
  shows('address-14', async () => {
    const pool = await addressPool('phone_number')
    const { UserSub } = await pool.signUp('+491701234567')
    expect(await pool.user('+491701234567')).toMatchObject({ username: UserSub, phone_number: '+491701234567' })
  })
})

describe('upper and lower case', () => {
  const insensitive = (more = {}) => suite.open({ pool: { ...INSENSITIVE, ...more } })

  shows('case-01', async () => {
    const pool = await suite.open()
    await pool.signUp('Ada')
    expect(await refusal(pool.signUp('ada'))).toBe('no refusal')
  })
  shows('case-02', async () => {
    const pool = await insensitive()
    await pool.signUp('Ada')
    expect(await refusal(pool.signUp('aDA'))).toContain('UsernameExistsException')
  })
  shows('case-03', async () => {
    const pool = await insensitive({ UsernameAttributes: ['email'] })
    await pool.signUp('A@X.com')
    expect(await refusal(pool.signUp('a@x.com'))).toContain('UsernameExistsException')
  })
  shows('case-04', async () => {
    const pool = await insensitive()
    await confirmedUser(pool, 'Ada', EMAIL)
    for (const name of ['Ada', 'ADA', 'ada']) expect(await refusal(pool.signIn(name))).toBe('no refusal')
  })
  shows('case-05', async () => {
    const pool = await suite.open()
    await confirmedUser(pool, 'Ada', EMAIL)
    expect(await refusal(pool.signIn('ada'))).toBe('UserNotFoundException: User does not exist.')
  })
  shows('case-06', async () => {
    const pool = await insensitive()
    await confirmedUser(pool, 'Ada', { email: 'Ada@Example.com' })
    expect(await pool.user('ADA')).toMatchObject({ username: 'ada', email: 'ada@example.com' })
    const id = (await pool.signIn('Ada')).AuthenticationResult?.IdToken ?? ''
    expect(decodeJwt(id)).toMatchObject({ 'cognito:username': 'ada', email: 'ada@example.com' })
  })
  shows('case-07', async () => {
    const pool = await insensitive()
    suite.emulator().setQuirks({ emailCasing: 'shownLowercase' }, pool.UserPoolId)
    await pool.signUp('ada', { email: 'Ada@Example.com' })
    expect(await pool.user('ada')).toMatchObject({ email: 'ada@example.com' })
  })
  shows('case-08', async () => {
    const pool = await insensitive({ AliasAttributes: ['email'] })
    await confirmedUser(pool, 'ada', EMAIL)
    await pool.signUp('eve', { email: 'ADA@example.com' })
    expect(await refusal(pool.confirm('eve'))).toContain('AliasExistsException')
  })
  shows('case-09', async () => {
    const pool = await insensitive()
    await pool.signUp('ada', { name: 'Ada Lovelace' })
    expect(await pool.user('ada')).toMatchObject({ name: 'Ada Lovelace' })
  })
  shows('case-10', async () => {
    suite.emulator().setPersona({ id: 'mixed', sub: 'MDRHj2Asx8' })
    const pool = await suite.open({ google: GOOGLE, pool: INSENSITIVE })
    await signInWithGoogle(pool, 'mixed')
    const names = () =>
      suite
        .emulator()
        .users(pool.UserPoolId)
        .map((user) => user.Username)
    expect(names()).toEqual(['google_mdrhj2asx8'])
    const other = await openPool(suite.emulator(), { google: GOOGLE, pool: INSENSITIVE })
    suite.emulator().setQuirks({ federatedUsernameCase: 'preserved' }, other.UserPoolId)
    await signInWithGoogle(other, 'mixed')
    expect(suite.emulator().users(other.UserPoolId)).toMatchObject([{ Username: 'Google_MDRHj2Asx8' }])
  })
  shows('case-11', async () => {
    suite.emulator().setPersona({ id: 'mixed', sub: 'MDRHj2Asx8' })
    const pool = await suite.open({ google: GOOGLE, pool: INSENSITIVE })
    await signInWithGoogle(pool, 'mixed')
    const { identities } = { identities: '', ...(await pool.user('google_mdrhj2asx8')) }
    expect(JSON.parse(identities)).toMatchObject([{ userId: 'MDRHj2Asx8' }])
  })
  shows('case-12', async () => {
    const pool = await insensitive()
    const ruleOf = async ({ sdk, UserPoolId }: OpenPool) =>
      (await sdk.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool?.UsernameConfiguration
    await pool.sdk.send(new UpdateUserPoolCommand({ UserPoolId: pool.UserPoolId }))
    expect(await ruleOf(pool)).toEqual({ CaseSensitive: false })
    expect(await ruleOf(await suite.open())).toBeUndefined()
    await pool.signUp('Ada')
    const AuthParameters = { USERNAME: 'ADA', PASSWORD }
    const attempt = new InitiateAuthCommand({ ClientId: pool.ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })
    expect(await refusal(pool.sdk.send(attempt))).toContain('UserNotConfirmedException')
  })
})
