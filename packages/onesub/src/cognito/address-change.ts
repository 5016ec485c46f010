import { addressChange } from '../core/change-for.ts'
import { isOwnedBy, NOBODY, standingOf } from '../core/claim.ts'
import { decideAddressChange } from '../core/decide-address-change.ts'
import { type Key, normaliseEmail } from '../core/keys/index.ts'
import type { Person } from '../core/person.ts'
import type { Facts, KeyFact } from '../core/ports.ts'
import { holderOf, isEmail, isLinked, isVerified, poolIdentity, shownKeys, standings } from './arrival.ts'
import type { Budget } from './budget.ts'
import { committed, factsOf } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { evidenceOfMark } from './native-evidence.ts'
import { makingOf, type Settings, writes } from './settings.ts'

const TRIES = 3

/**
 * The registry follows what a known native user shows at a sign-in: VerifyUserAttribute runs no trigger, so that the next sign-in is the first
 * to see a changed address or number (T151, T175).
 */
export async function followAddress(event: TriggerEvent, settings: Settings, run: Budget): Promise<Person | undefined> {
  const { policy, registry } = settings
  const identity = poolIdentity(event, true)
  const keys = shownKeys(event, policy).filter(({ kind }) => kind !== 'username')
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const facts = await factsOf({ identity, keys }, registry, run)
    const { owner } = facts
    if (!owner || keys.length === 0 || !writes(settings)) return owner
    const making = makingOf(event, settings)
    const former = await formerOf(owner, facts, settings, run)
    const user = owner.identities.find((known) => known.subject === identity.subject)
    const isUnknown = (key: Key) => user?.marksUnknown === true || user?.said?.split(' ').includes(key.value) === true
    // Cognito is asked about its settings for news alone: most sign-ins show what the person owns.
    const isNews = ({ key, claim }: KeyFact) => isVerified(key, event) && !isOwnedBy(claim, owner.id)
    const evidence = await Promise.all(
      facts.claims.map(async (fact) =>
        evidenceOfMark(fact.key, event, isNews(fact) && (await areMarksByCode(fact.key, settings, run))),
      ),
    )
    const decisions = standings(evidence, facts, { holder: holderOf(event), now: making.now }).map((shown) =>
      decideAddressChange({
        owner,
        user: identity.subject,
        shown: { ...shown, verified: isVerified(shown.evidence.key, event) },
        former: isEmail(shown.evidence.key) ? former : undefined,
        isLinked: isLinked(event) || isUnknown(shown.evidence.key),
      }),
    )
    const decided = {
      takes: decisions.flatMap(({ takes }) => takes),
      releases: decisions.flatMap(({ releases }) => releases),
    }
    if (decided.takes.length + decided.releases.length === 0) return owner
    const change = addressChange(owner, decided, making)
    if (!change) return owner
    const result = await committed(change, registry, run).catch(() => undefined)
    if (result?.outcome === 'committed') return owner
    if (result) continue
    // Whose token it is, is known all the same; the next sign-in follows the address (T163).
    settings.report({ source: event.source, mode: policy.mode, outcome: 'passes', detail: 'address not followed' })
    return owner
  }
  return undefined
}

async function areMarksByCode(key: Key, settings: Settings, run: Budget): Promise<boolean> {
  const { policy, userPoolId, keepsEmail, keepsPhone } = settings
  return policy.flagsOnlyByCode && (await (isEmail(key) ? keepsEmail : keepsPhone)(userPoolId, run))
}

/** The address that the person has proven last; looked up only where another one is shown. */
async function formerOf(owner: Person, { claims }: Facts, { registry, time }: Settings, run: Budget) {
  const read = normaliseEmail(owner.address ?? '')
  const isShown = claims.some(({ key }) => isEmail(key) && read.ok && key.value === read.key.value)
  if (!read.ok || isShown || !claims.some(({ key }) => isEmail(key))) return undefined
  const [fact] = (await factsOf({ identity: undefined, keys: [read.key] }, registry, run)).claims
  return { key: read.key, standing: standingOf(fact?.claim, { holder: NOBODY, now: time.now() }) }
}
