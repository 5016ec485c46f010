import type { Change } from '../core/change.ts'
import type { Claim } from '../core/claim.ts'
import { OnesubError } from '../core/errors.ts'
import type { Person, PersonId } from '../core/person.ts'
import type { Facts, FactsQuery, KeyFact, Registry } from '../core/ports.ts'
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

export interface Deliberated<Verdict> {
  readonly verdict: Verdict
  /** Whom the change was about; an earlier run of the same operation may have minted her. Undefined where nothing was to be written. */
  readonly committed: PersonId | undefined
}

/** Facts, decision, commit; overtaken by somebody faster, again with what is known now. */
export async function deliberate<Verdict>(
  question: Question<Verdict>,
  registry: Registry,
  run: Budget,
): Promise<Deliberated<Verdict>> {
  const gather = async () => followed(await run(() => registry.facts(question.query)), registry, run)
  const refined = async (found: Facts) => question.refine?.(found) ?? found
  let facts = question.optimistic ? nobody(question.query) : await refined(await gather())
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const verdict = question.decide(facts)
    const change = question.changeFor(verdict)
    if (!change) return { verdict, committed: undefined }
    const result = await run(() => registry.commit(change))
    if (result.outcome === 'committed') return { verdict, committed: result.person }
    facts = await refined(factsFrom(question.query, result.winner) ?? (await gather()))
  }
  throw new OnesubError('TRY_AGAIN', { detail: 'overtaken' })
}

/** A claim that an absorbed person left behind is the survivor's. */
async function followed(facts: Facts, registry: Registry, run: Budget): Promise<Facts> {
  const claims = await Promise.all(
    facts.claims.map(async (fact): Promise<KeyFact> => {
      const person = await survivorOf(fact.person, registry, run)
      return fact.claim && person ? { ...fact, claim: { ...fact.claim, person: person.id }, person } : fact
    }),
  )
  return { ...facts, claims }
}

const MOST_MERGES = 8

async function survivorOf(person: Person | undefined, registry: Registry, run: Budget): Promise<Person | undefined> {
  let survivor = person
  for (let hop = 0; hop < MOST_MERGES && survivor?.mergedInto; hop += 1) {
    const next = survivor.mergedInto
    survivor = await run(() => registry.person(next))
  }
  return survivor
}

function nobody({ keys }: FactsQuery): Facts {
  return {
    owner: undefined,
    waitsFor: undefined,
    identityRevision: 0,
    claims: keys.map((key) => ({ key, claim: undefined, person: undefined })),
  }
}

/** The winner's claim is all there is to know where one key alone was asked about. */
function factsFrom({ identity, keys }: FactsQuery, winner: Claim | undefined): Facts | undefined {
  const [key, another] = keys
  if (!winner || identity || !key || another) return undefined
  const claims = [{ key, claim: winner, person: undefined }]
  return { owner: undefined, waitsFor: undefined, identityRevision: 0, claims }
}
