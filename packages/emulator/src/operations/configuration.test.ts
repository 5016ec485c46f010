import {
  CreateIdentityProviderCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  CreateUserPoolDomainCommand,
  DeleteIdentityProviderCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DeleteUserPoolDomainCommand,
  DescribeIdentityProviderCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  ListIdentityProvidersCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  UpdateIdentityProviderCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { openPool, refusal, sdkFor } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f'

describe('user pools', () => {
  const create = (input: Partial<CreateUserPoolCommandInput>) =>
    sdkFor(emulator).send(new CreateUserPoolCommand({ PoolName: 'p', ...input }))

  it('are described with the API’s defaults (API reference: CreateUserPool)', async () => {
    const { UserPool: pool } = await create({})
    expect(pool?.Id).toMatch(/^us-east-1_[A-Za-z0-9]{9}$/u)
    expect(pool?.Arn).toContain(pool?.Id)
    expect(pool?.Policies?.PasswordPolicy).toMatchObject({ MinimumLength: 8, RequireSymbols: true })
    expect(pool?.UsernameConfiguration).toBeUndefined()
    expect(pool?.SchemaAttributes?.find(({ Name }) => Name === 'sub')).toMatchObject({ Required: true, Mutable: false })
    expect(pool?.CreationDate).toBeInstanceOf(Date)
  })

  it('cannot have alias and username attributes at once', async () => {
    const both = create({ AliasAttributes: ['email'], UsernameAttributes: ['email'] })
    expect(await refusal(both)).toContain('Only one of the aliasAttributes or usernameAttributes can be set')
  })

  it('need a type for custom attributes (aws-amplify/amplify-backend#3299)', async () => {
    expect(await refusal(create({ Schema: [{ Name: 'x', Mutable: true }] }))).toContain(
      'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
    )
  })

  it('T137: refuse a first factor that is not played instead of ignoring it', async () => {
    const Policies = { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD' as const, 'WEB_AUTHN' as const] } }
    expect(await refusal(create({ Policies }))).toContain('NotEmulatedException')
  })

  it('T137: refuse a trigger that is not run instead of ignoring it', async () => {
    const answer = await fetch(emulator.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.CreateUserPool',
      },
      body: JSON.stringify({ PoolName: 'test', LambdaConfig: { SomethingNew: arn } }),
    })
    expect(await answer.json()).toMatchObject({ __type: 'NotEmulatedException' })
  })

  it('lose on update whatever the call leaves out (Developer Guide: cognito-user-pool-updating)', async () => {
    const sdk = sdkFor(emulator)
    const { UserPool: pool } = await create({
      LambdaConfig: { PreSignUp: arn },
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      Policies: { PasswordPolicy: { MinimumLength: 20 } },
    })
    await sdk.send(new UpdateUserPoolCommand({ UserPoolId: pool?.Id, PoolName: 'renamed' }))
    const { UserPool: after } = await sdk.send(new DescribeUserPoolCommand({ UserPoolId: pool?.Id }))
    expect(after).toMatchObject({
      Name: 'renamed',
      LambdaConfig: {},
      AutoVerifiedAttributes: [],
      Policies: { PasswordPolicy: { MinimumLength: 8 } },
      UsernameConfiguration: { CaseSensitive: false },
    })
  })

  it('are listed by pages and deleted, unless protected', async () => {
    const sdk = sdkFor(emulator)
    const { UserPool: pool } = await create({ DeletionProtection: 'ACTIVE' })
    const UserPoolId = pool?.Id
    const page = await sdk.send(new ListUserPoolsCommand({ MaxResults: 1 }))
    expect([page.UserPools?.length, typeof page.NextToken]).toEqual([1, 'string'])
    expect(await refusal(sdk.send(new DeleteUserPoolCommand({ UserPoolId })))).toContain('deletion protection')
    await sdk.send(new UpdateUserPoolCommand({ UserPoolId }))
    await sdk.send(new DeleteUserPoolCommand({ UserPoolId }))
    expect(await refusal(sdk.send(new DescribeUserPoolCommand({ UserPoolId })))).toBe(
      `ResourceNotFoundException: User pool ${UserPoolId} does not exist.`,
    )
  })

  it('record a domain, which belongs to one pool only', async () => {
    const sdk = sdkFor(emulator)
    const [one, other] = [await openPool(emulator), await openPool(emulator)]
    const { UserPoolId } = one
    await sdk.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'my-app' }))
    const taken = new CreateUserPoolDomainCommand({ UserPoolId: other.UserPoolId, Domain: 'my-app' })
    expect(await refusal(sdk.send(taken))).toContain('InvalidParameterException')
    const describeDomain = new DescribeUserPoolDomainCommand({ Domain: 'my-app' })
    expect((await sdk.send(describeDomain)).DomainDescription).toMatchObject({ UserPoolId, Status: 'ACTIVE' })
    await sdk.send(new DeleteUserPoolDomainCommand({ UserPoolId, Domain: 'my-app' }))
    expect((await sdk.send(describeDomain)).DomainDescription).toEqual({})
  })
})

