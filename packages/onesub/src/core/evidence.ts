import type { Identifier, IdentifierKind } from './identifiers/index.ts'

/**
 * How well an identifier is proven; docs/evidence.md has the table of events.
 * E0 somebody typed it · E1 a provider sent it without vouching · E2 a provider vouches that is not the authority ·
 * E3 the authority says so: a code sent to the mailbox came back, or the provider that runs the domain vouches ·
 * E4 fresh interactive proof of both accounts.
 */
export type Rank = 0 | 1 | 2 | 3 | 4
export type SoftRank = 0 | 1 | 2
export type HardRank = 3 | 4

/** Stated, not proven. May be reserved; never a reason to join a person. */
export interface StatedIdentifier {
  readonly kind: 'stated'
  readonly identifier: Identifier
  readonly rank: SoftRank
}

/** Only an address can be proven this far: numbers are recycled, names are free. */
export interface ProvenEmail {
  readonly kind: 'proven'
  readonly identifier: Identifier<'email'>
  readonly rank: HardRank
}

export type Evidence = StatedIdentifier | ProvenEmail

export function isHard(rank: Rank): rank is HardRank {
  return rank >= 3
}

/** From which rank on a confirmed user owns an identifier. A number never gets beyond E2 (it is recycled); a user name is unique and proves nothing. */
const OWNED_FROM: Readonly<Record<IdentifierKind, Rank>> = { email: 3, phone: 2, username: 0 }

export function isEnoughToOwn({ identifier, rank }: Evidence): boolean {
  return rank >= OWNED_FROM[identifier.kind]
}

/** Evidence for an address at a rank: proven from E3 on, otherwise stated. */
export function emailEvidence(identifier: Identifier<'email'>, rank: Rank): Evidence {
  return isHard(rank) ? { kind: 'proven', identifier, rank } : { kind: 'stated', identifier, rank }
}
