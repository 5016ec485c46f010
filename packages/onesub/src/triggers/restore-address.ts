import { decideRepair, mayStay, type RepairFacts } from '../core/decisions/repair.ts'
import { comparableAddress, normaliseEmail } from '../core/identifiers/index.ts'
import { isProvenBy, isSameUser, statusOf } from '../core/identifiers/ownership.ts'
import { type KnownIdentity, type Person, sameIdentity } from '../core/person.ts'
import type { WithDeadline } from './deadline.ts'
import { factsOf } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import { isStill } from './federation.ts'
import { holderOf, isLinked, isMarked, poolIdentity } from './identifiers-in-event.ts'
import { actsInCognito, type Settings } from './settings.ts'

/** Puts a linked user's address back as the person has proven it. Tells whether there was anything to repair. */
export async function repairAddress(
  event: TriggerEvent,
  settings: Settings<'find' | 'restoreAddress' | 'unverifyAddress'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { registry, userPool, time } = settings
  if (!userPool || !actsInCognito(settings) || !isLinked(event)) return false
  const spelled = event.attributes.get('email') ?? ''
  if (spelled === '') return false
  const email = normaliseEmail(spelled)
  const identifier = email.ok ? email.identifier : undefined
  const { owner, identifiers } = await factsOf(
    { identity: poolIdentity(event, true), identifiers: identifier ? [identifier] : [] },
    registry,
    withDeadline,
  )
  const user = owner?.identities.find((known) => known.native && known.userName === event.userName)
  if (!owner || !user) return false
  const holder = holderOf(event)
  const facts: RepairFacts = {
    owner,
    isPlaceholder: user.placeholder === true,
    user: holder,
    cameWith: user.said?.split(' ').includes(comparableAddress(spelled)) === true,
    shown: {
      identifier,
      spelled,
      verified: isMarked(event, 'email_verified'),
      status: statusOf(identifiers[0]?.ownership, { holder, now: time.now() }),
    },
  }
  const repair = decideRepair(facts)
  if (!repair) return false
  if ('restore' in repair && (await isThisUsers(repair.restore, owner, user, settings, withDeadline))) {
    await withDeadline(() => userPool.restoreAddress(holder, repair.restore))
    return true
  }
  if ('restore' in repair && mayStay(facts)) return false
  await withDeadline(() => userPool.unverifyAddress(holder, spelled))
  return true
}

/**
 * A verified address is taken from whoever else has it in the pool, so it is asked for once more whose it is; and what another user of the same
 * person has proven stays with that user, who may sign in by it.
 */
async function isThisUsers(
  address: string,
  owner: Person,
  user: KnownIdentity,
  settings: Settings<'find'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { registry, userPool } = settings
  const email = normaliseEmail(address)
  if (!email.ok || !userPool) return false
  const [fact] = (await factsOf({ identity: undefined, identifiers: [email.identifier] }, registry, withDeadline))
    .identifiers
  if (!isProvenBy(fact?.ownership, owner.id)) return false
  const { holder } = fact.ownership
  const other = owner.identities.find(
    (one) =>
      one.native &&
      !sameIdentity(one, user) &&
      one.userName !== null &&
      isSameUser(holder, { ...one, userName: one.userName }),
  )
  // Of a person that was merged a user may be named whom we have removed.
  return !other || !(await isStill(other, userPool, withDeadline))
}
