import { countAttempt } from '../authentication/attempt-limits.ts'
import { migrateUser } from '../authentication/migrate-user.ts'
import { setPassword } from '../authentication/set-password.ts'
import { codeMismatch, deliveryTo, sendCode, useCode } from '../messages/code-delivery.ts'
import { notAuthorized, userNotFound } from '../shared/faults.ts'
import type { ClientInPool } from '../state/account.ts'
import { recoveryAddress } from '../state/account-recovery.ts'
import { checkPassword } from '../state/password.ts'
import type { User } from '../state/user.ts'
import { runPostConfirmation } from '../triggers/lifecycle.ts'
import { NOTHING, type Operation, trustedClientOf, userOf } from './operation.ts'

export const forgotPassword: Operation = async (call) => {
  const typed = call.input.needUsername()
  const clientInPool: ClientInPool = trustedClientOf(call, typed)
  const { pool, client } = clientInPool
  const metadata = call.input.texts('ClientMetadata')
  const user = pool.users.resolve(typed) ?? (await migrateUser(call.context, clientInPool, { typed, metadata }))
  // Where the client hides who exists, the answer names a delivery that does not happen (Developer Guide: cognito-user-pool-managing-errors).
  if (!user && client.settings.hidesUserExistence) return { CodeDeliveryDetails: deliveryTo('email', typed) }
  if (!user) throw userNotFound()
  assertResettable(user)
  const [attribute, destination] = recoveryAddress(pool, user)
  countAttempt(call.context, pool, user, 'ForgotPassword')
  const occasion = { source: 'ForgotPassword', clientId: client.id, metadata } as const
  const delivery = await sendCode(call.context, pool, user, {
    purpose: 'ForgotPassword',
    attribute,
    destination,
    occasion,
  })
  return { CodeDeliveryDetails: delivery }
}

export const confirmForgotPassword: Operation = async (call) => {
  const { context, input } = call
  const typed = input.needUsername()
  const [code, password] = [input.need('ConfirmationCode'), input.need('Password')]
  const { pool, client } = trustedClientOf(call, typed)
  const user = pool.users.resolve(typed)
  if (!user) throw client.settings.hidesUserExistence ? codeMismatch() : userNotFound()
  checkPassword(pool.settings.passwordPolicy, password)
  countAttempt(context, pool, user, 'ConfirmForgotPassword')
  const { attribute } = useCode(context, user, 'ForgotPassword', code)
  pool.users.change(user, new Map([[`${attribute}_verified`, 'true']]), 'refuse', context.clock())
  setPassword(context, pool, user, password)
  const metadata = input.texts('ClientMetadata')
  await runPostConfirmation(context, { pool, user, clientId: client.id }, 'ConfirmForgotPassword', metadata)
  return NOTHING
}

/** The old password is invalid at once; the user continues with ConfirmForgotPassword (API reference: AdminResetUserPassword). */
export const adminResetUserPassword: Operation = async (call) => {
  const { context, input } = call
  const { pool, user } = userOf(call)
  assertResettable(user)
  const [attribute, destination] = recoveryAddress(pool, user)
  user.status = 'RESET_REQUIRED'
  pool.users.touch(user, context.clock())
  const occasion = { source: 'ForgotPassword', clientId: undefined, metadata: input.texts('ClientMetadata') } as const
  await sendCode(context, pool, user, { purpose: 'ForgotPassword', attribute, destination, occasion })
  return NOTHING
}

/** aws-amplify/amplify-js#2383: federated and admin-created users cannot reset. */
function assertResettable(user: User): void {
  if (!user.enabled) throw notAuthorized('User is disabled.')
  if (user.status === 'EXTERNAL_PROVIDER' || user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.')
  }
}
