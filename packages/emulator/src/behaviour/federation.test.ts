import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableProviderForUserCommand,
  AdminDisableUserCommand,
  AdminLinkProviderForUserCommand,
  CreateIdentityProviderCommand,
  UpdateUserAttributesCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect } from 'vitest'
import type { TriggerFunction } from '../index.ts'
import { CALLBACK, confirmedUser, type Given, type OpenPool, pairs, refusal } from '../testing/open-pool.ts'
import { arrive, exchange, signInWithGoogle, tokenRequest } from '../testing/walk.ts'
import { ADA, EMAIL, GOOGLE, shows, useSuite } from './testing/shows.ts'

const suite = useSuite()
beforeEach(() => suite.emulator().setPersona(ADA))

const SLOTS = ['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'PreTokenGeneration']
const same: TriggerFunction = (event) => event
const googlePool = (given: Given = {}) => suite.open({ google: GOOGLE, ...given })
const usersOf = ({ UserPoolId }: OpenPool) => suite.emulator().users(UserPoolId)
const sourcesOf = (pool: OpenPool) => suite.eventsOf(pool).map((call) => call.source)
const describes = async (pool: OpenPool, persona = 'ada') =>
  (await arrive(pool, persona)).searchParams.get('error_description')
const identitiesOf = async (pool: OpenPool, name: string): Promise<unknown> =>
  JSON.parse({ identities: '[]', ...(await pool.user(name)) }.identities)
const become = (more: object) => suite.emulator().setPersona({ ...ADA, ...more })

describe('federated sign-in', () => {
  shows('federated-01', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    expect(usersOf(pool)).toMatchObject([{ Username: 'Google_1099' }])
  })
  shows('federated-02', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({ status: 'EXTERNAL_PROVIDER', enabled: true })
  })
  shows('federated-03', async () => {
    const pool = await googlePool()
    const { id_token } = await signInWithGoogle(pool, 'ada')
    const own = { userId: '1099', providerName: 'Google', providerType: 'Google' }
    expect(await identitiesOf(pool, 'Google_1099')).toMatchObject([{ ...own, primary: true, issuer: null }])
    expect(decodeJwt(String(id_token)).identities).toMatchObject([{ ...own, primary: 'true' }])
  })
  shows('federated-04', async () => {
    const groupsIn = async (pool: OpenPool) =>
      decodeJwt(String((await signInWithGoogle(pool, 'ada')).id_token))['cognito:groups']
    const alone = await googlePool()
    expect(await groupsIn(alone)).toEqual([`${alone.UserPoolId}_Google`])
    const linked = await linkedPool()
    expect(await groupsIn(linked)).toBeUndefined()
    suite.emulator().setQuirks({ providerGroup: 'alsoLinked' }, linked.UserPoolId)
    expect(await groupsIn(linked)).toEqual([`${linked.UserPoolId}_Google`])
  })
  shows('federated-05', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    become({ name: 'Countess', email: 'new@example.com' })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({ name: 'Countess', email: 'new@example.com' })
  })
  shows('federated-06', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    become({ name: undefined })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({ name: 'Ada' })
  })
  shows('federated-07', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    become({ name: '' })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).not.toHaveProperty('name')
  })
  shows('federated-08', async () => {
    const pool = await linkedPool({ google: { email: 'email' } })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('ada')).toMatchObject({ email_verified: 'false' })
    const kind = await linkedPool({ google: { email: 'email' } })
    suite.emulator().setQuirks({ unmappedEmailVerified: 'untouched' }, kind.UserPoolId)
    await signInWithGoogle(kind, 'ada')
    expect(await kind.user('ada')).toMatchObject({ email_verified: 'true' })
  })
  shows('federated-09', async () => {
    const Schema = [{ Name: 'email', Mutable: false, Required: false }]
    const pool = await googlePool({ pool: { Schema } })
    await signInWithGoogle(pool, 'ada')
    expect(await describes(pool)).toContain('user.email: Attribute cannot be updated.')
    suite.emulator().setQuirks({ immutableMappedEqualValue: 'skip' }, pool.UserPoolId)
    expect(await describes(pool)).toBeNull()
  })
  shows('federated-10', async () => {
    become({ name: ['a b', 'c'] })
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    expect(Object(await pool.user('Google_1099')).name).toMatch(/^\[a(%20|\+)b,c\]$/u)
  })
  shows('federated-11', async () => {
    become({ name: 'a'.repeat(2_049) })
    expect(await describes(await googlePool())).toBeTruthy()
  })
  shows('federated-12', async () => {
    suite.emulator().setPersona({ ...ADA, id: 'long', sub: '1'.repeat(130) })
    expect(await describes(await googlePool(), 'long')).toContain('length less than or equal to 128')
  })
  shows('federated-13', async () => {
    const given = { google: GOOGLE, pool: { Schema: [{ Name: 'birthdate', Required: true }] } }
    const pool = await suite.triggered(['PreSignUp'], same, given)
    expect(await describes(pool)).toBe('attributes required: [birthdate]')
    expect(suite.eventsOf(pool)).toEqual([])
  })
  shows('federated-14', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    const who = { UserPoolId: pool.UserPoolId, Username: 'Google_1099' }
    await pool.sdk.send(new AdminDisableUserCommand(who))
    expect(await describes(pool)).toContain('User is disabled.')
  })
  shows('federated-15', async () => {
    const pool = await suite.triggered(SLOTS, same, { google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    expect(sourcesOf(pool)).toEqual(FIRST)
  })
  shows('federated-16', async () => {
    const pool = await suite.triggered(SLOTS, same, { google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    await signInWithGoogle(pool, 'ada')
    expect(sourcesOf(pool).slice(FIRST.length)).toEqual(LATER)
  })
  shows('federated-17', async () => {
    const pool = await suite.triggered(['PreSignUp'], same, { google: GOOGLE })
    await signInWithGoogle(pool, 'ada')
    const { userName, request } = Object(suite.eventsOf(pool)[0]?.event)
    expect(userName).toBe('Google_1099')
    const keys = { 'cognito:email_alias': '', 'cognito:phone_number_alias': '' }
    expect(request.userAttributes).toEqual({ ...keys, ...EMAIL, email_verified: 'true', name: 'Ada' })
  })
  const refusing = (slot: string) => suite.triggered([slot], () => Promise.reject(new Error('no')), { google: GOOGLE })
  shows('federated-18', async () => {
    const callback = await arrive(await refusing('PreSignUp'), 'ada')
    expect([...callback.searchParams]).toEqual([
      ['error_description', 'PreSignUp failed with error no. '],
      ['state', 'my-state'],
      ['error', 'invalid_request'],
    ])
  })
  shows('federated-19', async () => {
    const [vetoed, ghost] = [await refusing('PreSignUp'), await refusing('PostConfirmation')]
    await arrive(vetoed, 'ada')
    await arrive(ghost, 'ada')
    expect([usersOf(vetoed).length, usersOf(ghost).length]).toEqual([0, 1])
  })
  shows('federated-20', async () => {
    const flags = (event: object) => ({ ...event, response: { autoConfirmUser: true, autoVerifyEmail: true } })
    const arrived = async (externalAutoFlags: 'verifyWhenUnmapped' | 'applyBoth' | 'ignoreBoth') => {
      const pool = await suite.triggered(['PreSignUp'], flags, { google: { email: 'email' } })
      suite.emulator().setQuirks({ externalAutoFlags }, pool.UserPoolId)
      await signInWithGoogle(pool, 'ada')
      const { status, email_verified } = Object(await pool.user('Google_1099'))
      return [status, email_verified]
    }
    expect(await arrived('verifyWhenUnmapped')).toEqual(['EXTERNAL_PROVIDER', 'true'])
    expect(await arrived('applyBoth')).toEqual(['CONFIRMED', 'true'])
    expect(await arrived('ignoreBoth')).toEqual(['EXTERNAL_PROVIDER', 'false'])
  })
  shows('federated-21', async () => {
    type Twice = 'off' | 'afterThrow' | 'afterTimeout' | 'afterSuccess'
    const later = (first: TriggerFunction): TriggerFunction => {
      let runs = 0
      return (event, context) => {
        runs += 1
        return runs === 1 ? first(event, context) : event
      }
    }
    const ran = async (duplicatePreSignUp: Twice, first: TriggerFunction) => {
      const pool = await suite.triggered(['PreSignUp'], later(first), { google: GOOGLE })
      const impatient = { triggerTimeout: 'noRetry', triggerTimeLimitMs: 20 } as const
      suite.emulator().setQuirks({ duplicatePreSignUp, ...(first === silent && impatient) }, pool.UserPoolId)
      const isIn = (await describes(pool)) === null
      return [isIn, suite.eventsOf(pool).length]
    }
    const silent: TriggerFunction = () => new Promise(() => {})
    const failing: TriggerFunction = () => Promise.reject(new Error('first'))
    expect(await ran('off', failing)).toEqual([false, 1])
    expect(await ran('afterThrow', failing)).toEqual([true, 2])
    expect(await ran('afterTimeout', silent)).toEqual([true, 2])
    expect(await ran('afterSuccess', same)).toEqual([true, 2])
    expect(await ran('off', same)).toEqual([true, 1])
  })
  shows('federated-22', async () => {
    const pool = await suite.triggered(['PreSignUp'], same, { google: GOOGLE })
    await Promise.all(Array.from({ length: 6 }, () => arrive(pool, 'ada')))
    expect(usersOf(pool)).toHaveLength(1)
  })
  shows('federated-23', async () => {
    const pool = await googlePool({ client: { WriteAttributes: ['email'] } })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).not.toHaveProperty('name')
    expect(await pool.user('Google_1099')).toMatchObject(EMAIL)
  })
  shows('federated-24', async () => {
    const Schema = [{ Name: 'hd', AttributeDataType: 'String' as const, Mutable: true }]
    const WriteAttributes = ['email', 'name', 'custom:hd']
    const given = { pool: { Schema }, google: { ...GOOGLE, 'custom:hd': 'hd' }, client: { WriteAttributes } }
    const pool = await suite.triggered(['PreTokenGeneration'], same, given)
    become({ hd: 'own.example' })
    const scope = 'openid aws.cognito.signin.user.admin'
    const callback = await arrive(pool, 'ada', { scope })
    const { access_token, refresh_token } = Object((await exchange(pool, callback.searchParams.get('code') ?? '')).body)
    const written = { email: 'eve@example.com', 'custom:hd': 'example.com' }
    const AccessToken = String(access_token)
    await pool.sdk.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: pairs(written) }))
    expect(await pool.user('Google_1099')).toMatchObject({ ...written, email_verified: 'false' })
    await tokenRequest(pool, { grant_type: 'refresh_token', refresh_token: String(refresh_token) })
    expect(suite.eventsOf(pool).at(-1)).toMatchObject({
      source: 'TokenGeneration_RefreshTokens',
      event: { request: { userAttributes: { ...written, email_verified: 'false' } } },
    })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({ ...EMAIL, 'custom:hd': 'own.example' })
  })
})

