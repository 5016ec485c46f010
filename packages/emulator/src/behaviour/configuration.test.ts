import {
  CreateIdentityProviderCommand,
  type CreateIdentityProviderCommandInput,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  CreateUserPoolDomainCommand,
  DeleteIdentityProviderCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeIdentityProviderCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  ListIdentityProvidersCommand,
  ListUserPoolsCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect } from 'vitest'
import { type OpenPool, refusal, sdkFor } from '../testing/open-pool.ts'
import { arnOf, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()

describe('user pools', () => {
  const create = (more: Partial<CreateUserPoolCommandInput> = {}) =>
    sdkFor(suite.emulator()).send(new CreateUserPoolCommand({ PoolName: 'p', ...more }))
  const attribute = (Name: string, more = {}) => ({ Name, AttributeDataType: 'String' as const, ...more })
  const describePool = async ({ sdk, UserPoolId }: OpenPool) =>
    (await sdk.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool

  shows('pool-01', async () => {
    const both = create({ AliasAttributes: ['email'], UsernameAttributes: ['email'] })
    expect(await refusal(both)).toContain('InvalidParameterException')
  })
  shows('pool-02', async () => {
    const LambdaConfig = { PreSignUp: arnOf('x') }
    const pool = await suite.open({ pool: { LambdaConfig } })
    expect((await describePool(pool))?.LambdaConfig).toEqual(LambdaConfig)
    await pool.sdk.send(new UpdateUserPoolCommand({ UserPoolId: pool.UserPoolId }))
    expect(await describePool(pool)).toMatchObject({ LambdaConfig: {}, AutoVerifiedAttributes: [] })
  })
  shows('pool-03', async () => {
    const { sdk, UserPoolId } = await suite.open({ pool: { DeletionProtection: 'ACTIVE' } })
    expect(await refusal(sdk.send(new DeleteUserPoolCommand({ UserPoolId })))).toContain('InvalidParameterException')
  })
  shows('pool-04', async () => {
    const { UserPool } = await create({ Schema: [attribute('tenant', { AttributeDataType: 'Number' })] })
    const named = UserPool?.SchemaAttributes?.find(({ Name }) => Name === 'custom:tenant')
    expect(named).toMatchObject({ AttributeDataType: 'Number', Required: false })
  })
  shows('pool-05', async () => {
    const refused = await refusal(create({ Schema: [attribute('tenant', { Required: true })] }))
    expect(refused).toContain('InvalidParameterException')
  })
  shows('pool-06', async () => {
    const Schema = Array.from({ length: 51 }, (_, index) => attribute(`a${index}`))
    expect(await refusal(create({ Schema }))).toContain('InvalidParameterException')
    expect(await refusal(create({ Schema: Schema.slice(0, 50) }))).toBe('no refusal')
  })
  shows('pool-07', async () => {
    expect(await refusal(create({ Schema: [attribute('a'.repeat(21))] }))).toContain('InvalidParameterException')
    expect(await refusal(create({ Schema: [attribute('a'.repeat(20))] }))).toBe('no refusal')
  })
  shows('pool-08', async () => {
    expect(await refusal(create({ Schema: [{ Name: 'tenant' }] }))).toContain('Invalid AttributeDataType input')
  })
  shows('pool-09', async () => {
    const list = (MaxResults?: number) =>
      refusal(sdkFor(suite.emulator()).send(new ListUserPoolsCommand({ MaxResults })))
    for (const size of [undefined, 0, 61]) expect(await list(size)).toContain('InvalidParameterException')
    expect(await list(60)).toBe('no refusal')
  })
  shows('pool-10', async () => {
    const [one, two] = [await suite.open(), await suite.open()]
    const take = ({ sdk, UserPoolId }: OpenPool) =>
      sdk.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: 'ours' }))
    await take(one)
    expect(await refusal(take(two))).toContain('InvalidParameterException')
  })
  shows('pool-11', async () => {
    const { sdk } = await suite.open()
    const { DomainDescription } = await sdk.send(new DescribeUserPoolDomainCommand({ Domain: 'nobodys' }))
    expect(DomainDescription).toEqual({})
  })
  shows('pool-12', async () => {
    const { sdk } = await suite.open()
    const call = sdk.send(new DescribeUserPoolCommand({ UserPoolId: 'us-east-1_none' }))
    expect(await refusal(call)).toBe('ResourceNotFoundException: User pool us-east-1_none does not exist.')
  })
  shows('pool-13', async () =>
    expect(await describePool(await suite.open())).toMatchObject({ UserPoolTier: 'ESSENTIALS' }),
  )
  shows('pool-14', async () => {
    const own = { LambdaVersion: 'V2_0' as const, LambdaArn: arnOf('a') }
    const config = (PreTokenGeneration: string) => ({ PreTokenGeneration, PreTokenGenerationConfig: own })
    expect(await refusal(create({ LambdaConfig: config(arnOf('b')) }))).toContain('InvalidParameterException')
    expect(await refusal(create({ LambdaConfig: config(arnOf('a')) }))).toBe('no refusal')
  })
  shows('pool-15', async () => {
    expect((await create()).UserPool?.Id).toMatch(/^us-east-1_[A-Za-z0-9]+$/u)
  })
})

