import { anchoring } from '../core/change-for.ts'
import { isProvenBy } from '../core/claim.ts'
import { OnesubError } from '../core/errors.ts'
import {
  anchorOf,
  COGNITO,
  isFullyLinked,
  type KnownIdentity,
  type Person,
  type PersonId,
  sameIdentity,
} from '../core/person.ts'
import type { UserPool } from '../core/ports.ts'
import type { FederatedArrival } from './arrival.ts'
import type { Budget } from './budget.ts'
import type { TriggerEvent } from './event.ts'
import { makingOf, type Settings } from './settings.ts'

const TRIES = 3

/**
 * Her identity is linked to her user in this pool, where she has one or gets one. Users that were deleted are passed over.
 */
export async function linkInCognito(
  person: PersonId,
  event: TriggerEvent,
  arrival: FederatedArrival,
  settings: Settings,
  run: Budget,
): Promise<void> {
  const { identity } = arrival
  const { userPool } = settings
  const gone: KnownIdentity[] = []
  while (userPool && gone.length < MOST_GONE) {
    const anchor = await anchorFor(person, gone, event, arrival, settings, run)
    if (!anchor) return
    const linked = await run(() => userPool.link(identity, anchor))
    // Where Cognito has no room for another link, she gets a profile beside it, and its tokens carry the same person.
    if (linked === 'elsewhere') throw new OnesubError('LINK_CONFLICT')
    if (linked !== 'gone') return
    gone.push(anchor)
  }
}

/** Each costs a call or two of the trigger's few seconds. */
const MOST_GONE = 3

/**
 * The user that her identities are linked to in this pool; made where she has none and policy asks for one. Undefined where there is none,
 * or no room for another link: Cognito then makes a profile, and the registry knows whose it is.
 */
async function anchorFor(
  id: PersonId,
  gone: readonly KnownIdentity[],
  event: TriggerEvent,
  arrival: FederatedArrival,
  settings: Settings,
  run: Budget,
): Promise<KnownIdentity | undefined> {
  const { registry, userPool, policy } = settings
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const person = await run(() => registry.person(id))
    if (!person || !userPool || isFullyLinked(person, arrival.identity)) return undefined
    const known = anchorOf(person, event.pool, gone)
    if (known?.native || (known && (await isThere(known, arrival, userPool, run)))) return known
    if (policy.socialFirst === 'profile' || policy.mode === 'observe') return undefined
    const shell = await makeShell(person, event, arrival, userPool, settings, run)
    if (!shell) return undefined
    if (shell === 'contested') continue
    const change = anchoring(person, shell, makingOf(event, settings))
    if (!change || (await run(() => registry.commit(change))).outcome === 'committed') return shell
  }
  return undefined
}

/**
 * A profile is remembered before Cognito has made it, and may never have come to be. That of this very sign-in is not there: Cognito would
 * not ask.
 */
async function isThere(
  known: KnownIdentity,
  { identity }: FederatedArrival,
  userPool: UserPool,
  run: Budget,
): Promise<boolean> {
  const { pool, userName } = known
  return !sameIdentity(known, identity) && userName !== null && run(() => userPool.exists({ pool, userName }))
}

/**
 * Only where she comes with an address that is hers by proof, as her claim on it says, whatever this sign-in says of it: a reset opens the user to whoever holds the mailbox
 * (T146). A user without an address would get the provider's from Cognito at the next sign-in, and be somebody else's alias.
 * The claim also tells the nested run of our trigger that it is ours (`marker`), and where an earlier run got to (`holder`).
 */
async function makeShell(
  person: Person,
  event: TriggerEvent,
  { address, spelled }: FederatedArrival,
  userPool: UserPool,
  { registry }: Settings,
  run: Budget,
): Promise<KnownIdentity | 'contested' | undefined> {
  if (!address || spelled === null) return undefined
  const [fact] = (await run(() => registry.facts({ identity: undefined, keys: [address.key] }))).claims
  const claim = fact?.claim
  if (!isProvenBy(claim, person.id)) return undefined
  const { pool } = event
  const { holder: earlier, opId: marker } = claim
  const made =
    (earlier && (await run(() => userPool.findShell(earlier)))) ??
    (await run(() => userPool.createShell({ pool, person: person.id, address: spelled, marker })))
  if (!made || made === 'contested') return made
  return { pool, provider: COGNITO, subject: made.sub, userName: made.userName, native: true, shell: true }
}
