import { createHash, createHmac } from 'node:crypto'
import { OnesubError } from '../core/errors.ts'
import type { Key } from '../core/keys/index.ts'
import { lengthPrefixed } from '../core/operation.ts'
import type { Identity } from '../core/person.ts'

/**
 * A secret of yours that turns addresses into row names nobody can read back or guess: 16 characters or more, the same for as long
 * as the registry lives. `null` says aloud that plain hashes will do (addresses can then be guessed from a copy of the store).
 */
export type Pepper = string | null

export interface RowKeys {
  claim(key: Key): string
  identity(identity: Identity): string
}

const SHORTEST_PEPPER = 16

/**
 * Rows are named by a hash of fixed length over length-prefixed fields: no two lists of fields share a name, a hostile subject cannot
 * reach another kind of row, no key is too long for a store, and none lies there in clear.
 */
export function rowKeys(pepper: Pepper): RowKeys {
  if (pepper !== null && !(typeof pepper === 'string' && pepper.length >= SHORTEST_PEPPER)) {
    throw new OnesubError('CONFIG_INVALID', {
      detail: `"pepper" must be a string of ${SHORTEST_PEPPER} characters or more, or null.`,
    })
  }
  const name = (fields: readonly string[]) => digest(pepper, lengthPrefixed(fields))
  return {
    claim: (key) => name([key.kind, String(key.version), key.value]),
    identity: ({ pool, provider, subject }) => name(['identity', pool, provider, subject]),
  }
}

function digest(pepper: Pepper, text: string): string {
  const hash = pepper === null ? createHash('sha256') : createHmac('sha256', pepper)
  return hash.update(text, 'utf16le').digest('base64url')
}
