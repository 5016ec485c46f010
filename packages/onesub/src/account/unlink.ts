import { endOfSessions, unlinking } from '../core/changes/change-for-account.ts'
import type { ChangeContext } from '../core/changes/change-parts.ts'
import {
  decideLeftAddress,
  decideUnlink,
  isHeldBy,
  type LeftAddress,
  type LeftAddressFacts,
} from '../core/decisions/unlink.ts'
import { OnesubError } from '../core/errors.ts'
import { comparableAddress, type Identifier, normaliseEmail } from '../core/identifiers/index.ts'
import { isProvenBy } from '../core/identifiers/ownership.ts'
import { isLinked, type LinkedIdentity } from '../core/linked-identities.ts'
import {
  type Identity,
  isOfProvider,
  type KnownIdentity,
  type Person,
  primaryUserOf,
  sameIdentity,
} from '../core/person.ts'
import type { Facts, IdentifierFact, Registry, UserPool } from '../core/ports.ts'
import { survivorOf } from '../core/survivor.ts'
import { registryWithin } from '../core/tenant.ts'

type UnlinkingCalls = 'find' | 'unlink' | 'restoreAddress' | 'unverifyAddress' | 'signOut'

export interface UnlinkParts {
  readonly registry: Registry
  readonly userPool: Pick<UserPool, UnlinkingCalls>
  contextOf(source: string): ChangeContext
}

/** The native users of an account in one pool, as Cognito has them now. */
export interface NativeUsers {
  /** That the registry knows and Cognito no longer has: then another one has the links. Somebody else may have their name by now. */
  readonly gone: readonly KnownIdentity[]
  /**
   * That a provider alone opens: Cognito turns an invited user into one at the first sign-in by a linked provider, and takes neither a password
   * nor a reset from then on (widely reported, not documented). Until then it has a temporary password, which expires, and no reset (developer guide,
   * "Creating user accounts as administrator").
   */
  readonly closed: readonly KnownIdentity[]
  readonly links: readonly LinkedIdentity[]
}

const CLOSED: readonly (string | undefined)[] = ['EXTERNAL_PROVIDER', 'FORCE_CHANGE_PASSWORD']

export async function nativeUsersOf(
  { identities }: Person,
  pool: string,
  userPool: Pick<UserPool, 'find'>,
): Promise<NativeUsers> {
  const natives = identities.filter((one) => one.native && one.pool === pool)
  const looked = await Promise.all(
    natives.map(async (user) => {
      const found = await userPool.find({ pool, userName: user.userName ?? user.subject }).catch(throwTryAgain)
      return { user, found: found?.sub === user.subject ? found : undefined }
    }),
  )
  return {
    gone: looked.filter(({ found }) => !found).map(({ user }) => user),
    closed: looked.filter(({ found }) => found && CLOSED.includes(found.status)).map(({ user }) => user),
    links: looked.flatMap(({ found }) => found?.links ?? []),
  }
}

/**
 * Takes a sign-in method off. What cannot be undone by a further sign-in comes in this order: the link in Cognito, since one that the registry
 * does not know would open the account; the registry; then both once more, for a sign-in in between. A call that ends in between is finished by
 * the next one, also where the identity has a person of its own by then.
 */
export async function unlink(known: Person, identity: Identity, parts: UnlinkParts): Promise<void> {
  const { registry, userPool, contextOf } = parts
  const { pool } = identity
  const users = await nativeUsersOf(known, pool, userPool)
  const facts = await registry.facts({ identity, identifiers: [] })
  const links = isOfProvider(identity) ? users.links.filter((link) => isLinked(identity, [link])) : []
  const account = withForeignLinks(known, pool, links)
  const resettable = await isResettable(account, registry)
  const decision = decideUnlink({ account, identity, ...users, resettable })
  const unfinished = { removed: identity, said: undefined, users, left: unchanged(account) }
  if (decision.kind === 'refused') {
    if (decision.code !== 'LINK_UNKNOWN' || !(await isUnlinkedBefore(account, identity, facts, registry)))
      throw new OnesubError(decision.code)
    return finish(account, { ...unfinished, isForgotten: false, isUnlinked: true }, parts)
  }
  const isOfAnother = facts.owner !== undefined && facts.owner.id !== account.id
  // A sign-in since an unlink that did not come to its end has linked it again: the registry's word stands.
  if (isOfAnother || facts.waitsFor)
    return finish(known, { ...unfinished, isForgotten: true, isUnlinked: false }, parts)
  const [removed] = decision.removes
  await cut(account, { removed, users, isUnlinked: false }, userPool)
  const left = decideLeftAddress({
    unlinks: decision,
    factOf: await saidFacts(account, registry),
    addressFact: await addressFact(account, removed.within, registry),
    ...users,
  })
  const unlinked = { removed, said: removed.said, isForgotten: false, isUnlinked: false, users, left }
  await takeBackAddress(account, unlinked, parts)
  const revisionOf = await revisionsOf(decision.removes, registry)
  const change = unlinking(decision, left, revisionOf, contextOf('unlink'))
  if (change && (await registry.commit(change)).outcome === 'overtaken')
    throw new OnesubError('LINK_PROOF_INVALID', { detail: 'changed in between' })
  await finish({ ...account, address: left.address }, unlinked, parts)
}

