import { comparableAddress, type Identifier, normaliseEmail, normalisePhone } from '../core/identifiers/index.ts'
import {
  type Holder,
  isProven,
  isSameUser,
  type Ownership,
  type OwnershipHolder,
} from '../core/identifiers/ownership.ts'
import { isLinked } from '../core/linked-identities.ts'
import { COGNITO, type KnownIdentity, type Person } from '../core/person.ts'
import type { Facts, IdentifierFact, PoolUserFound, UserPool } from '../core/ports.ts'
import { isPermanent } from '../user-pool/faults.ts'
import type { WithDeadline } from './deadline.ts'
import { isEmail } from './identifiers-in-event.ts'
import type { Settings } from './settings.ts'

/**
 * Marks owned addresses whose owner is gone from the pool, or has another address there by now: they keep nobody out, and are no reason to
 * join (T151, T166). Asked only where a decision would rest on an owned address. Without `userPool` nothing can be looked at.
 */
export async function withoutAbandoned(
  facts: Facts,
  settings: Settings<'find'>,
  withDeadline: WithDeadline,
  concerns: (fact: IdentifierFact) => boolean = () => true,
): Promise<Facts> {
  const { userPool } = settings
  if (!userPool) return facts
  const identifiers = await Promise.all(
    facts.identifiers.map(async (fact): Promise<IdentifierFact> => {
      const isLeft = concerns(fact) && (await isAbandoned(fact, userPool, settings, withDeadline))
      return isLeft ? { ...fact, finding: 'abandoned' } : fact
    }),
  )
  return { ...facts, identifiers }
}

async function isAbandoned(
  fact: IdentifierFact,
  userPool: Pick<UserPool, 'find'>,
  settings: Settings<'find'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { ownership, identifier } = fact
  if (!ownership || !isProven(ownership)) return false
  const shows = (user: OwnershipHolder, of?: Person) =>
    stillShows(user, identifier, of, userPool, withDeadline).catch((error: unknown) => {
      // Pools that share a registry: the Region of this client, and its rights, may end at the pool's own users.
      if (user.pool === settings.userPoolId || !isPermanent(error)) throw error
      return true
    })
  // The refusal of a sign-up brings the ownership along and no person: the user who has proven the address is asked about first, and mostly shows it.
  const prover = ownership.holder
  if (prover && (await shows(prover))) return false
  const person = fact.person ?? (await withDeadline(() => settings.registry.person(ownership.person)))
  if (mayStillAppear(ownership, person, settings)) return false
  // Vouched for by an administrator, and not come yet: the user that was made is the prover, and it is gone.
  if (!person) return prover !== null
  const users = usersOf(person, [settings.userPoolId, prover?.pool])
  for (const user of users) {
    if (await shows(user, person)) return false
  }
  return users.length > 0 || prover !== null
}

/**
 * A person who comes by a provider is written down before Cognito has made the user, and so is a user whom an administrator makes. Cognito does so
 * within seconds of the trigger's answer, further tries included; clocks that differ by minutes are allowed for. A native user of the
 * person was there when it was written down.
 */
const APPEARS_WITHIN_MS = 30 * 60_000

function mayStillAppear(
  { holder }: Ownership,
  person: Person | undefined,
  { time, userPoolId }: Settings<never>,
): boolean {
  const isThere = person?.identities.some(({ pool, native }) => native && pool === userPoolId) === true
  return !isThere && time.now() - (holder?.since ?? 0) < APPEARS_WITHIN_MS
}

async function stillShows(
  user: OwnershipHolder,
  identifier: Identifier,
  person: Person | undefined,
  userPool: Pick<UserPool, 'find'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const found = await withDeadline(() => userPool.find(user))
  if (!found) return false
  // The name of a deleted user may have been taken by anybody; its `sub` never is.
  const isSame = ({ provider, pool, userName }: KnownIdentity) =>
    provider === COGNITO && pool === user.pool && userName === user.userName
  const known = person?.identities.find(isSame)
  const sub = known?.subject ?? user.sub
  if (sub !== undefined && found.sub !== sub) return false
  if (isEmail(identifier)) return showsAddress(found, identifier, person, known?.placeholder === true)
  return identifier.kind === 'username' || showsNumber(found, identifier, person)
}

/** A number that has been removed, or changed and verified, is its next holder's. */
function showsNumber(
  { phone, phoneVerified }: PoolUserFound,
  identifier: Identifier,
  person: Person | undefined,
): boolean {
  const read = normalisePhone(phone ?? '')
  if (!read.ok) return false
  const isSame = read.identifier.value === identifier.value
  return person ? isSame || !phoneVerified : isSame && phoneVerified
}

/**
 * A user of the pool's own shows it, or a provider that is linked to it said it last, or what the user shows is a provider's word over the address that the
 * person has proven last. Any other verified address is a change (T151); an unverified one is a change that is not finished, or the word of
 * a linked provider that vouches for nothing.
 * Where only the name is known, and not whether the user is still the same, an unverified address proves nothing: anybody can type it.
 */
function showsAddress(
  found: PoolUserFound,
  identifier: Identifier<'email'>,
  person: Person | undefined,
  isPlaceholder: boolean,
): boolean {
  const shown = addressIn(found.email)
  if (shown === identifier.value && (person !== undefined || found.emailVerified)) return true
  if (!person) return false
  // What a profile shows is what its provider said last, or its own user; older words hold nothing (T175).
  if (found.links.some(({ primary }) => primary)) return shown === undefined
  const words = person.identities.filter((one) => isLinked(one, found.links)).map(({ said }) => said)
  if (words.includes(identifier.value)) return true
  const proven = addressIn(person.address)
  const word = found.email === undefined ? undefined : comparableAddress(found.email)
  if (proven === identifier.value && words.includes(word)) return true
  // Nobody changes the address of a user without a password: an unlink has taken the mark off.
  return shown !== undefined && !found.emailVerified && !isPlaceholder
}

function addressIn(spelled: string | null | undefined): string | undefined {
  const read = normaliseEmail(spelled ?? '')
  return read.ok ? read.identifier.value : undefined
}

/** The pool users that the person can be there as: a provider's identity alone, without a user name, is no user. */
function usersOf({ identities }: Person, pools: readonly (string | undefined)[]): Holder[] {
  const here = identities.filter(
    (one): one is KnownIdentity & { userName: string } => pools.includes(one.pool) && one.userName !== null,
  )
  return here
    .filter((user, at) => here.findIndex((one) => isSameUser(one, user)) === at)
    .map(({ pool, userName }) => ({ pool, userName }))
}
