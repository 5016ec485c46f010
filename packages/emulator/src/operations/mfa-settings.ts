import { invalidParameter } from '../shared/faults.ts'
import type { Input } from '../shared/input.ts'
import type { JsonRecord } from '../shared/json.ts'
import { needsEssentials, tierOf } from '../state/feature-plan.ts'
import type { Pool } from '../state/pool.ts'
import type { MfaFactor, User } from '../state/user.ts'
import { selfOf } from '../tokens/access-token.ts'
import { NOTHING, type Operation, poolOf, userOf } from './operation.ts'

export const MFA_CONFIGURATIONS = ['OFF', 'ON', 'OPTIONAL'] as const

export const getUserPoolMfaConfig: Operation = (call) => describe(poolOf(call))

export const setUserPoolMfaConfig: Operation = (call) => {
  const { input } = call
  const pool = poolOf(call)
  const email = input.record('EmailMfaConfiguration')
  if (email) needsEssentials(tierOf(pool), 'Multi-factor authentication by e-mail')
  const next = {
    configuration: input.oneOf('MfaConfiguration', MFA_CONFIGURATIONS) ?? 'OFF',
    softwareToken: input.part('SoftwareTokenMfaConfiguration')?.flag('Enabled') ?? false,
    sms: input.record('SmsMfaConfiguration'),
    email,
  }
  const hasFactor = next.softwareToken || next.sms || next.email
  if (next.configuration !== 'OFF' && !hasFactor)
    throw invalidParameter('Invalid MFA configuration given, no factor is enabled.')
  pool.mfa = next
  return describe(pool)
}

function describe({ mfa }: Pool): JsonRecord {
  return {
    MfaConfiguration: mfa.configuration,
    ...(mfa.softwareToken && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
    ...(mfa.sms && { SmsMfaConfiguration: mfa.sms }),
    ...(mfa.email && { EmailMfaConfiguration: mfa.email }),
  }
}

export const setUserMFAPreference: Operation = async ({ context, input }) => {
  const { user } = await selfOf(context, input.need('AccessToken'))
  return setPreference(input, user)
}

export const adminSetUserMFAPreference: Operation = (call) => setPreference(call.input, userOf(call).user)

const FACTORS = [
  { field: 'SMSMfaSettings', key: 'sms', factor: 'SMS_MFA' },
  { field: 'SoftwareTokenMfaSettings', key: 'softwareToken', factor: 'SOFTWARE_TOKEN_MFA' },
  { field: 'EmailMfaSettings', key: 'email', factor: 'EMAIL_OTP' },
] as const

/** What a factor needs before it can be turned on (API reference: SetUserMFAPreference). */
function assertReady({ mfa, attributes }: User, factor: MfaFactor): void {
  if (factor === 'SOFTWARE_TOKEN_MFA' && !mfa.secret?.isProven) {
    throw invalidParameter('User has not verified software token mfa')
  }
  if (factor === 'SMS_MFA' && !attributes.has('phone_number')) throw invalidParameter('User has no phone number')
  if (factor === 'EMAIL_OTP' && attributes.get('email_verified') !== 'true') {
    throw invalidParameter('User has no verified email')
  }
}

function setPreference(input: Input, user: User): JsonRecord {
  const given = FACTORS.flatMap(({ field, key, factor }) => {
    const part = input.part(field)
    return part ? [{ key, factor, isOn: part.flag('Enabled') ?? false, isPreferred: part.flag('PreferredMfa') }] : []
  })
  for (const { factor, isOn } of given) if (isOn) assertReady(user, factor)
  const preferred = given.filter((one) => one.isPreferred)
  if (preferred.length > 1) throw invalidParameter('Only one factor can be preferred.')
  if (preferred.some((one) => !one.isOn)) throw invalidParameter('A factor that is off cannot be preferred.')
  for (const { key, factor, isOn, isPreferred } of given) {
    user.mfa[key] = isOn
    if (user.mfa.preferred === factor && (!isOn || isPreferred === false)) user.mfa.preferred = undefined
  }
  user.mfa.preferred = preferred[0]?.factor ?? user.mfa.preferred
  return NOTHING
}

/** How GetUser and AdminGetUser show it: nothing at all for a user without a second factor. */
export function describeMfa({ mfa }: User): JsonRecord {
  const list = FACTORS.filter(({ key }) => mfa[key]).map(({ factor }) => factor)
  return {
    ...(list.length > 0 && { UserMFASettingList: list }),
    ...(mfa.preferred && { PreferredMfaSetting: mfa.preferred }),
  }
}

export const getUserAuthFactors: Operation = async ({ context, input }) => {
  const { pool, user } = await selfOf(context, input.need('AccessToken'))
  return describeFactors(pool, user)
}

export const adminGetUserAuthFactors: Operation = (call) => describeFactors(userOf(call).pool, userOf(call).user)

function describeFactors(pool: Pool, user: User): JsonRecord {
  const isVerified = (name: string) => user.attributes.get(`${name}_verified`) === 'true'
  const has: Readonly<Record<string, boolean>> = {
    PASSWORD: user.password !== undefined,
    EMAIL_OTP: isVerified('email'),
    SMS_OTP: isVerified('phone_number'),
  }
  const factors = pool.settings.firstFactors.filter((factor) => has[factor])
  return { Username: user.username, ...describeMfa(user), ConfiguredUserAuthFactors: factors }
}
