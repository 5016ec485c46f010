import type { OnesubError } from '../core/errors.ts'
import type { WithDeadline } from './deadline.ts'
import type { TriggerEvent } from './event.ts'
import type { Report } from './report.ts'
import type { Settings } from './settings.ts'

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
  handle(event: TriggerEvent, settings: Settings, run: WithDeadline): Promise<Handled>
  /** What Cognito is answered after a fault that is to keep nobody out; undefined where the fault is thrown. */
  afterFault?(event: TriggerEvent, settings: Settings, fault: OnesubError): Handled | undefined
}
