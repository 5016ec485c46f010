import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestStore } from '../../testing/test-store.ts'
import { openSqliteRegistry, type SqliteRegistry } from '../index.ts'

/** In memory where there is such a folder: answers are checked here, and each commit would wait for the disk. */
const FOLDERS = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export const sqlite: TestStore = {
  title: 'SQLite',
  features: ['reopening', 'event-feed', 'pruning'],
  races: { rounds: 200, workers: 32, changes: 3_000 },
  comparison: { commands: 1_000_000, commandsInWholeProof: 100_000, lanes: 1, commitsOfHundred: 60, threads: 2 },
  async start() {
    const folder = mkdtempSync(join(FOLDERS, 'onesub-sqlite-'))
    let files = 0
    return {
      async create() {
        files += 1
        const path = join(folder, `registry-${files}.db`)
        const opened: SqliteRegistry[] = []
        return {
          async open(options) {
            const registry = openSqliteRegistry({ path, pepper: null, ...options })
            opened.push(registry)
            return registry
          },
          async remove() {
            for (const registry of opened) registry.close()
            for (const part of ['', '-wal', '-shm']) rmSync(path + part, { force: true })
          },
        }
      },
      stop: async () => rmSync(folder, { recursive: true }),
    }
  },
}
