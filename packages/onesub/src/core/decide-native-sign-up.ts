import type { Claim, Standing } from './claim.ts'
import type { Begins, Refused, Take, Waits } from './decision.ts'
import type { ErrorCode } from './errors.ts'
import type { StatedKey } from './evidence.ts'
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
 * | somebody's, proven or not    | KEY_TAKEN | KEY_TAKEN        | LINK_NEEDS_PROOF | waits |
 *
 * A typed address never joins anybody. Proven and unproven claims answer alike, so that the answer tells nothing more.
 */
export function decideNativeSignUp({ keys, policy }: NativeSignUpFacts): Begins | Waits | Refused {
  const held = keys.find(({ standing }) => standing.is === 'hard' || standing.is === 'soft')
  if (held) return onHeldKey(heldClaim(held.standing), policy)
  const person = soleFormerPerson(keys.map(({ standing }) => standing))
  // Two unfinished sign-ups of two people under the keys of one: nobody can say whose, until one is released.
  if (person === 'several') return { kind: 'refused', code: 'KEY_TAKEN' }
  return { kind: 'begins', person, takes: keys.map(take) }
}

const ANSWER = {
  refuse: 'KEY_TAKEN',
  link: 'KEY_TAKEN',
  explicit: 'LINK_NEEDS_PROOF',
} as const satisfies Record<Exclude<KnownKeyPolicy, 'quiet'>, ErrorCode>

function onHeldKey(claim: Claim, policy: KnownKeyPolicy): Waits | Refused {
  return policy === 'quiet'
    ? { kind: 'waits', wants: claim.person, since: 'now' }
    : { kind: 'refused', code: ANSWER[policy] }
}

function heldClaim(standing: Standing): Claim {
  if (standing.is === 'free') throw new TypeError('a free key has no holder')
  return standing.claim
}

function take({ evidence, standing }: StatedArrival): Take {
  return { evidence, over: claimUnder(standing), preempts: false }
}

export function claimUnder(standing: Standing): Claim | undefined {
  return standing.is === 'free' ? undefined : standing.claim
}

/** A person id is minted once per claim: whoever finishes a claim finishes it for the person who was minted with it. */
export function soleFormerPerson(standings: readonly Standing[]): PersonId | 'new' | 'several' {
  const former = new Set(
    standings.flatMap((standing) =>
      standing.is === 'mine' || standing.is === 'lapsed' ? [standing.claim.person] : [],
    ),
  )
  const [first] = former
  return former.size > 1 ? 'several' : (first ?? 'new')
}
