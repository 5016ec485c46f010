import type { Begins, Decision } from './decision.ts'
import type { ErrorCode } from './errors.ts'
import type { Mode } from './policy.ts'

/** A decision as the mode lets it stand. */
export interface Verdict<D extends Decision> {
  readonly decision: D
  /** In `observe`: what `enforce` would have done instead. */
  readonly would: ErrorCode | 'joins' | 'waits' | undefined
}

/** A person without keys: a duplicate that exists anyway, found and counted instead of refused or joined. */
const APART: Begins = { kind: 'begins', person: 'new', takes: [] }

/** In `observe` nobody is refused, joined or kept waiting: existing users are still being loaded, so a conflict proves nothing yet. */
export function inMode<D extends Decision>(mode: Mode, decision: D): Verdict<D | Begins> {
  if (mode === 'enforce') return { decision, would: undefined }
  switch (decision.kind) {
    case 'begins':
    case 'returns':
      return { decision, would: undefined }
    case 'refused':
      return { decision: APART, would: decision.code }
    case 'joins':
      return { decision: APART, would: decision.kind }
    case 'waits':
      // What waits already has its row: a person of its own can only be begun with consent.
      return { decision: decision.since === 'still' ? decision : APART, would: decision.kind }
  }
}
