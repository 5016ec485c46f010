import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminLinkProviderForUserCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Emulator, type QuirkSettings, startEmulator, type TriggerFunction } from '../index.ts'
import { confirmedUser, type Given, type OpenPool, openPool, refusal } from '../testing/open-pool.ts'
import { arrive, exchange, signInWithGoogle } from '../testing/walk.ts'

let emulator: Emulator
const ada = { id: 'ada', sub: '1099', email: 'Ada@Example.com', email_verified: true, name: 'Ada' }
beforeAll(async () => {
  emulator = await startEmulator({ personas: [ada] })
})
beforeEach(() => emulator.setPersona(ada))
afterAll(() => emulator.close())

const mapped = { email: 'email', email_verified: 'email_verified', name: 'name' }
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`
const SLOTS = ['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'PreTokenGeneration']

let count = 0
/** A pool with Google, all of whose triggers are this one function. */
async function googlePool(handler: TriggerFunction = (event) => event, given: Given = {}): Promise<OpenPool> {
  count += 1
  emulator.setTrigger(`all-${count}`, handler)
  const LambdaConfig = Object.fromEntries(SLOTS.map((slot) => [slot, arnOf(`all-${count}`)]))
  return await openPool(emulator, { google: mapped, ...given, pool: { LambdaConfig, ...given.pool } })
}

const sourcesOf = ({ UserPoolId }: OpenPool) =>
  emulator.triggerCalls().flatMap((call) => (call.userPoolId === UserPoolId ? [call.source] : []))

/** What a caller's PreSignUp does when it finds a native user: link the identity that is arriving. */
function linking(destination: string): TriggerFunction {
  return async (event: { triggerSource: string; userPoolId: string }) => {
    if (event.triggerSource !== 'PreSignUp_ExternalProvider') return event
    const SourceUser = {
      ProviderName: 'Google',
      ProviderAttributeName: 'Cognito_Subject',
      ProviderAttributeValue: '1099',
    }
    const DestinationUser = { ProviderName: 'Cognito', ProviderAttributeValue: destination }
    const UserPoolId = event.userPoolId
    const known = await sdk()
      .send(new AdminLinkProviderForUserCommand({ UserPoolId, SourceUser, DestinationUser }))
      .catch(String)
    if (typeof known === 'string' && !known.includes('already linked')) throw new Error(known)
    return event
  }
}
let sdk: () => OpenPool['sdk']

async function linkingPool(quirks: QuirkSettings) {
  const pool = await googlePool(linking('ada'))
  sdk = () => pool.sdk
  emulator.setQuirks(quirks, pool.UserPoolId)
  const sub = await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
  return { pool, sub }
}

describe('a first federated sign-in (Developer Guide: …-working-with-lambda-triggers)', () => {
  it('makes a profile named after provider and subject, in a group of the provider', async () => {
    const pool = await googlePool()
    const tokens = await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({
      status: 'EXTERNAL_PROVIDER',
      email: 'Ada@Example.com',
      email_verified: 'true',
    })
    expect(decodeJwt(String(tokens.id_token))).toMatchObject({
      'cognito:username': 'Google_1099',
      'cognito:groups': [`${pool.UserPoolId}_Google`],
      email_verified: true,
      identities: [{ userId: '1099', providerName: 'Google', primary: 'true', dateCreated: expect.any(String) }],
    })
  })

  it('runs PreSignUp, PostConfirmation and token generation; a later one runs the authentication triggers', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    const first = ['PreSignUp_ExternalProvider', 'PostConfirmation_ConfirmSignUp', 'TokenGeneration_HostedAuth']
    expect(sourcesOf(pool)).toEqual(first)
    await signInWithGoogle(pool, 'ada')
    expect(sourcesOf(pool).slice(3)).toEqual([
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
      'TokenGeneration_HostedAuth',
    ])
  })

  it('gives PreSignUp the mapped attributes, the alias keys and the prefixed username', async () => {
    const pool = await googlePool()
    await arrive(pool, 'ada')
    const call = emulator.triggerCalls().find(({ userPoolId }) => userPoolId === pool.UserPoolId)
    expect(call?.event).toMatchObject({
      userName: 'Google_1099',
      request: {
        userAttributes: {
          'cognito:email_alias': '',
          'cognito:phone_number_alias': '',
          email: 'Ada@Example.com',
          email_verified: 'true',
          name: 'Ada',
        },
        validationData: {},
      },
    })
  })

  it('shows a trigger error on the callback, description first (amazon-archives/amazon-cognito-auth-js#159)', async () => {
    const pool = await googlePool(() => {
      throw new Error('Not invited')
    })
    const callback = await arrive(pool, 'ada')
    expect(callback.search).toBe(
      '?error_description=PreSignUp+failed+with+error+Not+invited.+&state=my-state&error=invalid_request',
    )
    expect(emulator.users(pool.UserPoolId)).toEqual([])
  })

  it('leaves the profile behind when PostConfirmation throws', async () => {
    const pool = await googlePool((event: { triggerSource: string }) => {
      if (event.triggerSource.startsWith('PostConfirmation')) throw new Error('too late')
      return event
    })
    expect((await arrive(pool, 'ada')).searchParams.get('error_description')).toContain('too late')
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
  })

  it('checks required attributes before PreSignUp (aws-amplify/amplify-js#6513)', async () => {
    const pool = await googlePool(undefined, { pool: { Schema: [{ Name: 'birthdate', Required: true }] } })
    expect((await arrive(pool, 'ada')).searchParams.get('error_description')).toBe('attributes required: [birthdate]')
    expect(sourcesOf(pool)).toEqual([])
  })

  it('coexists with a native user of the same address, even where the address is the username (amplify-js#3899)', async () => {
    const pool = await googlePool(undefined, { pool: { UsernameAttributes: ['email'] } })
    const { UserSub } = await pool.signUp('Ada@Example.com')
    await signInWithGoogle(pool, 'ada')
    expect(emulator.users(pool.UserPoolId)).toHaveLength(2)
    expect(await pool.user('Ada@Example.com')).toMatchObject({ sub: UserSub })
  })

  it('makes one profile out of eight simultaneous clicks', async () => {
    const pool = await googlePool()
    const callbacks = await Promise.all(Array.from({ length: 8 }, () => arrive(pool, 'ada')))
    expect(callbacks.filter((callback) => callback.searchParams.has('code')).length).toBeGreaterThan(0)
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
  })

  it('lowercases the whole username in an insensitive pool, and keeps the subject apart (…-attribute-mapping)', async () => {
    emulator.setPersona({ id: 'mixed', sub: 'MDRHj2Asx8', email: 'ada@example.com' })
    emulator.setPersona({ id: 'upper', sub: 'MDRHJ2ASX8', email: 'ada@example.com' })
    const insensitive = { pool: { UsernameConfiguration: { CaseSensitive: false } } }
    const pool = await googlePool(undefined, insensitive)
    await signInWithGoogle(pool, 'mixed')
    expect(emulator.users(pool.UserPoolId)).toMatchObject([{ Username: 'google_mdrhj2asx8' }])
    expect((await arrive(pool, 'upper')).searchParams.get('error_description')).toContain(
      'Invalid ProviderName/Username',
    )
    const preserving = await googlePool(undefined, insensitive)
    emulator.setQuirks({ federatedUsernameCase: 'preserved' }, preserving.UserPoolId)
    await signInWithGoogle(preserving, 'mixed')
    expect(emulator.users(preserving.UserPoolId)).toMatchObject([{ Username: 'Google_MDRHj2Asx8' }])
  })

  it('keeps EXTERNAL_PROVIDER whatever the flags say; autoVerifyEmail counts only when unmapped (amplify-js#5117)', async () => {
    const flags = (event: object) => ({ ...event, response: { autoConfirmUser: true, autoVerifyEmail: true } })
    const outcome = async (google: Record<string, string>, quirks: QuirkSettings) => {
      const pool = await openPool(emulator, { google, pool: { LambdaConfig: { PreSignUp: arnOf('flags') } } })
      emulator.setTrigger('flags', flags)
      emulator.setQuirks(quirks, pool.UserPoolId)
      await arrive(pool, 'unproven')
      const { status, email_verified: verified } = { email_verified: '', ...(await pool.user('Google_5')) }
      return `${status} ${verified}`
    }
    emulator.setPersona({ id: 'unproven', sub: '5', email: 'a@x.org', email_verified: false })
    expect(await outcome({ email: 'email' }, {})).toBe('EXTERNAL_PROVIDER true')
    expect(await outcome(mapped, {})).toBe('EXTERNAL_PROVIDER false')
    expect(await outcome(mapped, { externalAutoFlags: 'applyBoth' })).toBe('CONFIRMED true')
    expect(await outcome({ email: 'email' }, { externalAutoFlags: 'ignoreBoth' })).toBe('EXTERNAL_PROVIDER false')
  })
})

describe('a link made inside PreSignUp (aws-amplify/amplify-flutter#1716)', () => {
  it('fails this sign-in once with the historic text, and the next one succeeds as the native user', async () => {
    const { pool, sub } = await linkingPool({})
    const callback = await arrive(pool, 'ada')
    expect(callback.searchParams.get('error_description')).toBe('Already found an entry for username Google_1099')
    expect(callback.searchParams.get('error')).toBe('invalid_request')
    const tokens = await signInWithGoogle(pool, 'ada')
    expect(decodeJwt(String(tokens.id_token))).toMatchObject({ sub, 'cognito:username': 'ada' })
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
  })

  it('in position succeed, completes on the destination without PostConfirmation (aws-amplify/amplify-js#11565)', async () => {
    const { pool, sub } = await linkingPool({ linkInPreSignUp: 'succeed' })
    const tokens = await signInWithGoogle(pool, 'ada')
    expect(decodeJwt(String(tokens.access_token)).sub).toBe(sub)
    expect(sourcesOf(pool).filter((source) => source.startsWith('PostConfirmation'))).toHaveLength(1)
  })

  it('fires PostConfirmation there when that switch is on', async () => {
    const { pool } = await linkingPool({ linkInPreSignUp: 'succeed', postConfirmationWhenLinked: 'fired' })
    await signInWithGoogle(pool, 'ada')
    expect(sourcesOf(pool).filter((source) => source.startsWith('PostConfirmation'))).toHaveLength(2)
  })

  it('in position phantomSub, hands out tokens of somebody who is not in the pool', async () => {
    const { pool, sub } = await linkingPool({ linkInPreSignUp: 'phantomSub' })
    const callback = await arrive(pool, 'ada', { scope: 'openid aws.cognito.signin.user.admin' })
    const { access_token: token } = {
      access_token: '',
      ...(await exchange(pool, callback.searchParams.get('code') ?? '')).body,
    }
    expect(decodeJwt(token).sub).not.toBe(sub)
    expect(await refusal(pool.sdk.send(new GetUserCommand({ AccessToken: token })))).toContain('UserNotFoundException')
  })

  it.each([
    ['afterThrow', 1],
    ['afterSuccess', 2],
    ['off', 1],
  ] as const)(
    'with duplicatePreSignUp %s, a good PreSignUp runs %i times (aws-amplify/amplify-js#13334)',
    async (position, runs) => {
      const { pool } = await linkingPool({ duplicatePreSignUp: position })
      await arrive(pool, 'ada')
      expect(sourcesOf(pool).filter((source) => source === 'PreSignUp_ExternalProvider')).toHaveLength(runs)
    },
  )

  it('runs a thrown PreSignUp again, and the second answer counts', async () => {
    let runs = 0
    const pool = await googlePool((event: { triggerSource: string }) => {
      runs += 1
      if (runs === 1) throw new Error('stumbled')
      return event
    })
    emulator.setQuirks({ duplicatePreSignUp: 'afterThrow' }, pool.UserPoolId)
    expect((await arrive(pool, 'ada')).searchParams.get('code')).toBeTruthy()
  })
})

describe('mapping at every sign-in (Developer Guide: cognito-user-pools-specifying-attribute-mapping)', () => {
  it('writes what the provider says now; silence keeps the old value, a blank clears it', async () => {
    const pool = await googlePool()
    await signInWithGoogle(pool, 'ada')
    emulator.setPersona({ id: 'ada', sub: '1099', email: 'new@example.com' })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).toMatchObject({
      email: 'new@example.com',
      name: 'Ada',
      email_verified: 'true',
    })
    emulator.setPersona({ id: 'ada', sub: '1099', name: '' })
    await signInWithGoogle(pool, 'ada')
    expect(await pool.user('Google_1099')).not.toHaveProperty('name')
  })

  it('overwrites the linked native user, and un-verifies it when email_verified is unmapped (amplify-js#7300)', async () => {
    const preLinked = async (quirks: QuirkSettings) => {
      const pool = await googlePool(undefined, { google: { email: 'email' } })
      emulator.setQuirks(quirks, pool.UserPoolId)
      await confirmedUser(pool, 'ada', { email: 'native@example.com' })
      await linking('ada')({ triggerSource: 'PreSignUp_ExternalProvider', userPoolId: pool.UserPoolId }, context)
      await signInWithGoogle(pool, 'ada')
      return await pool.user('ada')
    }
    const context = { functionName: '', invokedFunctionArn: '', awsRequestId: '', getRemainingTimeInMillis: () => 0 }
    expect(await preLinked({})).toMatchObject({ email: 'Ada@Example.com', email_verified: 'false' })
    expect(await preLinked({ unmappedEmailVerified: 'untouched' })).toMatchObject({ email_verified: 'true' })
  })

  it('fails the second sign-in on an immutable attribute, even with an equal value (aws-amplify/amplify-js#3526)', async () => {
    const pool = await googlePool(undefined, { pool: { Schema: [{ Name: 'email', Mutable: false }] } })
    expect((await arrive(pool, 'ada')).searchParams.has('code')).toBe(true)
    expect((await arrive(pool, 'ada')).searchParams.get('error_description')).toBe(
      'user.email: Attribute cannot be updated.',
    )
    emulator.setQuirks({ immutableMappedEqualValue: 'skip' }, pool.UserPoolId)
    expect((await arrive(pool, 'ada')).searchParams.has('code')).toBe(true)
  })
})

describe('a link made beforehand', () => {
  const context = { functionName: '', invokedFunctionArn: '', awsRequestId: '', getRemainingTimeInMillis: () => 0 }
  async function preStaged(quirks: QuirkSettings) {
    const pool = await googlePool()
    sdk = () => pool.sdk
    emulator.setQuirks(quirks, pool.UserPoolId)
    await pool.sdk.send(
      new AdminCreateUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS' }),
    )
    await linking('ada')({ triggerSource: 'PreSignUp_ExternalProvider', userPoolId: pool.UserPoolId }, context)
    const tokens = await signInWithGoogle(pool, 'ada')
    return { pool, tokens }
  }

  it('counts as a returning user and makes FORCE_CHANGE_PASSWORD EXTERNAL_PROVIDER (service-workbench-on-aws#605)', async () => {
    const { pool } = await preStaged({})
    expect(await pool.user('ada')).toMatchObject({ status: 'EXTERNAL_PROVIDER' })
    expect(sourcesOf(pool).slice(1, 3)).toEqual([
      'PreAuthentication_Authentication',
      'PostAuthentication_Authentication',
    ])
  })

  it('follows its switches otherwise', async () => {
    const { pool, tokens } = await preStaged({
      destinationStatus: 'unchanged',
      preStagedLinkFirstSignIn: 'asFirstWithoutPreSignUp',
      providerGroup: 'alsoLinked',
    })
    expect(await pool.user('ada')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
    expect(sourcesOf(pool)[1]).toBe('PostConfirmation_ConfirmSignUp')
    expect(decodeJwt(String(tokens.id_token))['cognito:groups']).toEqual([`${pool.UserPoolId}_Google`])
  })

  it('does not let a disabled user in', async () => {
    const { pool } = await preStaged({})
    await pool.sdk.send(new AdminDisableUserCommand({ UserPoolId: pool.UserPoolId, Username: 'ada' }))
    expect((await arrive(pool, 'ada')).searchParams.get('error_description')).toBe('User is disabled.')
  })
})

it('federated users cannot use the password sign-in (Developer Guide: …-working-with-lambda-triggers)', async () => {
  const pool = await googlePool()
  await signInWithGoogle(pool, 'ada')
  expect(await refusal(pool.signIn('Google_1099'))).toBe('NotAuthorizedException: Incorrect username or password.')
})
