import type { ControlContext } from '../control/context.ts'
import type { ManagedLoginContext } from '../managed-login/context.ts'

export interface ServerContext extends ControlContext, ManagedLoginContext {
  /** Origins whose pages may put the pages of managed login into a frame. */
  readonly frameAncestors: readonly string[]
}
