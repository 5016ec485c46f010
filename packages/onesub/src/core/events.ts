import type { IdentifierKind } from './identifiers/index.ts'
import type { PersonId } from './person.ts'

/** What has happened, for the readers of the events: stored with the change itself, so that neither exists without the other. */
export type DomainEvent =
  | Recorded<'person.created'>
  | Recorded<'identity.linked', { readonly provider: string }>
  | Recorded<'identity.unlinked', { readonly provider: string }>
  | Recorded<'person.merged', { readonly into: PersonId }>
  | Recorded<'identifier.proven', { readonly identifier: IdentifierKind }>
  | Recorded<'identifier.released', { readonly identifier: IdentifierKind }>
  | Recorded<'recovery.completed'>
  | Recorded<'identifier.reserved', { readonly identifier: IdentifierKind }>
  | Recorded<
      'identifier.superseded',
      { readonly identifier: IdentifierKind; readonly from: PersonId; readonly formerUserName: string | null }
    >
  | Recorded<'identity.pending', { readonly provider: string }>

export interface Recorded<Type extends string, Detail = Record<never, never>> {
  readonly type: Type
  readonly person: PersonId
  /**
   * Person events (`person.*`, `identity.linked`, `identity.unlinked`, `identifier.proven`, `identifier.released`, `recovery.completed`) count 1, 2, 3 … per person
   * without gaps; events of an ownership, and `identity.pending`, carry its epoch instead: a reservation may end without a person.
   */
  readonly version: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly detail: Detail
}

/** An event of an identifier or an identity that has no person yet: not counted in a person's history. */
const BEFORE_A_PERSON = ['identifier.reserved', 'identifier.superseded', 'identity.pending'] as const

export type PersonEvent = Exclude<DomainEvent, { readonly type: (typeof BEFORE_A_PERSON)[number] }>

/** Whether the event is one of a person's history, whose versions have no gaps. */
export function isPersonEvent(event: DomainEvent): event is PersonEvent {
  return !BEFORE_A_PERSON.some((type) => type === event.type)
}

export type EventType = DomainEvent['type']
