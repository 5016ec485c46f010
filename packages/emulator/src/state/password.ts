import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { CognitoFault } from '../shared/faults.ts'
import type { Input } from '../shared/input.ts'
import type { JsonRecord } from '../shared/json.ts'

export interface PasswordHash {
  readonly salt: Buffer
  readonly hash: Buffer
}

// Salted SHA-256, on purpose: this directory lives in the memory of a developer's machine for the length of a test run
// and holds invented passwords. A slow hash would only make every sign-up and sign-in slow. Its form is that of the
// exponent x in Cognito's SRP-6a, H(salt | H(pool name, username, ":", password)), so one hash serves both ways to sign
// in: the verifier g^x is computed when a user uses SRP, and never at a sign-up.
function digest(salt: Buffer, owner: string, password: string): Buffer {
  const inner = createHash('sha256').update(`${owner}:${password}`).digest()
  return createHash('sha256').update(salt).update(inner).digest()
}

/** `owner` is `Pool.ownerOf(user)`: the hash is bound to the pool and the user. */
export function hashPassword(owner: string, password: string): PasswordHash {
  const salt = randomBytes(16)
  // From 0x01 to 0x7f: SRP clients read the salt as a number, and this one is the same bytes again afterwards.
  salt[0] = randomInt(1, 0x80)
  return { salt, hash: digest(salt, owner, password) }
}

export function isPassword(known: PasswordHash | undefined, owner: string, password: string): boolean {
  return known !== undefined && timingSafeEqual(known.hash, digest(known.salt, owner, password))
}

export interface PasswordPolicy {
  readonly minimumLength: number
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly numbers: boolean
  readonly symbols: boolean
  readonly temporaryValidityDays: number
}

const STRICT: PasswordPolicy = {
  minimumLength: 8,
  uppercase: true,
  lowercase: true,
  numbers: true,
  symbols: true,
  temporaryValidityDays: 7,
}

/** No policy means Cognito's default, the strict one; in a policy that is given, what is left out is off. */
export function parsePasswordPolicy(policies: Input | undefined): PasswordPolicy {
  const given = policies?.part('PasswordPolicy')
  if (!given) return STRICT
  return {
    minimumLength: given.number('MinimumLength') ?? STRICT.minimumLength,
    uppercase: given.flag('RequireUppercase') ?? false,
    lowercase: given.flag('RequireLowercase') ?? false,
    numbers: given.flag('RequireNumbers') ?? false,
    symbols: given.flag('RequireSymbols') ?? false,
    temporaryValidityDays: given.number('TemporaryPasswordValidityDays') ?? STRICT.temporaryValidityDays,
  }
}

export function describePasswordPolicy(policy: PasswordPolicy): JsonRecord {
  return {
    MinimumLength: policy.minimumLength,
    RequireUppercase: policy.uppercase,
    RequireLowercase: policy.lowercase,
    RequireNumbers: policy.numbers,
    RequireSymbols: policy.symbols,
    TemporaryPasswordValidityDays: policy.temporaryValidityDays,
  }
}

export function checkPassword(policy: PasswordPolicy, password: string): void {
  const fault = complaint(policy, password)
  if (fault) throw new CognitoFault('InvalidPasswordException', `Password did not conform with policy: ${fault}`)
}

function complaint(policy: PasswordPolicy, password: string): string | undefined {
  if (password.length < policy.minimumLength) return 'Password not long enough'
  if (password.length > 256) return 'Password is too long'
  if (policy.uppercase && !/[A-Z]/u.test(password)) return 'Password must have uppercase characters'
  if (policy.lowercase && !/[a-z]/u.test(password)) return 'Password must have lowercase characters'
  if (policy.numbers && !/[0-9]/u.test(password)) return 'Password must have numeric characters'
  if (policy.symbols && !/[^A-Za-z0-9]/u.test(password)) return 'Password must have symbol characters'
  return undefined
}

export function inventPassword(policy: PasswordPolicy): string {
  const filler = randomBytes(Math.max(policy.minimumLength, 12)).toString('hex')
  return `Aa${randomInt(10)}!${filler}`.slice(0, Math.max(policy.minimumLength, 12))
}
