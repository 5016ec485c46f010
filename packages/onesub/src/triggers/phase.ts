import type { OnesubError } from '../core/errors.ts'
import type { WithDeadline } from './deadline.ts'
import type { TriggerEvent } from './event.ts'
import type { Report } from './report.ts'
import type { PoolCall, Settings } from './settings.ts'

/** What a handler came to, for the report, and the response that Cognito is to read; none leaves the event as it came. */
export interface Handled {
  readonly outcome: Report['outcome']
  readonly would?: Report['would']
  readonly about?: Report['about']
  readonly detail?: string
  readonly response?: Readonly<Record<string, unknown>>
}

/** What is done at the trigger sources of one phase. */
export interface Phase {
  readonly calls: readonly PoolCall[]
  handle(event: TriggerEvent, settings: Settings, withDeadline: WithDeadline): Promise<Handled>
  /** What Cognito is answered after a fault that is to keep nobody out; undefined where the fault is thrown. */
  afterFault?(event: TriggerEvent, settings: Settings<never>, fault: OnesubError): Handled | undefined
}

export interface PhaseWith<Calls extends PoolCall> extends Omit<Phase, 'calls' | 'handle'> {
  readonly calls: readonly Calls[]
  handle(event: TriggerEvent, settings: Settings<Calls>, withDeadline: WithDeadline): Promise<Handled>
}

/** Its settings have the calls that it names, and no other: what needs one more has to name it, and the permissions of its function follow. */
export function phase<const Calls extends PoolCall>(of: PhaseWith<Calls>): PhaseWith<Calls> {
  return of
}