const FIRST = ['PreSignUp_ExternalProvider', 'PostConfirmation_ConfirmSignUp', 'TokenGeneration_HostedAuth']
const LATER = ['PreAuthentication_Authentication', 'PostAuthentication_Authentication', 'TokenGeneration_HostedAuth']

const identity = (
  ProviderAttributeValue: string,
  ProviderName = 'Google',
  ProviderAttributeName = 'Cognito_Subject',
) => ({ ProviderName, ProviderAttributeName, ProviderAttributeValue })

const link = ({ sdk, UserPoolId }: OpenPool, source = identity('1099'), DestinationUser = identity('ada', 'Cognito')) =>
  sdk.send(new AdminLinkProviderForUserCommand({ UserPoolId, DestinationUser, SourceUser: source }))

const unlink = ({ sdk, UserPoolId }: OpenPool, value: string) =>
  sdk.send(new AdminDisableProviderForUserCommand({ UserPoolId, User: identity(value) }))

const remove = ({ sdk, UserPoolId }: OpenPool, Username: string) =>
  sdk.send(new AdminDeleteUserCommand({ UserPoolId, Username }))

async function nativePool(given: Given = {}) {
  const pool = await googlePool(given)
  await confirmedUser(pool, 'ada', EMAIL)
  return pool
}

