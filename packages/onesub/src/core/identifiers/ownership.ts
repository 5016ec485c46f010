import type { OpId } from '../operation.ts'
import type { PersonId } from '../person.ts'

/** A user of a pool, by the pool's own name for it. */
export interface Holder {
  readonly pool: string
  readonly userName: string
}

/** The pool user whose sign-up, invitation or proof wrote an ownership. */
export interface OwnershipHolder extends Holder {
  /** Absent for the user's own sign-up. `onesub`: the user that we made for somebody who came by a provider. */
  readonly by?: 'administrator' | 'onesub'
  /** Of the user who has proven it: the name of a deleted user may be taken by anybody, its `sub` never is. */
  readonly sub?: string
  /** Epoch milliseconds of the first sign-up that reserved the identifier, or of the proof where it is owned. */
  readonly since?: number
  /** The user has entered a code that was sent there after the user was made. */
  readonly byCode?: true
  /** Somebody else has signed up with the same identifier too: see `credentialsBefore`. */
  readonly contested?: true
}

/**
 * What the registry holds for one identifier. It is `owned` where `leaseUntil` is null: a person has proven it. Otherwise it is reserved: a sign-up
 * has stated it, and nothing but simultaneous sign-ups are kept from it, for seconds.
 * A reservation brings a person id of its own, so that a repeated run finds it; the person is created by the write that makes the identifier owned,
 * or without the identifier. So a reservation may end, or go over to another sign-up, and no id is ever given to two people.
 */
export interface Ownership {
  readonly person: PersonId
  readonly rank: 0 | 1 | 2 | 3 | 4
  readonly epoch: number
  /** The operation that wrote the ownership last: a failed condition on a row with our own id is our own earlier success. */
  readonly opId: OpId
  readonly holder: OwnershipHolder | null
  /** Epoch milliseconds until which simultaneous sign-ups are refused; null when the identifier is owned. */
  readonly leaseUntil: number | null
  readonly revision: number
}

/** What a user who arrives with an identifier finds there. */
export type IdentifierStatus =
  /** nobody holds the identifier */
  | { readonly kind: 'free' }
  /** reserved by this very pool user */
  | { readonly kind: 'mine'; readonly ownership: Ownership }
  /** reserved by another sign-up within the last seconds */
  | { readonly kind: 'reserved'; readonly ownership: Ownership }
  /** reserved once, and not proven since */
  | { readonly kind: 'lapsed'; readonly ownership: Ownership }
  /** somebody has proven it */
  | { readonly kind: 'owned'; readonly ownership: Ownership }
  /** somebody has proven it whose users are gone from the pool, or do not show it any more */
  | { readonly kind: 'abandoned'; readonly ownership: Ownership }

/** For whoever asks who owns an identifier, and comes with none: no reservation is theirs. */
export const NOBODY: Holder = { pool: '', userName: '' }

export interface Arriving {
  readonly holder: Holder
  /** Epoch milliseconds. */
  readonly now: number
}

export function statusOf(ownership: Ownership | undefined, { holder, now }: Arriving): IdentifierStatus {
  if (!ownership) return { kind: 'free' }
  if (isProven(ownership)) return { kind: 'owned', ownership }
  if (isSameUser(ownership.holder, holder)) return { kind: 'mine', ownership }
  return { kind: isInWindow(ownership, now) ? 'reserved' : 'lapsed', ownership }
}

export function ownershipUnder(status: IdentifierStatus): Ownership | undefined {
  return status.kind === 'free' ? undefined : status.ownership
}

/** Somebody else may know the password of the user that stands there: see `credentialsBefore`. */
export function isInDoubt(status: IdentifierStatus): boolean {
  return ownershipUnder(status)?.holder?.contested === true
}

export function isProven({ leaseUntil }: Ownership): boolean {
  return leaseUntil === null
}

export function isProvenBy(ownership: Ownership | undefined, person: PersonId): ownership is Ownership {
  return ownership !== undefined && isProven(ownership) && ownership.person === person
}

export function isSameUser(a: Holder | null, b: Holder): boolean {
  return a !== null && a.pool === b.pool && a.userName === b.userName
}

/** An invitation keeps nobody from signing up: it is one user, made by one call. */
function isInWindow({ leaseUntil, holder }: Ownership, now: number): boolean {
  return leaseUntil !== null && leaseUntil > now && holder?.by !== 'administrator'
}

/** After a window has ended, no other begins for so long: else one request in every window would keep the owner of the address out. */
export const WINDOW_RETURNS_AFTER_MS = 15 * 60_000
/** The user of an invitation may come as late as its password lives (7 days unless the pool says otherwise; 365 at most). */
const INVITATION_KEPT_MS = 366 * 24 * 3_600_000

export interface ReservationTerms {
  readonly holder: OwnershipHolder
  readonly leaseUntil: number
}

/** What a sign-up writes over what stands there. A repeated run of the same sign-up extends nothing. */
export function reservationTerms(
  status: IdentifierStatus,
  { pool, userName, by }: OwnershipHolder,
  { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
): ReservationTerms {
  const user = { pool, userName, ...(by && { by }) }
  if (by === 'administrator') return { holder: { ...user, since: now }, leaseUntil: now + INVITATION_KEPT_MS }
  if (status.kind === 'mine')
    return { holder: { ...status.ownership.holder, ...user }, leaseUntil: status.ownership.leaseUntil ?? now + leaseMs }
  // A released identifier is nobody's, and no sign-up of somebody else.
  const isNobodys = status.kind === 'free' || status.kind === 'owned' || status.kind === 'abandoned'
  if (isNobodys || status.ownership.holder === null)
    return { holder: { ...user, since: now }, leaseUntil: now + leaseMs }
  const ended = status.ownership.leaseUntil ?? now
  const leaseUntil = now - ended > WINDOW_RETURNS_AFTER_MS ? now + leaseMs : ended
  return { holder: { ...user, since: status.ownership.holder?.since ?? now, contested: true }, leaseUntil }
}

/** An invitation is kept, since the invited user is known by it; every other sign-up is written down, so that the latest is known. */
export function needsReservation(status: IdentifierStatus): boolean {
  return !(status.kind === 'lapsed' && status.ownership.holder?.by === 'administrator')
}

/** A code is sent within seconds and entered within minutes; what takes longer was asked for again, by whoever came later. */
const PROMPT_MS = 15 * 60_000

/**
 * What a first proof says of the password that the user had before, which somebody else may know who signed up with the same identifier.
 * `own`: nobody else did. `doubtful`: others did, and this user is the latest; it stays until a provider is to be linked. `foreign`: another
 * sign-up came after this one, or the code came back so late that it was probably asked for again.
 */
export type Credentials = 'own' | 'doubtful' | 'foreign'

export function credentialsBefore(status: IdentifierStatus, now: number): Credentials {
  switch (status.kind) {
    case 'mine': {
      const { holder } = status.ownership
      if (holder?.contested) return 'doubtful'
      return now - (holder?.since ?? 0) > PROMPT_MS ? 'foreign' : 'own'
    }
    case 'reserved':
    case 'lapsed':
      return status.ownership.holder?.by === 'administrator' ? 'doubtful' : 'foreign'
    // The reservation is gone: it was there longer than any code lives.
    case 'free':
      return 'foreign'
    case 'owned':
    case 'abandoned':
      return 'doubtful'
  }
}