/** A reset by the person's address opens a user without a password. */
async function isResettable(account: Person, registry: Registry): Promise<boolean> {
  const natives = account.identities.filter(({ native }) => native)
  const facts = await Promise.all(natives.map(({ within }) => addressFact(account, within, registry)))
  return facts.some((fact) => isProvenBy(fact?.ownership, account.id))
}

function unchanged({ address }: Person): LeftAddress {
  return { address, released: [] }
}

interface Unlinked {
  readonly removed: Identity
  /** The address that it has said last, if any. */
  readonly said: string | undefined
  /** An earlier call has unlinked it, and what it has said is not known any more. */
  readonly isForgotten: boolean
  /** Cognito links it to no user of the account. */
  readonly isUnlinked: boolean
  readonly users: NativeUsers
  readonly left: LeftAddress
}

/** Links that were made without onesub, and that the registry has not seen, are sign-in methods of the account all the same. */
export function withForeignLinks(account: Person, pool: string, links: readonly LinkedIdentity[]): Person {
  const foreign = links
    .filter((link) => !account.identities.some((one) => one.pool === pool && isLinked(one, [link])))
    .map(({ provider, subject }): KnownIdentity => ({ pool, provider, subject, userName: null, native: false }))
  return { ...account, identities: [...account.identities, ...foreign] }
}

/** An earlier call has written the unlink, and may not have come to its end. Also what only waits for the person's consent says so: nothing is linked then. */
async function isUnlinkedBefore(
  account: Person,
  identity: Identity,
  { waitsFor }: Facts,
  registry: Registry,
): Promise<boolean> {
  if (!waitsFor || !isOfProvider(identity)) return false
  const person = await survivorOf(await registry.person(waitsFor), (id) => registry.person(id))
  return person?.id === account.id
}

async function finish(account: Person, unlinked: Unlinked, parts: UnlinkParts): Promise<void> {
  await cut(account, unlinked, parts.userPool)
  await takeBackAddress(account, unlinked, parts)
  await endSessions(account, parts)
}

/** A user who signed in by the removed method has sessions of the same users, and no token says which. */
async function cut(
  account: Person,
  { removed, users: { gone }, isUnlinked }: Pick<Unlinked, 'removed' | 'users' | 'isUnlinked'>,
  userPool: Pick<UserPool, 'unlink' | 'signOut'>,
): Promise<void> {
  const primaryUser = primaryUserOf(account, removed.pool, gone)
  // Where nothing is linked, the same call would keep the provider's own user from signing in (API reference, "AdminDisableProviderForUser").
  if (!isUnlinked && primaryUser && !sameIdentity(primaryUser, removed))
    await userPool.unlink(removed, primaryUser).catch(throwTryAgain)
  const users = account.identities.flatMap((one) =>
    one.pool === removed.pool && one.userName !== null && !gone.includes(one)
      ? [{ pool: one.pool, userName: one.userName }]
      : [],
  )
  await Promise.all(users.map((user) => userPool.signOut(user))).catch(throwTryAgain)
}

const TRIES = 3

/** No token says by which provider it was got. A sign-in after the registry's own unlink, and before Cognito's last, is over too. */
async function endSessions({ id }: Person, { registry, contextOf }: UnlinkParts): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const account = await survivorOf(await registry.person(id), (next) => registry.person(next))
    const change = account && endOfSessions(account, contextOf('end-of-unlink'))
    if (!change || (await registry.commit(change)).outcome === 'committed') return
  }
  throw new OnesubError('TRY_AGAIN', { detail: 'overtaken' })
}

