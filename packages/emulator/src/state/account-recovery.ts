import { invalidParameter } from '../shared/faults.ts'
import type { Input } from '../shared/input.ts'
import { isRecord } from '../shared/json.ts'
import type { Pool } from './pool.ts'
import type { User } from './user.ts'

type Address = 'email' | 'phone_number'
const ADDRESS_OF: Readonly<Record<string, Address>> = {
  verified_email: 'email',
  verified_phone_number: 'phone_number',
}
const MECHANISMS = ['verified_email', 'verified_phone_number', 'admin_only']

/** API reference: AccountRecoverySettingType. */
export function checkRecovery(setting: Input | undefined): void {
  const mechanisms = setting?.parts('RecoveryMechanisms') ?? []
  const names = mechanisms.map((mechanism) => mechanism.oneOf('Name', MECHANISMS))
  const priorities = mechanisms.map((mechanism) => mechanism.number('Priority'))
  if (priorities.some((priority) => priority !== 1 && priority !== 2)) {
    throw invalidParameter('The Priority of a recovery mechanism is 1 or 2.')
  }
  if (new Set(priorities).size < priorities.length || new Set(names).size < names.length) {
    throw invalidParameter('Each recovery mechanism and each priority may be given once.')
  }
  if (names.includes('admin_only') && names.length > 1) {
    throw invalidParameter('admin_only cannot stand beside another recovery mechanism.')
  }
}

/** The address that a code for a forgotten password goes to. */
export function recoveryAddress(pool: Pool, user: User): readonly [attribute: Address, destination: string] {
  for (const attribute of recoveryOrder(pool, user)) {
    const destination = user.attributes.get(attribute)
    if (destination && user.attributes.get(`${attribute}_verified`) === 'true') return [attribute, destination]
  }
  throw invalidParameter('Cannot reset password for the user as there is no registered/verified email or phone_number')
}

function recoveryOrder(pool: Pool, user: User): readonly Address[] {
  const order = configuredOrder(pool)
  // Without the setting the phone comes first (Developer Guide: managing-users-passwords), also as second factor (aws/aws-cdk: AccountRecovery).
  if (!order) return ['phone_number', 'email']
  return order.filter((attribute) => !isSecondFactor(pool, user, attribute))
}

function configuredOrder({ settings }: Pool): readonly Address[] | undefined {
  const { AccountRecoverySetting: setting } = settings.recorded
  const mechanisms = isRecord(setting) ? setting.RecoveryMechanisms : undefined
  if (!Array.isArray(mechanisms) || mechanisms.length === 0) return undefined
  const sorted = mechanisms.filter(isRecord).toSorted((one, other) => Number(one.Priority) - Number(other.Priority))
  return sorted.flatMap(({ Name }) => ADDRESS_OF[String(Name)] ?? [])
}

/** Codes for recovery and for the second factor never go to the same address (Developer Guide: managing-users-passwords). */
function isSecondFactor({ mfa }: Pool, user: User, attribute: Address): boolean {
  if (mfa.configuration === 'OFF') return false
  return attribute === 'email' ? user.mfa.email : user.mfa.sms
}
