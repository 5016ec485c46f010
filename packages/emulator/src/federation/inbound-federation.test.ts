import { AdminLinkProviderForUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, type QuirkSettings, startEmulator, type TriggerFunction } from '../index.ts'
import { confirmedUser, type OpenPool, openPool } from '../testing/open-pool.ts'
import { arrive, signInWithGoogle } from '../testing/walk.ts'

let emulator: Emulator
beforeAll(async () => {
  const personas = [{ id: 'ada', sub: 'AbC', email: 'ada@example.com', email_verified: true, name: 'Ada' }]
  emulator = await startEmulator({ personas })
})
afterAll(() => emulator.close())

interface Event {
  readonly userPoolId: string
  readonly response: object
}

let count = 0
async function pooled(handler: TriggerFunction, quirks: QuirkSettings = {}): Promise<OpenPool> {
  count += 1
  emulator.setTrigger(`inbound-${count}`, handler)
  const LambdaArn = `arn:aws:lambda:us-east-1:000000000000:function:inbound-${count}`
  const pool = await openPool(emulator, {
    google: { email: 'email', email_verified: 'email_verified', name: 'given_name', nickname: 'name' },
    pool: {
      LambdaConfig: { InboundFederation: { LambdaVersion: 'V1_0', LambdaArn } },
      UsernameConfiguration: { CaseSensitive: false },
    },
  })
  emulator.setQuirks(quirks, pool.UserPoolId)
  return pool
}

const answering = (userAttributesToMap: object) => (event: Event) => ({ ...event, response: { userAttributesToMap } })
const callsOf = (pool: OpenPool) => emulator.triggerCalls().filter((call) => call.userPoolId === pool.UserPoolId)

describe('InboundFederation (Developer Guide: user-pool-lambda-inbound-federation)', () => {
  it('sees every sign-in, with the subject as the provider wrote it', async () => {
    const pool = await pooled((event) => event)
    await signInWithGoogle(pool, 'ada')
    await signInWithGoogle(pool, 'ada')
    const calls = callsOf(pool)
    expect(calls.map((call) => call.source)).toEqual(Array(2).fill('InboundFederation_ExternalProvider'))
    expect(calls[0]?.event).toMatchObject({
      userName: 'google_abc',
      request: {
        providerName: 'Google',
        providerType: 'Google',
        attributes: {
          tokenResponse: { token_type: 'Bearer' },
          idToken: { sub: 'AbC', email: 'ada@example.com', iss: 'https://accounts.google.com' },
          userInfo: { sub: 'AbC', name: 'Ada' },
        },
      },
      response: { userAttributesToMap: {} },
    })
  })

  it('keeps everything for an empty map, and otherwise only what the map says', async () => {
    const all = await pooled(answering({}))
    await signInWithGoogle(all, 'ada')
    expect(await all.user('google_abc')).toMatchObject({ email: 'ada@example.com', nickname: 'Ada' })
    const one = await pooled(answering({ email: 'changed@example.com' }))
    await signInWithGoogle(one, 'ada')
    expect(await one.user('google_abc')).toMatchObject({ email: 'changed@example.com' })
    expect(await one.user('google_abc')).not.toHaveProperty('nickname')
  })

  it.each([
    ['poolNamesWin', { name: 'by pool name', nickname: 'by provider name' }],
    ['idpNamesOnly', { nickname: 'by pool name' }],
  ] as const)('reads the keys of the map as its switch says: %s', async (inboundFederationKeys, expected) => {
    const map = answering({ name: 'by pool name', nickname: 'by provider name', sub: 'never' })
    const pool = await pooled(map, { inboundFederationKeys })
    await signInWithGoogle(pool, 'ada')
    const { name, nickname } = { name: undefined, nickname: undefined, ...(await pool.user('google_abc')) }
    expect({ name, nickname }).toEqual({ name: undefined, ...expected })
  })

  it('refuses before anything is stored, and takes no answer that is not one', async () => {
    const refusing = await pooled(() => {
      throw new Error('Not here')
    })
    const callback = await arrive(refusing, 'ada')
    expect(callback.searchParams.get('error_description')).toBe('InboundFederation failed with error Not here. ')
    expect(emulator.users(refusing.UserPoolId)).toEqual([])
    const confused = await pooled((event: Event) => ({ ...event, response: { userAttributesToMap: 'all' } }))
    const answer = (await arrive(confused, 'ada')).searchParams.get('error_description')
    expect(answer).toBe('Unrecognizable lambda output ')
  })

  it.each([
    ['yes', null],
    ['no', 'Already found an entry for username google_abc'],
  ] as const)('a link made here counts for this very sign-in: %s', async (linkInInboundFederation, description) => {
    const holder: { pool?: OpenPool } = {}
    const linking = async (event: Event) => {
      const source = { ProviderName: 'Google', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: 'AbC' }
      const input = {
        UserPoolId: event.userPoolId,
        SourceUser: source,
        DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: 'ada' },
      }
      await holder.pool?.sdk.send(new AdminLinkProviderForUserCommand(input))
      return event
    }
    const pool = await pooled(linking, { linkInInboundFederation })
    holder.pool = pool
    await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
    expect((await arrive(pool, 'ada')).searchParams.get('error_description')).toBe(description)
    expect(emulator.users(pool.UserPoolId)).toHaveLength(1)
  })
})
