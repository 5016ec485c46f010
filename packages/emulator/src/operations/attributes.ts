import { countAttempt } from '../authentication/attempt-limits.ts'
import { type CodeDelivery, checkCode, sendCode } from '../messages/code-delivery.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { invalidParameter } from '../shared/faults.ts'
import type { Pool } from '../state/pool.ts'
import { written } from '../state/spelling.ts'
import type { CodePurpose, User } from '../state/user.ts'
import type { OnTakenAlias } from '../state/user-directory.ts'
import { selfOf } from '../tokens/access-token.ts'
import type { OperationsContext } from './context.ts'
import { type Call, NOTHING, type Operation, userOf } from './operation.ts'

type Attributes = ReadonlyMap<string, string>
const ADDRESSES = ['email', 'phone_number'] as const
type Address = (typeof ADDRESSES)[number]
const purposeOf = (address: Address): CodePurpose => `Attribute:${address}`

/** `email_verified=true` takes the alias from its holder without an error (boto/boto3#3213). */
export const adminUpdateUserAttributes: Operation = async (call) => {
  const { pool, user } = userOf(call)
  const changes = changesIn(call, pool)
  pool.schema.checkChange(changes)
  await applyChanges(call, { pool, user, changes, onTaken: 'steal', clientId: undefined })
  if (quirksOf(call.context, pool).verifiedFlagAlone === 'promotesPending')
    promotePending(call.context, pool, user, changes)
  return NOTHING
}

/** `…_verified` without a value verifies the pending value, not the current one. */
function promotePending(context: OperationsContext, pool: Pool, user: User, changes: Attributes): void {
  for (const address of ADDRESSES) {
    const isAlone = changes.get(`${address}_verified`) === 'true' && !changes.has(address)
    const value = user.pending.get(address)
    if (isAlone && value !== undefined) becomeProven({ context, pool, user, address, value, onTaken: 'steal' })
  }
}

export const updateUserAttributes: Operation = async (call) => {
  const { pool, user, client } = await selfOf(call.context, call.input.need('AccessToken'))
  const changes = changesIn(call, pool)
  client.assertWritable(changes)
  pool.schema.checkChange(changes)
  const deliveries = await applyChanges(call, { pool, user, changes, onTaken: 'refuse', clientId: client.id })
  return deliveries.length > 0 ? { CodeDeliveryDetailsList: deliveries } : NOTHING
}

export const getUserAttributeVerificationCode: Operation = async ({ context, input }) => {
  const { pool, user, client } = await selfOf(context, input.need('AccessToken'))
  const attribute = addressIn(input.need('AttributeName'))
  const destination = user.pending.get(attribute) ?? user.attributes.get(attribute)
  if (destination === undefined) throw invalidParameter(`User has no attribute specified: ${attribute}`)
  countAttempt(context, pool, user, 'GetUserAttributeVerificationCode')
  const metadata = input.texts('ClientMetadata')
  const occasion = { source: 'VerifyUserAttribute', clientId: client.id, metadata } as const
  const delivery = await sendCode(context, pool, user, {
    purpose: purposeOf(attribute),
    attribute,
    destination,
    occasion,
  })
  return { CodeDeliveryDetails: delivery }
}

export const verifyUserAttribute: Operation = async ({ context, input }) => {
  const { pool, user } = await selfOf(context, input.need('AccessToken'))
  const attribute = addressIn(input.need('AttributeName'))
  const code = input.need('Code')
  countAttempt(context, pool, user, 'VerifyUserAttribute')
  const { destination } = checkCode(context, user, purposeOf(attribute), code)
  // A code applies the address it was sent to, even if the attribute was put back since (aws-amplify/amplify-js#987).
  const proven = destination ?? user.pending.get(attribute)
  becomeProven({ context, pool, user, address: attribute, value: proven, onTaken: 'refuse' })
  return NOTHING
}

interface Proven {
  readonly context: OperationsContext
  readonly pool: Pool
  readonly user: User
  readonly address: Address
  /** Unset: the current value. */
  readonly value: string | undefined
  readonly onTaken: OnTakenAlias
}

