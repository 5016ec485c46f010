import type * as Lambda from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { parseEvent } from '../triggers/event.ts'
import { createTriggerHandler } from '../triggers/every-trigger.ts'
import { isTriggerSource, TRIGGER_SOURCES } from '../triggers/trigger-sources.ts'
import { createTriggerEvents } from './index.ts'

const userPoolId = 'eu-west-1_Example01'
const clientId = 'web'
const event = createTriggerEvents({ userPoolId, clientId })
const SOURCES = Object.keys(TRIGGER_SOURCES).filter(isTriggerSource)

describe('the event of a trigger source', () => {
  it.each(SOURCES)('is whole: %s', (source) => {
    const built = event(source)
    expect(parseEvent(built)).toMatchObject({ source, pool: userPoolId, region: 'eu-west-1' })
    expect(JSON.parse(JSON.stringify(built))).toEqual(built)
    expect(built.callerContext.clientId).toBe(
      source === 'PreSignUp_AdminCreateUser' ? 'CLIENT_ID_NOT_APPLICABLE' : clientId,
    )
  })

  it('is as what was asked for, and otherwise as it is by itself', () => {
    const built = event('PreSignUp_SignUp', {
      userName: 'bob',
      userAttributes: { phone_number: '+4930123456' },
      request: { clientMetadata: { tenant: 'one' } },
      response: { autoConfirmUser: true },
    })
    expect(built).toMatchObject({
      version: '1',
      userName: 'bob',
      request: { userAttributes: { phone_number: '+4930123456' }, clientMetadata: { tenant: 'one' } },
      response: { autoConfirmUser: true, autoVerifyEmail: false, autoVerifyPhone: false },
    })
    expect(built.request.userAttributes).not.toHaveProperty('email')
  })

  it('is a new one each time: what a handler writes is in no other', () => {
    event('PreSignUp_SignUp').response.autoConfirmUser = true
    event('PreSignUp_SignUp').request.userAttributes.email = 'eve@example.com'
    expect(event('PreSignUp_SignUp')).toMatchObject({
      request: { userAttributes: { email: 'ada@example.com' } },
      response: { autoConfirmUser: false },
    })
  })

  it.each(['1', '2', '3'] as const)('has scopes and their response from version 2 on: %s', (version) => {
    const { request, response } = event('TokenGeneration_HostedAuth', { version })
    expect(request.scopes !== undefined).toBe(version !== '1')
    expect(Object.keys(response)).toEqual([version === '1' ? 'claimsOverrideDetails' : 'claimsAndScopeOverrideDetails'])
  })

  it('opens the trigger: a new user signs up, confirms, and gets an id in the token', async () => {
    const registry = createMemoryRegistry()
    const handler = createTriggerHandler({ userPoolId, clientIds: [clientId], registry, report: () => {} })
    await handler(event('PreSignUp_SignUp'))
    await handler(event('PostConfirmation_ConfirmSignUp'))
    expect(await handler(event('TokenGeneration_Authentication'))).toMatchObject({
      response: {
        claimsOverrideDetails: { claimsToAddOrOverride: { person_id: expect.stringMatching(/^[\da-f-]{36}$/) } },
      },
    })
  })

  // Checked by the compiler: the types that most functions have are DefinitelyTyped's.
  it('fits the types of AWS Lambda', () => {
    const fits: readonly (
      | Lambda.PreSignUpTriggerEvent
      | Lambda.PostConfirmationTriggerEvent
      | Lambda.PreAuthenticationTriggerEvent
      | Lambda.PostAuthenticationTriggerEvent
      | Lambda.InboundFederationTriggerEvent
      | Lambda.DefineAuthChallengeTriggerEvent
      | Lambda.CreateAuthChallengeTriggerEvent
      | Lambda.VerifyAuthChallengeResponseTriggerEvent
      | Lambda.CustomMessageTriggerEvent
      | Lambda.CustomEmailSenderTriggerEvent
      | Lambda.CustomSMSSenderTriggerEvent
    )[] = [
      event('PreSignUp_SignUp'),
      event('PreSignUp_AdminCreateUser'),
      event('PreSignUp_ExternalProvider'),
      event('PostConfirmation_ConfirmSignUp'),
      event('PostConfirmation_ConfirmForgotPassword'),
      event('PreAuthentication_Authentication'),
      event('PostAuthentication_Authentication'),
      event('InboundFederation_ExternalProvider'),
      event('DefineAuthChallenge_Authentication'),
      event('CreateAuthChallenge_Authentication'),
      event('VerifyAuthChallengeResponse_Authentication'),
      event('CustomMessage_SignUp'),
      event('CustomMessage_AdminCreateUser'),
      event('CustomEmailSender_ForgotPassword'),
      event('CustomSMSSender_Authentication'),
    ]
    // Their responses have no null, which Cognito sends, and a migration's response has fields that only the handler knows.
    const requests: readonly (Lambda.PreTokenGenerationTriggerEvent | Lambda.UserMigrationTriggerEvent)['request'][] = [
      event('TokenGeneration_RefreshTokens').request,
      event('UserMigration_Authentication').request,
    ]
    expect(fits.length + requests.length).toBeGreaterThan(16)
  })
})
