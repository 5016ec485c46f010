import type { SnapshotContext } from './context.ts'
import { DataFolder } from './data-folder.ts'
import { livingSnapshotOf } from './snapshot.ts'

const SHORTEST_PAUSE_MS = 250
/** Writing takes at most this share of the time, also for a large state. */
const SHARE = 1 / 20

/** Saves the state to a folder soon after each change, and at the end. */
export class Autosave {
  readonly #folder: DataFolder
  readonly #context: SnapshotContext
  #kept: string | undefined
  #pause = SHORTEST_PAUSE_MS
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(path: string, context: SnapshotContext) {
    this.#folder = new DataFolder(path)
    this.#context = context
  }

  /** Restores the saved state. A file that cannot be read stops the start and is not changed. */
  load(restore: (snapshot: unknown) => void): void {
    this.#kept = this.#folder.read()
    if (this.#kept === undefined) return
    try {
      restore(JSON.parse(this.#kept))
    } catch (error) {
      const reason = error instanceof SyntaxError || !(error instanceof Error) ? 'It is not JSON.' : error.message
      throw new Error(`${this.#folder.file} cannot be used and was left untouched. ${reason}`)
    }
  }

  /** The state may have changed. */
  readonly scheduleSave = (): void => {
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#saveLater(), this.#pause).unref()
  }

  /** Throws where the state could not be written. */
  close(): void {
    this.#isClosed = true
    this.#save()
  }

  #save(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = JSON.stringify(livingSnapshotOf(this.#context))
    if (text === this.#kept) return
    this.#folder.write(text)
    this.#kept = text
  }

  #saveLater(): void {
    const begun = performance.now()
    try {
      this.#save()
    } catch (error) {
      console.error('onesub-emulator could not keep its state:', error instanceof Error ? error.message : error)
    }
    this.#pause = Math.max(SHORTEST_PAUSE_MS, (performance.now() - begun) / SHARE)
  }
}