describe('app clients', () => {
  const add = ({ sdk, UserPoolId }: OpenPool, more: Partial<CreateUserPoolClientCommandInput> = {}) =>
    sdk.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: 'c', ...more }))
  const look = ({ sdk, UserPoolId }: OpenPool, ClientId: string) =>
    sdk.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }))
  const refused = async (more: Partial<CreateUserPoolClientCommandInput>) =>
    await refusal(add(await suite.open(), more))

  shows('client-01', async () => {
    const pool = await suite.open()
    const { sdk, UserPoolId, ClientId } = pool
    expect((await look(pool, ClientId)).UserPoolClient?.CallbackURLs).toHaveLength(1)
    await sdk.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId }))
    const { UserPoolClient } = await look(pool, ClientId)
    expect(UserPoolClient?.CallbackURLs ?? []).toEqual([])
    expect(UserPoolClient?.AllowedOAuthFlowsUserPoolClient).toBe(false)
  })
  shows('client-02', async () => {
    expect(await refused({ CallbackURLs: ['http://example.com/back'] })).toContain('InvalidParameterException')
    const CallbackURLs = ['http://localhost:1/a', 'http://127.0.0.1/b', 'http://[::1]:2/c', 'https://example.com/d']
    expect(await refused({ CallbackURLs })).toBe('no refusal')
  })
  shows('client-03', async () => {
    for (const url of ['https://example.com/#here', '/back']) {
      expect(await refused({ CallbackURLs: [url] })).toContain('InvalidParameterException')
    }
  })
  shows('client-04', async () => expect(await refused({ CallbackURLs: ['myapp://back'] })).toBe('no refusal'))
  shows('client-05', async () => {
    const mixed = await refused({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] })
    expect(mixed).toContain('InvalidParameterException')
  })
  shows('client-06', async () => {
    const units = { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' } as const
    for (const [field, bad, good] of [
      ['AccessTokenValidity', 4, 5],
      ['IdTokenValidity', 1_441, 1_440],
      ['RefreshTokenValidity', 59, 60],
    ] as const) {
      expect(await refused({ [field]: bad, TokenValidityUnits: units })).toContain('InvalidParameterException')
      expect(await refused({ [field]: good, TokenValidityUnits: units })).toBe('no refusal')
    }
  })
  shows('client-07', async () => expect(await refused({ RefreshTokenValidity: 0 })).toBe('no refusal'))
  shows('client-08', async () => {
    const pool = await suite.open()
    expect((await add(pool)).UserPoolClient?.ClientSecret).toBeUndefined()
    expect((await add(pool, { GenerateSecret: true })).UserPoolClient?.ClientSecret).toBeTruthy()
  })
  shows('client-09', async () => {
    const text = await refused({ SupportedIdentityProviders: ['Google'] })
    expect(text).toContain('InvalidParameterException: The provider Google does not exist for User Pool')
  })
  shows('client-10', async () => {
    expect(await refused({ ReadAttributes: ['custom:none'] })).toContain('InvalidParameterException')
    expect(await refused({ WriteAttributes: ['custom:none'] })).toContain('InvalidParameterException')
  })
  shows('client-11', async () => {
    const [one, two] = [await suite.open(), await suite.open()]
    expect(await refusal(look(one, two.ClientId))).toContain('ResourceNotFoundException')
  })
  shows('client-12', async () => {
    const pool = await suite.open()
    const { sdk, UserPoolId, ClientId } = pool
    await sdk.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }))
    expect(await refusal(look(pool, ClientId))).toContain('ResourceNotFoundException')
    expect(await refusal(pool.signUp('ada'))).toContain('ResourceNotFoundException')
  })
})

