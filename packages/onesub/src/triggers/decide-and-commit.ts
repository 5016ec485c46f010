import type { Change } from '../core/changes/change.ts'
import { isOnesubError, OnesubError } from '../core/errors.ts'
import type { Ownership } from '../core/identifiers/ownership.ts'
import type { PersonId } from '../core/person.ts'
import type { CommitResult, Facts, FactsQuery, IdentifierFact, Registry } from '../core/ports.ts'
import { survivorOf } from '../core/survivor.ts'
import type { WithDeadline } from './deadline.ts'

/** A question put to policy, and how its answer is written down. */
export interface Question<Verdict> {
  readonly query: FactsQuery
  /** True where nobody is expected: one conditional write then does the whole work, and a refusal brings the facts along. */
  readonly optimistic: boolean
  /** Looks closer at what the registry says, where a decision would rest on it. */
  refine?(facts: Facts): Promise<Facts>
  decide(facts: Facts): Verdict
  /** Effects that have to be there when the change is. */
  beforeCommit?(verdict: Verdict): Promise<void>
  changeFor(verdict: Verdict, facts: Facts): Change | undefined
}

const TRIES = 3

export interface DecidedAndCommitted<Verdict> {
  readonly verdict: Verdict
  /** Whom the change was about; an earlier run of the same operation may have minted the id. Undefined where nothing was to be written. */
  readonly committed: PersonId | undefined
}

/** Facts, decision, commit; overtaken by somebody faster, again with what is known now. */
export async function decideAndCommit<Verdict>(
  question: Question<Verdict>,
  registry: Registry,
  withDeadline: WithDeadline,
): Promise<DecidedAndCommitted<Verdict>> {
  const gather = () => factsOf(question.query, registry, withDeadline)
  const refined = async (found: Facts) => question.refine?.(found) ?? found
  let facts = question.optimistic ? nobody(question.query) : await refined(await gather())
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const verdict = question.decide(facts)
    const change = question.changeFor(verdict, facts)
    if (!change) return { verdict, committed: undefined }
    await question.beforeCommit?.(verdict)
    const result = await committed(change, registry, withDeadline)
    if (result.outcome === 'committed') return { verdict, committed: result.person }
    facts = await refined(factsFrom(question.query, result.winner) ?? (await gather()))
  }
  throw new OnesubError('TRY_AGAIN', { detail: 'overtaken' })
}

/**
 * A lost answer leaves open whether the change was written. The same change is sent once more: it finds its own rows (`replayed`), or writes
 * them now. The next run of the trigger may come under another user name, and would be refused by what this one left (T162).
 */
export async function committed(change: Change, registry: Registry, withDeadline: WithDeadline): Promise<CommitResult> {
  try {
    return await withDeadline(() => registry.commit(change), { half: true })
  } catch (error) {
    if (isOnesubError(error) && !error.retry) throw error
    return withDeadline(() => registry.commit(change))
  }
}

/** What the registry knows now. An ownership that a merged person left behind is the survivor's. */
export async function factsOf(query: FactsQuery, registry: Registry, withDeadline: WithDeadline): Promise<Facts> {
  const read = (id: PersonId) => withDeadline(() => registry.person(id))
  const facts = await withDeadline(() => registry.facts(query))
  const identifiers = await Promise.all(
    facts.identifiers.map(async (fact): Promise<IdentifierFact> => {
      const person = await survivorOf(fact.person, read)
      return fact.ownership && person ? { ...fact, ownership: { ...fact.ownership, person: person.id }, person } : fact
    }),
  )
  const { waitsFor } = facts
  const waitedFor = waitsFor && (await survivorOf(await read(waitsFor), read))
  return { ...facts, owner: await survivorOf(facts.owner, read), waitsFor: waitedFor?.id ?? waitsFor, identifiers }
}

function nobody({ identifiers }: FactsQuery): Facts {
  return {
    owner: undefined,
    waitsFor: undefined,
    identityRevision: 0,
    identifiers: identifiers.map((identifier) => ({ identifier, ownership: undefined, person: undefined })),
  }
}

/** The winner's ownership is all there is to know where one identifier alone was asked about. */
function factsFrom({ identity, identifiers }: FactsQuery, winner: Ownership | undefined): Facts | undefined {
  const [identifier, another] = identifiers
  if (!winner || identity || !identifier || another) return undefined
  const fact = { identifier, ownership: winner, person: undefined }
  return { owner: undefined, waitsFor: undefined, identityRevision: 0, identifiers: [fact] }
}
