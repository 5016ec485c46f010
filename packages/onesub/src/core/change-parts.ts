import type { Change, ClaimWrite, IdentityWrite, Write } from './change.ts'
import type { Take } from './decision.ts'
import type { DomainEvent } from './events.ts'
import { isHard, type Rank } from './evidence.ts'
import { type OperationName, operationId } from './operation.ts'
import type { Identity, KnownIdentity, PersonId } from './person.ts'

/** What a change is made with, besides the decision. */
export interface Making {
  readonly operation: Omit<OperationName, 'over'>
  /** Epoch milliseconds. */
  readonly now: number
  readonly mint: () => PersonId
  /** The address as this event spells it; kept with the person where the decision takes it for proven. */
  readonly address: string | null
}

export function change(
  person: PersonId,
  writes: readonly Write[],
  { operation }: Pick<Making, 'operation'>,
): Change | undefined {
  const [first, ...rest] = writes
  if (!first) return undefined
  return { opId: operationId({ ...operation, over: writes.map(({ over }) => over) }), person, writes: [first, ...rest] }
}

/** `over`: the revision of the identity's row; 0 where it has none. */
export function identityWrite(known: KnownIdentity, person: PersonId, history: History, over = 0): IdentityWrite {
  const tells = [history.tell('identity.linked', { provider: known.provider })]
  return { row: 'identity', identity: bare(known), over, attachment: { standing: 'member', person }, tells }
}

export function bare({ pool, provider, subject }: Identity): Identity {
  return { pool, provider, subject }
}

type Terms = Pick<ClaimWrite['claim'], 'holder' | 'leaseUntil'>

export function claimWrite(
  take: Take,
  person: PersonId,
  terms: Terms,
  history: History | undefined,
  making: Making,
): ClaimWrite {
  const epoch = epochAfter(take, making.operation.userName)
  const { key } = take.evidence
  const about = { person, version: epoch, at: making.now }
  const lost: DomainEvent[] =
    take.preempts && take.over
      ? [
          {
            type: 'claim.preempted',
            ...about,
            detail: { key: key.kind, from: take.over.person, formerUserName: take.over.holder?.userName ?? null },
          },
        ]
      : []
  // A reservation tells nothing of its person yet: she is created, and what she has proven is told, when a user stands behind it.
  const won: DomainEvent =
    history && isHard(rankAfter(take))
      ? history.tell('key.proven', { key: key.kind })
      : { type: 'claim.reserved', ...about, detail: { key: key.kind } }
  return {
    row: 'claim',
    key,
    over: take.over?.revision ?? 0,
    claim: { person, rank: rankAfter(take), epoch, ...terms },
    tells: [...lost, won],
  }
}

/** Proof is never lowered by a later word of the same user. */
export function rankAfter({ evidence, over, preempts }: Take): Rank {
  return over && !preempts && over.rank > evidence.rank ? over.rank : evidence.rank
}

/** Grows each time the right to finish the claim changes hands. */
function epochAfter({ over, preempts }: Take, userName: string): number {
  if (!over) return 1
  return !preempts && over.holder?.userName === userName ? over.epoch : over.epoch + 1
}

type PersonEvent = Exclude<DomainEvent, { type: `claim.${string}` | 'identity.waiting' }>

/** Numbers a person's events without gaps. */
export class History {
  readonly #person: PersonId
  readonly #at: number
  version: number

  constructor(person: PersonId, version: number, at: number) {
    this.#person = person
    this.version = version
    this.#at = at
  }

  tell<Type extends PersonEvent['type']>(type: Type, detail: Extract<PersonEvent, { type: Type }>['detail']) {
    this.version += 1
    return { type, person: this.#person, version: this.version, at: this.#at, detail }
  }
}
