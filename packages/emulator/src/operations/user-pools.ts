import { randomInt } from 'node:crypto'
import { epochSeconds } from '../shared/clock.ts'
import { CognitoFault, invalidParameter, notEmulated } from '../shared/faults.ts'
import type { Input } from '../shared/input.ts'
import { constraint } from '../shared/input.ts'
import { type JsonRecord, present } from '../shared/json.ts'
import { checkRecovery } from '../state/account-recovery.ts'
import { needsEssentials } from '../state/feature-plan.ts'
import { describePasswordPolicy, parsePasswordPolicy } from '../state/password.ts'
import { Pool, type PoolConfiguration, type PoolMfa, type PoolSettings } from '../state/pool.ts'
import { type AttributeRule, Schema } from '../state/schema.ts'
import { MFA_CONFIGURATIONS } from './mfa-settings.ts'
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

export const createUserPool: Operation = ({ context, input }) => {
  const name = input.need('PoolName')
  const settings = settingsIn(input, name)
  const pool = new Pool(configurationIn(input, context.region, context.clock()), settings)
  pool.mfa = mfaIn(input, pool)
  context.account.addPool(pool)
  return { UserPool: describe(pool) }
}

export const describeUserPool: Operation = (call) => ({ UserPool: describe(poolOf(call)) })

export const listUserPools: Operation = ({ context, input }) => {
  const limit = input.number('MaxResults')
  if (limit === undefined) throw constraint('MaxResults', 'Member must not be null')
  const { items, next } = pageOf([...context.account.pools], limit, input.text('NextToken'))
  return { UserPools: items.map(summarize), ...(next && { NextToken: next }) }
}

/** Whatever the call leaves out goes back to its default (Developer Guide: cognito-user-pool-updating). */
export const updateUserPool: Operation = (call) => {
  const pool = poolOf(call)
  refuseWhileImporting(pool)
  pool.settings = settingsIn(call.input, call.input.text('PoolName') ?? pool.settings.name)
  pool.mfa = mfaIn(call.input, pool)
  pool.modifiedAt = call.context.clock()
  return NOTHING
}

export const deleteUserPool: Operation = (call) => {
  const pool = poolOf(call)
  if (pool.settings.recorded.DeletionProtection === 'ACTIVE') {
    throw invalidParameter(
      'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
    )
  }
  call.context.account.removePool(pool)
  return NOTHING
}

function refuseWhileImporting(pool: Pool): void {
  if (!pool.isImporting) return
  throw new CognitoFault('UserImportInProgressException', 'The user pool cannot be changed while users are imported.')
}

function configurationIn(input: Input, region: string, now: number): PoolConfiguration {
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
  refuseNotEmulated(input, lambdaConfig)
  checkRecovery(input.part('AccountRecoverySetting'))
  const given = RECORDED.map((key) => [key, input.fields[key]])
  return {
    name,
    passwordPolicy: parsePasswordPolicy(input.part('Policies')),
    autoVerified: input.someOf('AutoVerifiedAttributes', VERIFIABLE) ?? [],
    verifiedBeforeUpdate:
      input.part('UserAttributeUpdateSettings')?.someOf('AttributesRequireVerificationBeforeUpdate', VERIFIABLE) ?? [],
    onlyAdminsCreateUsers: input.part('AdminCreateUserConfig')?.flag('AllowAdminCreateUserOnly') ?? false,
    firstFactors: firstFactorsIn(input),
    lambdaConfig,
    recorded: { ...RECORDED_DEFAULTS, ...present(Object.fromEntries(given)) },
  }
}

const EMULATED_TRIGGERS = [
  'PreSignUp',
  'PostConfirmation',
  'PreAuthentication',
  'PostAuthentication',
  'PreTokenGeneration',
  'PreTokenGenerationConfig',
  'UserMigration',
  'CustomMessage',
  'DefineAuthChallenge',
  'CreateAuthChallenge',
  'VerifyAuthChallengeResponse',
  'CustomEmailSender',
  'CustomSMSSender',
  'KMSKeyID',
  'InboundFederation',
]

/** A setting that would change what happens must not be accepted and then do nothing. */
function refuseNotEmulated(input: Input, lambdaConfig: JsonRecord): void {
  const config = input.part('LambdaConfig')
  const notEmulatedSlot = Object.keys(present(lambdaConfig)).find((slot) => !EMULATED_TRIGGERS.includes(slot))
  if (notEmulatedSlot) throw notEmulated(`The trigger ${notEmulatedSlot}`)
  const own = config?.part('PreTokenGenerationConfig')
  const version = own?.oneOf('LambdaVersion', ['V1_0', 'V2_0', 'V3_0'])
  if (version === 'V2_0' || version === 'V3_0')
    needsEssentials(input.text('UserPoolTier'), `PreTokenGeneration ${version}`)
  config?.part('InboundFederation')?.oneOf('LambdaVersion', ['V1_0'])
  const legacy = config?.text('PreTokenGeneration')
  if (own && legacy !== undefined && legacy !== own.text('LambdaArn')) {
    throw invalidParameter('PreTokenGeneration and PreTokenGenerationConfig must have the same ARN.')
  }
}

/** The pool's factors stay; MfaConfiguration goes back to OFF where the call leaves it out. */
function mfaIn(input: Input, { mfa }: Pool): PoolMfa {
  const configuration = input.oneOf('MfaConfiguration', MFA_CONFIGURATIONS) ?? 'OFF'
  const sms = input.record('SmsConfiguration')
  return { ...mfa, configuration, sms: sms ? { ...mfa.sms, SmsConfiguration: sms } : mfa.sms }
}

/** API reference: SignInPolicyType; PASSWORD belongs to every pool. */
function firstFactorsIn(input: Input): readonly string[] {
  const policy = input.part('Policies')?.part('SignInPolicy')
  const factors = policy?.someOf('AllowedFirstAuthFactors', ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN']) ?? [
    'PASSWORD',
  ]
  if (factors.includes('WEB_AUTHN')) throw notEmulated('The first factor WEB_AUTHN')
  if (!factors.includes('PASSWORD')) throw invalidParameter('PASSWORD must be one of AllowedFirstAuthFactors.')
  if (factors.length > 1) needsEssentials(input.text('UserPoolTier'), 'Sign-in without a password')
  return factors
}

function summarize(pool: Pool): JsonRecord {
  return {
    Id: pool.id,
    Name: pool.settings.name,
    LambdaConfig: pool.settings.lambdaConfig,
    CreationDate: epochSeconds(pool.configuration.createdAt),
    LastModifiedDate: epochSeconds(pool.modifiedAt),
  }
}

function describe(pool: Pool): JsonRecord {
  const { configuration, settings } = pool
  return {
    ...summarize(pool),
    Arn: pool.arn,
    Policies: {
      PasswordPolicy: describePasswordPolicy(settings.passwordPolicy),
      SignInPolicy: { AllowedFirstAuthFactors: settings.firstFactors },
    },
    SchemaAttributes: pool.schema.rules.map(describeRule),
    AutoVerifiedAttributes: settings.autoVerified,
    ...(configuration.aliasAttributes.length > 0 && { AliasAttributes: configuration.aliasAttributes }),
    ...(pool.hasEmailOrPhoneUsernames && { UsernameAttributes: configuration.usernameAttributes }),
    ...(configuration.saysCaseRule && { UsernameConfiguration: { CaseSensitive: configuration.isCaseSensitive } }),
    UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: settings.verifiedBeforeUpdate },
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: settings.onlyAdminsCreateUsers },
    MfaConfiguration: pool.mfa.configuration,
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
