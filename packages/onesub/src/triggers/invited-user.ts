import { type Identifier, isAddressOf } from '../core/identifiers/index.ts'
import { isProven } from '../core/identifiers/ownership.ts'
import { COGNITO, type KnownIdentity } from '../core/person.ts'
import type { IdentifierFact, PoolUserFound } from '../core/ports.ts'
import type { WithDeadline } from './deadline.ts'
import type { TriggerEvent } from './event.ts'
import { isEmail, tenantIn } from './identifiers-in-event.ts'
import type { Settings } from './settings.ts'

/**
 * Whether the address is reserved for a user whom an administrator has invited at it, and who has not come yet. The operator says that
 * invitations are generated and mailed: so nobody but the reader of the mailbox has the password, which is left as it is (T177).
 */
export async function isInvitedUser(
  fact: IdentifierFact | undefined,
  event: TriggerEvent,
  settings: Settings<'find'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { userPool, policy } = settings
  if (!fact?.ownership || isProven(fact.ownership) || policy.invitations !== 'generated' || !userPool) return false
  const { holder } = fact.ownership
  const isWaiting = (await waitingUser(fact, event, settings, withDeadline)) !== undefined
  // With a number the password may have gone there.
  return isWaiting && holder !== null && (await withDeadline(() => userPool.find(holder)))?.phone === undefined
}

/**
 * The user that an administrator has made for this address: known by its state and the address, never by its name alone, since a call that
 * Cognito refused after our trigger ran leaves the name to the user who has it (T155).
 */
export async function waitingUser(
  { identifier, ownership }: Pick<IdentifierFact, 'identifier' | 'ownership'>,
  event: TriggerEvent,
  { userPool, userPoolId, policy }: Settings<'find'>,
  withDeadline: WithDeadline,
): Promise<KnownIdentity | undefined> {
  const holder = ownership?.holder
  // A registry may be shared: users of another pool cannot be read or linked here.
  if (!userPool || holder?.by !== 'administrator' || holder.pool !== userPoolId || !isEmail(identifier))
    return undefined
  const found = await withDeadline(() => userPool.find(holder))
  if (!found || !waits(found, identifier)) return undefined
  // An administrator may have moved the user to another tenant since (T178).
  const within = policy.uniqueWithin === null ? undefined : found.attributes[policy.uniqueWithin]
  if (within !== event.within) return undefined
  const { sub: subject, userName } = found
  return { pool: holder.pool, provider: COGNITO, subject, userName, native: true, ...tenantIn(event) }
}

function waits({ status, email, links }: PoolUserFound, identifier: Identifier<'email'>): boolean {
  return status === 'FORCE_CHANGE_PASSWORD' && links.length === 0 && isAddressOf(identifier, email)
}
