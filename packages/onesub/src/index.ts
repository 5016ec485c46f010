export type { Change, Write } from './core/changes/change.ts'
export { CATALOGUE, type ErrorCode, isOnesubError, OnesubError } from './core/errors.ts'
export { type DomainEvent, type EventType, isPersonEvent, type PersonEvent } from './core/events.ts'
export {
  type Identifier,
  type IdentifierKind,
  normaliseEmail,
  normalisePhone,
  normaliseUsername,
} from './core/identifiers/index.ts'
export type { Ownership } from './core/identifiers/ownership.ts'
export { type Identity, type KnownIdentity, type Person, type PersonId, parsePersonId } from './core/person.ts'
export { DEFAULT_POLICY, type ExistingAccountPolicy, type Mode, type Policy, parsePolicy } from './core/policy.ts'
export type {
  CommitResult,
  EventFeed,
  Facts,
  FactsQuery,
  IdentifierFact,
  MintPersonId,
  Registry,
  StoredEvent,
  UserPool,
} from './core/ports.ts'
export type { ProviderKind } from './core/provider-kinds.ts'
export type { ProviderTrust } from './core/provider-trust.ts'
export type { Time } from './core/time.ts'
