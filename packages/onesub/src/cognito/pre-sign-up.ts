import { reservation } from '../core/change-for.ts'
import type { Claim } from '../core/claim.ts'
import { decideAdminCreation } from '../core/decide-admin-creation.ts'
import { decideNativeSignUp } from '../core/decide-native-sign-up.ts'
import type { Begins, Decision, Refused, Waits } from '../core/decision.ts'
import { OnesubError } from '../core/errors.ts'
import type { Evidence, StatedKey } from '../core/evidence.ts'
import { inMode, type Verdict } from '../core/observe.ts'
import type { Policy } from '../core/policy.ts'
import type { Facts } from '../core/ports.ts'
import { administeredKeys, type BesideClaim, holderOf, isEmail, standings, typedKeys } from './arrival.ts'
import type { Budget } from './budget.ts'
import { type Deliberated, deliberate } from './deliberate.ts'
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
  const typed = typedKeys(event, policy)
  const isQuiet = policy.knownKey === 'quiet'
  const { verdict, committed } = await reserve(
    event,
    typed,
    (keys) => decideNativeSignUp({ keys, policy: policy.knownKey }),
    settings,
    run,
    !isQuiet,
  )
  if (isQuiet && committed === undefined) await writeInVain(event, typed, settings, run)
  return verdict
}

/**
 * Where policy is quiet the store is asked the same whoever holds a key: one look, one write. For a key that is somebody's it is the write
 * for a free one, and the rows that stand there refuse it: no row is ever deleted.
 */
async function writeInVain(event: TriggerEvent, typed: readonly StatedKey[], settings: Settings, run: Budget) {
  const takes = typed.map((evidence) => ({ evidence, over: undefined, preempts: false }))
  const change = reservation(
    { kind: 'begins', person: 'new', takes },
    holderOf(event),
    settings.policy.leaseMs,
    makingOf(event, settings),
  )
  if (change) await run(() => settings.registry.commit(change))
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
  const { verdict } = await reserve(
    event,
    administeredKeys(event, settings.policy),
    (keys) => decideAdminCreation({ keys: keys.map((key) => ownAnchor(key, event.marker)) }),
    settings,
    run,
    true,
  )
  return verdict
}

function ownAnchor<E extends Evidence>(key: BesideClaim<E>, marker: string | undefined): BesideClaim<E> {
  const { standing } = key
  const isOurs = standing.is === 'hard' && standing.claim.opId === marker
  return isOurs ? { ...key, standing: { is: 'mine', claim: standing.claim } } : key
}

/** `optimistic`: most sign-ups are by people nobody knows, and one conditional write is all they need. */
async function reserve<E extends Evidence, D extends Decision>(
  event: TriggerEvent,
  evidence: readonly E[],
  decide: (keys: ReadonlyArray<BesideClaim<E>>) => D,
  settings: Settings,
  run: Budget,
  optimistic: boolean,
): Promise<Deliberated<Verdict<D | Begins>>> {
  const { mode, leaseMs } = settings.policy
  const making = makingOf(event, settings)
  const arriving = { holder: holderOf(event), now: making.now }
  return deliberate(
    {
      query: { identity: undefined, keys: evidence.map(({ key }) => key) },
      optimistic,
      refine: (facts) => withoutAbandoned(facts, standings(evidence, facts, arriving), making.now, settings, run),
      decide: (facts) => inMode(mode, decide(standings(evidence, facts, arriving))),
      changeFor: ({ decision }) =>
        decision.kind === 'begins' ? reservation(decision, arriving.holder, leaseMs, making) : undefined,
    },
    settings.registry,
    run,
  )
}

/** A sign-up's user appears within seconds of the trigger's answer, three tries included; who is not there after a minute never came. */
const APPEARS_WITHIN_MS = 60_000

/**
 * Cognito asks us before it has checked everything itself: a sign-up that it refuses afterwards (for its password, say) leaves a claim
 * without a user, and in pools that make user names themselves the next try comes under another name. Such a claim has lapsed. So has one
 * whose user is somebody else: what Cognito refused was the name, which another user has.
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
      if (!holder || !isOlderThanArrival(claim, now, policy)) return fact
      const address = isEmail(fact.key) ? fact.key : undefined
      if (await run(() => userPool.exists(holder, address))) return fact
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
