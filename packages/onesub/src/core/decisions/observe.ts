import type { ErrorCode } from '../errors.ts'
import type { PersonId } from '../person.ts'
import type { Mode } from '../policy.ts'
import type { CreatePerson, Decision } from './decision.ts'

/** What `enforce` would have done instead. */
export type Would = ErrorCode | 'link-identity' | 'pending'

/** A decision, as the mode allows it. */
export interface Verdict<D extends Decision> {
  readonly decision: D
  /** Outside `enforce`: what it would have done instead. */
  readonly would: Would | undefined
  /** Outside `enforce`: the person who would be joined, or is in the way. */
  readonly about?: PersonId
}

/** A person without identifiers: a duplicate that exists anyway, found and counted instead of refused or joined. */
const APART: CreatePerson = { kind: 'create-person', person: 'new', acquisitions: [] }

/** In `observe` nobody is refused, joined or kept waiting: existing users are still being loaded, so a conflict proves nothing yet. */
export function inMode<D extends Decision>(mode: Mode, decision: D): Verdict<D | CreatePerson> {
  if (mode === 'enforce') return { decision, would: undefined }
  switch (decision.kind) {
    case 'create-person':
    case 'existing-person':
      return { decision, would: undefined }
    case 'refused':
      return { decision: APART, would: decision.code }
    case 'link-identity':
      return { decision: APART, would: decision.kind, about: decision.person.id }
    case 'pending':
      // A pending identity already has its row: a separate person needs the user's consent.
      return { decision: decision.since === 'still' ? decision : APART, would: decision.kind, about: decision.wants }
  }
}
