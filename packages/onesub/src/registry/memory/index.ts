export { createMemoryRegistry, type MemoryOptions } from './registry.ts'
