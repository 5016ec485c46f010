import { decideRepair } from '../core/decisions/repair.ts'
import { normaliseEmail } from '../core/identifiers/index.ts'
import { isProvenBy, isSameUser, statusOf } from '../core/identifiers/ownership.ts'
import { type KnownIdentity, type Person, sameIdentity } from '../core/person.ts'
import type { WithDeadline } from './deadline.ts'
import { factsOf } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import { holderOf, isLinked, isMarked, poolIdentity } from './identifiers-in-event.ts'
import { actsInCognito, type Settings } from './settings.ts'

/** Puts a linked user's address back as the person has proven it. Tells whether there was anything to repair. */
export async function repairAddress(
  event: TriggerEvent,
  settings: Settings<'restoreAddress' | 'unverifyAddress'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { registry, userPool, time } = settings
  if (!userPool || !actsInCognito(settings) || !isLinked(event)) return false
  const spelled = event.attributes.get('email') ?? ''
  const email = normaliseEmail(spelled)
  if (!email.ok) return false
  const { identifier } = email
  const { owner, identifiers } = await factsOf(
    { identity: poolIdentity(event, true), identifiers: [identifier] },
    registry,
    withDeadline,
  )
  const user = owner?.identities.find((known) => known.native && known.userName === event.userName)
  if (!owner || !user) return false
  const status = statusOf(identifiers[0]?.ownership, { holder: holderOf(event), now: time.now() })
  const repair = decideRepair({
    owner,
    isPlaceholder: user.placeholder === true,
    shown: { identifier, spelled, verified: isMarked(event, 'email_verified'), status },
  })
  if (!repair) return false
  if ('unverify' in repair) {
    await withDeadline(() => userPool.unverifyAddress(holderOf(event), repair.unverify))
    return true
  }
  if (!(await isThisUsers(repair.restore, owner, user, settings, withDeadline))) return false
  await withDeadline(() => userPool.restoreAddress(holderOf(event), repair.restore))
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
  { registry }: Settings<never>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const email = normaliseEmail(address)
  if (!email.ok) return false
  const [fact] = (await factsOf({ identity: undefined, identifiers: [email.identifier] }, registry, withDeadline))
    .identifiers
  if (!isProvenBy(fact?.ownership, owner.id)) return false
  const { holder } = fact.ownership
  const others = owner.identities.filter((one) => one.native && !sameIdentity(one, user))
  return !others.some(({ pool, userName }) => userName !== null && isSameUser(holder, { pool, userName }))
}
