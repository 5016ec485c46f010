import { notAuthorized } from '../faults.ts'
import type { JsonRecord } from '../json.ts'
import type { IdentityProvider } from './identity-provider.ts'
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
  readonly lambdaConfig: JsonRecord
  /** Settings that change nothing here but are given back as they came. */
  readonly recorded: JsonRecord
}

export interface PoolIdentity extends SignInRules {
  readonly id: string
  readonly region: string
  readonly schema: Schema
  readonly createdAt: number
  /** Whether UsernameConfiguration was given at all: only then is it described. */
  readonly saysCaseRule: boolean
}

export class Pool {
  readonly identity: PoolIdentity
  readonly users: UserDirectory
  readonly providers = new Map<string, IdentityProvider>()
  readonly clientIds = new Set<string>()
  readonly groups = new Set<string>()
  settings: PoolSettings
  modifiedAt: number
  domain: string | undefined

  constructor(identity: PoolIdentity, settings: PoolSettings) {
    this.identity = identity
    this.settings = settings
    this.modifiedAt = identity.createdAt
    this.users = new UserDirectory(identity)
  }

  get id(): string {
    return this.identity.id
  }

  get arn(): string {
    return `arn:aws:cognito-idp:${this.identity.region}:000000000000:userpool/${this.id}`
  }

  get schema(): Schema {
    return this.identity.schema
  }

  get hasEmailOrPhoneUsernames(): boolean {
    return this.identity.usernameAttributes.length > 0
  }

  isAlias(attribute: string): boolean {
    return this.identity.aliasAttributes.includes(attribute)
  }

  /** Insensitive pools show usernames and addresses lowercased (Developer Guide: user-pool-case-sensitivity). */
  shown(attributes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    if (this.identity.isCaseSensitive) return attributes
    return new Map([...attributes].map(([name, value]) => [name, FOLDED.includes(name) ? value.toLowerCase() : value]))
  }

  spelled(username: string): string {
    return this.identity.isCaseSensitive ? username : username.toLowerCase()
  }

  join(user: User, group: string): void {
    this.groups.add(group)
    user.groups.add(group)
  }

  assertOpenToSignUp(): void {
    if (this.settings.onlyAdminsCreateUsers) throw notAuthorized('SignUp is not permitted for this user pool')
  }
}

const FOLDED: readonly string[] = ['email', 'preferred_username']
