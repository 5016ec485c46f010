import {
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminLinkProviderForUserCommand,
  CreateIdentityProviderCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { CALLBACK, confirmedUser, type OpenPool, openPool, refusal } from '../testing/open-pool.ts'
import { arrive, signInWithGoogle } from '../testing/walk.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({
    personas: [{ id: 'ada', sub: '1099', email: 'ada@example.com', email_verified: true }],
  })
})
afterAll(() => emulator.close())

const google = { email: 'email', email_verified: 'email_verified' }

const identity = (
  ProviderAttributeValue: string,
  ProviderName = 'Google',
  ProviderAttributeName = 'Cognito_Subject',
) => ({
  ProviderName,
  ProviderAttributeName,
  ProviderAttributeValue,
})

const link = ({ sdk, UserPoolId }: OpenPool, destination: string, source = identity('1099')) =>
  sdk.send(
    new AdminLinkProviderForUserCommand({
      UserPoolId,
      DestinationUser: identity(destination, 'Cognito'),
      SourceUser: source,
    }),
  )

const unlink = ({ sdk, UserPoolId }: OpenPool, value: string) =>
  sdk.send(new AdminDisableProviderForUserCommand({ UserPoolId, User: identity(value) }))

async function poolWithAda() {
  const pool = await openPool(emulator, { google })
  const sub = await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
  return { pool, sub }
}

describe('AdminLinkProviderForUser (API reference)', () => {
  it('lets the identity sign in as the native user, and shows it in identities', async () => {
    const { pool, sub } = await poolWithAda()
    await link(pool, 'ada')
    const { identities } = { identities: '', ...(await pool.user('ada')) }
    expect(JSON.parse(identities)).toEqual([
      {
        userId: '1099',
        providerName: 'Google',
        providerType: 'Google',
        issuer: null,
        primary: false,
        dateCreated: expect.any(Number),
      },
    ])
    await signInWithGoogle(pool, 'ada')
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
    expect(await pool.user('ada')).toMatchObject({ sub, status: 'CONFIRMED' })
  })

  it.each([
    ['an unknown destination', 'nobody', identity('1099'), 'UserNotFoundException'],
    [
      'a native source',
      'ada',
      identity('ada', 'Cognito'),
      'Invalid SourceUser: Cognito users with a username/password',
    ],
    ['a provider the pool does not have', 'ada', identity('1', 'Facebook'), 'ResourceNotFoundException'],
    ['a social source by e-mail', 'ada', identity('a@x.org', 'Google', 'email'), 'InvalidParameterException'],
  ])('refuses %s', async (_, destination, source, text) => {
    const { pool } = await poolWithAda()
    expect(await refusal(link(pool, destination, source))).toContain(text)
  })

  it('says so when the link exists already, and again on every retry', async () => {
    const { pool } = await poolWithAda()
    await link(pool, 'ada')
    const text = 'InvalidParameterException: SourceUser is already linked to DestinationUser'
    expect(await refusal(link(pool, 'ada'))).toBe(text)
    expect(await refusal(link(pool, 'ada'))).toBe(text)
  })

  it('refuses an identity that is linked to somebody else; the switch chooses the error', async () => {
    const { pool } = await poolWithAda()
    await pool.signUp('bob')
    await link(pool, 'ada')
    expect(await refusal(link(pool, 'bob'))).toContain('AliasExistsException')
    emulator.setQuirks({ linkedElsewhere: 'InvalidParameterException' }, pool.UserPoolId)
    expect(await refusal(link(pool, 'bob'))).toContain('InvalidParameterException')
  })

  it('allows five identities and refuses the sixth; the switch chooses the error', async () => {
    const { pool } = await poolWithAda()
    for (const subject of '12345') await link(pool, 'ada', identity(subject))
    expect(await refusal(link(pool, 'ada', identity('6')))).toContain('LimitExceededException')
    emulator.setQuirks({ sixthIdentity: 'InvalidParameterException' }, pool.UserPoolId)
    expect(await refusal(link(pool, 'ada', identity('6')))).toContain('InvalidParameterException')
  })

  it('refuses to merge, and yet the link is there afterwards (aws/aws-sdk-net#1000)', async () => {
    const { pool, sub } = await poolWithAda()
    await signInWithGoogle(pool, 'ada')
    expect(emulator.users(pool.UserPoolId)).toHaveLength(2)
    expect(await refusal(link(pool, 'ada'))).toContain('Merging is not currently supported')
    expect(await refusal(link(pool, 'ada'))).toContain('already linked')
    expect(await pool.user('Google_1099')).toMatchObject({ sub })
  })

  it('after a refused merge, deleting the social username deletes the native user (aws/aws-sdk-go#4218)', async () => {
    const { pool } = await poolWithAda()
    await signInWithGoogle(pool, 'ada')
    await link(pool, 'ada').catch(() => {})
    await pool.sdk.send(new AdminDeleteUserCommand({ UserPoolId: pool.UserPoolId, Username: 'Google_1099' }))
    expect(emulator.users(pool.UserPoolId)).toMatchObject([{ Username: 'Google_1099' }])
  })

  it('after a refused merge, unlinking first makes the deletion hit the right profile', async () => {
    const { pool } = await poolWithAda()
    await signInWithGoogle(pool, 'ada')
    await link(pool, 'ada').catch(() => {})
    await unlink(pool, '1099')
    await pool.sdk.send(new AdminDeleteUserCommand({ UserPoolId: pool.UserPoolId, Username: 'Google_1099' }))
    expect(emulator.users(pool.UserPoolId)).toMatchObject([{ Username: 'ada' }])
  })

  it('only refuses to merge when the switch says so', async () => {
    const { pool } = await poolWithAda()
    emulator.setQuirks({ mergeAttempt: 'errorOnly' }, pool.UserPoolId)
    await signInWithGoogle(pool, 'ada')
    await link(pool, 'ada').catch(() => {})
    expect(await pool.user('ada')).not.toHaveProperty('identities')
  })

  it('takes a wrongly cased subject, and then every sign-in fails (awslabs/service-workbench-on-aws#605)', async () => {
    const { pool } = await poolWithAda()
    emulator.setPersona({ id: 'mixed', sub: 'MDRHj2Asx8', email: 'ada@example.com' })
    await link(pool, 'ada', identity('mdrhj2asx8'))
    const callback = await arrive(pool, 'mixed')
    expect(callback.searchParams.get('error_description')).toBe(
      'Invalid ProviderName/Username combination. Please check again',
    )
    emulator.setQuirks({ linkedIdentityLookup: 'fold' }, pool.UserPoolId)
    expect((await arrive(pool, 'mixed')).searchParams.get('code')).toBeTruthy()
  })

  it('links an OIDC identity by a mapped attribute until its first use, and by its subject from then on', async () => {
    const { pool } = await poolWithAda()
    await addCorp(pool)
    await link(pool, 'ada', identity('ada@example.com', 'Corp', 'email'))
    await arrive(pool, 'ada', { identity_provider: 'Corp' })
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
    const { identities } = { identities: '', ...(await pool.user('ada')) }
    expect(JSON.parse(identities)).toMatchObject([{ providerName: 'Corp', userId: '1099' }])
  })
})

