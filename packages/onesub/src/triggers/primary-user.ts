import { attachNativeUser } from '../core/changes/change-for.ts'
import { OnesubError } from '../core/errors.ts'
import { isProvenBy } from '../core/identifiers/ownership.ts'
import {
  COGNITO,
  type Identity,
  isFullyLinked,
  type KnownIdentity,
  type Person,
  type PersonId,
  primaryUserOf,
  sameIdentity,
} from '../core/person.ts'
import type { Policy } from '../core/policy.ts'
import type { Registry, UserPool } from '../core/ports.ts'
import { survivorOf } from '../core/survivor.ts'
import type { WithDeadline } from './deadline.ts'
import { committed } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import { isEmail, tenantIn } from './identifiers-in-event.ts'
import { waitingUser } from './invited-user.ts'
import type { ProviderSignIn } from './provider-sign-in.ts'
import { changeContextOf, type Settings } from './settings.ts'

const TRIES = 3

/** What finding or making the primary user, and linking to it, does in Cognito. */
export type LinkingCalls =
  | 'find'
  | 'unlink'
  | 'link'
  | 'createPlaceholderUser'
  | 'findPlaceholderUser'
  | 'removePlaceholderUser'

/**
 * The identity is linked to the person's user in this pool, where there is one or policy makes one. Users that were deleted are passed over.
 * Where Cognito has no room for another link, or refuses it for a reason of its own, the identity gets a profile beside it, and its tokens
 * carry the same person.
 */
export async function linkInCognito(
  person: PersonId,
  event: TriggerEvent,
  arrival: ProviderSignIn,
  settings: Settings<LinkingCalls>,
  withDeadline: WithDeadline,
): Promise<void> {
  const { identity } = arrival
  const { userPool, report, policy } = settings
  const gone: KnownIdentity[] = []
  while (userPool && gone.length < MOST_GONE) {
    const primaryUser = await primaryUserFor(person, gone, event, arrival, settings, withDeadline)
    if (!primaryUser) return
    const linked = await withDeadline(() => userPool.link(identity, primaryUser))
    if (linked === 'elsewhere') throw new OnesubError('LINK_CONFLICT')
    if (linked === 'unfit') {
      report({ source: event.source, mode: policy.mode, outcome: 'passes', detail: 'Cognito refuses the link' })
      return removeUnused(primaryUser, userPool, withDeadline)
    }
    if (linked !== 'gone') return unlinkIfUnlinked(person, identity, primaryUser, settings, withDeadline)
    gone.push(primaryUser)
  }
}

/**
 * An unlink on the account page may have come to its end between our reading and our link, and another sign-in may have given the identity a person
 * of its own since: the account page's word stands.
 */
async function unlinkIfUnlinked(
  linkedFor: PersonId,
  identity: Identity,
  primaryUser: KnownIdentity,
  { registry, userPool }: Settings<'unlink'>,
  withDeadline: WithDeadline,
): Promise<void> {
  const person = await withDeadline(() => registry.resolve(identity))
  if (person === linkedFor) return
  const read = (id: PersonId) => withDeadline(() => registry.person(id))
  // The person may have been merged in between.
  const survivor = person && (await survivorOf(await read(linkedFor), read))
  if (person === undefined || survivor?.id !== person)
    await withDeadline(async () => userPool?.unlink(identity, primaryUser))
}

/** Nothing half-made stays: a user of ours that nothing could be linked to. */
async function removeUnused(
  primaryUser: KnownIdentity,
  userPool: Pick<UserPool, 'removePlaceholderUser'>,
  withDeadline: WithDeadline,
): Promise<void> {
  const { pool, userName, subject, placeholder } = primaryUser
  if (placeholder) await withDeadline(() => userPool.removePlaceholderUser({ pool, userName: userName ?? subject }))
}

/** Each costs a call or two of the trigger's few seconds. */
const MOST_GONE = 3

/**
 * The user that the person's identities are linked to in this pool; made where there is none and policy asks for one. Undefined where there
 * is none, or no room for another link: Cognito then makes a profile, and the registry knows whose it is.
 */