async function revisionsOf(identities: readonly Identity[], registry: Registry) {
  const facts = await Promise.all(identities.map((identity) => registry.facts({ identity, identifiers: [] })))
  return (identity: Identity): number => revisionIn(facts[identities.indexOf(identity)])
}

function revisionIn(facts: Facts | undefined): number {
  return facts?.identityRevision ?? 0
}

/** What the registry knows of the addresses that the person's providers have said last, each in its tenant. */
async function saidFacts(person: Person, registry: Registry): Promise<LeftAddressFacts['factOf']> {
  const { identities } = person
  const facts = await Promise.all(
    identities.map(async ({ native, said, within }) => {
      const read = native ? undefined : normaliseEmail(said ?? '')
      return read?.ok ? factIn(within, read.identifier, person, registry) : undefined
    }),
  )
  return (provider) => facts[identities.indexOf(provider)]
}

async function addressFact(person: Person, within: string | undefined, registry: Registry) {
  const read = normaliseEmail(person.address ?? '')
  return read.ok ? factIn(within, read.identifier, person, registry) : undefined
}

/** What a merged person left behind is the survivor's. */
async function factIn(
  within: string | undefined,
  identifier: Identifier<'email'>,
  account: Person,
  registry: Registry,
): Promise<IdentifierFact | undefined> {
  const { identifiers } = await registryWithin(registry, within).facts({
    identity: undefined,
    identifiers: [identifier],
  })
  const [fact] = identifiers
  if (!fact?.ownership || fact.ownership.person === account.id) return fact
  const owner = await survivorOf(await registry.person(fact.ownership.person), (id) => registry.person(id))
  return owner?.id === account.id ? { ...fact, ownership: { ...fact.ownership, person: account.id } } : fact
}

/**
 * Cognito may have written the removed provider's address over the user's own, and reset codes would be sent there. The person's own is restored; where
 * the only one that they have came from that provider, the flag is removed, so that it cannot be used for a recovery.
 */
async function takeBackAddress(account: Person, unlinked: Unlinked, parts: UnlinkParts): Promise<void> {
  const users = account.identities.filter(
    (one) => one.native && one.pool === unlinked.removed.pool && !unlinked.users.gone.includes(one),
  )
  for (const user of users) await takeBackFrom(user, account, unlinked, parts)
}

async function takeBackFrom(
  user: KnownIdentity,
  account: Person,
  { said, isForgotten, left, users: { gone } }: Unlinked,
  { userPool, registry }: UnlinkParts,
): Promise<void> {
  if (user.userName === null) return
  const named = { pool: user.pool, userName: user.userName }
  const found = await userPool.find(named).catch(throwTryAgain)
  if (found?.sub !== user.subject || found.email === undefined) return
  const shown = comparableAddress(found.email)
  const read = normaliseEmail(found.email)
  const holder = read.ok ? await holderIn(account, read.identifier, user, registry) : null
  // Nobody signs in to a user without a password but by a provider: what it shows, and the person does not own, a provider has written unseen. The
  // word of a provider that an earlier call has unlinked is not known any more.
  const maySayAny = user.placeholder === true || isForgotten || !read.ok
  if (shown !== said && !(maySayAny && holder === null)) return
  const own = normaliseEmail(left.address ?? '')
  if (own.ok && left.address !== null && own.identifier.value !== shown) {
    // It may be somebody else's by now, or that of another user of the same person, who may sign in by it.
    const prover = await holderIn(account, own.identifier, user, registry)
    const isOtherUsers = account.identities.some(
      (one) => one.native && one !== user && !gone.includes(one) && isHeldBy(prover, one),
    )
    if (prover && !isOtherUsers) return userPool.restoreAddress(named, left.address).catch(throwTryAgain)
  }
  const isKept =
    holder !== null &&
    (user.placeholder ? !left.released.some(({ identifier }) => identifier.value === shown) : isHeldBy(holder, user))
  if (!isKept) await userPool.unverifyAddress(named, found.email).catch(throwTryAgain)
}

/** Who has proven it, where it is the account's in this user's tenant. */
async function holderIn(
  account: Person,
  identifier: Identifier<'email'>,
  { within }: KnownIdentity,
  registry: Registry,
) {
  const fact = await factIn(within, identifier, account, registry)
  return isProvenBy(fact?.ownership, account.id) ? fact.ownership.holder : null
}

/** Cognito's own words may hold names. */
function throwTryAgain(cause: unknown): never {
  throw new OnesubError('TRY_AGAIN', { cause })
}
