import { randomUUID } from 'node:crypto'
import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import type { ClockContext } from '../shared/clock.ts'
import { invalidParameter, notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import { SUBJECT } from '../state/link-index.ts'
import type { Pool } from '../state/pool.ts'
import { User } from '../state/user.ts'
import { runInboundFederation } from '../triggers/inbound-federation.ts'
import { runPostAuthentication, runPostConfirmation, runPreAuthentication } from '../triggers/lifecycle.ts'
import { type PreSignUpFlags, runPreSignUp } from '../triggers/pre-sign-up.ts'
import { changeable, mappedAttributes } from './attribute-mapping.ts'
import type { FederationContext } from './context.ts'
import { type Found, findIdentity, linkOf, type Sought, wrongCombination } from './find-identity.ts'

export interface Arrival {
  readonly provider: IdentityProvider
  readonly subject: string
  readonly claims: JsonRecord
  /** What the provider sent, source by source, as the InboundFederation trigger sees it. */
  readonly received: JsonRecord
}

/** Finds the user of the provider's identity, or creates one. */
export async function signInFederated(
  context: FederationContext,
  clientInPool: ClientInPool,
  arrival: Arrival,
): Promise<User> {
  const asReceived = (): Sought => ({
    ...arrival,
    mapped: mappedAttributes(context, clientInPool, arrival.provider, { by: 'provider', claims: arrival.claims }),
  })
  const decidesBefore = quirksOf(context, clientInPool.pool).linkInInboundFederation === 'no'
  const knownBefore = decidesBefore ? findIdentity(context, clientInPool.pool, asReceived()) : undefined
  const sought = (await transformed(context, clientInPool, arrival)) ?? asReceived()
  const known = decidesBefore ? knownBefore : findIdentity(context, clientInPool.pool, sought)
  if (!known) return await begin(context, clientInPool, sought)
  const isFirstUse = known.link?.wasUsed === false
  refresh(context, clientInPool, sought, known)
  await runReturnTriggers(context, clientInPool, known.user, isFirstUse)
  return known.user
}

/** InboundFederation runs at every sign-in, for new and for known users, before the user is looked up. */
async function transformed(
  context: FederationContext,
  clientInPool: ClientInPool,
  arrival: Arrival,
): Promise<Sought | undefined> {
  const { provider, received } = arrival
  const claims = await runInboundFederation(context, {
    pool: clientInPool.pool,
    clientId: clientInPool.client.id,
    userName: federatedUsername(context, clientInPool.pool, arrival),
    providerName: provider.name,
    providerType: provider.type,
    attributes: received,
  })
  if (!claims) return undefined
  return { ...arrival, mapped: mappedAttributes(context, clientInPool, provider, { by: 'inboundFederation', claims }) }
}

/** Attributes are written before the triggers run, so that the triggers see the provider's new values. */
function refresh(
  context: ClockContext & QuirksContext,
  clientInPool: ClientInPool,
  sought: Sought,
  { user, link }: Found,
): void {
  if (!user.enabled) throw notAuthorized('User is disabled.')
  const { pool } = clientInPool
  pool.users.change(user, changeable(context, clientInPool, user, sought.mapped), 'refuse', context.clock())
  if (!link) return
  const quirks = quirksOf(context, pool)
  markUsed(pool, sought, { user, link })
  if (user.status === 'FORCE_CHANGE_PASSWORD' && quirks.destinationStatus === 'becomesExternalProvider') {
    user.status = 'EXTERNAL_PROVIDER'
  }
  if (quirks.providerGroup === 'alsoLinked') pool.join(user, groupOf(pool, sought.provider))
}

/** After its first use, a link by another attribute becomes a link by the subject (API reference: AdminDisableProviderForUser). */
function markUsed(pool: Pool, { subject }: Sought, { user, link }: Required<Found>): void {
  if (link.attributeName === SUBJECT) {
    link.wasUsed = true
    return
  }
  pool.users.links.remove(user, link)
  pool.users.links.add(user, { ...link, attributeName: SUBJECT, attributeValue: subject, wasUsed: true })
}

async function runReturnTriggers(
  context: FederationContext,
  { pool, client }: ClientInPool,
  user: User,
  isFirstUse: boolean,
) {
  const subject = { pool, user, clientId: client.id }
  if (isFirstUse && quirksOf(context, pool).preStagedLinkFirstSignIn === 'asFirstWithoutPreSignUp') {
    return await runPostConfirmation(context, subject, 'ConfirmSignUp')
  }
  await runPreAuthentication(context, subject)
  await runPostAuthentication(context, subject)
}

async function begin(context: FederationContext, clientInPool: ClientInPool, sought: Sought): Promise<User> {
  const { pool, client } = clientInPool
  const username = freeUsername(context, pool, sought)
  refuseIncomplete(pool, sought.mapped)
  const flags = await runPreSignUp(context, {
    pool,
    clientId: client.id,
    userName: username,
    source: 'ExternalProvider',
    userAttributes: {
      'cognito:email_alias': '',
      'cognito:phone_number_alias': '',
      ...Object.fromEntries(pool.shown(sought.mapped)),
    },
  })
  const linked = linkOf(pool, sought)
  if (linked) return await endLinked(context, clientInPool, sought, linked, username)
  const user = addProfile(context, pool, sought, username, flags)
  await runPostConfirmation(context, { pool, user, clientId: client.id }, 'ConfirmSignUp')
  return user
}

type Named = Pick<Arrival, 'provider' | 'subject'>

/** Developer Guide: cognito-user-pools-specifying-attribute-mapping. */
function federatedUsername(context: QuirksContext, pool: Pool, { provider, subject }: Named): string {
  const plain = `${provider.name}_${subject}`
  return quirksOf(context, pool).federatedUsernameCase === 'lowercased' ? pool.spelled(plain) : plain
}

/** The length limit is that of every Username. */
function freeUsername(context: QuirksContext, pool: Pool, named: Named): string {
  const username = federatedUsername(context, pool, named)
  if (username.length > 128) {
    throw invalidParameter(
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 128",
    )
  }
  // A subject that differs only in case already has this username.
  if (pool.users.byUsername(username)?.origin) throw wrongCombination()
  return username
}

/** Comes before PreSignUp (aws-amplify/amplify-js#6513). */
function refuseIncomplete(pool: Pool, mapped: ReadonlyMap<string, string>): void {
  const missing = pool.schema.missing(mapped)
  if (missing.length > 0) throw invalidParameter(`attributes required: [${missing.join(', ')}]`)
}

const alreadyFound = (username: string) => invalidParameter(`Already found an entry for username ${username}`)

/** The trigger linked this very identity; three endings have been reported (aws-amplify/amplify-js#11565). */
async function endLinked(
  context: FederationContext,
  clientInPool: ClientInPool,
  sought: Sought,
  linked: Found,
  username: string,
): Promise<User> {
  const { pool, client } = clientInPool
  const quirks = quirksOf(context, pool)
  if (quirks.linkInPreSignUp === 'failOnce') throw alreadyFound(username)
  if (quirks.linkInPreSignUp === 'phantomSub') return profile(context, sought, username, sought.mapped)
  refresh(context, clientInPool, sought, linked)
  const subject = { pool, user: linked.user, clientId: client.id }
  if (quirks.postConfirmationWhenLinked === 'fired') await runPostConfirmation(context, subject, 'ConfirmSignUp')
  return linked.user
}

function profile(
  context: ClockContext,
  sought: Sought,
  username: string,
  attributes: ReadonlyMap<string, string>,
): User {
  const { provider, subject } = sought
  return new User({
    username,
    sub: randomUUID(),
    attributes: new Map([...attributes].filter(([, value]) => value !== '')),
    status: 'EXTERNAL_PROVIDER',
    now: context.clock(),
    origin: { providerName: provider.name, providerType: provider.type, subject },
  })
}

function addProfile(
  context: ClockContext & QuirksContext,
  pool: Pool,
  sought: Sought,
  username: string,
  flags: PreSignUpFlags,
): User {
  // Two first sign-ins of one identity may run at once: the second finds the profile of the first.
  if (pool.users.byUsername(username)) throw alreadyFound(username)
  const { externalAutoFlags } = quirksOf(context, pool)
  const user = profile(context, sought, username, verifiedByFlags(sought, flags, externalAutoFlags))
  if (flags.confirm && externalAutoFlags === 'applyBoth') user.status = 'CONFIRMED'
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  pool.users.add(user, 'refuse')
  pool.join(user, groupOf(pool, sought.provider))
  return user
}

/** aws-amplify/amplify-js#5117: autoVerifyEmail has no effect where the mapping sets `email_verified`. */
function verifiedByFlags(
  { provider, mapped }: Sought,
  flags: PreSignUpFlags,
  rule: string,
): ReadonlyMap<string, string> {
  const attributes = new Map(mapped)
  const asked = [
    ['email', flags.verifyEmail],
    ['phone_number', flags.verifyPhone],
  ] as const
  for (const [name, isAsked] of asked) {
    const isMapped = Object.hasOwn(provider.mapping, `${name}_verified`)
    const counts = rule === 'applyBoth' || (rule === 'verifyWhenUnmapped' && !isMapped)
    if (isAsked && counts && attributes.has(name)) attributes.set(`${name}_verified`, 'true')
  }
  return attributes
}

const groupOf = (pool: Pool, provider: IdentityProvider) => `${pool.id}_${provider.name}`
