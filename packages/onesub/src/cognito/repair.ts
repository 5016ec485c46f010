import { isProvenBy } from '../core/claim.ts'
import { decideRepair } from '../core/decide-repair.ts'
import { isHard } from '../core/evidence.ts'
import { normaliseEmail } from '../core/keys/index.ts'
import type { Person } from '../core/person.ts'
import { holderOf, isLinked, poolIdentity } from './arrival.ts'
import type { Budget } from './budget.ts'
import type { TriggerEvent } from './event.ts'
import type { Settings } from './settings.ts'

/** Puts a linked user's address back as she has proven it. Tells whether there was anything to mend. */
export async function repairAddress(event: TriggerEvent, settings: Settings, run: Budget): Promise<boolean> {
  const { registry, userPool, policy } = settings
  if (!userPool || policy.mode === 'observe' || !isLinked(event)) return false
  const spelled = event.attributes.get('email') ?? ''
  const email = normaliseEmail(spelled)
  const { owner, claims } = await run(() =>
    registry.facts({ identity: poolIdentity(event, true), keys: email.ok ? [email.key] : [] }),
  )
  if (!owner?.identities.some((known) => known.native && known.userName === event.userName)) return false
  const claim = claims[0]?.claim
  const standing = claim && isHard(claim.rank) ? ({ is: 'hard', claim } as const) : ({ is: 'free' } as const)
  const verified = event.attributes.get('email_verified') === 'true'
  const address = decideRepair({ owner, shown: email.ok ? { spelled, verified, standing } : undefined })
  if (address === undefined || !(await isStillHers(address, owner, settings, run))) return false
  await run(() => userPool.restoreAddress(holderOf(event), address))
  return true
}

/** A verified address is taken from whoever else has it in the pool, so it is asked for once more whose it is. */
async function isStillHers(address: string, owner: Person, { registry }: Settings, run: Budget): Promise<boolean> {
  const email = normaliseEmail(address)
  if (!email.ok) return false
  const [fact] = (await run(() => registry.facts({ identity: undefined, keys: [email.key] }))).claims
  return isProvenBy(fact?.claim, owner.id)
}
