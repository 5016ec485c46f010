import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Identifier } from '../../core/identifiers/index.ts'
import { lengthPrefixed } from '../../core/operation.ts'
import { configInvalid as invalid } from '../../core/options.ts'
import type { Identity } from '../../core/person.ts'

/**
 * Your secret that turns addresses into row names from which they can be neither read nor guessed: at least 16 characters, and the same for the whole
 * life of the registry. Make one by `openssl rand -base64 32 | tr -d '\n'`. `null` chooses plain hashes explicitly; addresses can then be guessed from
 * a copy of the store. A rotation takes two peppers; docs/guide/registry.md has its steps.
 */
export type Pepper = OnePepper | Rotation

type OnePepper = string | null

/** New rows are named by `current`. Rows that are named by `former` keep that name. */
export interface Rotation {
  readonly current: OnePepper
  readonly former: OnePepper
}

export interface RowNames {
  ownership(key: Identifier): string
  identity(identity: Identity): string
}

/** Names that are unique but not secret, for rows that never leave the process. */
export const namesInClear: RowNames = {
  ownership: ({ kind, version, value, within }) =>
    lengthPrefixed([kind, String(version), value, ...(within === undefined ? [] : [within])]),
  identity: ({ pool, provider, subject }) => lengthPrefixed(['identity', pool, provider, subject]),
}

export interface RowKeys extends RowNames {
  /** The names of rows from before a rotation. */
  readonly former: RowNames | undefined
  /** A check value for each pepper, the current one first. A store recognises the pepper by it and cannot compute the pepper from it. */
  readonly checks: readonly [string, ...string[]]
  /** Encrypts an address with the pepper. Without a pepper no address is stored. */
  seal(address: string | null): string | null
  unseal(sealed: string): string | null
}

const SHORTEST_PEPPER = 16

/**
 * Rows are named by a hash of fixed length over length-prefixed fields: two different lists of fields have different names, a hostile subject cannot
 * name a row of another kind, no name is too long for a store, and no identifier is stored in clear.
 */
export function rowKeys(pepper: Pepper): RowKeys {
  const { current, former } = peppersIn(pepper)
  const [sealing, formerSealing] = [sealingWith(current), former === undefined ? UNSEALED : sealingWith(former)]
  return {
    ...namesWith(current),
    former: former === undefined ? undefined : namesWith(former),
    checks: [checkOf(current), ...(former === undefined ? [] : [checkOf(former)])],
    seal: sealing.seal,
    unseal: (sealed) => sealing.unseal(sealed) ?? formerSealing.unseal(sealed),
  }
}

interface Peppers {
  readonly current: OnePepper
  readonly former: OnePepper | undefined
}

function peppersIn(pepper: Pepper): Peppers {
  if (pepper === null || typeof pepper !== 'object' || Array.isArray(pepper))
    return { current: checked(pepper, 'pepper'), former: undefined }
  const current = checked(pepper.current, 'pepper.current')
  const former = checked(pepper.former, 'pepper.former')
  if (current === former) throw invalid('"pepper.current" and "pepper.former" are the same: a rotation needs two.')
  return { current, former }
}

function checked(pepper: unknown, option: string): OnePepper {
  if (pepper === null || (typeof pepper === 'string' && pepper.length >= SHORTEST_PEPPER)) return pepper
  throw invalid(`"${option}" must be a string of ${SHORTEST_PEPPER} characters or more, or null.`)
}

function namesWith(pepper: OnePepper): RowNames {
  return {
    ownership: (key) => digest(pepper, namesInClear.ownership(key)),
    identity: (identity) => digest(pepper, namesInClear.identity(identity)),
  }
}

/** No row has the same text, since the text of a row begins with other fields. */
function checkOf(pepper: OnePepper): string {
  return digest(pepper, lengthPrefixed(['pepper']))
}

type Sealing = Pick<RowKeys, 'seal' | 'unseal'>

const UNSEALED: Sealing = { seal: () => null, unseal: () => null }
const IV_BYTES = 12
const TAG_BYTES = 16

/** AES-256-GCM with a key that is derived from the pepper for this purpose only. */
function sealingWith(pepper: OnePepper): Sealing {
  if (pepper === null) return UNSEALED
  const key = Buffer.from(hkdfSync('sha256', pepper, '', 'onesub address', 32))
  return {
    seal(address) {
      if (address === null) return null
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      return Buffer.concat([iv, cipher.update(address, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      )
    },
    // An address that was sealed with another pepper cannot be read. The other columns of the row can.
    unseal(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        const text = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES))
        return Buffer.concat([text, decipher.final()]).toString('utf8')
      } catch {
        return null
      }
    },
  }
}

function digest(pepper: OnePepper, text: string): string {
  const hash = pepper === null ? createHash('sha256') : createHmac('sha256', pepper)
  return hash.update(text, 'utf16le').digest('base64url')
}
