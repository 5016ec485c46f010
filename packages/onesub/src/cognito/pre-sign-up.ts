import { reservation } from '../core/change-for.ts'
import type { Claim } from '../core/claim.ts'
import { decideAdminCreation } from '../core/decide-admin-creation.ts'
import { decideNativeSignUp } from '../core/decide-native-sign-up.ts'
import type { Begins, Decision, Refused, Waits } from '../core/decision.ts'
import { OnesubError } from '../core/errors.ts'
import type { Evidence } from '../core/evidence.ts'
import { inMode, type Verdict } from '../core/observe.ts'
import type { Policy } from '../core/policy.ts'
import type { Facts } from '../core/ports.ts'
import { administeredKeys, type BesideClaim, holderOf, standings, typedKeys } from './arrival.ts'
import type { Budget } from './budget.ts'
import { deliberate } from './deliberate.ts'
import type { TriggerEvent } from './event.ts'
import { parseFederatedName } from './federated-name.ts'
import { makingOf, type Settings } from './settings.ts'

/** Somebody fills in the sign-up form: her keys are held for her, or she is told that they are taken. */
export async function nativeSignUp(
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<Verdict<Begins | Waits | Refused>> {
  const { policy } = settings
  refuseFlagsWithoutProof(event)
  refuseFederatedLookalike(event, settings)
  const decide = (keys: ReadonlyArray<BesideClaim<ReturnType<typeof typedKeys>[number]>>) =>
    decideNativeSignUp({ keys, policy: policy.knownKey })
  return reserve(event, typedKeys(event, policy), decide, settings, run)
}

/**
 * An administrator makes a user: the keys are held until she signs in. Or it is the user that our own PreSignUp run is making for somebody
 * who came by a provider: it names the operation that holds her address, and is spent by the holder that is written here.
 */
export async function adminCreation(
  event: TriggerEvent,
  settings: Settings,
  run: Budget,
): Promise<Verdict<Begins | Refused>> {
  return reserve(
    event,
    administeredKeys(event, settings.policy),
    (keys) => decideAdminCreation({ keys: keys.map((key) => ownAnchor(key, event.marker)) }),
    settings,
    run,
  )
}

function ownAnchor<E extends Evidence>(key: BesideClaim<E>, marker: string | undefined): BesideClaim<E> {
  const { standing } = key
  const isOurs = standing.is === 'hard' && standing.claim.opId === marker
  return isOurs ? { ...key, standing: { is: 'mine', claim: standing.claim } } : key
}

/** Optimistic: most sign-ups are by people nobody knows, and one conditional write is all they need. */
async function reserve<E extends Evidence, D extends Decision>(
  event: TriggerEvent,
  evidence: readonly E[],
  decide: (keys: ReadonlyArray<BesideClaim<E>>) => D,
  settings: Settings,
  run: Budget,
): Promise<Verdict<D | Begins>> {
  const { mode, leaseMs } = settings.policy
  const making = makingOf(event, settings)
  const arriving = { holder: holderOf(event), now: making.now }
  const { verdict } = await deliberate(
    {
      query: { identity: undefined, keys: evidence.map(({ key }) => key) },
      optimistic: true,
      refine: (facts) => withoutAbandoned(facts, standings(evidence, facts, arriving), making.now, settings, run),
      decide: (facts) => inMode(mode, decide(standings(evidence, facts, arriving))),
      changeFor: ({ decision }) =>
        decision.kind === 'begins' ? reservation(decision, arriving.holder, leaseMs, making) : undefined,
    },
    settings.registry,
    run,
  )
  return verdict
}

/** A sign-up's user appears within seconds of the trigger's answer, three tries included; who is not there after a minute never came. */
const APPEARS_WITHIN_MS = 60_000

/**
 * Cognito asks us before it has checked everything itself: a sign-up that it refuses afterwards (for its password, say) leaves a claim
 * without a user, and in pools that make user names themselves the next try comes under another name. Such a claim has lapsed.
 * Where policy is quiet nobody is kept out by a claim, and a look would tell by its time that there is one.
 */
async function withoutAbandoned(
  facts: Facts,
  keys: ReadonlyArray<BesideClaim<Evidence>>,
  now: number,
  { policy, userPool }: Settings,
  run: Budget,
): Promise<Facts> {
  if (!userPool || policy.knownKey === 'quiet') return facts
  const claims = await Promise.all(
    facts.claims.map(async (fact, at) => {
      const standing = keys[at]?.standing
      if (standing?.is !== 'soft') return fact
      const { claim } = standing
      const { holder } = claim
      if (!holder || !isOlderThanArrival(claim, now, policy) || (await run(() => userPool.exists(holder)))) return fact
      return { ...fact, claim: { ...claim, leaseUntil: 0 } }
    }),
  )
  return { ...facts, claims }
}

function isOlderThanArrival({ leaseUntil }: Claim, now: number, { leaseMs }: Policy): boolean {
  return leaseUntil !== null && leaseUntil - leaseMs < now - APPEARS_WITHIN_MS
}

const FLAGS = ['autoConfirmUser', 'autoVerifyEmail', 'autoVerifyPhone'] as const

/** A handler that ran before us and confirmed the user anyway: whoever types an address would own it. */
function refuseFlagsWithoutProof({ response }: TriggerEvent): void {
  if (FLAGS.some((flag) => response[flag] === true || response[flag] === 'true')) {
    throw new OnesubError('AUTO_VERIFY_FORBIDDEN')
  }
}

function refuseFederatedLookalike({ userName }: TriggerEvent, { policy }: Settings): void {
  if (parseFederatedName(userName, policy.providers)) throw new OnesubError('USERNAME_RESERVED')
}
