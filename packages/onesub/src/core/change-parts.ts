import type { Change, ClaimWrite, IdentityWrite, PersonWrite, Write } from './change.ts'
import { claimUnder, isOwned } from './claim.ts'
import type { Take } from './decision.ts'
import type { DomainEvent } from './events.ts'
import type { Rank } from './evidence.ts'
import { type OperationName, operationId } from './operation.ts'
import type { Identity, KnownIdentity, Person, PersonId } from './person.ts'

/** What a change is made with, besides the decision. */
export interface Making {
  readonly operation: Omit<OperationName, 'over'>
  /** Epoch milliseconds. */
  readonly now: number
  readonly mint: () => PersonId
  /** The address as this event spells it; kept with the person where the decision takes it for proven. */
  readonly address: string | null
  /** Of the user whom the event is about; undefined while Cognito has made none. */
  readonly sub?: string | undefined
  /** Somebody else may know the password that the user had before this proof; see `credentialsBefore`. */
  readonly doubtful?: boolean
  /** A recovery shows an address or a number that the person does not own; see `KnownIdentity.marksUnknown`. */
  readonly marksUnknown?: boolean
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

export function personWrite(
  { id, revision, ...before }: Person,
  after: Partial<PersonWrite['person']>,
  tells: PersonWrite['tells'],
): PersonWrite {
  return { row: 'person', id, over: revision, person: { ...before, ...after }, tells }
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
  const over = claimUnder(take.standing)
  const about = { person, version: epoch, at: making.now }
  const lost: DomainEvent[] =
    take.preempts && over
      ? [
          {
            type: 'identifier.superseded',
            ...about,
            detail: { key: key.kind, from: over.person, formerUserName: over.holder?.userName ?? null },
          },
        ]
      : []
  // A reservation tells nothing of its person yet: it is created, and what it has proven is told, when a user stands behind it.
  const won: DomainEvent = history
    ? history.tell('identifier.proven', { key: key.kind })
    : { type: 'identifier.reserved', ...about, detail: { key: key.kind } }
  return {
    row: 'claim',
    key,
    over: over?.revision ?? 0,
    claim: { person, rank: rankAfter(take), epoch, ...terms },
    tells: [...lost, won],
  }
}

/** Proof is never lowered by a later word of the same user. */
function rankAfter({ evidence, standing, preempts }: Take): Rank {
  const over = claimUnder(standing)
  return over && isOwned(over) && !preempts && over.rank > evidence.rank ? over.rank : evidence.rank
}

/** Grows each time the claim changes hands. */
function epochAfter({ standing, preempts }: Take, userName: string): number {
  const over = claimUnder(standing)
  if (!over) return 1
  return !preempts && over.holder?.userName === userName ? over.epoch : over.epoch + 1
}

type PersonEvent = Exclude<DomainEvent, { type: `claim.${string}` | 'identity.pending' }>

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
