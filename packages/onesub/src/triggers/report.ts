import type { Decision } from '../core/decisions/decision.ts'
import type { Would } from '../core/decisions/observe.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { PersonId } from '../core/person.ts'
import type { Mode } from '../core/policy.ts'
import type { TriggerSource } from './trigger-sources.ts'

/** What one trigger run came to. Constants, codes and ids: no names, no addresses, no subjects of providers. */
export interface Report {
  /** `unknown` for a source that is not Cognito's, or an event that could not be read. */
  readonly source: TriggerSource | 'unknown'
  /**
   * What was decided of who arrived: a new person `create-person`, a known one `existing-person`, an identity that is linked to a person `link-identity` or waits for proof `pending`, or was
   * `refused`. `repaired`: a linked user's address was put back. At token generation: `named` where the tokens carry a person, `unnamed` where
   * the user waits for proof. `passes`: nothing was decided.
   */
  readonly outcome: Decision['kind'] | 'named' | 'unnamed' | 'repaired' | 'passes'
  readonly mode: Mode
  /** Why it was refused. */
  readonly code?: ErrorCode
  /** For the engineer: which part was at fault. */
  readonly detail?: string
  /** In `observe` and `dry-run`: what `enforce` would have done. */
  readonly would?: Would
  /** With `would`: the user's `sub`, by which the operator finds the user; a sign-up has none yet. */
  readonly user?: string
  /** With `would`: the person who would be joined, or is in the way. */
  readonly about?: PersonId
}

/** Called once for each run, and once more where a link or a repair failed in it. Not awaited; must not throw. */
export type Reporter = (report: Report) => void

/** One JSON line a run, which CloudWatch reads as structured log; metric filters can count `outcome` and `code`. */
export const reportToLog: Reporter = (report) => console.log(JSON.stringify({ onesub: report }))