describe('identity providers', () => {
  const add = ({ sdk, UserPoolId }: OpenPool, more: Partial<CreateIdentityProviderCommandInput> = {}) =>
    sdk.send(
      new CreateIdentityProviderCommand({
        UserPoolId,
        ProviderName: 'Corp',
        ProviderType: 'OIDC',
        ProviderDetails: {
          client_id: 'x',
          attributes_request_method: 'GET',
          oidc_issuer: 'https://id.example.com',
          authorize_scopes: 'openid',
        },
        ...more,
      }),
    )
  const look = ({ sdk, UserPoolId }: OpenPool, ProviderName: string) =>
    sdk.send(new DescribeIdentityProviderCommand({ UserPoolId, ProviderName }))

  shows('provider-01', async () => {
    const pool = await suite.open()
    await add(pool)
    expect(await refusal(add(pool))).toContain('DuplicateProviderException')
  })
  shows('provider-02', async () => {
    const AttributeMapping = { 'custom:none': 'sub' }
    expect(await refusal(add(await suite.open(), { AttributeMapping }))).toContain('InvalidParameterException')
  })
  shows('provider-03', async () => {
    const pool = await suite.open()
    const misnamed = add(pool, { ProviderType: 'Google', ProviderName: 'MyGoogle' })
    expect(await refusal(misnamed)).toContain('InvalidParameterException')
    const disguised = add(pool, { ProviderType: 'OIDC', ProviderName: 'Google' })
    expect(await refusal(disguised)).toContain('InvalidParameterException')
  })
  shows('provider-04', async () => {
    expect(await refusal(add(await suite.open(), { ProviderName: 'a'.repeat(33) }))).toContain('InvalidParameter')
    expect(await refusal(add(await suite.open(), { ProviderName: 'a'.repeat(32) }))).toBe('no refusal')
  })
  shows('provider-05', async () => {
    const pool = await suite.open()
    await add(pool, { ProviderName: 'CorpAD' })
    const { Providers } = await pool.sdk.send(new ListIdentityProvidersCommand({ UserPoolId: pool.UserPoolId }))
    expect(Providers).toMatchObject([{ ProviderName: 'CorpAD', ProviderType: 'OIDC' }])
    expect(await refusal(look(pool, 'corpad'))).toContain('ResourceNotFoundException')
  })
  shows('provider-06', async () => {
    const pool = await suite.open()
    await add(pool)
    const { UserPoolId } = pool
    await pool.sdk.send(new DeleteIdentityProviderCommand({ UserPoolId, ProviderName: 'Corp' }))
    expect(await refusal(look(pool, 'Corp'))).toContain('ResourceNotFoundException')
  })
  shows('provider-07', async () => {
    const pool = await suite.open()
    const named = async (ProviderName: string) => (await refusal(add(pool, { ProviderName }))).split(':')[0]
    for (const name of ['Okta_Partners', '_Okta', 'Okta_', 'A__b', 'My Corp', ' Corp', 'AB', 'a']) {
      expect([name, await named(name)]).toEqual([name, 'InvalidParameterException'])
    }
    for (const name of ['cdk', 'my-provider', 'A_b', 'Okta.Partners', 'Ökta']) {
      expect([name, await named(name)]).toEqual([name, 'no refusal'])
    }
    suite.emulator().setQuirks({ providerNames: 'any' }, pool.UserPoolId)
    expect(await named('Okta_Partners')).toBe('no refusal')
    expect(await named('a'.repeat(33))).toBe('InvalidParameterException')
  })
})
