import type { Claim, Standing } from './claim.ts'
import type { Begins, Refused, Take, Waits } from './decision.ts'
import type { ErrorCode } from './errors.ts'
import { isHard, type StatedKey } from './evidence.ts'
import type { PersonId } from './person.ts'
import type { KnownKeyPolicy } from './policy.ts'

interface StatedArrival {
  readonly evidence: StatedKey
  readonly standing: Standing
}

export interface NativeSignUpFacts {
  /** Somebody typed these keys into a form: E0, whoever it was. */
  readonly keys: readonly StatedArrival[]
  readonly policy: KnownKeyPolicy
}

/**
 * | the key is …                 | refuse    | link             | explicit         | quiet |
 * | ---------------------------- | --------- | ---------------- | ---------------- | ----- |
 * | free, or her own claim       | begins    | begins           | begins           | begins |
 * | left by an unfinished sign-up| begins, with the person id that was minted then (all policies)  |
 * | one of two left by two people| KEY_TAKEN | KEY_TAKEN        | LINK_NEEDS_PROOF | waits |
 * | somebody's, proven or not    | KEY_TAKEN | KEY_TAKEN        | LINK_NEEDS_PROOF | waits |
 * | proven for a user of her name| KEY_TAKEN | KEY_TAKEN        | LINK_NEEDS_PROOF | waits |
 *
 * A typed address never joins anybody. Proven and unproven claims answer alike, so that the answer tells nothing more.
 * A name proves nothing either: that of a deleted user may be taken by anybody (developer guide, "Working with user attributes").
 */
export function decideNativeSignUp({ keys, policy }: NativeSignUpFacts): Begins | Waits | Refused {
  const standings = keys.map(({ standing }) => standing)
  const held = standings.find(isHeld)
  if (held) return onHeldKey(held.claim.person, policy)
  const [person = 'new', another] = formerPersons(standings)
  // Two unfinished sign-ups of two people under the keys of one: nobody can say whose, until one is released.
  if (another) return onHeldKey(another, policy)
  return { kind: 'begins', person, takes: keys.map(take) }
}

const ANSWER = {
  refuse: 'KEY_TAKEN',
  link: 'KEY_TAKEN',
  explicit: 'LINK_NEEDS_PROOF',
} as const satisfies Record<Exclude<KnownKeyPolicy, 'quiet'>, ErrorCode>

function onHeldKey(wants: PersonId, policy: KnownKeyPolicy): Waits | Refused {
  return policy === 'quiet' ? { kind: 'waits', wants, since: 'now' } : { kind: 'refused', code: ANSWER[policy] }
}

function isHeld(standing: Standing): standing is Extract<Standing, { claim: Claim }> {
  const { is } = standing
  return is === 'hard' || is === 'soft' || (is === 'mine' && isHard(standing.claim.rank))
}

function take({ evidence, standing }: StatedArrival): Take {
  return { evidence, over: claimUnder(standing), preempts: false }
}

export function claimUnder(standing: Standing): Claim | undefined {
  return standing.is === 'free' ? undefined : standing.claim
}

/** A person id is minted once per claim: whoever finishes a claim finishes it for the person who was minted with it. */
export function formerPersons(standings: readonly Standing[]): readonly PersonId[] {
  const former = standings.flatMap((standing) =>
    standing.is === 'mine' || standing.is === 'lapsed' ? [standing.claim.person] : [],
  )
  return [...new Set(former)]
}
