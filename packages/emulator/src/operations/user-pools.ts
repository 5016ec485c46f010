import { randomInt } from 'node:crypto'
import { epochSeconds } from '../clock.ts'
import { invalidParameter, notEmulated } from '../faults.ts'
import type { Input } from '../input.ts'
import { constraint } from '../input.ts'
import { type JsonRecord, present } from '../json.ts'
import { describePasswordPolicy, parsePasswordPolicy } from '../state/password.ts'
import { Pool, type PoolIdentity, type PoolSettings } from '../state/pool.ts'
import { type AttributeRule, Schema } from '../state/schema.ts'
import { NOTHING, type Operation, poolOf } from './operation.ts'
import { pageOf } from './paging.ts'

const RECORDED = [
  'DeletionProtection',
  'VerificationMessageTemplate',
  'EmailVerificationMessage',
  'EmailVerificationSubject',
  'SmsVerificationMessage',
  'SmsAuthenticationMessage',
  'EmailConfiguration',
  'SmsConfiguration',
  'DeviceConfiguration',
  'UserPoolAddOns',
  'AccountRecoverySetting',
  'UserPoolTags',
  'UserPoolTier',
]
const RECORDED_DEFAULTS = { DeletionProtection: 'INACTIVE', UserPoolTier: 'ESSENTIALS' }
const VERIFIABLE = ['email', 'phone_number'] as const
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const createUserPool: Operation = ({ desk, input }) => {
  const name = input.need('PoolName')
  const settings = settingsIn(input, name)
  const pool = new Pool(identityIn(input, desk.region, desk.clock()), settings)
  desk.account.addPool(pool)
  return { UserPool: describe(pool) }
}

export const describeUserPool: Operation = (call) => ({ UserPool: describe(poolOf(call)) })

export const listUserPools: Operation = ({ desk, input }) => {
  const limit = input.number('MaxResults')
  if (limit === undefined) throw constraint('MaxResults', 'Member must not be null')
  const { items, next } = pageOf([...desk.account.pools], limit, input.text('NextToken'))
  return { UserPools: items.map(summarize), ...(next && { NextToken: next }) }
}

/** Whatever the call leaves out goes back to its default (Developer Guide: cognito-user-pool-updating). */
export const updateUserPool: Operation = (call) => {
  const pool = poolOf(call)
  pool.settings = settingsIn(call.input, call.input.text('PoolName') ?? pool.settings.name)
  pool.modifiedAt = call.desk.clock()
  return NOTHING
}

export const deleteUserPool: Operation = (call) => {
  const pool = poolOf(call)
  if (pool.settings.recorded.DeletionProtection === 'ACTIVE') {
    throw invalidParameter(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    )
  }
  call.desk.account.removePool(pool)
  return NOTHING
}

function identityIn(input: Input, region: string, now: number): PoolIdentity {
  const usernameAttributes = input.someOf('UsernameAttributes', VERIFIABLE) ?? []
  const aliasAttributes = input.someOf('AliasAttributes', [...VERIFIABLE, 'preferred_username']) ?? []
  if (usernameAttributes.length > 0 && aliasAttributes.length > 0) {
    throw invalidParameter('Only one of the aliasAttributes or usernameAttributes can be set in a user pool.')
  }
  const usernameRule = input.part('UsernameConfiguration')
  return {
    id: `${region}_${Array.from({ length: 9 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`,
    region,
    schema: new Schema(input.parts('Schema')),
    createdAt: now,
    // The API's default, unlike the console's, is case-sensitive (Developer Guide: user-pool-case-sensitivity).
    isCaseSensitive: usernameRule?.flag('CaseSensitive') ?? true,
    saysCaseRule: usernameRule !== undefined,
    usernameAttributes,
    aliasAttributes,
  }
}

