import { dynamodb } from '../../packages/onesub/src/registry/dynamodb/testing/store.ts'
import { memory } from '../../packages/onesub/src/registry/memory/testing/store.ts'
import { postgres } from '../../packages/onesub/src/registry/postgres/testing/store.ts'
import { sqlite } from '../../packages/onesub/src/registry/sqlite/testing/store.ts'
import type { TestStore } from '../../packages/onesub/src/registry/testing/test-store.ts'

/**
 * Every store, by the name of its folder. The suites go through this table: the contract, the races, the comparison with the memory registry, the kills
 * and the cost of each flow.
 */
export const STORES = { memory, sqlite, postgres, dynamodb } as const satisfies Readonly<Record<string, TestStore>>

export type StoreName = keyof typeof STORES

export const STORE_NAMES = Object.keys(STORES).filter(isStoreName)

export function isStoreName(name: string): name is StoreName {
  return Object.hasOwn(STORES, name)
}
