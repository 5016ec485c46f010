import { giveTemporaryPassword } from '../authentication/set-password.ts'
import { deliver, mediumOf } from '../messages/code-delivery.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { aliasExists, CognitoFault, invalidParameter, userNotFound, usernameExists } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { nameNewUser } from '../state/new-user.ts'
import { checkPassword, inventPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { written } from '../state/spelling.ts'
import { User } from '../state/user.ts'
import { runPreSignUp } from '../triggers/pre-sign-up.ts'
import type { OperationsContext } from './context.ts'
import { type Call, type Operation, poolOf } from './operation.ts'
import { listedUser } from './user-view.ts'

export const adminCreateUser: Operation = async (call) => {
  const pool = poolOf(call)
  const isResend = call.input.oneOf('MessageAction', ['RESEND', 'SUPPRESS']) === 'RESEND'
  const user = isResend ? knownUser(call, pool) : newUser(call, pool)
  const password = temporaryPassword(call, pool, user, isResend)
  if (!isResend) await admit(call, pool, user)
  if (password === undefined) user.status = 'CONFIRMED'
  else giveTemporaryPassword(call.context, pool, user, password)
  if (call.input.text('MessageAction') !== 'SUPPRESS') await invite(call, pool, user, password)
  return { User: describe(pool, user) }
}

/** Where a code can replace the password, only a user who had one gets a new one (API reference: AdminCreateUser). */
function temporaryPassword({ input }: Call, pool: Pool, user: User, isResend: boolean): string | undefined {
  const given = input.text('TemporaryPassword') || undefined
  if (given === undefined && pool.isPasswordless && !isResend) {
    const isReachable = user.attributes.has('email') || user.attributes.has('phone_number')
    if (!isReachable) throw invalidParameter('A user without a password needs an email or a phone_number.')
    return undefined
  }
  const password = given ?? inventPassword(pool.settings.passwordPolicy)
  checkPassword(pool.settings.passwordPolicy, password)
  return password
}

function newUser({ context, input }: Call, pool: Pool): User {
  const given = input.attributes('UserAttributes') ?? new Map<string, string>()
  const { attributes, ...name } = nameNewUser(pool, input.needUsername(), given)
  pool.schema.checkNew(attributes)
  return new User({
    ...name,
    attributes: written(context, pool, attributes),
    status: 'FORCE_CHANGE_PASSWORD',
    now: context.clock(),
  })
}

/** All three response flags of PreSignUp are ignored here (Developer Guide: user-pool-lambda-pre-sign-up). */
async function admit({ context, input }: Call, pool: Pool, user: User): Promise<void> {
  const validationData = input.attributes('ValidationData')
  await runPreSignUp(context, {
    pool,
    clientId: undefined,
    userName: user.username,
    source: 'AdminCreateUser',
    userAttributes: Object.fromEntries(pool.shown(user.attributes)),
    validationData: validationData && Object.fromEntries(validationData),
    clientMetadata: input.texts('ClientMetadata'),
  })
  if (pool.users.byUsername(user.username)) throw usernameExists('User account already exists')
  const isForced = input.flag('ForceAliasCreation') === true
  if (!isForced) refuseTakenAlias(context, pool, user)
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  pool.users.add(user, isForced ? 'steal' : 'refuse')
}

function refuseTakenAlias(context: OperationsContext, pool: Pool, user: User): void {
  const taken = ['email', 'phone_number'].find((name) => {
    const value = user.attributes.get(name)
    const claims = pool.hasEmailOrPhoneUsernames || user.attributes.get(`${name}_verified`) === 'true'
    return value !== undefined && claims && pool.users.holder(name, value) !== undefined
  })
  if (!taken) return
  if (quirksOf(context, pool).adminCreateTakenAlias === 'AliasExistsException') throw aliasExists(taken)
  throw usernameExists(`An account with the given ${taken} already exists.`)
}

function knownUser({ input }: Call, pool: Pool): User {
  const user = pool.users.resolve(input.needUsername())
  if (!user) throw userNotFound()
  if (user.status === 'FORCE_CHANGE_PASSWORD') return user
  throw new CognitoFault(
    'UnsupportedUserStateException',
    'Resend not possible. User status is not FORCE_CHANGE_PASSWORD',
  )
}

/** DesiredDeliveryMediums: SMS unless said otherwise (API reference: AdminCreateUser). */
async function invite({ context, input }: Call, pool: Pool, user: User, password: string | undefined): Promise<void> {
  const media = input.someOf('DesiredDeliveryMediums', ['SMS', 'EMAIL']) ?? ['SMS']
  for (const attribute of ['phone_number', 'email']) {
    const destination = user.attributes.get(attribute)
    if (destination === undefined || !media.includes(mediumOf(attribute))) continue
    const metadata = input.texts('ClientMetadata')
    const occasion = { source: 'AdminCreateUser', clientId: undefined, metadata } as const
    const code = password ?? ''
    await deliver(context, pool, user, { purpose: 'AdminCreateUser', attribute, destination, code, occasion })
  }
}

function describe(pool: Pool, user: User): JsonRecord {
  const { attributes, enabled, status, modifiedAt } = user
  return listedUser(pool, { user, attributes, enabled, status, modifiedAt })
}
