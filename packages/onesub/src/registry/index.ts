export { createLazyRegistry, type LazyOptions, type LazyRegistry } from './lazy.ts'
export type { Prunable, Pruned, PruneOptions } from './prune.ts'
export type { Pepper, Rotation } from './rows/keys.ts'
