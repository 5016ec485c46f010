import type { Account } from '../state/account.ts'
import type { Group } from '../state/group.ts'
import { type IdentityProvider, PROVIDER_TYPES } from '../state/identity-provider.ts'
import type { PasswordPolicy } from '../state/password.ts'
import { Pool, type PoolMfa, type PoolSettings } from '../state/pool.ts'
import { ATTRIBUTE_TYPES, type AttributeRule, Schema } from '../state/schema.ts'
import { CLIENT, recordOfClient } from './client-record.ts'
import { anyRecord, dictionary, flag, list, number, oneOf, optional, record, type Shape, text } from './shape.ts'
import { connectUser, recordOfUser, USER, userOf } from './user-record.ts'

const RULE: Shape<AttributeRule> = record({
  name: text,
  type: oneOf(...ATTRIBUTE_TYPES),
  mutable: flag,
  required: flag,
  minimum: optional(number),
  maximum: optional(number),
})

const POLICY: Shape<PasswordPolicy> = record({
  minimumLength: number,
  uppercase: flag,
  lowercase: flag,
  numbers: flag,
  symbols: flag,
  temporaryValidityDays: number,
})

const SETTINGS: Shape<PoolSettings> = record({
  name: text,
  passwordPolicy: POLICY,
  autoVerified: list(text),
  verifiedBeforeUpdate: list(text),
  onlyAdminsCreateUsers: flag,
  firstFactors: list(text),
  lambdaConfig: anyRecord,
  recorded: anyRecord,
})

const MFA: Shape<PoolMfa> = record({
  configuration: oneOf('OFF', 'ON', 'OPTIONAL'),
  softwareToken: flag,
  sms: optional(anyRecord),
  email: optional(anyRecord),
})

const PROVIDER: Shape<IdentityProvider> = record({
  name: text,
  type: oneOf(...PROVIDER_TYPES),
  details: anyRecord,
  mapping: dictionary(text),
  identifiers: list(text),
  createdAt: number,
  modifiedAt: number,
})

const GROUP: Shape<Group> = record({
  name: text,
  description: optional(text),
  roleArn: optional(text),
  precedence: optional(number),
  createdAt: number,
  modifiedAt: number,
})

const CONFIGURATION = record({
  id: text,
  region: text,
  createdAt: number,
  saysCaseRule: flag,
  isCaseSensitive: flag,
  usernameAttributes: list(text),
  aliasAttributes: list(text),
})

export const POOL = record({
  configuration: CONFIGURATION,
  schema: list(RULE),
  settings: SETTINGS,
  mfa: MFA,
  modifiedAt: number,
  domain: optional(text),
  clients: list(CLIENT),
  providers: list(PROVIDER),
  groups: list(GROUP),
  users: list(USER),
})

export type PoolRecord = NonNullable<(typeof POOL)['type']>

export function recordOfPool(account: Account, pool: Pool): PoolRecord {
  const { schema, ...configuration } = pool.configuration
  const { settings, mfa, modifiedAt, domain } = pool
  return {
    ...{ configuration, settings, mfa, modifiedAt, domain },
    schema: schema.rules,
    clients: [...pool.clientIds].map((id) => recordOfClient(account.client(id).client)),
    providers: [...pool.providers.values()],
    groups: pool.groups.all,
    users: [...pool.users.listed.from(0)].map((user) => recordOfUser(pool, user)),
  }
}

export function addPoolOf(account: Account, given: PoolRecord): void {
  const pool = new Pool({ ...given.configuration, schema: Schema.ofRules(given.schema) }, given.settings)
  if (account.find(pool.id)) throw new TypeError('The snapshot has two pools of the same id.')
  pool.mfa = given.mfa
  pool.modifiedAt = given.modifiedAt
  for (const group of given.groups) pool.groups.set(group)
  for (const provider of given.providers) pool.providers.set(provider.name, provider)
  addUsers(pool, given)
  account.addPool(pool)
  addClients(account, pool, given)
  if (given.domain !== undefined) account.addDomain(pool, given.domain)
}

function addUsers(pool: Pool, { users }: PoolRecord): void {
  const pairs = users.map((given) => ({ given, user: userOf(given) }))
  for (const { user } of pairs) {
    if (pool.users.bySub(user.sub)) throw new TypeError('The snapshot has two users of the same sub.')
    pool.users.add(user, 'refuse')
  }
  for (const { given, user } of pairs) connectUser(pool, user, given)
}

function addClients(account: Account, pool: Pool, { clients }: PoolRecord): void {
  for (const { id, secrets, settings, createdAt, modifiedAt } of clients) {
    if (account.findClient(id)) throw new TypeError('The snapshot has two app clients of the same id.')
    const client = account.addClient(pool, id, undefined, settings, createdAt)
    client.secrets.push(...secrets)
    client.modifiedAt = modifiedAt
  }
}
