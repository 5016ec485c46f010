import type { Attachment, Change, ClaimWrite, IdentityWrite, PersonWrite, Write } from './change.ts'
import type { Holder } from './claim.ts'
import type { Begins, Joins, Returns, Take, Waits } from './decision.ts'
import type { DomainEvent } from './events.ts'
import { isHard, type Rank } from './evidence.ts'
import { type OperationName, operationId } from './operation.ts'
import { type KnownIdentity, type Person, type PersonId, sameIdentity } from './person.ts'

/** What a change is made with, besides the decision. */
export interface Making {
  readonly operation: Omit<OperationName, 'over'>
  /** Epoch milliseconds. */
  readonly now: number
  readonly mint: () => PersonId
}

/** A sign-up that may never be finished: the keys are held for its user, for a while, and no person is created yet. */
export function reservation(decision: Begins, holder: Holder, leaseMs: number, making: Making): Change | undefined {
  const person = decision.person === 'new' ? making.mint() : decision.person
  const writes = decision.takes.map((take) => {
    const leaseUntil = isHard(rankAfter(take)) ? null : making.now + leaseMs
    return claimWrite(take, person, { holder, leaseUntil }, undefined, making)
  })
  return change(person, writes, making)
}

/** A user stands behind it: the person is created, with her keys and the identities she came by. */
export function settlement(decision: Begins, identities: readonly KnownIdentity[], making: Making): Change | undefined {
  const id = decision.person === 'new' ? making.mint() : decision.person
  const history = new History(id, 0, making.now)
  const created = [history.tell('person.created', {})]
  const attached = identities.map((identity) => identityWrite(identity, id, history))
  const claimed = decision.takes.map((take) =>
    claimWrite(take, id, { holder: null, leaseUntil: null }, history, making),
  )
  const person: PersonWrite = {
    row: 'person',
    id,
    over: 0,
    person: { identities, notBefore: 0, version: history.version },
    tells: created,
  }
  return change(id, [person, ...attached, ...claimed], making)
}

export function joining({ person }: Joins, identity: KnownIdentity, making: Making): Change | undefined {
  return additionTo(person, [identity], {}, making)
}

/** What a known person's return leaves behind: nothing, a recovery, or an identity that had no row yet. */
export function homecoming(
  { person, recovered }: Returns,
  identities: readonly KnownIdentity[],
  making: Making,
): Change | undefined {
  const unknown = identities.filter((identity) => !person.identities.some((known) => sameIdentity(known, identity)))
  return unknown.length > 0 || recovered ? additionTo(person, unknown, { recovered }, making) : undefined
}

/** Known to be there, and nobody's: its tokens carry no person until there is proof. */
export function waiting({ wants, since }: Waits, identity: KnownIdentity, making: Making): Change | undefined {
  if (since === 'still') return undefined
  const attachment: Attachment = { standing: 'waiting', wants }
  const tells: readonly DomainEvent[] = [
    { type: 'identity.waiting', person: wants, version: 0, at: making.now, detail: { provider: identity.provider } },
  ]
  return change(wants, [{ row: 'identity', identity: bare(identity), over: 0, attachment, tells }], making)
}

function additionTo(
  before: Person,
  added: readonly KnownIdentity[],
  { recovered = false }: { recovered?: boolean },
  making: Making,
): Change | undefined {
  const history = new History(before.id, before.version, making.now)
  const recovery = recovered ? [history.tell('recovery.completed', {})] : []
  const attached = added.map((identity) => identityWrite(identity, before.id, history))
  const person: PersonWrite = {
    row: 'person',
    id: before.id,
    over: before.revision,
    person: {
      identities: [...before.identities, ...added],
      notBefore: recovered ? making.now : before.notBefore,
      version: history.version,
    },
    tells: recovery,
  }
  return change(before.id, [person, ...attached], making)
}

function change(person: PersonId, writes: readonly Write[], { operation }: Making): Change | undefined {
  const [first, ...rest] = writes
  if (!first) return undefined
  return { opId: operationId({ ...operation, over: writes.map(({ over }) => over) }), person, writes: [first, ...rest] }
}

function identityWrite(known: KnownIdentity, person: PersonId, history: History): IdentityWrite {
  const tells = [history.tell('identity.linked', { provider: known.provider })]
  return { row: 'identity', identity: bare(known), over: 0, attachment: { standing: 'member', person }, tells }
}

function bare({ pool, provider, subject }: KnownIdentity) {
  return { pool, provider, subject }
}

type Terms = Pick<ClaimWrite['claim'], 'holder' | 'leaseUntil'>

function claimWrite(
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
function rankAfter({ evidence, over, preempts }: Take): Rank {
  return over && !preempts && over.rank > evidence.rank ? over.rank : evidence.rank
}

/** Grows each time the right to finish the claim changes hands. */
function epochAfter({ over, preempts }: Take, userName: string): number {
  if (!over) return 1
  return !preempts && over.holder?.userName === userName ? over.epoch : over.epoch + 1
}

type PersonEvent = Extract<
  DomainEvent,
  { type: 'person.created' | 'identity.linked' | 'key.proven' | 'recovery.completed' }
>

/** Numbers a person's events without gaps. */
class History {
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
