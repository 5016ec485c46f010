import { randomUUID } from 'node:crypto'
import { invalidParameter } from '../shared/faults.ts'
import type { Pool } from './pool.ts'
import { looksLikeEmail, looksLikePhone } from './schema.ts'

export interface NamedUser {
  readonly username: string
  readonly sub: string
  readonly attributes: ReadonlyMap<string, string>
}

/** Developer Guide: user-pool-settings-attributes. Where the address is the username, the username is a UUID: the `sub`. */
export function nameNewUser(pool: Pool, typed: string, attributes: ReadonlyMap<string, string>): NamedUser {
  const sub = randomUUID()
  if (pool.hasEmailOrPhoneUsernames) {
    return { username: sub, sub, attributes: withSignInName(pool, typed, attributes) }
  }
  refuseAliasShape(pool, typed)
  return { username: pool.spelled(typed), sub, attributes }
}

function withSignInName(pool: Pool, typed: string, attributes: ReadonlyMap<string, string>) {
  const allowed = pool.configuration.usernameAttributes
  const name = [looksLikeEmail(typed) && 'email', looksLikePhone(typed) && 'phone_number'].find(
    (shape) => shape !== false && allowed.includes(shape),
  )
  if (!name)
    throw invalidParameter(
      `Username should be ${allowed.length > 1 ? EITHER : allowed[0] === 'email' ? AN_EMAIL : A_PHONE}`,
    )
  const given = attributes.get(name)
  if (given && given !== typed) {
    const what = name === 'email' ? 'email' : 'phone number'
    throw invalidParameter(`User ${what} should be empty or same as username, since username attribute is ${what}`)
  }
  return new Map(attributes).set(name, typed)
}

// Texts: jagregory/cognito-local#102.
const EITHER = 'either an email or a phone number.'
const AN_EMAIL = 'an email.'
const A_PHONE = 'a phone number.'

function refuseAliasShape(pool: Pool, typed: string): void {
  if (pool.isAlias('email') && looksLikeEmail(typed)) {
    throw invalidParameter('Username cannot be of email format, since user pool is configured for email alias.')
  }
  if (pool.isAlias('phone_number') && looksLikePhone(typed)) {
    throw invalidParameter(
      'Username cannot be of phone number format, since user pool is configured for phone number alias.',
    )
  }
}
