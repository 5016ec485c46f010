import { describe, expect, it } from 'vitest'
import { CATALOGUE, type ErrorCode, OnesubError } from '../core/errors.ts'
import { readRefusal } from './refusal.ts'

const codes = Object.keys(CATALOGUE).filter((code): code is ErrorCode => code in CATALOGUE)
const text =
  'PreSignUp failed with error onesub/IDENTIFIER_TAKEN: An account with these details already exists. Sign in instead.'
const taken = { code: 'IDENTIFIER_TAKEN', says: CATALOGUE.IDENTIFIER_TAKEN.says, retry: false, offer: 'sign-in' }
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
    ['the body of our middleware', { error: { code: 'IDENTIFIER_TAKEN', message: 'words' } }],
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
    [
      'everything that Amplify’s Hub passes to a listener',
      {
        channel: 'auth',
        source: 'Auth',
        patternInfo: [],
        payload: {
          event: 'signInWithRedirect_failure',
          message: 'An error occurred while trying to sign in',
          data: { error: named('OAuthSignInException', 'failed', { underlyingError: { message: text } }) },
        },
      },
    ],
    ['an answer of GraphQL', { data: null, errors: [{ message: 'other' }, { message: text, path: ['signUp'] }] }],
    [
      'an answer of GraphQL that names the code',
      { errors: [{ message: 'no', extensions: { code: 'IDENTIFIER_TAKEN' } }] },
    ],
    [
      'an error of axios',
      named('AxiosError', 'status 401', { response: { data: { error: { code: 'IDENTIFIER_TAKEN' } } } }),
    ],
    ['several errors at once', new AggregateError([new Error('other'), named('Error', text)], 'All were rejected')],
    ['an event of a promise that nobody caught', { type: 'unhandledrejection', reason: named('Error', text) }],
    [
      'causes of causes',
      Array.from({ length: 20 }).reduce<Error>((cause) => new Error('outer', { cause }), named('Error', text)),
    ],
    ['a list of errors', [new Error('other'), named('Error', text)]],
    [
      'a long list of errors',
      [...Array.from({ length: 150 }, (_, at) => new Error(`other ${at}`)), named('Error', text)],
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

it('says for the error after a link to try again', () => {
  const input = { message: 'Already found an entry for username Google_1180' }
  expect(readRefusal(input)).toMatchObject({ code: 'TRY_AGAIN', retry: true, offer: 'try-again' })
})

it('offers to link while signed in where the proof did not suffice', () => {
  expect(readRefusal('onesub/LINK_NEEDS_PROOF')?.offer).toBe('link-when-signed-in')
})

it('offers another try where a link was too late, though the same attempt cannot succeed', () => {
  expect(readRefusal('onesub/LINK_PROOF_INVALID')).toMatchObject({ offer: 'try-again', retry: false })
})

it('T139: says nothing that a stranger wrote into the URL', () => {
  const evil = 'onesub/IDENTIFIER_TAKEN: Your account is locked. Call +1 555 0100.'
  const refusal = readRefusal(`https://app.example.com/?${new URLSearchParams({ error_description: evil })}`)
  expect(refusal).toEqual(taken)
  expect(JSON.stringify(refusal)).not.toContain('555')
})

it.each<[string, unknown]>([
  ['a code that this version does not know', 'onesub/FROM_THE_FUTURE: something'],
  ['a code in small letters', 'onesub/identifier_taken: something'],
  ['a code in small letters by itself', 'identifier_taken'],
  ['a name that differs by case', { name: 'usernameexistsexception' }],
  ['a name that another begins with', { name: 'UsernameExistsExceptionally' }],
  ['a name of every object', 'onesub/constructor'],
  ['another error', named('NotAuthorizedException', 'Incorrect username or password.')],
  ['a URL that speaks of us elsewhere', 'https://app.example.com/?returnTo=onesub/IDENTIFIER_TAKEN'],
  ['a URL without parameters', new URL('https://app.example.com/onesub/IDENTIFIER_TAKEN')],
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['an empty text', ''],
])('is not seen in %s', (_, input) => {
  expect(readRefusal(input)).toBeUndefined()
})

it('T179: leads a user who left before the code back to it', () => {
  const unfinished = { code: 'SIGN_UP_UNFINISHED', retry: true, offer: 'resume' }
  expect(readRefusal(new OnesubError('SIGN_UP_UNFINISHED'))).toMatchObject(unfinished)
  expect(readRefusal(`PreSignUp failed with error ${new OnesubError('SIGN_UP_UNFINISHED').message}.`)).toMatchObject(
    unfinished,
  )
  expect(readRefusal(named('UserNotConfirmedException', 'User is not confirmed.'))).toMatchObject(unfinished)
})

it('the nearest counts, where there are several', () => {
  const cause = new Error('onesub/TRY_AGAIN')
  expect(readRefusal(new Error('onesub/IDENTIFIER_TAKEN', { cause }))?.code).toBe('IDENTIFIER_TAKEN')
  const nested = new AggregateError([new Error('x', { cause }), new Error('onesub/IDENTIFIER_INVALID')])
  expect(readRefusal(nested)?.code).toBe('IDENTIFIER_INVALID')
})

describe('nothing that is handed in makes it throw or go on for ever', () => {
  const round: { message: string; cause?: unknown; errors?: unknown[]; data?: unknown } = { message: 'round' }
  round.cause = round
  round.errors = [round, [round]]
  round.data = { error: round }
  const growing: object = new Proxy({}, { get: () => new Proxy({}, { get: () => growing, has: () => true }) })
  const endless = (): object => new Proxy({}, { get: () => endless() })
  const throwing = new Proxy(
    {},
    {
      get: () => raise(),
      getPrototypeOf: () => raise(),
      has: () => raise(),
      ownKeys: () => raise(),
    },
  )
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()

  it.each<[string, unknown]>([
    ['an error that holds itself', round],
    ['two errors that hold each other', growing],
    ['an object that makes a new one for each question', endless()],
    ['an object that throws', throwing],
    ['a revoked proxy', revoked.proxy],
    ['an object without a prototype', Object.create(null)],
    ['a function', () => text],
    ['a symbol', Symbol('onesub/IDENTIFIER_TAKEN')],
    ['a large integer', 10n],
    ['a very long text', 'onesub/'.repeat(100_000)],
  ])('%s', (_, input) => {
    expect(readRefusal(input)).toBeUndefined()
  })

  it('and what can be read of such an object is read', () => {
    const half = {
      get message() {
        return raise()
      },
      cause: new Error(text),
    }
    expect(readRefusal(half)).toEqual(taken)
    expect(readRefusal({ cause: throwing, errors: [revoked.proxy, round, new Error(text)] })).toEqual(taken)
  })
})

function raise(): never {
  throw new Error('Not for you.')
}
