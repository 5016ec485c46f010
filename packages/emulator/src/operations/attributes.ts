import type { Desk } from '../desk.ts'
import { invalidParameter } from '../faults.ts'
import { stored } from '../spelling.ts'
import type { Pool } from '../state/pool.ts'
import type { CodePurpose, User } from '../state/user.ts'
import { selfOf } from '../tokens/access-token.ts'
import { type CodeDelivery, checkCode, sendCode } from './code-delivery.ts'
import { type Call, NOTHING, type Operation, userOf } from './operation.ts'

type Attributes = ReadonlyMap<string, string>
const ADDRESSES = ['email', 'phone_number'] as const
type Address = (typeof ADDRESSES)[number]
const purposeOf = (address: Address): CodePurpose => `Attribute:${address}`

/** `email_verified=true` takes the alias from whoever holds it, without a word (boto/boto3#3213). */
export const adminUpdateUserAttributes: Operation = (call) => {
  const { pool, user } = userOf(call)
  const changes = changesIn(call, pool)
  pool.schema.checkChange(changes)
  applyChanges(call.desk, pool, user, changes, 'steal')
  return NOTHING
}

export const updateUserAttributes: Operation = async (call) => {
  const { pool, user, client } = await selfOf(call.desk, call.input.need('AccessToken'))
  const changes = changesIn(call, pool)
  client.assertWritable(changes)
  pool.schema.checkChange(changes)
  const deliveries = applyChanges(call.desk, pool, user, changes, 'refuse')
  return deliveries.length > 0 ? { CodeDeliveryDetailsList: deliveries } : NOTHING
}

export const getUserAttributeVerificationCode: Operation = async ({ desk, input }) => {
  const { pool, user } = await selfOf(desk, input.need('AccessToken'))
  const attribute = addressIn(input.need('AttributeName'))
  const destination = user.pending.get(attribute) ?? user.attributes.get(attribute)
  if (destination === undefined) throw invalidParameter(`User has no attribute specified: ${attribute}`)
  const delivery = sendCode(desk, pool, user, { purpose: purposeOf(attribute), attribute, destination })
  return { CodeDeliveryDetails: delivery }
}

export const verifyUserAttribute: Operation = async ({ desk, input }) => {
  const { pool, user } = await selfOf(desk, input.need('AccessToken'))
  const attribute = addressIn(input.need('AttributeName'))
  checkCode(desk, user, purposeOf(attribute), input.need('Code'))
  const pending = user.pending.get(attribute)
  const proven = new Map([[`${attribute}_verified`, 'true']])
  if (pending !== undefined) proven.set(attribute, pending)
  pool.users.change(user, proven, 'refuse', desk.clock())
  user.codes.delete(purposeOf(attribute))
  user.pending.delete(attribute)
  return NOTHING
}

function changesIn({ desk, input }: Call, pool: Pool): Attributes {
  const changes = input.attributes('UserAttributes')
  if (!changes) throw invalidParameter('UserAttributes is required.')
  return stored(desk, pool, changes)
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
function applyChanges(desk: Desk, pool: Pool, user: User, changes: Attributes, onTaken: 'refuse' | 'steal') {
  const now = new Map(changes)
  const changed = ADDRESSES.filter((address) => isUnproven(user, changes, address))
  for (const address of changed) {
    if (waitsForProof(pool, address)) now.delete(address)
    else now.set(`${address}_verified`, 'false')
  }
  pool.users.change(user, now, onTaken, desk.clock())
  return changed.flatMap((address) => askForProof(desk, pool, user, address, changes.get(address) ?? ''))
}

function isUnproven(user: User, changes: Attributes, address: Address): boolean {
  const value = changes.get(address)
  const isNew = value !== undefined && value !== '' && value !== user.attributes.get(address)
  return isNew && changes.get(`${address}_verified`) !== 'true'
}

function waitsForProof(pool: Pool, address: Address): boolean {
  return pool.settings.verifiedBeforeUpdate.includes(address) && pool.settings.autoVerified.includes(address)
}

function askForProof(desk: Desk, pool: Pool, user: User, address: Address, value: string): readonly CodeDelivery[] {
  if (waitsForProof(pool, address)) user.pending.set(address, value)
  if (!pool.settings.autoVerified.includes(address)) return []
  return [sendCode(desk, pool, user, { purpose: purposeOf(address), attribute: address, destination: value })]
}
