import type { Acquisition } from '../decisions/decision.ts'
import type { DomainEvent, PersonEvent } from '../events.ts'
import type { Rank } from '../evidence.ts'
import type { Identifier } from '../identifiers/index.ts'
import { isProven, type Ownership, ownershipUnder } from '../identifiers/ownership.ts'
import { type OperationName, operationId } from '../operation.ts'
import type { Identity, KnownIdentity, Person, PersonId } from '../person.ts'
import type { Change, IdentityWrite, OwnershipWrite, PersonWrite, Write } from './change.ts'

/** What a change is made with, besides the decision. */
export interface ChangeContext {
  readonly operation: Omit<OperationName, 'expectedRevisions'>
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
  { operation }: Pick<ChangeContext, 'operation'>,
): Change | undefined {
  const [first, ...rest] = writes
  if (!first) return undefined
  return {
    opId: operationId({ ...operation, expectedRevisions: writes.map(({ expectedRevision }) => expectedRevision) }),
    person,
    writes: [first, ...rest],
  }
}

/** `over`: the revision of the identity's row; 0 where it has none. */
export function identityWrite(
  known: KnownIdentity,
  person: PersonId,
  history: History,
  expectedRevision = 0,
): IdentityWrite {
  const events = [history.record('identity.linked', { provider: known.provider })]
  return { row: 'identity', identity: bare(known), expectedRevision, attachment: { status: 'member', person }, events }
}

export function bare({ pool, provider, subject }: Identity): Identity {
  return { pool, provider, subject }
}

export function personWrite(
  { id, revision, ...before }: Person,
  after: Partial<PersonWrite['person']>,
  events: PersonWrite['events'],
): PersonWrite {
  return { row: 'person', id, expectedRevision: revision, person: { ...before, ...after }, events }
}

type Terms = Pick<OwnershipWrite['ownership'], 'holder' | 'leaseUntil'>

export function ownershipWrite(
  acquisition: Acquisition,
  person: PersonId,
  terms: Terms,
  history: History | undefined,
  context: ChangeContext,
): OwnershipWrite {
  const epoch = epochAfter(acquisition, context.operation.userName)
  const { identifier } = acquisition.evidence
  const current = ownershipUnder(acquisition.status)
  const about = { person, version: epoch, at: context.now }
  const lost: DomainEvent[] =
    acquisition.supersedes && current
      ? [
          {
            type: 'identifier.superseded',
            ...about,
            detail: {
              identifier: identifier.kind,
              from: current.person,
              formerUserName: current.holder?.userName ?? null,
            },
          },
        ]
      : []
  // A reservation makes no event of a person: the person is created, with an event for each proof, when its user exists.
  const won: DomainEvent = history
    ? history.record('identifier.proven', { identifier: identifier.kind })
    : { type: 'identifier.reserved', ...about, detail: { identifier: identifier.kind } }
  return {
    row: 'ownership',
    identifier,
    expectedRevision: current?.revision ?? 0,
    ownership: { person, rank: rankAfter(acquisition), epoch, ...terms },
    events: [...lost, won],
  }
}

/** The identifier is free from now on: the next user who proves it owns it. */
export function releaseWrite(
  identifier: Identifier,
  { person, epoch, revision }: Ownership,
  history: History,
  now: number,
): OwnershipWrite {
  const events = [history.record('identifier.released', { identifier: identifier.kind })]
  const ownership = { person, rank: 0, epoch: epoch + 1, holder: null, leaseUntil: now } as const
  return { row: 'ownership', identifier, expectedRevision: revision, ownership, events }
}

/** A later statement of the same user never lowers the evidence. */
function rankAfter({ evidence, status, supersedes }: Acquisition): Rank {
  const current = ownershipUnder(status)
  return current && isProven(current) && !supersedes && current.rank > evidence.rank ? current.rank : evidence.rank
}

/** Grows each time the identifier gets another owner. */
function epochAfter({ status, supersedes }: Acquisition, userName: string): number {
  const current = ownershipUnder(status)
  if (!current) return 1
  return !supersedes && current.holder?.userName === userName ? current.epoch : current.epoch + 1
}

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

  record<Type extends PersonEvent['type']>(type: Type, detail: Extract<PersonEvent, { type: Type }>['detail']) {
    this.version += 1
    return { type, person: this.#person, version: this.version, at: this.#at, detail }
  }
}