/** A second provider, of the free-named kind, and a client that offers it. */
async function addCorp({ sdk, UserPoolId, ClientId }: OpenPool): Promise<void> {
  await sdk.send(
    new CreateIdentityProviderCommand({
      UserPoolId,
      ProviderName: 'Corp',
      ProviderType: 'OIDC',
      ProviderDetails: { client_id: 'x', authorize_scopes: 'openid', oidc_issuer: 'https://corp.test' },
      AttributeMapping: google,
    }),
  )
  await sdk.send(
    new UpdateUserPoolClientCommand({
      UserPoolId,
      ClientId,
      SupportedIdentityProviders: ['Corp'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      CallbackURLs: [CALLBACK],
    }),
  )
}

describe('AdminDisableProviderForUser (API reference)', () => {
  it('removes the link, and the next sign-in begins a new profile', async () => {
    const { pool } = await poolWithAda()
    await link(pool, 'ada')
    await unlink(pool, '1099')
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({ status: 'EXTERNAL_PROVIDER' })
  })

  it('refuses a prefixed subject and an identity that nobody linked (aws/aws-sdk-go#4218)', async () => {
    const { pool } = await poolWithAda()
    await link(pool, 'ada')
    const text = "Account isn't linked to anyone else, verify that the account has been linked"
    expect(await refusal(unlink(pool, 'Google_1099'))).toContain(text)
    expect(await refusal(unlink(pool, '7'))).toContain(text)
  })
})