describe('app clients (API reference: CreateUserPoolClient)', () => {
  it('are made, described, listed, updated with the same forgetting, and deleted', async () => {
    const { sdk, UserPoolId, ClientId } = await openPool(emulator, { client: { GenerateSecret: true } })
    const describeClient = () => sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
    const { UserPoolClient: before } = await describeClient()
    expect(before).toMatchObject({
      ClientName: 'app',
      ClientSecret: expect.any(String),
      SupportedIdentityProviders: ['COGNITO'],
    })
    expect((await sdk.send(new ListUserPoolClientsCommand({ UserPoolId }))).UserPoolClients).toHaveLength(1)
    await sdk.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId }))
    const { UserPoolClient: after } = await describeClient()
    expect(after?.ClientSecret).toBe(before?.ClientSecret)
    expect(after?.CallbackURLs).toBeUndefined()
    expect(after?.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH'])
    await sdk.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(await refusal(describeClient())).toBe(
      `ResourceNotFoundException: User pool client ${ClientId} does not exist.`,
    )
  })

  it.each([
    ['http://example.com/', false],
    ['http://localhost:3000/', true],
    ['https://example.com/#fragment', false],
    ['/relative', false],
    ['myapp://callback', true],
  ])('take %s as callback: %s', async (url, isTaken) => {
    const { sdk, UserPoolId } = await openPool(emulator)
    const create = new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c', CallbackURLs: [url] })
    expect((await refusal(sdk.send(create))) === 'no refusal').toBe(isTaken)
  })

  it.each([
    ['mixed flow names', { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH' as const, 'USER_PASSWORD_AUTH' as const] }],
    ['unknown attributes', { ReadAttributes: ['custom:nothing'] }],
    ['unknown providers', { SupportedIdentityProviders: ['Google'] }],
    ['a day-long access token in seconds too many', { AccessTokenValidity: 25 }],
  ])('refuse %s', async (_, input) => {
    const { sdk, UserPoolId } = await openPool(emulator)
    const create = new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c', ...input })
    expect(await refusal(sdk.send(create))).toContain('InvalidParameterException')
  })

  it('belong to one pool only', async () => {
    const [one, other] = [await openPool(emulator), await openPool(emulator)]
    const foreign = new DescribeUserPoolClientCommand({ UserPoolId: other.UserPoolId, ClientId: one.ClientId })
    expect(await refusal(one.sdk.send(foreign))).toContain('ResourceNotFoundException')
  })
})

const DETAILS = { client_id: 'x', client_secret: 'y', authorize_scopes: 'openid' }

describe('identity providers (API reference: CreateIdentityProvider)', () => {
  const google = { ProviderName: 'Google', ProviderType: 'Google' as const, ProviderDetails: DETAILS }

  it('are made, described, listed, updated and deleted', async () => {
    const { sdk, UserPoolId } = await openPool(emulator)
    const where = { UserPoolId, ProviderName: 'Google' }
    await sdk.send(new CreateIdentityProviderCommand({ UserPoolId, ...google, AttributeMapping: { email: 'email' } }))
    await sdk.send(new UpdateIdentityProviderCommand({ ...where, AttributeMapping: { email: 'email', name: 'name' } }))
    const { IdentityProvider: described } = await sdk.send(new DescribeIdentityProviderCommand(where))
    expect(described).toMatchObject({ ...google, AttributeMapping: { email: 'email', name: 'name' } })
    const { Providers: listed } = await sdk.send(new ListIdentityProvidersCommand({ UserPoolId }))
    expect(listed).toMatchObject([{ ProviderName: 'Google', ProviderType: 'Google' }])
    await sdk.send(new DeleteIdentityProviderCommand(where))
    expect(await refusal(sdk.send(new DescribeIdentityProviderCommand(where)))).toContain('ResourceNotFoundException')
  })

  it('exist once per name, map only onto known attributes, and carry fitting names', async () => {
    const { sdk, UserPoolId } = await openPool(emulator)
    const create = (more: object) =>
      refusal(sdk.send(new CreateIdentityProviderCommand({ UserPoolId, ...google, AttributeMapping: {}, ...more })))
    expect(await create({ AttributeMapping: { 'custom:nothing': 'x' } })).toContain('InvalidParameterException')
    expect(await create({ ProviderName: 'MyGoogle' })).toContain('InvalidParameterException')
    expect(await create({ ProviderType: 'OIDC', ProviderName: 'x'.repeat(33) })).toContain('InvalidParameterException')
    expect(await create({})).toBe('no refusal')
    expect(await create({})).toContain('DuplicateProviderException')
  })
})
