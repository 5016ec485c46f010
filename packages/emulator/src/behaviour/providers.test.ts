import {
  AdminDeleteUserCommand,
  AdminLinkProviderForUserCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { hostilePersonas } from '../federation/hostile-personas.ts'
import { type StrictProvider, startStrictProvider } from '../federation/strict-provider.ts'
import type { TriggerFunction } from '../index.ts'
import { Browser } from '../testing/browser.ts'
import { confirmedUser, type OpenPool } from '../testing/open-pool.ts'
import { type Provider, poolWith } from '../testing/other-provider.ts'
import { arrive, authorizeUrl, formFields } from '../testing/walk.ts'
import { arnOf, EMAIL, INSENSITIVE, shows, useSuite } from './testing/shows.ts'

const ADA = { id: 'ada', sub: 'AbC', ...EMAIL, email_verified: true, name: 'Ada Lovelace', given_name: 'Ada' }
const NAMED = { ...ADA, family_name: 'Lovelace' }
const COMMENTED = { id: 'commented', sub: 'admin@corp.test<!---->.evil.test' }
const suite = useSuite({ personas: [NAMED, COMMENTED, ...hostilePersonas()] })

const usersOf = ({ UserPoolId }: OpenPool) => suite.emulator().users(UserPoolId)
const errorOf = (callback: URL) => callback.searchParams.get('error_description')

describe('InboundFederation', () => {
  let count = 0
  async function inboundPool(handler: TriggerFunction) {
    count += 1
    suite.emulator().setTrigger(`inbound-${count}`, handler)
    const InboundFederation = { LambdaVersion: 'V1_0' as const, LambdaArn: arnOf(`inbound-${count}`) }
    const google = { email: 'email', email_verified: 'email_verified', name: 'given_name', nickname: 'name' }
    return await suite.open({ google, pool: { ...INSENSITIVE, LambdaConfig: { InboundFederation } } })
  }
  const mapping = (userAttributesToMap: object) =>
    inboundPool((event: object) => ({ ...event, response: { userAttributesToMap } }))
  const profileOf = async (pool: OpenPool) => {
    const callback = await arrive(pool, 'ada')
    expect(errorOf(callback)).toBeNull()
    return await pool.user('google_abc')
  }

  shows('inbound-01', async () => {
    const pool = await inboundPool((event) => event)
    await profileOf(pool)
    await profileOf(pool)
    const source = 'InboundFederation_ExternalProvider'
    expect(suite.eventsOf(pool).map((call) => call.source)).toEqual([source, source])
  })
  shows('inbound-02', async () => {
    expect(await profileOf(await mapping({}))).toMatchObject({ ...EMAIL, name: 'Ada', nickname: 'Ada Lovelace' })
  })
  shows('inbound-03', async () => {
    const profile = await profileOf(await mapping({ email: 'changed@example.com' }))
    expect(profile).toMatchObject({ email: 'changed@example.com' })
    for (const name of ['name', 'nickname']) expect(profile).not.toHaveProperty(name)
  })
  shows('inbound-04', async () => {
    const pool = await inboundPool((event) => event)
    expect(await profileOf(pool)).toMatchObject({ username: 'google_abc' })
    expect(suite.eventsOf(pool)[0]?.event).toMatchObject({ request: { attributes: { idToken: { sub: 'AbC' } } } })
  })
  shows('inbound-05', async () => {
    const read = async (inboundFederationKeys: 'poolNamesWin' | 'idpNamesOnly') => {
      const pool = await mapping({ name: 'one', nickname: 'two' })
      suite.emulator().setQuirks({ inboundFederationKeys }, pool.UserPoolId)
      const { name, nickname } = Object(await profileOf(pool))
      return [name, nickname]
    }
    expect(await read('poolNamesWin')).toEqual(['one', 'two'])
    expect(await read('idpNamesOnly')).toEqual([undefined, 'one'])
  })
  shows('inbound-06', async () => {
    const endingWith = async (linkInInboundFederation: 'yes' | 'no') => {
      let self: OpenPool | undefined
      const source = { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 'AbC' }
      const DestinationUser = { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' }
      const pool = await inboundPool(async (event) => {
        const UserPoolId = self?.UserPoolId
        await self?.sdk.send(new AdminLinkProviderForUserCommand({ UserPoolId, SourceUser: source, DestinationUser }))
        return event
      })
      self = pool
      suite.emulator().setQuirks({ linkInInboundFederation }, pool.UserPoolId)
      await confirmedUser(pool, 'ada', EMAIL)
      return errorOf(await arrive(pool, 'ada'))
    }
    expect(await endingWith('yes')).toBeNull()
    expect(await endingWith('no')).toBe('Already found an entry for username google_abc')
  })
  shows('inbound-07', async () => {
    const pool = await inboundPool(() => Promise.reject(new Error('Not here')))
    expect(errorOf(await arrive(pool, 'ada'))).toBe('InboundFederation failed with error Not here. ')
    expect(usersOf(pool)).toEqual([])
  })
  shows('inbound-08', async () => {
    const groups = Array.from({ length: 1_100 }, (_, at) => `Group ${String(at).padStart(4, '0')} staff`)
    const some = groups.slice(0, 700)
    suite.emulator().setPersona({ ...ADA, id: 'many', sub: 'many', groups })
    const both = { idToken: { groups: some }, userInfo: { groups: some } }
    suite.emulator().setPersona({ ...ADA, id: 'two', sub: 'two', ...both })
    const google = await inboundPool((event) => event)
    expect((await arrive(google, 'two')).searchParams.get('code')).toBeTruthy()
    const { idToken, userInfo } = Object(suite.eventsOf(google)[0]?.event).request.attributes
    expect([idToken.groups, userInfo.groups]).toEqual([some, some])
    expect(JSON.stringify(userInfo).length).toBeGreaterThan(13_000)
    const InboundFederation = { LambdaVersion: 'V1_0' as const, LambdaArn: arnOf('inbound-saml') }
    suite.emulator().setTrigger('inbound-saml', (event) => event)
    const pool = await poolWith(suite.emulator(), {
      name: 'Corp',
      type: 'SAML',
      details: { MetadataURL: `${suite.emulator().endpoint}/simulated-saml/metadata` },
      mapping: { email: 'email' },
    })
    const settings = { UserPoolId: pool.UserPoolId, AutoVerifiedAttributes: ['email' as const] }
    await pool.sdk.send(new UpdateUserPoolCommand({ ...settings, LambdaConfig: { InboundFederation } }))
    expect(errorOf(await arrive(pool, 'many', { identity_provider: 'Corp' }))).toBeNull()
    const { samlResponse } = Object(suite.eventsOf(pool)[0]?.event).request.attributes
    expect(samlResponse.groups).toEqual(groups)
  })
})

describe('social providers', () => {
  const details = { client_id: 'app', client_secret: 'hidden', authorize_scopes: 'openid email' }
  const facebook: Provider = {
    name: 'Facebook',
    type: 'Facebook',
    details,
    mapping: { email: 'email', email_verified: 'email_verified' },
  }
  const apple: Provider = {
    name: 'SignInWithApple',
    type: 'SignInWithApple',
    details: { client_id: 'app', team_id: 't', key_id: 'k', private_key: 'p', authorize_scopes: 'email name' },
    mapping: { email: 'email', family_name: 'lastName' },
  }
  const amazon: Provider = { name: 'LoginWithAmazon', type: 'LoginWithAmazon', details, mapping: { email: 'email' } }
  const signIn = (pool: OpenPool, { name }: Provider) => arrive(pool, 'ada', { identity_provider: name })

  async function profileFrom(provider: Provider) {
    const pool = await poolWith(suite.emulator(), provider)
    await signIn(pool, provider)
    return await pool.user(`${provider.name}_AbC`)
  }

  shows('social-01', async () => {
    const profile = await profileFrom(facebook)
    expect(profile).toMatchObject({ ...EMAIL, status: 'EXTERNAL_PROVIDER' })
    expect(profile).not.toHaveProperty('email_verified')
  })
  shows('social-02', async () => {
    const pool = await poolWith(suite.emulator(), apple)
    const page = await (await fetch(authorizeUrl(pool, { persona: 'ada', identity_provider: apple.name }))).text()
    expect(page).toMatch(/<form method="post" action="[^"]*\/oauth2\/idpresponse"[^>]*data-goes-by-itself/u)
    expect([...formFields(page).keys()]).toEqual(expect.arrayContaining(['code', 'state']))
  })
  shows('social-03', async () => {
    const pool = await poolWith(suite.emulator(), apple)
    await signIn(pool, apple)
    const who = { UserPoolId: pool.UserPoolId, Username: 'SignInWithApple_AbC' }
    expect(await pool.user(who.Username)).toMatchObject({ family_name: 'Lovelace' })
    await pool.sdk.send(new AdminDeleteUserCommand(who))
    await signIn(pool, apple)
    expect(await pool.user(who.Username)).not.toHaveProperty('family_name')
  })
  shows('social-04', async () => {
    expect(await profileFrom(amazon)).toMatchObject({ username: 'LoginWithAmazon_AbC', ...EMAIL })
  })
})

describe('SAML providers', () => {
  const query = { identity_provider: 'Corp' }
  const samlPool = () =>
    poolWith(suite.emulator(), {
      name: 'Corp',
      type: 'SAML',
      details: { MetadataURL: `${suite.emulator().endpoint}/simulated-saml/metadata` },
      mapping: { email: 'email' },
    })

  /** The form that the provider's page would post back, to be tampered with. */
  async function answerOf(pool: OpenPool) {
    const page = await (await fetch(authorizeUrl(pool, { ...query, persona: 'ada' }))).text()
    const fields = formFields(page)
    const xml = Buffer.from(fields.get('SAMLResponse') ?? '', 'base64').toString()
    return { xml, state: fields.get('RelayState') ?? '' }
  }
  async function post(xml: string, RelayState: string) {
    const body = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64'), RelayState })
    const url = `${suite.emulator().endpoint}/saml2/idpresponse`
    const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    const back = answer.headers.get('location')
    return { page: await answer.text(), error: back === null ? null : errorOf(new URL(back)) }
  }
  async function tampered(change: (xml: string) => string) {
    const pool = await samlPool()
    const { xml, state } = await answerOf(pool)
    const { error } = await post(change(xml), state)
    expect(usersOf(pool)).toEqual([])
    return error
  }

  shows('saml-01', async () => {
    const pool = await samlPool()
    await arrive(pool, 'ada', query)
    expect(await pool.user('Corp_AbC')).toMatchObject({ ...EMAIL, status: 'EXTERNAL_PROVIDER' })
  })
  shows('saml-02', async () => {
    const [pool, other] = [await samlPool(), await samlPool()]
    const { xml } = await answerOf(other)
    expect((await post(xml, (await answerOf(pool)).state)).error).toContain('Audience restriction')
    expect(usersOf(pool)).toEqual([])
  })
  shows('saml-03', async () => {
    const pool = await samlPool()
    const { xml, state } = await answerOf(pool)
    expect((await post(xml, state)).error).toBeNull()
    expect((await post(xml, state)).page).toContain('Invalid relayState from identity provider')
    expect((await post(xml, (await answerOf(pool)).state)).error).toContain('Error in SAML response processing')
  })
  shows('saml-04', async () => {
    expect(await tampered((xml) => xml.replaceAll('AbC', 'boss'))).toContain('Invalid SAML response signature')
  })
  shows('saml-05', async () => {
    const unsigned = (xml: string) => xml.replace(/<ds:Signature.*<\/ds:Signature>/su, '')
    expect(await tampered(unsigned)).toContain('Invalid SAML response signature')
  })
  shows('saml-06', async () => {
    const pool = await samlPool()
    const { xml } = await answerOf(pool)
    expect((await post(xml, 'made-up')).page).toContain('Invalid relayState from identity provider')
    expect(usersOf(pool)).toEqual([])
  })
  shows('saml-07', async () => {
    expect(await tampered((xml) => xml + ' '.repeat(100_001))).toContain('100,000 characters')
  })
  shows('saml-08', async () => {
    const pool = await samlPool()
    await arrive(pool, 'commented', query)
    expect(usersOf(pool)).toMatchObject([{ Username: `Corp_${COMMENTED.sub}` }])
    const { xml, state } = await answerOf(pool)
    const commented = xml.replace('>AbC<', '>A<!-- -->bC<')
    expect(commented).not.toBe(xml)
    await post(commented, state)
    expect(usersOf(pool).map(({ Username }) => Username)).toEqual([`Corp_${COMMENTED.sub}`, 'Corp_AbC'])
  })
})

describe('OpenID providers', () => {
  let strict: StrictProvider
  beforeAll(async () => {
    const redirectUri = `${suite.emulator().endpoint}/oauth2/idpresponse`
    const accounts = { 'Sub-1': { ...EMAIL, email_verified: true } }
    strict = await startStrictProvider({ clientId: 'cognito', clientSecret: 'a-real-secret', redirectUri, accounts })
  })
  afterAll(() => strict.close())

  const corpPool = (client_secret = 'a-real-secret') =>
    poolWith(suite.emulator(), {
      name: 'Corp',
      type: 'OIDC',
      details: {
        client_id: 'cognito',
        client_secret,
        authorize_scopes: 'openid email profile',
        attributes_request_method: 'GET',
        oidc_issuer: strict.issuer,
      },
      mapping: { email: 'email', email_verified: 'email_verified' },
    })
  async function signIn(pool: OpenPool): Promise<URL> {
    const start = authorizeUrl(pool, { identity_provider: 'Corp' })
    return (await new Browser().travel(start, (url) => url.port !== '3000')).url
  }
  const details = { client_id: 'id', client_secret: 'hidden', authorize_scopes: 'openid email' }
  const mapping = { email: 'email', email_verified: 'email_verified' }
  const simulated = () => poolWith(suite.emulator(), { name: 'Google', type: 'Google', details, mapping })
  async function refused(persona: string) {
    const pool = await simulated()
    const error = errorOf(await arrive(pool, persona))
    expect(usersOf(pool)).toEqual([])
    return error
  }

  shows('oidc-01', async () => {
    const pool = await corpPool()
    expect((await signIn(pool)).searchParams.get('code')).toBeTruthy()
    expect(await pool.user('Corp_Sub-1')).toMatchObject({ ...EMAIL, email_verified: 'true' })
  })
  shows('oidc-02', async () => {
    const pool = await simulated()
    await arrive(pool, 'duplicate-claims')
    expect(await pool.user('Google_6665')).toMatchObject({ ...EMAIL, email_verified: 'false' })
  })
  shows('oidc-03', async () => expect(await refused('other-apps-token')).toContain('another audience'))
  shows('oidc-04', async () => expect(await refused('replayed-token')).toContain('another nonce'))
  shows('oidc-05', async () => {
    const pool = await corpPool('wrong')
    const { searchParams } = await signIn(pool)
    expect(searchParams.get('error')).toBe('invalid_request')
    expect(searchParams.get('error_description')).toBe('Corp Error - 401 error getting token')
    expect(usersOf(pool)).toEqual([])
  })
  shows('hosted-12', async () => {
    const pool = await corpPool()
    const promptAt = async (query: Readonly<Record<string, string>>) => {
      const start = authorizeUrl(pool, { identity_provider: 'Corp', ...query })
      const { headers } = await fetch(start, { redirect: 'manual' })
      return new URL(headers.get('location') ?? '').searchParams.get('prompt')
    }
    for (const prompt of ['login', 'select_account', 'login consent']) expect(await promptAt({ prompt })).toBe(prompt)
    expect(await promptAt({})).toBeNull()
  })
})
