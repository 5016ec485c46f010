import { beginSignUp } from '../authentication/sign-up-session.ts'
import { autoVerifiedOf, sendCode } from '../messages/code-delivery.ts'
import type { Occasion } from '../messages/compose.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { invalidParameter } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { nameNewUser } from '../state/new-user.ts'
import { checkPassword, hashPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { written } from '../state/spelling.ts'
import { User } from '../state/user.ts'
import { runPostConfirmation } from '../triggers/lifecycle.ts'
import { type PreSignUpFlags, runPreSignUp, verifiedBy } from '../triggers/pre-sign-up.ts'
import type { OperationsContext } from './context.ts'
import { type Call, type Operation, trustedClientOf } from './operation.ts'

export const signUp: Operation = async (call) => {
  const { context, input } = call
  const typed = input.needUsername()
  const { pool, client } = trustedClientOf(call, typed)
  const clientMetadata = input.texts('ClientMetadata')
  const { user, password } = newUser(call, pool, typed)
  client.assertWritable(input.attributes('UserAttributes') ?? new Map())
  if (quirksOf(context, pool).preSignUpOrder === 'checkFirst') pool.users.assertFree(user)
  const validationData = input.attributes('ValidationData')
  const flags = await runPreSignUp(context, {
    pool,
    clientId: client.id,
    userName: user.username,
    source: 'SignUp',
    userAttributes: Object.fromEntries(pool.shown(user.attributes)),
    validationData: validationData && Object.fromEntries(validationData),
    clientMetadata,
  })
  const occasion: Occasion = { source: 'SignUp', clientId: client.id, metadata: clientMetadata }
  addUser(context, pool, user, flags)
  if (password !== undefined) user.password = hashPassword(pool.ownerOf(user), password)
  const delivery = flags.confirm ? undefined : await sendConfirmation(context, pool, user, occasion)
  // autoConfirmUser runs PostConfirmation within the same call (KensioSoftware/yulin#462).
  if (flags.confirm)
    await runPostConfirmation(context, { pool, user, clientId: client.id }, 'ConfirmSignUp', clientMetadata)
  const session = flags.confirm
    ? undefined
    : beginSignUp({ context, clientInPool: { pool, client }, user, factor: undefined })
  return {
    UserConfirmed: flags.confirm,
    UserSub: user.sub,
    ...(delivery && { CodeDeliveryDetails: delivery }),
    ...(session !== undefined && { Session: session }),
  }
}

function newUser({ context, input }: Call, pool: Pool, typed: string): { user: User; password: string | undefined } {
  pool.assertOpenToSignUp()
  const given = input.attributes('UserAttributes') ?? new Map<string, string>()
  // The password is optional only where a code can replace it (API reference: SignUp).
  const password = pool.isPasswordless ? input.text('Password') || undefined : input.need('Password')
  const { attributes, ...name } = nameNewUser(pool, typed, given)
  pool.schema.checkNew(attributes)
  refuseEarlyAlias(pool, attributes)
  refuseMissing(pool, attributes)
  if (password !== undefined) checkPassword(pool.settings.passwordPolicy, password)
  const user = new User({
    ...name,
    attributes: written(context, pool, attributes),
    status: 'UNCONFIRMED',
    now: context.clock(),
  })
  return { user, password }
}

// Developer Guide: user-pool-settings-attributes ("preferred_username can only be set after confirmation").
function refuseEarlyAlias(pool: Pool, attributes: ReadonlyMap<string, string>): void {
  if (pool.isAlias('preferred_username') && attributes.has('preferred_username')) {
    throw invalidParameter('The alias preferred_username can be set only once the user is confirmed.')
  }
}

function refuseMissing(pool: Pool, attributes: ReadonlyMap<string, string>): void {
  const missing = pool.schema.missing(attributes)
  if (missing.length === 0) return
  const lines = missing.map((name) => `${name}: The attribute is required\n`)
  throw invalidParameter(`Attributes did not conform to the schema: ${lines.join('')}`)
}

/** Compares and reserves the names without an await, so that two sign-ups at once cannot both succeed. */
function addUser(context: OperationsContext, pool: Pool, user: User, flags: PreSignUpFlags): void {
  const verified = verifiedBy(flags, user.attributes)
  const unverified = ['email', 'phone_number'].filter((name) => user.attributes.has(name))
  const start = unverified.map((name): [string, string] => [`${name}_verified`, 'false'])
  user.attributes = new Map([...user.attributes, ...start, ...verified])
  if (flags.confirm) user.status = 'CONFIRMED'
  user.createdAt = context.clock()
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  // autoVerifyEmail moves an alias from its holder without asking (Developer Guide: user-pool-lambda-pre-sign-up).
  pool.users.add(user, 'steal')
}

export async function sendConfirmation(
  context: OperationsContext,
  pool: Pool,
  user: User,
  occasion: Occasion,
): Promise<JsonRecord | undefined> {
  const [attribute, destination] = autoVerifiedOf(pool, user) ?? []
  if (!attribute || !destination) return undefined
  return await sendCode(context, pool, user, { purpose: 'SignUp', attribute, destination, occasion })
}
