import type { Change } from '../core/change.ts'
import type { Claim } from '../core/claim.ts'
import { OnesubError } from '../core/errors.ts'
import type { Facts, FactsQuery, Registry } from '../core/ports.ts'
import type { Budget } from './budget.ts'

/** A question put to policy, and how its answer is written down. */
export interface Question<Verdict> {
  readonly query: FactsQuery
  /** True where nobody is expected: one conditional write then does the whole work, and a refusal brings the facts along. */
  readonly optimistic: boolean
  /** Looks closer at what the registry says, where a decision would rest on it. */
  refine?(facts: Facts): Promise<Facts>
  decide(facts: Facts): Verdict
  changeFor(verdict: Verdict): Change | undefined
}

const TRIES = 3

/** Facts, decision, commit; overtaken by somebody faster, again with what is known now. */
export async function deliberate<Verdict>(
  question: Question<Verdict>,
  registry: Registry,
  run: Budget,
): Promise<Verdict> {
  const gather = () => run(() => registry.facts(question.query))
  const refined = async (found: Facts) => question.refine?.(found) ?? found
  let facts = question.optimistic ? nobody(question.query) : await refined(await gather())
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const verdict = question.decide(facts)
    const change = question.changeFor(verdict)
    if (!change) return verdict
    const result = await run(() => registry.commit(change))
    if (result.outcome === 'committed') return verdict
    facts = await refined(factsFrom(question.query, result.winner) ?? (await gather()))
  }
  throw new OnesubError('TRY_AGAIN', { detail: 'overtaken' })
}

function nobody({ keys }: FactsQuery): Facts {
  return {
    owner: undefined,
    waitsFor: undefined,
    claims: keys.map((key) => ({ key, claim: undefined, person: undefined })),
  }
}

/** The winner's claim is all there is to know where one key alone was asked about. */
function factsFrom({ identity, keys }: FactsQuery, winner: Claim | undefined): Facts | undefined {
  const [key, another] = keys
  if (!winner || identity || !key || another) return undefined
  return { owner: undefined, waitsFor: undefined, claims: [{ key, claim: winner, person: undefined }] }
}
