import { OnesubError } from '../core/errors.ts'
import { configInvalid } from '../core/options.ts'
import { regionOfUserPool } from '../core/user-pool-id.ts'

/** What a store records about itself, in a row of its own. */
export interface Metadata {
  /** The check values of the peppers by which rows may be named. */
  readonly peppers: readonly string[]
  /** The user pools to which the rows belong. */
  readonly pools: readonly string[]
}

export const NO_METADATA: Metadata = { peppers: [], pools: [] }

/** The metadata with its revision, which is 0 where there is none yet. */
export interface StoredMetadata {
  readonly metadata: Metadata
  readonly revision: number
}

/** Returns the new metadata, or undefined where nothing changes. Throws where the store must not be used. */
export type NextMetadata = (metadata: Metadata) => Metadata | undefined

/**
 * With another pepper every row has another name, and no person would be found. So every opening must know all peppers that were ever used for new
 * rows. The new pepper of a rotation is recorded when it is first used for new rows.
 */
export function openedWith([current, ...others]: readonly [string, ...string[]]): NextMetadata {
  return (metadata) => {
    if (!metadata.peppers.every((check) => check === current || others.includes(check))) throw otherPepper()
    return metadata.peppers.includes(current) ? undefined : { ...metadata, peppers: [...metadata.peppers, current] }
  }
}

/** The registry belongs to the first pool that uses it. Another pool may use it only if the operator names both. */
function admitting(pool: string, sharedBy: readonly string[]): NextMetadata {
  return (metadata) => {
    if (metadata.pools.includes(pool)) return undefined
    const isAgreed = [pool, ...metadata.pools].every((one) => sharedBy.includes(one))
    if (metadata.pools.length > 0 && !isAgreed) throw otherPool()
    return { ...metadata, pools: [...metadata.pools, pool] }
  }
}

/** Throws `CONFIG_INVALID`. */
export function checkedPools(pools: readonly string[]): readonly string[] {
  if (Array.isArray(pools) && pools.every((pool) => regionOfUserPool(pool))) return pools
  throw configInvalid('"sharedBy" must be a list of user pool ids, such as ["eu-west-1_AbCdEf123"].')
}

export function metadataText({ peppers, pools }: Metadata): string {
  return JSON.stringify({ peppers, pools })
}

export function metadataIn(text: unknown): Metadata {
  if (typeof text !== 'string') return NO_METADATA
  const { peppers, pools }: { peppers?: unknown; pools?: unknown } = Object(JSON.parse(text))
  return { peppers: textsIn(peppers), pools: textsIn(pools) }
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Reads and writes the metadata. `write` returns false where another process has written since it was read. */
export interface MetadataStore {
  read(): Promise<StoredMetadata>
  write(metadata: Metadata, over: number): Promise<boolean>
}

/** Each failed write is the success of another process, and all of them write nearly the same. */
const TRIES = 20

export async function settle(store: MetadataStore, next: NextMetadata): Promise<Metadata> {
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const { metadata, revision } = await store.read()
    const wanted = next(metadata)
    if (!wanted) return metadata
    if (await store.write(wanted, revision)) return wanted
  }
  throw new OnesubError('TRY_AGAIN', { detail: 'Many processes open the registry for the first time.' })
}

/** `Registry.admit`: asks the store once for each pool, and again only if the pool was refused or the store did not answer. */
export function admission(
  write: (next: NextMetadata) => Promise<unknown>,
  { pools }: Metadata,
  sharedBy: readonly string[],
): (userPoolId: string) => Promise<void> {
  const admitted = new Map<string, Promise<void>>(pools.map((pool) => [pool, Promise.resolve()]))
  return (userPoolId) => {
    const known = admitted.get(userPoolId)
    if (known) return known
    const asked = write(admitting(userPoolId, sharedBy)).then(
      () => {},
      (error: unknown) => {
        admitted.delete(userPoolId)
        throw error
      },
    )
    admitted.set(userPoolId, asked)
    return asked
  }
}

function otherPepper(): OnesubError {
  return configInvalid(
    'The registry has rows under another pepper than the option "pepper" says. Open it with the pepper of its first opening ' +
      '(a line break at the end makes it another one); during a rotation, with both: docs/guide/registry.md.',
  )
}

function otherPool(): OnesubError {
  return configInvalid(
    'The registry belongs to another user pool. Give each pool a registry of its own; or, where both may open the same persons, ' +
      'name all of them in the option "sharedBy": docs/guide/registry.md.',
  )
}