function settingsIn(input: Input, name: string): PoolSettings {
  const lambdaConfig = input.record('LambdaConfig') ?? {}
  refuseWhatIsNotPlayed(input, lambdaConfig)
  const given = RECORDED.map((key) => [key, input.fields[key]])
  return {
    name,
    passwordPolicy: parsePasswordPolicy(input.part('Policies')),
    autoVerified: input.someOf('AutoVerifiedAttributes', VERIFIABLE) ?? [],
    verifiedBeforeUpdate:
      input.part('UserAttributeUpdateSettings')?.someOf('AttributesRequireVerificationBeforeUpdate', VERIFIABLE) ?? [],
    onlyAdminsCreateUsers: input.part('AdminCreateUserConfig')?.flag('AllowAdminCreateUserOnly') ?? false,
    lambdaConfig,
    recorded: { ...RECORDED_DEFAULTS, ...present(Object.fromEntries(given)) },
  }
}

const PLAYED_TRIGGERS = [
  'PreSignUp',
  'PostConfirmation',
  'PreAuthentication',
  'PostAuthentication',
  'PreTokenGeneration',
  'PreTokenGenerationConfig',
]

/** A setting that would change what happens must not be accepted and then do nothing. */
function refuseWhatIsNotPlayed(input: Input, lambdaConfig: JsonRecord): void {
  const mfa = input.oneOf('MfaConfiguration', ['OFF', 'ON', 'OPTIONAL'])
  if (mfa !== undefined && mfa !== 'OFF') throw notEmulated('Multi-factor authentication')
  const config = input.part('LambdaConfig')
  const unplayed = Object.keys(present(lambdaConfig)).find((slot) => !PLAYED_TRIGGERS.includes(slot))
  if (unplayed) throw notEmulated(`The trigger ${unplayed}`)
  const own = config?.part('PreTokenGenerationConfig')
  own?.oneOf('LambdaVersion', ['V1_0', 'V2_0', 'V3_0'])
  const legacy = config?.text('PreTokenGeneration')
  if (own && legacy !== undefined && legacy !== own.text('LambdaArn')) {
    throw invalidParameter('PreTokenGeneration and PreTokenGenerationConfig must have the same ARN.')
  }
}

function summarize(pool: Pool): JsonRecord {
  return {
    Id: pool.id,
    Name: pool.settings.name,
    LambdaConfig: pool.settings.lambdaConfig,
    CreationDate: epochSeconds(pool.identity.createdAt),
    LastModifiedDate: epochSeconds(pool.modifiedAt),
  }
}

function describe(pool: Pool): JsonRecord {
  const { identity, settings } = pool
  return {
    ...summarize(pool),
    Arn: pool.arn,
    Policies: { PasswordPolicy: describePasswordPolicy(settings.passwordPolicy) },
    SchemaAttributes: pool.schema.rules.map(describeRule),
    AutoVerifiedAttributes: settings.autoVerified,
    ...(identity.aliasAttributes.length > 0 && { AliasAttributes: identity.aliasAttributes }),
    ...(pool.hasEmailOrPhoneUsernames && { UsernameAttributes: identity.usernameAttributes }),
    ...(identity.saysCaseRule && { UsernameConfiguration: { CaseSensitive: identity.isCaseSensitive } }),
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: settings.verifiedBeforeUpdate },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: settings.onlyAdminsCreateUsers },
    MfaConfiguration: 'OFF',
    EstimatedNumberOfUsers: pool.users.size,
    ...(pool.domain && { Domain: pool.domain }),
    ...settings.recorded,
  }
}

function describeRule(rule: AttributeRule): JsonRecord {
  const [smallest, largest] = [rule.minimum, rule.maximum].map((bound) => bound?.toString())
  const text = present({ MinLength: smallest, MaxLength: largest })
  const number = present({ MinValue: smallest, MaxValue: largest })
  return {
    Name: rule.name,
    AttributeDataType: rule.type,
    DeveloperOnlyAttribute: false,
    Mutable: rule.mutable,
    Required: rule.required,
    ...(rule.type === 'String' && { StringAttributeConstraints: text }),
    ...(rule.type === 'Number' && { NumberAttributeConstraints: number }),
  }
}
