import { countAttempt } from '../authentication/attempt-limits.ts'
import { beginSignUp, takeSignUp } from '../authentication/sign-up-session.ts'
import { checkCode, codeMismatch, deliveryTo } from '../messages/code-delivery.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { invalidParameter, notAuthorized, userNotFound } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import { runPostConfirmation } from '../triggers/lifecycle.ts'
import type { OperationsContext } from './context.ts'
import { type Call, NOTHING, type Operation, trustedClientOf, userOf } from './operation.ts'
import { sendConfirmation } from './sign-up.ts'

export const confirmSignUp: Operation = async (call) => {
  const { context, input } = call
  const typed = input.needUsername()
  const code = input.need('ConfirmationCode')
  const { pool, client } = trustedClientOf(call, typed)
  const user = pool.users.resolve(typed)
  if (!user) throw client.settings.hidesUserExistence ? codeMismatch() : userNotFound()
  assertUnconfirmed(user)
  countAttempt(context, pool, user, 'ConfirmSignUp')
  const { attribute } = checkCode(context, user, 'SignUp', code)
  const session = input.text('Session')
  if (session !== undefined) takeSignUp(context, { pool, client }, user, session)
  confirmAddress(call, pool, user, attribute)
  user.codes.delete('SignUp')
  confirm(context, pool, user)
  await runPostConfirmation(
    context,
    { pool, user, clientId: client.id },
    'ConfirmSignUp',
    input.texts('ClientMetadata'),
  )
  if (session === undefined) return NOTHING
  const factor = attribute === 'email' ? 'EMAIL_OTP' : 'SMS_OTP'
  return { Session: beginSignUp({ context, clientInPool: { pool, client }, user, factor }) }
}

/** Confirms the user, not the address: `email_verified` does not change. */
export const adminConfirmSignUp: Operation = async (call) => {
  const { context, input } = call
  const { pool, user } = userOf(call)
  assertUnconfirmed(user)
  confirm(context, pool, user)
  const clientId = undefined
  await runPostConfirmation(context, { pool, user, clientId }, 'ConfirmSignUp', input.texts('ClientMetadata'))
  return NOTHING
}

export const resendConfirmationCode: Operation = async (call) => {
  const { context, input } = call
  const typed = input.needUsername()
  const { pool, client }: ClientInPool = trustedClientOf(call, typed)
  const user = pool.users.resolve(typed)
  if (!user && client.settings.hidesUserExistence) return { CodeDeliveryDetails: deliveryTo('email', typed) }
  if (!user) throw userNotFound()
  if (user.status !== 'UNCONFIRMED') throw invalidParameter('User is already confirmed.')
  countAttempt(context, pool, user, 'ResendConfirmationCode')
  const occasion = { source: 'ResendCode', clientId: client.id, metadata: input.texts('ClientMetadata') } as const
  const delivery = await sendConfirmation(context, pool, user, occasion)
  if (!delivery) throw invalidParameter('Cannot resend codes. Auto verification not turned on.')
  return { CodeDeliveryDetails: delivery }
}

function assertUnconfirmed(user: User): void {
  if (user.status !== 'UNCONFIRMED') {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`)
  }
}

/** A taken alias is refused unless ForceAliasCreation moves it (API reference: ConfirmSignUp). */
function confirmAddress({ context, input }: Call, pool: Pool, user: User, attribute: string): void {
  const onTaken = input.flag('ForceAliasCreation') ? 'steal' : 'refuse'
  pool.users.change(user, new Map([[`${attribute}_verified`, 'true']]), onTaken, context.clock())
}

function confirm(context: OperationsContext, pool: Pool, user: User): void {
  user.status = 'CONFIRMED'
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  pool.users.touch(user, context.clock())
}
