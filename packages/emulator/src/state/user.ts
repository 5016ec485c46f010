import type { Attempts } from './attempts.ts'
import type { ImportedHash } from './imported-hash.ts'
import type { PasswordHash } from './password.ts'

export const USER_STATUSES = [
  'UNCONFIRMED',
  'CONFIRMED',
  'EXTERNAL_PROVIDER',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
] as const
export type UserStatus = (typeof USER_STATUSES)[number]

/** An identity at a provider: the provider's name as configured, the subject as the provider wrote it. */
export interface ExternalIdentity {
  readonly providerName: string
  readonly subject: string
}

export interface Link {
  readonly providerName: string
  readonly providerType: string
  readonly attributeName: string
  readonly attributeValue: string
  readonly dateCreated: number
  wasUsed: boolean
}

export interface SentCode {
  readonly code: string
  readonly expiresAt: number
  readonly attribute: string
  /** The address it was sent to; unset in older snapshots. */
  readonly destination: string | undefined
}

/** The purpose of a code; only the newest code of each purpose is valid. */
export const CODE_PURPOSES = ['SignUp', 'ForgotPassword', 'Attribute:email', 'Attribute:phone_number'] as const
export type CodePurpose = (typeof CODE_PURPOSES)[number]

export const MFA_FACTORS = ['SMS_MFA', 'EMAIL_OTP', 'SOFTWARE_TOKEN_MFA'] as const
export type MfaFactor = (typeof MFA_FACTORS)[number]

/** Second factors, as the user or an administrator set them (API reference: SetUserMFAPreference). */
export interface MfaChoices {
  sms: boolean
  email: boolean
  softwareToken: boolean
  preferred: MfaFactor | undefined
  /** The authenticator's shared secret, Base32; `isProven` after the first correct code. */
  secret: { readonly base32: string; readonly isProven: boolean } | undefined
  /** The time step of the last code that was accepted: each code is valid once (RFC 6238, section 5.2). */
  lastStep: number
}

export interface NewUser {
  readonly username: string
  readonly sub: string
  readonly attributes: ReadonlyMap<string, string>
  readonly status: UserStatus
  readonly now: number
  /** Set for a profile that a federated sign-in created. */
  readonly origin?: (ExternalIdentity & { readonly providerType: string }) | undefined
  readonly password?: PasswordHash | undefined
}

/**
 * One profile. Attributes and links are indexed, so they change only through the directory that holds the profile;
 * the rest is plain data.
 */
export class User {
  readonly username: string
  readonly sub: string
  readonly origin: NewUser['origin']
  /** When the user was added to the pool, which is after PreSignUp has answered. */
  createdAt: number
  readonly codes = new Map<CodePurpose, SentCode>()
  /** Values that wait for their code (AttributesRequireVerificationBeforeUpdate). */
  readonly pending = new Map<string, string>()
  readonly groups = new Set<string>()
  attributes: ReadonlyMap<string, string>
  links: readonly Link[] = []
  status: UserStatus
  modifiedAt: number
  enabled = true
  password: PasswordHash | undefined
  /** Came with a CSV import; the first password sign-in turns it into `password`. */
  importedPassword: ImportedHash | undefined
  temporaryPasswordExpiresAt: number | undefined
  canUsePassword = true
  readonly mfa: MfaChoices = {
    sms: false,
    email: false,
    softwareToken: false,
    preferred: undefined,
    secret: undefined,
    lastStep: -1,
  }
  attempts: Attempts | undefined

  constructor(given: NewUser) {
    this.username = given.username
    this.sub = given.sub
    this.origin = given.origin
    this.attributes = given.attributes
    this.status = given.status
    this.createdAt = given.now
    this.modifiedAt = given.now
    this.password = given.password
  }

  get isNative(): boolean {
    return this.origin === undefined
  }
}
