import type { OperationsContext } from '../operations/context.ts'
import type { SnapshotContext } from '../snapshot/context.ts'

export interface ControlContext extends OperationsContext, SnapshotContext {}
