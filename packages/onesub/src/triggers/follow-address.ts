import type { Change } from '../core/changes/change.ts'
import { addressChange, passwordKnown, tenantChange } from '../core/changes/change-for.ts'
import { decideAddressChange } from '../core/decisions/address-change.ts'
import { type Identifier, normaliseEmail } from '../core/identifiers/index.ts'
import { isProvenBy, NOBODY, statusOf } from '../core/identifiers/ownership.ts'
import { type Person, sameIdentity } from '../core/person.ts'
import type { Facts, IdentifierFact } from '../core/ports.ts'
import type { WithDeadline } from './deadline.ts'
import { committed, factsOf } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import {
  holderOf,
  isEmail,
  isLinked,
  isVerified,
  poolIdentity,
  shownIdentifiers,
  statuses,
} from './identifiers-in-event.ts'
import { evidenceOfMark } from './native-evidence.ts'
import { changeContextOf, type Settings, writes } from './settings.ts'

const TRIES = 3

/**
 * The registry follows what a known native user shows at a sign-in: VerifyUserAttribute runs no trigger, so that the next sign-in is the first
 * to see a changed address or number (T151, T175).
 */
export async function followAddress(
  event: TriggerEvent,
  settings: Settings<'keepsOriginal'>,
  withDeadline: WithDeadline,
): Promise<Person | undefined> {
  const { policy, registry } = settings
  const identity = poolIdentity(event, true)
  const identifiers = shownIdentifiers(event, policy).filter(({ kind }) => kind !== 'username')
  // Whose token it is, is known all the same; the next sign-in follows the address (T163).
  const attempted = (change: Change) =>
    committed(change, registry, withDeadline).catch(() => {
      settings.report({ source: event.source, mode: policy.mode, outcome: 'passes', detail: 'address not followed' })
    })
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const facts = await factsOf({ identity, identifiers }, registry, withDeadline)
    const { owner } = facts
    if (!owner || !writes(settings)) return owner
    const context = changeContextOf(event, settings)
    const user = owner.identities.find((known) => sameIdentity(known, identity))
    if (user && user.within !== event.within) {
      const moving = tenantChange(owner, user, event.within, context)
      if (!moving || (await attempted(moving))) continue
      return owner
    }
    // Somebody knows a password by now: of a reset that we have not seen, or an administrator's.
    if (user?.placeholder && event.source === 'TokenGeneration_Authentication') {
      const change = passwordKnown(owner, user, context)
      if (!change || (await attempted(change))) continue
      return owner
    }
    if (identifiers.length === 0) return owner
    const former = await formerOf(owner, facts, settings, withDeadline)
    const isUnknown = (identifier: Identifier) =>
      user?.marksUnknown === true || user?.said?.split(' ').includes(identifier.value) === true
    // Cognito is asked about its settings for news alone: most sign-ins show what the person owns.
    const isNews = ({ identifier, ownership }: IdentifierFact) =>
      isVerified(identifier, event) && !isProvenBy(ownership, owner.id)
    const evidence = await Promise.all(
      facts.identifiers.map(async (fact) =>
        evidenceOfMark(
          fact.identifier,
          event,
          isNews(fact) && (await areMarksByCode(fact.identifier, settings, withDeadline)),
        ),
      ),
    )
    const decisions = statuses(evidence, facts, { holder: holderOf(event), now: context.now }).map((shown) =>
      decideAddressChange({
        owner,
        user: identity.subject,
        shown: { ...shown, verified: isVerified(shown.evidence.identifier, event) },
        former: isEmail(shown.evidence.identifier) ? former : undefined,
        isLinked: isLinked(event) || isUnknown(shown.evidence.identifier),
      }),
    )
    const decided = {
      acquisitions: decisions.flatMap(({ acquisitions }) => acquisitions),
      releases: decisions.flatMap(({ releases }) => releases),
    }
    if (decided.acquisitions.length + decided.releases.length === 0) return owner
    const change = addressChange(owner, decided, context)
    if (!change) return owner
    const result = await attempted(change)
    if (result?.outcome === 'overtaken') continue
    return owner
  }
  return undefined
}

async function areMarksByCode(
  identifier: Identifier,
  settings: Settings<'keepsOriginal'>,
  withDeadline: WithDeadline,
): Promise<boolean> {
  const { policy, userPoolId, keepsEmail, keepsPhone } = settings
  if (!policy.flagsOnlyByCode) return false
  // The next sign-in shows the mark again: nobody is kept out for it.
  return (isEmail(identifier) ? keepsEmail : keepsPhone)(userPoolId, withDeadline).catch(() => false)
}

/** The address that the person has proven last; looked up only where another one is shown. */
async function formerOf(
  owner: Person,
  { identifiers }: Facts,
  { registry, time }: Settings<never>,
  withDeadline: WithDeadline,
) {
  const read = normaliseEmail(owner.address ?? '')
  const isShown = identifiers.some(
    ({ identifier }) => isEmail(identifier) && read.ok && identifier.value === read.identifier.value,
  )
  if (!read.ok || isShown || !identifiers.some(({ identifier }) => isEmail(identifier))) return undefined
  const [fact] = (await factsOf({ identity: undefined, identifiers: [read.identifier] }, registry, withDeadline))
    .identifiers
  return { identifier: read.identifier, status: statusOf(fact?.ownership, { holder: NOBODY, now: time.now() }) }
}
