import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto'
import { invalidParameter, notEmulated } from '../shared/faults.ts'
import type { HashName } from './import-job.ts'

/** A hash from another directory, checked at the first sign-in and then replaced by one of our own. */
export interface ImportedHash {
  readonly source: { readonly algorithm: HashName; readonly text: string }
  readonly salt: Buffer
  readonly hash: Buffer
  derive(password: string): Buffer
}

const MOST_ROUNDS = 10_000_000
const decoded = (text: string) => Buffer.from(text, 'base64')

export function assertHashIsEmulated(name: HashName | undefined): void {
  if (name === 'BCRYPT' || name === 'ARGON2ID') throw notEmulated(`Importing ${name} hashes`)
}

/**
 * Experimental: AWS names the algorithms (API reference: CreateUserImportJob) but no source gives the form of the hash.
 * Taken here: the PHC string format, `$pbkdf2-sha256$i=600000$salt$hash` and `$scrypt$ln=15,r=8,p=1$salt$hash`.
 */
export function parseImportedHash(name: HashName, text: string): ImportedHash {
  const [, id, parameters = '', salt = '', hash = ''] = text.split('$')
  const given = new Map(
    parameters.split(',').map((pair): [string, number] => [pair.split('=')[0] ?? '', Number(pair.split('=')[1])]),
  )
  const [saltBytes, hashBytes] = [decoded(salt), decoded(hash)]
  const source = { algorithm: name, text }
  const number = (key: string, most: number) => {
    const value = given.get(key) ?? 0
    if (!Number.isInteger(value) || value < 1 || value > most || hashBytes.length === 0) {
      throw invalidParameter('The password hash is not in the PHC string format.')
    }
    return value
  }
  if (name === 'PBKDF2_SHA256' && id === 'pbkdf2-sha256') {
    const rounds = number('i', MOST_ROUNDS)
    const derive = (password: string) => pbkdf2Sync(password, saltBytes, rounds, hashBytes.length, 'sha256')
    return { source, salt: saltBytes, hash: hashBytes, derive }
  }
  if (name === 'SCRYPT' && id === 'scrypt') {
    const options = { N: 2 ** number('ln', 20), r: number('r', 32), p: number('p', 16), maxmem: 2 ** 30 }
    return {
      source,
      salt: saltBytes,
      hash: hashBytes,
      derive: (password) => scryptSync(password, saltBytes, hashBytes.length, options),
    }
  }
  throw invalidParameter('The password hash does not belong to the algorithm of the job.')
}

export const isImportedPassword = (known: ImportedHash | undefined, password: string): boolean =>
  known !== undefined && timingSafeEqual(known.derive(password), known.hash)
