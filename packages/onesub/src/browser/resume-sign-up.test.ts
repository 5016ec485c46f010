import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { resumeSignUp } from './index.ts'

interface Asked {
  readonly url: string
  readonly target: string
  readonly body: unknown
  readonly credentials: unknown
}

let asked: Asked[]
let answers: { readonly status: number; readonly body: unknown }[]

beforeEach(() => {
  asked = []
  answers = []
  vi.stubGlobal('fetch', async (url: string, { headers, body, credentials }: Record<string, unknown>) => {
    asked.push({
      url,
      target: String(Reflect.get(Object(headers), 'x-amz-target')),
      body: JSON.parse(String(body)),
      credentials,
    })
    const answer = answers.shift()
    if (!answer) throw new TypeError('Failed to fetch')
    return Response.json(answer.body, { status: answer.status })
  })
})
afterEach(() => vi.unstubAllGlobals())

const ADA = { userPoolId: 'eu-west-1_Test1', clientId: '7web', userName: 'ada@example.com' }
const sent = { status: 200, body: { CodeDeliveryDetails: { Destination: 'a***@e***', DeliveryMedium: 'EMAIL' } } }
const fails = (type: string, message = '') => ({ status: 400, body: { __type: type, message } })

/** What the page is told about a code that was entered. */
async function confirming(answer: { status: number; body: unknown }) {
  answers = [sent, answer]
  const resumed = await resumeSignUp(ADA)
  return resumed.kind === 'code-sent' ? resumed.confirm(' 123456 ') : resumed
}

describe('T179: an unfinished sign-up', () => {
  it('is resumed by two calls that anybody may make, and takes no alias from its holder', async () => {
    expect(await confirming({ status: 200, body: {} })).toEqual({ kind: 'confirmed' })
    const url = 'https://cognito-idp.eu-west-1.amazonaws.com/'
    const service = 'AWSCognitoIdentityProviderService'
    const who = { ClientId: '7web', Username: 'ada@example.com' }
    // Whoever began it may have been somebody else, who knows the password (T157).
    const code = { ConfirmationCode: '123456', ClientMetadata: { 'onesub-contested': 'true' } }
    expect(asked).toEqual([
      { url, target: `${service}.ResendConfirmationCode`, body: who, credentials: 'omit' },
      { url, target: `${service}.ConfirmSignUp`, body: { ...who, ...code }, credentials: 'omit' },
    ])
  })

  it.each([
    ['cn-north-1_Test1', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/'],
    ['eusc-de-east-1_Test1', 'https://cognito-idp.eusc-de-east-1.amazonaws.eu/'],
  ])('T169: is resumed where its pool is: %s', async (userPoolId, url) => {
    answers = [sent]
    expect(await resumeSignUp({ ...ADA, userPoolId })).toMatchObject({ kind: 'code-sent', sentTo: 'a***@e***' })
    expect(asked[0]?.url).toBe(url)
  })

  it('is resumed at an emulator', async () => {
    answers = [sent]
    await resumeSignUp({ ...ADA, userPoolId: 'local_Test1', endpoint: 'http://127.0.0.1:9229' })
    expect(asked[0]?.url).toBe('http://127.0.0.1:9229/')
  })

  it.each([
    ['an unknown user', fails('UserNotFoundException', 'User does not exist.'), undefined],
    ['with a namespace', fails('com.amazonaws.cognito#UserNotFoundException'), undefined],
    ['a user whose existence is hidden', sent, 'a***@e***'],
    ['an answer without details', { status: 200, body: {} }, undefined],
    ['an answer with other details', { status: 200, body: { CodeDeliveryDetails: { Destination: 7 } } }, undefined],
  ])('tells nobody who is registered: %s', async (_, answer, sentTo) => {
    answers = [answer]
    expect(await resumeSignUp(ADA)).toEqual({ kind: 'code-sent', sentTo, confirm: expect.any(Function) })
  })

  it.each([
    fails('InvalidParameterException', 'User is already confirmed.'),
    fails('NotAuthorizedException', 'User cannot be confirmed. Current status is CONFIRMED'),
  ])('that is finished leads to the sign-in: %j', async (answer) => {
    answers = [answer]
    expect(await resumeSignUp(ADA)).toEqual({ kind: 'confirmed' })
    expect(await confirming(answer)).toEqual({ kind: 'confirmed' })
  })

  it.each([
    ['CodeMismatchException', 'wrong-code'],
    ['UserNotFoundException', 'wrong-code'],
    ['ExpiredCodeException', 'expired-code'],
  ])('whose code is not taken says so: %s', async (type, kind) => {
    expect(await confirming(fails(type))).toEqual({ kind })
  })

  it.each([
    ['AliasExistsException', 'An account with the email already exists.', 'IDENTIFIER_TAKEN'],
    ['UserLambdaValidationException', 'PostConfirmation failed with error onesub/TRY_AGAIN: x.', 'TRY_AGAIN'],
    ['LimitExceededException', 'Attempt limit exceeded, please try after some time.', 'TRY_AGAIN'],
    ['TooManyFailedAttemptsException', '', 'TRY_AGAIN'],
    ['ResourceNotFoundException', 'User pool client 7web does not exist.', 'CONFIG_INVALID'],
    ['NotAuthorizedException', 'Unable to verify secret hash for client 7web', 'CONFIG_INVALID'],
    ['NotAuthorizedException', 'User cannot be confirmed. Current status is RESET_REQUIRED', 'CONFIG_INVALID'],
  ])('that is refused says why in our words: %s %s', async (type, message, code) => {
    const refused = { kind: 'refused', refusal: expect.objectContaining({ code }) }
    expect(await confirming(fails(type, message))).toEqual(refused)
    answers = [fails(type, message)]
    expect(await resumeSignUp(ADA)).toEqual(refused)
  })

  it.each([
    ['nobody answers', undefined],
    ['a page answers', { status: 503, body: null }],
    ['an error has no name', { status: 500, body: {} }],
    ['an error has another form', { status: 500, body: { __type: ['x'], message: 7 } }],
  ])('is to be tried again where %s', async (_, answer) => {
    if (answer) answers = [answer]
    expect(await resumeSignUp(ADA)).toMatchObject({ kind: 'refused', refusal: { code: 'TRY_AGAIN', retry: true } })
  })

  it.each([
    [{ userName: '' }, 'userName'],
    [{ userPoolId: 'customers' }, 'userPoolId'],
    [{ userPoolId: 'eu-west-1.evil.test/_Test1' }, 'userPoolId'],
    [{ userPoolId: 'local_Test1' }, 'userPoolId'],
    [{ endpoint: 'http://evil.test' }, 'endpoint'],
    [{ endpoint: 'http://127.0.0.1:9229/x' }, 'endpoint'],
    [{ endpoint: 'ftp://127.0.0.1' }, 'endpoint'],
    [{ endpoint: '' }, 'endpoint'],
  ])('is asked nowhere with options that cannot be used: %j', async (change, name) => {
    await expect(resumeSignUp({ ...ADA, ...change })).rejects.toThrow(`onesub/CONFIG_INVALID: "${name}"`)
    expect(asked).toEqual([])
  })
})
