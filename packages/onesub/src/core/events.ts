import type { KeyKind } from './keys/index.ts'
import type { PersonId } from './person.ts'

/** What has happened, told to whoever follows: stored with the change itself, so that neither can be without the other. */
export type DomainEvent =
  | Told<'person.created'>
  | Told<'identity.linked', { readonly provider: string }>
  | Told<'identity.unlinked', { readonly provider: string }>
  | Told<'person.merged', { readonly into: PersonId }>
  | Told<'identifier.proven', { readonly key: KeyKind }>
  | Told<'identifier.released', { readonly key: KeyKind }>
  | Told<'recovery.completed'>
  | Told<'identifier.reserved', { readonly key: KeyKind }>
  | Told<
      'identifier.superseded',
      { readonly key: KeyKind; readonly from: PersonId; readonly formerUserName: string | null }
    >
  | Told<'identity.pending', { readonly provider: string }>

export interface Told<Type extends string, Detail = Record<never, never>> {
  readonly type: Type
  readonly person: PersonId
  /**
   * Person events (`person.*`, `identity.linked`, `identity.unlinked`, `identifier.proven`, `identifier.released`, `recovery.completed`) count 1, 2, 3 … per person
   * without gaps; claim events and `identity.pending` carry the claim's epoch instead: a claim may end without ever becoming a person.
   */
  readonly version: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly detail: Detail
}

export type EventType = DomainEvent['type']