function becomeProven({ context, pool, user, address, value, onTaken }: Proven): void {
  const changes = new Map([[`${address}_verified`, 'true']])
  if (value !== undefined) changes.set(address, value)
  pool.users.change(user, changes, onTaken, context.clock())
  user.codes.delete(purposeOf(address))
  user.pending.delete(address)
}

export const adminDeleteUserAttributes: Operation = (call) => {
  const { pool, user } = userOf(call)
  removeAttributes(call, pool, user, namesIn(call))
  return NOTHING
}

export const deleteUserAttributes: Operation = async (call) => {
  const { pool, user, client } = await selfOf(call.context, call.input.need('AccessToken'))
  const names = namesIn(call)
  client.assertWritable(new Map(names.map((name) => [name, ''])))
  removeAttributes(call, pool, user, names)
  return NOTHING
}

function namesIn({ input }: Call): readonly string[] {
  const names = input.list('UserAttributeNames')
  if (!names) throw invalidParameter('UserAttributeNames is required.')
  return names
}

/** An address is deleted together with its verification; a required attribute cannot be deleted. */
function removeAttributes({ context }: Call, pool: Pool, user: User, names: readonly string[]): void {
  const required = names.find((name) => pool.schema.rules.some((rule) => rule.name === name && rule.required))
  if (required !== undefined) throw invalidParameter(`user.${required}: Required attributes cannot be deleted.`)
  const all = names.flatMap((name) =>
    ADDRESSES.some((address) => address === name) ? [name, `${name}_verified`] : [name],
  )
  const changes = new Map(all.map((name) => [name, '']))
  pool.schema.checkChange(changes)
  pool.users.change(user, changes, 'refuse', context.clock())
}

function changesIn({ context, input }: Call, pool: Pool): Attributes {
  const changes = input.attributes('UserAttributes')
  if (!changes) throw invalidParameter('UserAttributes is required.')
  return written(context, pool, changes)
}

function addressIn(name: string): Address {
  const address = ADDRESSES.find((candidate) => candidate === name)
  if (!address) throw invalidParameter(`Invalid attribute for verification: ${name}`)
  return address
}

/**
 * A new address is unverified until its code comes back, and takes effect at once unless the pool asks for the proof
 * beforehand (Developer Guide: user-pool-settings-email-phone-verification).
 */
async function applyChanges({ context, input }: Call, { pool, user, changes, onTaken, clientId }: Change) {
  const now = new Map(changes)
  const changed = ADDRESSES.filter((address) => isUnproven(user, changes, address))
  for (const address of changed) {
    if (waitsForProof(pool, address)) now.delete(address)
    else now.set(`${address}_verified`, 'false')
  }
  pool.users.change(user, now, onTaken, context.clock())
  const occasion = { source: 'UpdateUserAttribute', clientId, metadata: input.texts('ClientMetadata') } as const
  const deliveries: CodeDelivery[] = []
  for (const attribute of changed) {
    const destination = changes.get(attribute) ?? ''
    if (waitsForProof(pool, attribute)) user.pending.set(attribute, destination)
    if (!pool.settings.autoVerified.includes(attribute)) continue
    const request = { purpose: purposeOf(attribute), attribute, destination, occasion }
    deliveries.push(await sendCode(context, pool, user, request))
  }
  return deliveries
}

interface Change {
  readonly pool: Pool
  readonly user: User
  readonly changes: Attributes
  readonly onTaken: OnTakenAlias
  readonly clientId: string | undefined
}

function isUnproven(user: User, changes: Attributes, address: Address): boolean {
  const value = changes.get(address)
  const isNew = value !== undefined && value !== '' && value !== user.attributes.get(address)
  return isNew && changes.get(`${address}_verified`) !== 'true'
}

function waitsForProof(pool: Pool, address: Address): boolean {
  return pool.settings.verifiedBeforeUpdate.includes(address) && pool.settings.autoVerified.includes(address)
}
