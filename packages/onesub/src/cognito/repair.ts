import { isOwnedBy, standingOf } from '../core/claim.ts'
import { decideRepair } from '../core/decide-repair.ts'
import { normaliseEmail } from '../core/keys/index.ts'
import type { Person } from '../core/person.ts'
import { holderOf, isLinked, isMarked, poolIdentity } from './arrival.ts'
import type { Budget } from './budget.ts'
import { factsOf } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { actsInCognito, type Settings } from './settings.ts'

/** Puts a linked user's address back as the person has proven it. Tells whether there was anything to repair. */
export async function repairAddress(event: TriggerEvent, settings: Settings, run: Budget): Promise<boolean> {
  const { registry, userPool, time } = settings
  if (!userPool || !actsInCognito(settings) || !isLinked(event)) return false
  const spelled = event.attributes.get('email') ?? ''
  const email = normaliseEmail(spelled)
  if (!email.ok) return false
  const { key } = email
  const { owner, claims } = await factsOf({ identity: poolIdentity(event, true), keys: [key] }, registry, run)
  const user = owner?.identities.find((known) => known.native && known.userName === event.userName)
  if (!owner || !user) return false
  const standing = standingOf(claims[0]?.claim, { holder: holderOf(event), now: time.now() })
  const address = decideRepair({
    owner,
    isShell: user.shell === true,
    shown: { key, spelled, verified: isMarked(event, 'email_verified'), standing },
  })
  if (address === undefined || !(await isStillTheirs(address, owner, settings, run))) return false
  await run(() => userPool.restoreAddress(holderOf(event), address))
  return true
}

/** A verified address is taken from whoever else has it in the pool, so it is asked for once more whose it is. */
async function isStillTheirs(address: string, owner: Person, { registry }: Settings, run: Budget): Promise<boolean> {
  const email = normaliseEmail(address)
  if (!email.ok) return false
  const [fact] = (await factsOf({ identity: undefined, keys: [email.key] }, registry, run)).claims
  return isOwnedBy(fact?.claim, owner.id)
}
