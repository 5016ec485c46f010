export { TABLE, TABLE_VERSION } from './keys.ts'
export { type DynamoDbOptions, openDynamoDbRegistry } from './registry.ts'
export { eventsIn, type StreamRecord } from './stream.ts'
export type { Transport } from './transport.ts'
