import { afterAll, beforeAll, describe, it } from 'vitest'
import { type StoreDescription, storeContract } from '../../testing/index.ts'
import type { RunningStore, TestStore } from './test-store.ts'

/** The whole contract test of a store. */
export function contractTests(store: TestStore): void {
  if (store.skipped !== undefined)
    console.warn(`${store.skipped}: the contract is NOT checked for ${store.title} in this run.`)
  describe.skipIf(store.skipped !== undefined)(store.title, () => {
    let running: RunningStore
    beforeAll(async () => {
      running = await store.start()
    })
    afterAll(() => running?.stop())
    contractCases(store.title, { features: store.features, create: () => running.create() })
  })
}

export function contractCases(title: string, description: StoreDescription): void {
  describe(`registry contract: ${title}`, () => {
    for (const { name, run } of storeContract(description)) it(name, run)
  })
}
