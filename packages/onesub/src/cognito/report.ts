import type { Decision } from '../core/decision.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { Mode } from '../core/policy.ts'
import type { TriggerSource } from './trigger-sources.ts'

/** What one trigger run came to. Constants and codes only: no names, no addresses, no subjects. */
export interface Report {
  /** `unknown` for a source that is not Cognito's, or an event that could not be read. */
  readonly source: TriggerSource | 'unknown'
  /**
   * `repaired`: a linked user's address was put back. At token generation: `named` where the tokens carry a person, `unnamed` where the
   * user waits for proof.
   */
  readonly outcome: Decision['kind'] | 'named' | 'unnamed' | 'repaired' | 'passes'
  readonly mode: Mode
  /** Why it was refused. */
  readonly code?: ErrorCode
  /** For the engineer: which part was at fault. */
  readonly detail?: string
  /** In `observe`: what `enforce` would have done. */
  readonly would?: ErrorCode | 'joins' | 'waits'
}

export type Reporter = (report: Report) => void

/** One JSON line a run, which CloudWatch reads as structured log; metric filters can count `outcome` and `code`. */
export const reportToLog: Reporter = (report) => console.log(JSON.stringify({ onesub: report }))
