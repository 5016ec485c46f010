import { randomInt } from 'node:crypto'
import type { ClockContext } from '../shared/clock.ts'
import { DAY, HOUR } from '../shared/clock.ts'
import { CognitoFault } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import type { CodePurpose, SentCode, User } from '../state/user.ts'
import { compose, type Occasion } from './compose.ts'
import type { MessagesContext } from './context.ts'

export interface CodeDelivery extends JsonRecord {
  readonly AttributeName: string
  readonly DeliveryMedium: 'EMAIL' | 'SMS'
  readonly Destination: string
}

interface CodeRequest {
  readonly purpose: CodePurpose
  readonly attribute: string
  readonly destination: string
  readonly occasion: Occasion
}

// Developer Guide: quotas ("codes").
const lifetimeOf = (purpose: CodePurpose) => (purpose === 'ForgotPassword' ? HOUR : DAY)

/** Puts a new code into the inbox, where developers and tests read it. An older code for the same purpose becomes invalid. */
export async function sendCode(
  context: MessagesContext,
  pool: Pool,
  user: User,
  request: CodeRequest,
): Promise<CodeDelivery> {
  const { purpose, attribute, destination } = request
  const code = inventCode()
  user.codes.set(purpose, { code, attribute, destination, expiresAt: context.clock() + lifetimeOf(purpose) })
  return await deliver(context, pool, user, { ...request, code })
}

export const inventCode = () => String(randomInt(1_000_000)).padStart(6, '0')

interface Delivery extends Omit<CodeRequest, 'purpose'> {
  readonly purpose: CodePurpose | 'AdminCreateUser' | 'Authentication'
  readonly code: string
}

export async function deliver(
  context: MessagesContext,
  pool: Pool,
  user: User,
  delivery: Delivery,
): Promise<CodeDelivery> {
  const { purpose, attribute, destination, code, occasion } = delivery
  const medium = mediumOf(attribute)
  const composed = await compose(context, { pool, user, medium, code, ...occasion })
  const message = { userPoolId: pool.id, username: user.username, purpose, medium, destination, code, ...composed }
  context.inbox.put({ ...message, at: context.clock() })
  return deliveryTo(attribute, destination)
}

export const mediumOf = (attribute: string): 'EMAIL' | 'SMS' => (attribute === 'email' ? 'EMAIL' : 'SMS')

export function deliveryTo(attribute: string, destination: string): CodeDelivery {
  return { AttributeName: attribute, DeliveryMedium: mediumOf(attribute), Destination: masked(attribute, destination) }
}

function masked(attribute: string, destination: string): string {
  if (attribute !== 'email') return `+*******${destination.slice(-4)}`
  const [local = '', domain = ''] = destination.split('@')
  return `${local.charAt(0)}***@${domain.charAt(0)}***`
}

/** Checks the code and deletes it. A wrong code leaves it valid. */
export function useCode(context: ClockContext, user: User, purpose: CodePurpose, given: string): SentCode {
  const sent = checkCode(context, user, purpose, given)
  user.codes.delete(purpose)
  return sent
}

export function checkCode(context: ClockContext, user: User, purpose: CodePurpose, given: string): SentCode {
  const sent = user.codes.get(purpose)
  if (!sent || sent.expiresAt <= context.clock()) {
    throw new CognitoFault('ExpiredCodeException', 'Invalid code provided, please request a code again.')
  }
  if (sent.code !== given) throw codeMismatch()
  return sent
}

export const codeMismatch = () =>
  new CognitoFault('CodeMismatchException', 'Invalid verification code provided, please try again.')

/** Where a confirmation code goes: the phone comes first when both are auto-verified. */
export function autoVerifiedOf(pool: Pool, user: User): readonly [attribute: string, value: string] | undefined {
  for (const attribute of ['phone_number', 'email']) {
    const value = user.attributes.get(attribute)
    if (value !== undefined && pool.settings.autoVerified.includes(attribute)) return [attribute, value]
  }
  return undefined
}
