import { OnesubError } from '../core/errors.ts'
import { configInvalid } from '../core/options.ts'
import { regionOfUserPool } from '../core/user-pool-id.ts'

/** What a store says of itself, in one row of its own. */
export interface Metadata {
  /** The check values of the peppers that rows may be named by. */
  readonly peppers: readonly string[]
  /** The user pools whose people the rows are. */
  readonly pools: readonly string[]
}

export const NO_METADATA: Metadata = { peppers: [], pools: [] }

/** A mark as it stands; revision 0 where there is none. */
export interface StoredMetadata {
  readonly metadata: Metadata
  readonly revision: number
}

/** The mark to be written instead; undefined where it may stay as it is. Throws where the store must not be used. */
export type NextMetadata = (metadata: Metadata) => Metadata | undefined

/**
 * Under another pepper every row has another name: everybody would be somebody else. So all peppers that were ever used for new rows must be
 * known to who opens the store. The new one of a rotation is written down when it is first used for new rows.
 */
export function openedWith([current, ...others]: readonly [string, ...string[]]): NextMetadata {
  return (metadata) => {
    if (!metadata.peppers.every((check) => check === current || others.includes(check))) throw otherPepper()
    return metadata.peppers.includes(current) ? undefined : { ...metadata, peppers: [...metadata.peppers, current] }
  }
}

/** The first pool to come has the registry; another one only where the operator says that both may have it. */
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

/** Where the mark stands. `write` says false where it has been written since it was read. */
export interface MetadataStore {
  read(): Promise<StoredMetadata>
  write(metadata: Metadata, over: number): Promise<boolean>
}

/** Each failed write is another process's success, and all of them write much the same. */
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

/** `Registry.admit`: asks the store once for each pool, and again only where it was refused or did not answer. */
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
