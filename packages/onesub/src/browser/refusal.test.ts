import { describe, expect, it } from 'vitest'
import { CATALOGUE, type ErrorCode, OnesubError } from '../core/errors.ts'
import { readRefusal } from './refusal.ts'

const codes = Object.keys(CATALOGUE).filter((code): code is ErrorCode => code in CATALOGUE)
const text =
  'PreSignUp failed with error onesub/KEY_TAKEN: An account with these details already exists. Sign in instead.'
const taken = { code: 'KEY_TAKEN', says: CATALOGUE.KEY_TAKEN.says, retry: false, offer: 'sign-in' }
const callback = `https://app.example.com/callback?${new URLSearchParams({ error_description: `${text} `, state: 's', error: 'invalid_request' })}`
const named = (name: string, message: string, more = {}) => Object.assign(new Error(message), { name }, more)

describe('a refusal is read out of', () => {
  it.each<[string, unknown]>([
    ['an error of the AWS SDK', named('UserLambdaValidationException', text, { $fault: 'client' })],
    ['an error of Amplify', named('UserLambdaValidationException', text, { underlyingError: undefined })],
    ['an error of amazon-cognito-identity-js', named('Error', text, { code: 'UserLambdaValidationException' })],
    [
      'an event of Amplify’s Hub',
      { event: 'signInWithRedirect_failure', data: { error: named('OAuthSignInException', text) } },
    ],
    [
      'an error that wraps another',
      new Error('sign-up failed', { cause: named('UserLambdaValidationException', text) }),
    ],
    ['the body of our middleware', { error: { code: 'KEY_TAKEN', message: 'words' } }],
    ['the body of the API', { __type: 'UserLambdaValidationException', message: text }],
    ['a message', text],
    ['a message that was encoded', encodeURIComponent(text)],
    ['a message that was encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['a message with plus signs for spaces', text.replaceAll(' ', '+')],
    ['a message behind SAML’s prefix', `Error in SAML response processing: ${text} `],
    ['a callback URL', callback],
    ['a callback URL object', new URL(callback)],
    ['a callback URL of the implicit flow', callback.replace('?', '#')],
    ['a callback URL that a hash router owns', callback.replace('?', '#/?')],
    ['a query', new URL(callback).search],
    ['parameters', new URL(callback).searchParams],
    ['Cognito’s own error for a taken user name', named('UsernameExistsException', 'User already exists')],
    [
      'Cognito’s own error for a taken alias',
      { code: 'AliasExistsException', message: 'An account with the given email already exists.' },
    ],
    ['the type that the API writes with a namespace', { __type: 'com.amazonaws.cognito#UsernameExistsException' }],
  ])('%s', (_, input) => {
    expect(readRefusal(input)).toEqual(taken)
  })

  it.each(codes)('what Cognito makes of %s', (code) => {
    const { says, retry } = CATALOGUE[code]
    expect(readRefusal(`PreSignUp failed with error ${new OnesubError(code).message}.`)).toMatchObject({
      code,
      says,
      retry,
    })
  })
})

it('tells for the error after a link to try again', () => {
  const input = { message: 'Already found an entry for username Google_1180' }
  expect(readRefusal(input)).toMatchObject({ code: 'TRY_AGAIN', retry: true, offer: 'try-again' })
})

it('offers to link while signed in where the proof did not suffice', () => {
  expect(readRefusal('onesub/LINK_NEEDS_PROOF')?.offer).toBe('link-when-signed-in')
})

it('T139: says nothing that a stranger wrote into the URL', () => {
  const evil = 'onesub/KEY_TAKEN: Your account is locked. Call +1 555 0100.'
  const refusal = readRefusal(`https://app.example.com/?${new URLSearchParams({ error_description: evil })}`)
  expect(refusal).toEqual(taken)
  expect(JSON.stringify(refusal)).not.toContain('555')
})

it.each<[string, unknown]>([
  ['a code that this version does not know', 'onesub/FROM_THE_FUTURE: something'],
  ['a name of every object', 'onesub/constructor'],
  ['another error', named('NotAuthorizedException', 'Incorrect username or password.')],
  ['a URL that speaks of us elsewhere', 'https://app.example.com/?returnTo=onesub/KEY_TAKEN'],
  ['a URL without parameters', new URL('https://app.example.com/onesub/KEY_TAKEN')],
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an empty text', ''],
])('is not seen in %s', (_, input) => {
  expect(readRefusal(input)).toBeUndefined()
})

it('ends where an error holds itself', () => {
  const error: { cause?: unknown; message: string } = { message: 'round' }
  error.cause = error
  expect(readRefusal(error)).toBeUndefined()
})
