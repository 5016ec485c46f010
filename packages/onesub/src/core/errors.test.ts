import { expect, it } from 'vitest'
import { HINTS } from './error-hints.ts'
import { CATALOGUE, type ErrorCode, isOnesubError, OnesubError } from './errors.ts'

const codes = Object.keys(CATALOGUE).filter((code): code is ErrorCode => code in CATALOGUE)

it.each(codes)('%s says in one line what is wrong and what to do', (code) => {
  const { says } = CATALOGUE[code]
  expect(says).toMatch(/^[A-Z][^\n]{10,120}\.$/)
  expect(HINTS[code]).toMatch(/^[A-Z][^\n]{20,260}\.$/)
  expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
})

it.each(codes)('%s can be read out of what Cognito makes of it', (code) => {
  const atTheClient = `PreSignUp failed with error ${new OnesubError(code).message}.`
  expect(/onesub\/([A-Z_]+)/.exec(atTheClient)?.[1]).toBe(code)
  expect(atTheClient).not.toContain('..')
})

it('T78: does not show a stranger what is meant for the log', () => {
  expect(new OnesubError('IDENTIFIER_INVALID', { detail: 'email: EMAIL_DOMAIN' }).message).not.toContain('EMAIL_DOMAIN')
})

it('shows the deployer what is wrong with the settings', () => {
  expect(new OnesubError('CONFIG_INVALID', { detail: '"pepper" is missing.' }).message).toContain(
    '"pepper" is missing.',
  )
  expect(new OnesubError('CONFIG_INVALID').message).toBe('onesub/CONFIG_INVALID: The service is not set up correctly')
})

it('may be tried again where the same call can succeed later, and nowhere else', () => {
  expect(codes.filter((code) => new OnesubError(code).retry)).toEqual([
    'SIGN_UP_UNFINISHED',
    'TRY_AGAIN',
    'TOKEN_KEYS_UNREACHABLE',
    'REGISTRY_UNREACHABLE',
  ])
})

it('keeps for the log what it was caused by, and has no cause where there is none', () => {
  const cause = new TypeError('locked')
  expect(new OnesubError('TRY_AGAIN', { detail: 'store', cause })).toMatchObject({ cause, detail: 'store' })
  expect(new OnesubError('TRY_AGAIN')).not.toHaveProperty('cause')
})

it.each(['POLICY_INVALID', 'CONFIG_INVALID', 'REGISTRY_NOT_READY'] as const)(
  '%s names the fault in its message, since only the deployer reads it',
  (code) => expect(new OnesubError(code, { detail: 'This one.' }).message).toBe(`onesub/${code}: This one.`),
)

it.each(codes)('%s says without a detail what anybody may read', (code) => {
  expect(`${new OnesubError(code).message}.`).toBe(`onesub/${code}: ${CATALOGUE[code].says}`)
})

it('is known by its name, since two copies of the package may be installed', () => {
  expect(isOnesubError(Object.assign(new Error('x'), { name: 'OnesubError', code: 'IDENTIFIER_TAKEN' }))).toBe(true)
  expect(isOnesubError(new OnesubError('IDENTIFIER_TAKEN'))).toBe(true)
  expect(isOnesubError(new Error('x'))).toBe(false)
  expect(isOnesubError(Object.assign(new Error('x'), { code: 'IDENTIFIER_TAKEN' }))).toBe(false)
  expect(isOnesubError(Object.assign(new Error('x'), { name: 'OnesubError' }))).toBe(false)
  expect(isOnesubError({ name: 'OnesubError', code: 'IDENTIFIER_TAKEN' })).toBe(false)
})
