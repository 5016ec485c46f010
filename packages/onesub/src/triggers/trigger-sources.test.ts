import { describe, expect, it } from 'vitest'
import { emailKey } from '../core/testing/samples.ts'
import { createTriggerHandler } from './every-trigger.ts'
import { createInboundFederationHandler } from './slots/inbound-federation.ts'
import { createNativePreSignUpHandler } from './slots/native-pre-sign-up.ts'
import { createPostAuthenticationHandler } from './slots/post-authentication.ts'
import { createPostConfirmationHandler } from './slots/post-confirmation.ts'
import { createPreSignUpHandler } from './slots/pre-sign-up.ts'
import { createPreTokenGenerationHandler } from './slots/pre-token-generation.ts'
import { adminCreates, confirms, signUp, subOf, triggerEvent } from './testing/events.ts'
import { testPool } from './testing/pool.ts'
import { TRIGGER_SOURCES } from './trigger-sources.ts'

const ADA = 'ada@example.com'
const GOOGLE = JSON.stringify([{ providerName: 'Google', userId: '1180', primary: false }])

/** What a run for a known user comes to, for each source that decides something. Every other one is to pass. */
const COMES_TO: Readonly<Record<string, string>> = {
  PreSignUp_SignUp: 'refused',
  PreSignUp_AdminCreateUser: 'refused',
  PreSignUp_ExternalProvider: 'refused',
  PostConfirmation_ConfirmSignUp: 'existing-person',
  PostConfirmation_ConfirmForgotPassword: 'existing-person',
  PostAuthentication_Authentication: 'repaired',
  InboundFederation_ExternalProvider: 'link-identity',
  TokenGeneration_HostedAuth: 'named',
  TokenGeneration_Authentication: 'named',
  TokenGeneration_NewPasswordChallenge: 'named',
  TokenGeneration_AuthenticateDevice: 'named',
  TokenGeneration_RefreshTokens: 'named',
}

async function knownUser(create = createTriggerHandler) {
  let isSetUp = false
  const pool = testPool({
    create(options) {
      const [whole, one] = [createTriggerHandler(options), create(options)]
      return (event, context) => (isSetUp ? one : whole)(event, context)
    },
  })
  await pool.handler(signUp('ada', ADA))
  await pool.handler(confirms('ada', ADA))
  isSetUp = true
  pool.reports.length = 0
  return pool
}

const eventOf = (source: string) => {
  const event = triggerEvent({
    source,
    userName: source === 'PreSignUp_SignUp' || source === 'PreSignUp_AdminCreateUser' ? 'eve' : 'ada',
    attributes: {
      sub: subOf('ada'),
      'cognito:user_status': 'CONFIRMED',
      email: ADA,
      email_verified: 'false',
      identities: GOOGLE,
    },
  })
  const idToken = { sub: '1180', email: ADA, email_verified: true, hd: 'example.com' }
  const answered = { providerName: 'Google', attributes: { idToken, userInfo: {} } }
  return source.startsWith('InboundFederation') ? { ...event, request: { ...event.request, ...answered } } : event
}

describe('each source of a trigger', () => {
  it.each(Object.keys(TRIGGER_SOURCES))('is handled as what it is: %s', async (source) => {
    const { handler, reports } = await knownUser()
    await handler(eventOf(source)).catch(() => {})
    expect(reports.at(-1)).toMatchObject({ source, outcome: COMES_TO[source] ?? 'passes' })
  })

  it('T105: of the two confirmations, the recovery alone ends older tokens', async () => {
    const { handler, events, clock } = await knownUser()
    clock.now += 3_600_000
    const ended = async () => (await events()).filter(({ type }) => type === 'recovery.completed').length
    await handler(eventOf('PostConfirmation_ConfirmSignUp'))
    expect(await ended()).toBe(0)
    await handler(eventOf('PostConfirmation_ConfirmForgotPassword'))
    expect(await ended()).toBe(1)
  })
})

const PRE_SIGN_UP = ['PreSignUp_SignUp', 'PreSignUp_AdminCreateUser', 'PreSignUp_ExternalProvider']
const TOKENS = Object.keys(COMES_TO).filter((source) => source.startsWith('TokenGeneration_'))

describe.each([
  ['PreSignUp', createPreSignUpHandler, PRE_SIGN_UP],
  ['PreSignUp without providers', createNativePreSignUpHandler, PRE_SIGN_UP.slice(0, 2)],
  [
    'PostConfirmation',
    createPostConfirmationHandler,
    ['PostConfirmation_ConfirmSignUp', 'PostConfirmation_ConfirmForgotPassword'],
  ],
  ['PostAuthentication', createPostAuthenticationHandler, ['PostAuthentication_Authentication']],
  ['InboundFederation', createInboundFederationHandler, ['InboundFederation_ExternalProvider']],
  ['PreTokenGeneration', createPreTokenGenerationHandler, TOKENS],
])('a function for %s alone', (_, create, handled) => {
  it.each(Object.keys(TRIGGER_SOURCES))(
    'handles its own sources, and refuses those of other triggers: %s',
    async (source) => {
      const { handler, reports } = await knownUser(create)
      await handler(eventOf(source)).catch(() => {})
      const isForeign = COMES_TO[source] !== undefined && !handled.includes(source)
      const expected = isForeign
        ? { outcome: 'refused', code: 'EVENT_FOREIGN' }
        : { outcome: COMES_TO[source] ?? 'passes' }
      expect(reports.at(-1)).toMatchObject({ source, ...expected })
    },
  )
})

describe('a function for one trigger does what the function for all does', () => {
  it('T105: a recovery ends older sessions', async () => {
    const { handler, events, clock } = await knownUser(createPostConfirmationHandler)
    clock.now += 3_600_000
    await handler(eventOf('PostConfirmation_ConfirmForgotPassword'))
    expect((await events()).filter(({ type }) => type === 'recovery.completed')).toHaveLength(1)
  })

  it.each([createPreSignUpHandler, createNativePreSignUpHandler])(
    'T156: an invited user is known as an administrator’s',
    async (create) => {
      const { handler, registry } = await knownUser(create)
      await handler(adminCreates('invited', 'invited@example.com'))
      const email = { identity: undefined, identifiers: [emailKey('invited@example.com')] }
      expect((await registry.facts(email)).identifiers[0]?.ownership?.holder).toMatchObject({ by: 'administrator' })
    },
  )
})
