import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteRegistry } from 'onesub/registry/sqlite'
import { storeContract } from 'onesub/testing'
import { afterAll, describe, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'my-store-'))
afterAll(() => rmSync(folder, { recursive: true }))
let stores = 0

describe('my store', () => {
  const contract = storeContract({
    features: ['reopening', 'event-feed', 'pruning'],
    async create() {
      const path = join(folder, `registry-${stores++}.db`)
      return { open: async (options) => openSqliteRegistry({ path, pepper: null, ...options }) }
    },
  })
  for (const { name, run } of contract) test(name, run)
})
