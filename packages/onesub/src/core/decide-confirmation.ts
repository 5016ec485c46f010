import type { Standing } from './claim.ts'
import { claimUnder, formerPersons } from './decide-native-sign-up.ts'
import type { Begins, Joins, Returns, Take, Waits } from './decision.ts'
import { type Evidence, isHard } from './evidence.ts'
import type { Person, PersonId } from './person.ts'

/** What Cognito says has just happened to a native user. */
export type Confirmed = 'sign-up' | 'recovery'

export interface ConfirmationFacts {
  readonly confirmed: Confirmed
  readonly owner: Person | undefined
  /** The user came before, and waits for proof since. */
  readonly waitsFor: PersonId | undefined
  /** Proven when a code came back from the mailbox (`email_verified`), stated otherwise. */
  readonly keys: readonly ArrivingKey[]
  /** Epoch milliseconds. */
  readonly now: number
}

interface ArrivingKey {
  readonly evidence: Evidence
  readonly standing: Standing
  /** The person behind the claim, once one has been created. */
  readonly holder: Person | undefined
}

/** Cognito repeats a trigger within seconds (three tries of 5 s); a recovery told so shortly before is this very one. */
const REPEATED_WITHIN_MS = 20_000

/**
 * | the user …                                       | then |
 * | ------------------------------------------------ | --- |
 * | is known, and signed up                          | returns |
 * | is known, and reset her password                 | returns, and older tokens end |
 * | is known, and proves what she only claimed, or a key that is free | returns, and the key is proven |
 * | waits since an earlier time                      | still waits: a repeated event is no proof |
 * | finishes her own claim, or an unfinished one     | begins, with the person id that was minted with the claim |
 * | proves her own claim, which another way in of hers has finished | joins |
 * | proves nothing about it, or about one that was proven for a user of her name | waits |
 * | proves an address that others only claim         | begins as a new person who takes the key |
 * | comes with an address that another has proven    | waits: a mailbox may have changed hands, and nobody is joined by it alone |
 * | proves nothing about a key that others claim     | waits |
 * | has no keys, or free ones                        | begins |
 *
 * The user exists in Cognito by now, whatever we say: nothing is refused here.
 */
export function decideConfirmation(facts: ConfirmationFacts): Begins | Joins | Returns | Waits {
  const { confirmed, owner, waitsFor, keys, now } = facts
  if (owner) {
    return {
      kind: 'returns',
      person: owner,
      recovered: confirmed === 'recovery' && now - owner.notBefore > REPEATED_WITHIN_MS,
      proves: keys.flatMap((key) => provenBy(owner, key)),
    }
  }
  if (waitsFor) return { kind: 'waits', wants: waitsFor, since: 'still' }
  const rival = rivalOf(keys.map(({ standing }) => standing))
  if (rival) return { kind: 'waits', wants: rival, since: 'now' }
  return joinsFinished(keys) ?? beginsWith(keys)
}

/**
 * An administrator made her, or we made her for somebody who came by a provider: her claim was proven, or has become a person, before she
 * came herself. Her name alone does not make it hers: that user may have been deleted, and her name taken by somebody else.
 */
function joinsFinished(keys: ConfirmationFacts['keys']): Joins | Waits | undefined {
  for (const { evidence, standing, holder } of keys) {
    if (standing.is !== 'mine' || !(holder || isHard(standing.claim.rank))) continue
    const { claim } = standing
    if (evidence.kind === 'stated') return { kind: 'waits', wants: holder?.id ?? claim.person, since: 'now' }
    if (holder)
      return { kind: 'joins', person: holder, because: evidence, takes: [{ evidence, over: claim, preempts: false }] }
  }
  return undefined
}

/** Her own claim, held on less than she shows now; or a key that nobody holds. What others hold is no matter of hers. */
function provenBy(owner: Person, { evidence, standing }: ConfirmationFacts['keys'][number]): Take[] {
  if (evidence.kind !== 'proven') return []
  const over = claimUnder(standing)
  const isHers = over === undefined || (over.person === owner.id && over.rank < evidence.rank)
  return isHers ? [{ evidence, over, preempts: false }] : []
}

function rivalOf(standings: readonly Standing[]): PersonId | undefined {
  const held = standings.find(({ is }) => is === 'hard' || is === 'soft')
  return held === undefined || held.is === 'free' ? undefined : held.claim.person
}

function beginsWith(keys: ConfirmationFacts['keys']): Begins {
  const [former = 'new', another] = formerPersons(keys.map(({ standing }) => standing))
  const preempting = keys.some(({ standing }) => standing.is === 'weaker')
  const person = preempting || another ? 'new' : former
  return { kind: 'begins', person, takes: keys.map((key) => take(key, person)) }
}

function take({ evidence, standing }: ConfirmationFacts['keys'][number], person: PersonId | 'new'): Take {
  const over = claimUnder(standing)
  return { evidence, over, preempts: over !== undefined && over.person !== person }
}
