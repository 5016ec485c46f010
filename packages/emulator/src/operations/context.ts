import type { AuthenticationContext } from '../authentication/context.ts'
import type { BrowserSessions } from '../state/browser-sessions.ts'

export interface OperationsContext extends AuthenticationContext {
  readonly region: string
  readonly browsers: BrowserSessions
}