async function primaryUserFor(
  id: PersonId,
  gone: readonly KnownIdentity[],
  event: TriggerEvent,
  arrival: ProviderSignIn,
  settings: Settings<LinkingCalls>,
  withDeadline: WithDeadline,
): Promise<KnownIdentity | undefined> {
  const { registry, userPool } = settings
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const person = await withDeadline(() => registry.person(id))
    if (!person || !userPool || isFullyLinked(person, arrival.identity)) return undefined
    const known =
      (await provingUser(person, gone, arrival, registry, withDeadline)) ?? primaryUserOf(person, event.pool, gone)
    if (known?.native || (known && (await isThere(known, arrival, userPool, withDeadline)))) return known
    const native = await nativeFor(person, event, arrival, { ...settings, userPool }, withDeadline)
    if (!native) return undefined
    if (native === 'contested') continue
    const change = attachNativeUser(person, native, changeContextOf(event, settings))
    if (!change || (await committed(change, registry, withDeadline)).outcome === 'committed') return native
  }
  return undefined
}

/** Where addresses are aliases or names, Cognito lets one user have an address: of several users of a person, the one that has proven it. */
async function provingUser(
  { identities }: Person,
  gone: readonly KnownIdentity[],
  { identity: { pool }, address }: ProviderSignIn,
  registry: Registry,
  withDeadline: WithDeadline,
): Promise<KnownIdentity | undefined> {
  const natives = identities.filter((one) => one.native && one.pool === pool && !gone.includes(one))
  if (natives.length < 2 || !address) return undefined
  const [fact] = (await withDeadline(() => registry.facts({ identity: undefined, identifiers: [address.identifier] })))
    .identifiers
  const holder = fact?.ownership?.holder
  return natives.find((one) => holder?.pool === pool && one.userName === holder.userName)
}

/**
 * A profile is remembered before Cognito has made it, and may never have come to be. That of this very sign-in is not there: Cognito would
 * not ask.
 */
async function isThere(
  known: KnownIdentity,
  { identity }: ProviderSignIn,
  userPool: Pick<UserPool, 'find'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { pool, userName } = known
  return (
    !sameIdentity(known, identity) &&
    userName !== null &&
    (await withDeadline(() => userPool.find({ pool, userName }))) !== undefined
  )
}

/**
 * Only where the person owns the address of this sign-in by proof: a reset opens the user to the reader of the mailbox (T146). A user without
 * an address would get the provider's from Cognito at the next sign-in, and be somebody else's alias.
 * The ownership tells whether an administrator has a user waiting for this address, tells the nested run of our trigger that the new one is ours
 * (`marker`), and where an earlier run got to (`holder`).
 */
async function nativeFor(
  person: Person,
  event: TriggerEvent,
  { address, spelled }: ProviderSignIn,
  settings: Settings<LinkingCalls> & { readonly userPool: Pick<UserPool, LinkingCalls> },
  withDeadline: WithDeadline,
): Promise<KnownIdentity | 'contested' | undefined> {
  const { registry, policy, userPool } = settings
  if (!address || spelled === null || !isEmail(address.identifier)) return undefined
  const { pool } = event
  const { identifier } = address
  const [fact] = (await withDeadline(() => registry.facts({ identity: undefined, identifiers: [identifier] })))
    .identifiers
  const ownership = fact?.ownership
  if (!fact || !isProvenBy(ownership, person.id)) return undefined
  const invited = await waitingUser(fact, event, settings, withDeadline)
  if (invited) return invited
  if (policy.federatedSignUp === 'profile-only') return undefined
  const { holder, opId: marker } = ownership
  const made =
    (holder?.by === 'onesub' &&
      holder.pool === pool &&
      (await withDeadline(() => userPool.findPlaceholderUser(holder, identifier)))) ||
    (await withDeadline(() =>
      userPool.createPlaceholderUser({
        pool,
        person: person.id,
        address: spelled,
        marker,
        attributes: tenantAttribute(event, policy),
      }),
    ))
  if (!made || made === 'contested') return made
  return {
    pool,
    provider: COGNITO,
    subject: made.sub,
    userName: made.userName,
    native: true,
    placeholder: true,
    ...tenantIn(event),
  }
}

/** So that the user is of the same tenant as the provider by which its person came. */
function tenantAttribute({ within }: TriggerEvent, { uniqueWithin }: Policy): Readonly<Record<string, string>> {
  return uniqueWithin === null || within === undefined ? {} : { [uniqueWithin]: within }
}
