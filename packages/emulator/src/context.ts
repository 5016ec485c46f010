import type { ServerContext } from './server/context.ts'

/**
 * All stores and parts of one running emulator; nothing else holds state. Each room declares in its `context.ts` which parts it takes,
 * together with those of the rooms that it calls, so that only `start.ts` knows the whole.
 */
export interface EmulatorContext extends ServerContext {}
