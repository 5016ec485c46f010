import { notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { Groups } from './group.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { ImportJob } from './import-job.ts'
import type { PasswordPolicy } from './password.ts'
import type { Schema } from './schema.ts'
import type { User } from './user.ts'
import { type SignInRules, UserDirectory } from './user-directory.ts'

/** What UpdateUserPool may change; what it leaves out goes back to its default, as at AWS. */
export interface PoolSettings {
  readonly name: string
  readonly passwordPolicy: PasswordPolicy
  readonly autoVerified: readonly string[]
  /** AttributesRequireVerificationBeforeUpdate */
  readonly verifiedBeforeUpdate: readonly string[]
  readonly onlyAdminsCreateUsers: boolean
  /** SignInPolicy.AllowedFirstAuthFactors */
  readonly firstFactors: readonly string[]
  readonly lambdaConfig: JsonRecord
  /** Settings without effect here, which are described as they were given. */
  readonly recorded: JsonRecord
}

/** Which second factors the pool knows, and whether it demands one (API reference: SetUserPoolMfaConfig). */
export interface PoolMfa {
  readonly configuration: 'OFF' | 'ON' | 'OPTIONAL'
  readonly softwareToken: boolean
  readonly sms: JsonRecord | undefined
  readonly email: JsonRecord | undefined
}

export interface PoolConfiguration extends SignInRules {
  readonly id: string
  readonly region: string
  readonly schema: Schema
  readonly createdAt: number
  /** Whether UsernameConfiguration was given at all: only then is it described. */
  readonly saysCaseRule: boolean
}

export class Pool {
  readonly configuration: PoolConfiguration
  readonly id: string
  readonly schema: Schema
  readonly users: UserDirectory
  readonly providers = new Map<string, IdentityProvider>()
  readonly clientIds = new Set<string>()
  readonly groups = new Groups()
  readonly importJobs = new Map<string, ImportJob>()
  settings: PoolSettings
  mfa: PoolMfa = { configuration: 'OFF', softwareToken: false, sms: undefined, email: undefined }
  modifiedAt: number
  domain: string | undefined

  constructor(configuration: PoolConfiguration, settings: PoolSettings) {
    this.configuration = configuration
    this.id = configuration.id
    this.schema = configuration.schema
    this.settings = settings
    this.modifiedAt = configuration.createdAt
    this.users = new UserDirectory(configuration)
  }

  get arn(): string {
    return `arn:aws:cognito-idp:${this.configuration.region}:000000000000:userpool/${this.id}`
  }

  /** What a user's password hash is bound to; SRP takes the part of the pool id after the Region. */
  ownerOf(user: User): string {
    return `${this.id.slice(this.id.indexOf('_') + 1)}${user.username}`
  }

  get hasEmailOrPhoneUsernames(): boolean {
    return this.configuration.usernameAttributes.length > 0
  }

  isAlias(attribute: string): boolean {
    return this.configuration.aliasAttributes.includes(attribute)
  }

  /** Insensitive pools show usernames and addresses lowercased (Developer Guide: user-pool-case-sensitivity). */
  shown(attributes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    if (this.configuration.isCaseSensitive) return attributes
    return new Map([...attributes].map(([name, value]) => [name, FOLDED.includes(name) ? value.toLowerCase() : value]))
  }

  spelled(username: string): string {
    return this.configuration.isCaseSensitive ? username : username.toLowerCase()
  }

  /** Whether a code can replace the password (API reference: SignInPolicyType). */
  get isPasswordless(): boolean {
    return this.settings.firstFactors.some((factor) => factor !== 'PASSWORD')
  }

  get isImporting(): boolean {
    return [...this.importJobs.values()].some((job) => job.isRunning)
  }

  join(user: User, group: string): void {
    const now = user.modifiedAt
    const none = { description: undefined, roleArn: undefined, precedence: undefined }
    if (!this.groups.get(group)) this.groups.set({ ...none, name: group, createdAt: now, modifiedAt: now })
    this.groups.join(user, group)
  }

  assertOpenToSignUp(): void {
    if (this.settings.onlyAdminsCreateUsers) throw notAuthorized('SignUp is not permitted for this user pool')
  }
}

const FOLDED: readonly string[] = ['email', 'preferred_username']