async function linkedPool(given: Given = {}) {
  const pool = await nativePool(given)
  await link(pool)
  return pool
}

async function addCorp({ sdk, UserPoolId, ClientId }: OpenPool, mapping: Record<string, string>): Promise<void> {
  const ProviderDetails = {
    client_id: 'x',
    attributes_request_method: 'GET',
    oidc_issuer: 'https://id.example.com',
    authorize_scopes: 'openid',
  }
  const provider = { UserPoolId, ProviderName: 'Corp', ProviderType: 'OIDC' as const, ProviderDetails }
  await sdk.send(new CreateIdentityProviderCommand({ ...provider, AttributeMapping: mapping }))
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

describe('linking', () => {
  shows('link-01', async () => {
    const pool = await linkedPool()
    const before = await pool.user('ada')
    const { id_token } = await signInWithGoogle(pool, 'ada')
    const { sub, status } = { sub: '', ...before }
    expect(decodeJwt(String(id_token))).toMatchObject({ sub, 'cognito:username': 'ada' })
    expect(await pool.user('ada')).toMatchObject({ sub, status })
    expect(usersOf(pool)).toHaveLength(1)
  })
  shows('link-02', async () => {
    const pool = await linkedPool()
    expect(await identitiesOf(pool, 'ada')).toMatchObject([{ userId: '1099', primary: false, issuer: null }])
  })
  shows('link-03', async () => {
    const pool = await googlePool()
    const call = link(pool, identity('1099'), identity('nobody', 'Cognito'))
    expect(await refusal(call)).toContain('UserNotFoundException')
  })
  shows('link-04', async () => {
    const call = link(await nativePool(), identity('ada', 'Cognito'))
    expect(await refusal(call)).toContain('Invalid SourceUser: Cognito users with a username/password')
  })
  shows('link-05', async () => {
    expect(await refusal(link(await nativePool(), identity('1', 'Facebook')))).toContain('ResourceNotFoundException')
  })
  shows('link-06', async () => {
    const byMail = link(await nativePool(), identity('ada@example.com', 'Google', 'email'))
    expect(await refusal(byMail)).toContain('InvalidParameterException')
  })
  shows('link-07', async () => {
    const pool = await linkedPool()
    const text = 'InvalidParameterException: SourceUser is already linked to DestinationUser'
    expect([await refusal(link(pool)), await refusal(link(pool))]).toEqual([text, text])
  })
  shows('link-08', async () => {
    const pool = await linkedPool()
    await pool.signUp('bob')
    const toBob = () => refusal(link(pool, identity('1099'), identity('bob', 'Cognito')))
    expect(await toBob()).toContain('AliasExistsException')
    suite.emulator().setQuirks({ linkedElsewhere: 'InvalidParameterException' }, pool.UserPoolId)
    expect(await toBob()).toContain('InvalidParameterException')
  })
  shows('link-09', async () => {
    const pool = await nativePool()
    for (const subject of '12345') await link(pool, identity(subject))
    expect(await refusal(link(pool, identity('6')))).toContain('LimitExceededException')
    suite.emulator().setQuirks({ sixthIdentity: 'InvalidParameterException' }, pool.UserPoolId)
    expect(await refusal(link(pool, identity('6')))).toContain('InvalidParameterException')
  })
  shows('link-10', async () => {
    const merged = async (mergeAttempt: 'errorAndLink' | 'errorOnly') => {
      const pool = await nativePool()
      suite.emulator().setQuirks({ mergeAttempt }, pool.UserPoolId)
      await signInWithGoogle(pool, 'ada')
      expect(await refusal(link(pool))).toContain('Merging is not currently supported')
      return await identitiesOf(pool, 'ada')
    }
    expect(await merged('errorAndLink')).toMatchObject([{ userId: '1099' }])
    expect(await merged('errorOnly')).toEqual([])
  })
  async function mergeRefused() {
    const pool = await nativePool()
    await signInWithGoogle(pool, 'ada')
    await link(pool).catch(() => {})
    return pool
  }
  shows('link-11', async () => {
    const pool = await mergeRefused()
    await remove(pool, 'Google_1099')
    expect(usersOf(pool)).toMatchObject([{ Username: 'Google_1099' }])
  })
  shows('link-12', async () => {
    const pool = await mergeRefused()
    await unlink(pool, '1099')
    await remove(pool, 'Google_1099')
    expect(usersOf(pool)).toMatchObject([{ Username: 'ada' }])
  })
  shows('link-13', async () => {
    suite.emulator().setPersona({ id: 'mixed', sub: 'MDRHj2Asx8' })
    const pool = await nativePool()
    await link(pool, identity('mdrhj2asx8'))
    expect(await describes(pool, 'mixed')).toContain('Invalid ProviderName/Username combination')
    suite.emulator().setQuirks({ linkedIdentityLookup: 'fold' }, pool.UserPoolId)
    expect(await describes(pool, 'mixed')).toBeNull()
  })
  shows('link-14', async () => {
    const pool = await nativePool()
    await addCorp(pool, GOOGLE)
    await link(pool, identity('ada@example.com', 'Corp', 'email'))
    await arrive(pool, 'ada', { identity_provider: 'Corp' })
    expect(usersOf(pool)).toHaveLength(1)
    expect(await identitiesOf(pool, 'ada')).toMatchObject([{ providerName: 'Corp', userId: '1099' }])
  })
  shows('link-15', async () => {
    const names = ['email', 'name', 'nickname', 'website', 'profile', 'zoneinfo']
    const pool = await googlePool()
    await addCorp(pool, Object.fromEntries(names.map((name) => [name, name])))
    const linkBy = async (name: string) => {
      await pool.signUp(name)
      return await refusal(link(pool, identity('x@example.com', 'Corp', name), identity(name, 'Cognito')))
    }
    for (const name of names.slice(0, 5)) expect(await linkBy(name)).toBe('no refusal')
    expect(await linkBy('zoneinfo')).not.toBe('no refusal')
  })
  shows('link-16', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    await link(pool, identity('7'), identity('1099', 'Google'))
    expect(await identitiesOf(pool, 'Google_1099')).toMatchObject([{ primary: true }, { userId: '7', primary: false }])
  })
  shows('link-17', async () => {
    const pool = await linkedPool()
    await signInWithGoogle(pool, 'ada')
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })

  type Ending = 'failOnce' | 'succeed' | 'phantomSub'
  async function linkingPool(linkInPreSignUp: Ending, slots = ['PreSignUp']) {
    let self: OpenPool | undefined
    const linking: TriggerFunction = async (event: { triggerSource: string }) => {
      if (event.triggerSource === 'PreSignUp_ExternalProvider' && self) await link(self).catch(() => {})
      return event
    }
    const pool = await suite.triggered(slots, linking, { google: GOOGLE })
    self = pool
    suite.emulator().setQuirks({ linkInPreSignUp }, pool.UserPoolId)
    const sub = await confirmedUser(pool, 'ada', EMAIL)
    return { pool, sub }
  }
  shows('link-18', async () => {
    const failing = await linkingPool('failOnce')
    expect(await describes(failing.pool)).toBe('Already found an entry for username Google_1099')
    expect(await describes(failing.pool)).toBeNull()
    const subOf = async ({ pool }: { pool: OpenPool }) =>
      decodeJwt(String((await signInWithGoogle(pool, 'ada')).id_token)).sub
    const succeeding = await linkingPool('succeed')
    expect(await subOf(succeeding)).toBe(succeeding.sub)
    const phantom = await linkingPool('phantomSub')
    expect(await refusal(phantom.pool.user((await subOf(phantom)) ?? ''))).toContain('UserNotFoundException')
  })
  shows('link-19', async () => {
    const confirmations = async (postConfirmationWhenLinked: 'fired' | 'notFired') => {
      const { pool } = await linkingPool('succeed', ['PreSignUp', 'PostConfirmation'])
      suite.emulator().setQuirks({ postConfirmationWhenLinked }, pool.UserPoolId)
      const before = sourcesOf(pool).length
      await signInWithGoogle(pool, 'ada')
      return sourcesOf(pool).slice(before)
    }
    expect(await confirmations('notFired')).toEqual(['PreSignUp_ExternalProvider'])
    expect(await confirmations('fired')).toEqual(['PreSignUp_ExternalProvider', 'PostConfirmation_ConfirmSignUp'])
  })
  shows('link-20', async () => {
    const ran = async (preStagedLinkFirstSignIn: 'asReturning' | 'asFirstWithoutPreSignUp') => {
      const pool = await suite.triggered(SLOTS, same, { google: GOOGLE })
      suite.emulator().setQuirks({ preStagedLinkFirstSignIn }, pool.UserPoolId)
      await confirmedUser(pool, 'ada', EMAIL)
      await link(pool)
      const before = sourcesOf(pool).length
      await signInWithGoogle(pool, 'ada')
      return sourcesOf(pool).slice(before)
    }
    expect(await ran('asReturning')).toEqual(LATER)
    expect(await ran('asFirstWithoutPreSignUp')).toEqual(FIRST.slice(1))
  })
  shows('link-21', async () => {
    const statusAfter = async (destinationStatus: 'becomesExternalProvider' | 'unchanged') => {
      const pool = await googlePool()
      suite.emulator().setQuirks({ destinationStatus }, pool.UserPoolId)
      await pool.sdk.send(new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
      await link(pool)
      await signInWithGoogle(pool, 'ada')
      return Object(await pool.user('ada')).status
    }
    expect(await statusAfter('becomesExternalProvider')).toBe('EXTERNAL_PROVIDER')
    expect(await statusAfter('unchanged')).toBe('FORCE_CHANGE_PASSWORD')
  })
  shows('link-22', async () => {
    const pool = await suite.triggered(SLOTS, same, { google: GOOGLE })
    await confirmedUser(pool, 'ada', EMAIL)
    const before = sourcesOf(pool).length
    await link(pool)
    expect(sourcesOf(pool)).toHaveLength(before)
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
  })
  shows('link-23', async () => {
    const pool = await nativePool()
    const longest = 128 - 'Google'.length - 'Cognito_Subject'.length
    expect(await refusal(link(pool, identity('1'.repeat(longest + 1))))).toMatch(/^InvalidParameter.*equal to 128$/u)
    expect(await pool.user('ada')).not.toHaveProperty('identities')
    expect(await refusal(link(pool, identity('1'.repeat(longest))))).toBe('no refusal')
  })
  shows('link-24', async () => {
    const fixed = (Name: string) => ({ Name, AttributeDataType: 'String' as const, Mutable: false })
    const Schema = [
      fixed('staff'),
      fixed('legacy'),
      { Name: 'locale', Mutable: false },
      { Name: 'zoneinfo', Mutable: false },
    ]
    const google = { ...GOOGLE, 'custom:staff': 'staff', locale: 'locale' }
    type Rule = 'anyCustom' | 'mapped' | 'none'
    const isRefused = async (linkOntoImmutable: Rule, attribute: string) => {
      const WriteAttributes = ['email', 'custom:staff', 'custom:legacy', 'locale', 'zoneinfo']
      const pool = await googlePool({ google, pool: { Schema }, client: { WriteAttributes } })
      suite.emulator().setQuirks({ linkOntoImmutable }, pool.UserPoolId)
      await confirmedUser(pool, 'ada', { ...EMAIL, ...(attribute !== '' && { [attribute]: 'x' }) })
      const text = await refusal(link(pool))
      return text === `InvalidParameterException: user.${attribute}: Attribute cannot be updated.\n`
    }
    const rulesFor = async (attribute: string) => {
      const rules: readonly Rule[] = ['anyCustom', 'mapped', 'none']
      const refused = await Promise.all(rules.map((rule) => isRefused(rule, attribute)))
      return rules.filter((_, at) => refused[at])
    }
    expect(await rulesFor('custom:staff')).toEqual(['anyCustom', 'mapped'])
    expect(await rulesFor('custom:legacy')).toEqual(['anyCustom'])
    expect(await rulesFor('locale')).toEqual(['anyCustom', 'mapped'])
    expect(await rulesFor('zoneinfo')).toEqual([])
    expect(await rulesFor('')).toEqual([])
  })
  shows('link-25', async () => {
    for (const linkRefusal of ['InvalidParameterException', 'OperationNotEnabledException'] as const) {
      const pool = await nativePool()
      suite.emulator().setQuirks({ linkRefusal }, pool.UserPoolId)
      expect(await refusal(link(pool))).toBe(`${linkRefusal}: The identity cannot be linked to this user.`)
      expect(await pool.user('ada')).not.toHaveProperty('identities')
    }
  })
})

describe('unlinking', () => {
  const text = "Account isn't linked to anyone else, verify that the account has been linked"

  shows('unlink-01', async () => {
    const pool = await linkedPool()
    await unlink(pool, '1099')
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({ status: 'EXTERNAL_PROVIDER' })
  })
  shows('unlink-02', async () => expect(await refusal(unlink(await linkedPool(), 'Google_1099'))).toContain(text))
  shows('unlink-03', async () => expect(await refusal(unlink(await linkedPool(), '7'))).toContain(text))
  shows('unlink-04', async () => {
    const pool = await linkedPool()
    await unlink(pool, '1099')
    expect(await refusal(link(pool))).toBe('no refusal')
    const callback = await arrive(pool, 'ada')
    expect((await exchange(pool, callback.searchParams.get('code') ?? '')).status).toBe(200)
  })
  shows('unlink-05', async () => {
    const pool = await linkedPool()
    await remove(pool, 'ada')
    await signInWithGoogle(pool, 'ada')
    expect(usersOf(pool)).toMatchObject([{ Username: 'Google_1099' }])
  })
})
