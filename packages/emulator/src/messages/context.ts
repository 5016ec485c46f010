import type { ClockContext } from '../shared/clock.ts'
import type { TriggersContext } from '../triggers/context.ts'
import type { Inbox } from './inbox.ts'

export interface MessagesContext extends ClockContext, TriggersContext {
  readonly inbox: Inbox
}
