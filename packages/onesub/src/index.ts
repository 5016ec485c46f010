export type { Change, Write } from './core/change.ts'
export type { Claim } from './core/claim.ts'
export { CATALOGUE, type ErrorCode, isOnesubError, OnesubError } from './core/errors.ts'
export type { DomainEvent, EventType } from './core/events.ts'
export { type Key, type KeyKind, normaliseEmail, normalisePhone, normaliseUsername } from './core/keys/index.ts'
export { type Identity, type KnownIdentity, type Person, type PersonId, parsePersonId } from './core/person.ts'
export { DEFAULT_POLICY, type ExistingAccountPolicy, type Mode, type Policy, parsePolicy } from './core/policy.ts'
export type {
  CommitResult,
  Facts,
  FactsQuery,
  KeyFact,
  MintPersonId,
  Outbox,
  Registry,
  StoredEvent,
  UserPool,
} from './core/ports.ts'
export type { ProviderKind, ProviderTrust } from './core/provider-trust.ts'
export type { Time } from './core/time.ts'
