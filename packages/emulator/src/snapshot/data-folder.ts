import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/** A constant: no pool or user name becomes part of a path (CWE-22). */
export const STATE_FILE = 'onesub-emulator.json'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const WRITABLE_BY_OTHERS = 0o022

/** A folder with one file, readable for its owner only. */
export class DataFolder {
  /** Without a slash at its end, which would have `lstat` follow a link. */
  readonly #path: string

  constructor(path: string) {
    if (path === '') throw new TypeError('The data folder needs a name.')
    this.#path = resolve(path)
    mkdirSync(this.#path, { recursive: true, mode: 0o700 })
    this.#refuseForeignFolder()
  }

  get file(): string {
    return join(this.#path, STATE_FILE)
  }

  /** Undefined where nothing was saved yet. */
  read(): string | undefined {
    if (!this.#stateFile()) return undefined
    // O_NONBLOCK: a pipe in the place of the file must not block.
    const descriptor = openSync(this.file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
    try {
      if (!fstatSync(descriptor).isFile()) throw new Error(`${this.file} is not a plain file.`)
      return readFileSync(descriptor, 'utf8')
    } finally {
      closeSync(descriptor)
    }
  }

  /** Replaces the file atomically and durably. */
  write(text: string): void {
    this.#refuseForeignFolder()
    this.#stateFile()
    const temporary = `${this.file}.${randomBytes(8).toString('hex')}.new`
    try {
      writeDurably(temporary, text)
      renameSync(temporary, this.file)
    } finally {
      rmSync(temporary, { force: true })
    }
    syncFolder(this.#path)
  }

  #refuseForeignFolder(): void {
    const folder = lstatSync(this.#path)
    if (folder.isSymbolicLink()) throw new Error(`The data folder ${this.#path} is a symbolic link; name its target.`)
    if (!folder.isDirectory()) throw new Error(`The data folder ${this.#path} is not a folder.`)
    const isOthers = process.getuid !== undefined && folder.uid !== process.getuid()
    if (isOthers) throw new Error(`The data folder ${this.#path} belongs to somebody else.`)
    if (process.platform !== 'win32' && (folder.mode & WRITABLE_BY_OTHERS) !== 0) {
      throw new Error(`The data folder ${this.#path} can be written by others: chmod 700 it.`)
    }
  }

  #stateFile(): Stats | undefined {
    const file = lstatSync(this.file, { throwIfNoEntry: false })
    if (file && !file.isFile()) throw new Error(`${this.file} is not a plain file; links are not followed.`)
    return file
  }
}

function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    fchmodSync(descriptor, 0o600)
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The renaming itself lasts only once the folder is on the disk (fsync(2)); Windows has no such call. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(path, O_RDONLY)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
