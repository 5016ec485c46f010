import assert from 'node:assert/strict'
import { isOnesubError } from '../../core/errors.ts'

// By Node's own assertions, so that the contract runs under any test framework, and without one.

export function equal(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected)
}

/** Looks at the fields that `expected` names, and at no others. Lists have the same length. */
export function matches(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(partLike(actual, expected), expected)
}

export interface ExpectedError {
  readonly code: string
  readonly retry?: boolean
  readonly message?: RegExp
}

/** The call fails with an error of onesub. Gives the error back for further questions. */
export async function fails(call: Promise<unknown>, { message, ...expected }: ExpectedError): Promise<Error> {
  const error: unknown = await call.then(
    () => assert.fail(`The call succeeds; expected ${expected.code}.`),
    (reason: unknown) => reason,
  )
  if (!isOnesubError(error)) throw error
  matches(error, expected)
  if (message) assert.match(error.message, message)
  return error
}

export function differ(actual: unknown, other: unknown): void {
  assert.notDeepStrictEqual(actual, other)
}

export function isTrue(condition: boolean, message: string): void {
  assert.ok(condition, message)
}

/** For what the fixtures of a case always have. */
export function existing<T>(value: T | undefined, what: string): T {
  assert.ok(value !== undefined, `There is no ${what}.`)
  return value
}

function partLike(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(expected))
    return Array.isArray(actual) ? actual.map((one, at) => partLike(one, expected[at])) : actual
  if (!isObject(expected) || !isObject(actual)) return actual
  return Object.fromEntries(
    Object.keys(expected).map((name) => [name, partLike(Reflect.get(actual, name), Reflect.get(expected, name))]),
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
