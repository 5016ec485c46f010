import { isOnesubError, nameOf, OnesubError } from '../core/errors.ts'
import { configInvalid, has, refuseUnknown } from '../core/options.ts'
import type { Registry } from '../core/ports.ts'
import { withTimeout } from '../core/time.ts'

export interface LazyOptions {
  /** An opening that takes longer has failed, and the next call starts another one. @default 3_000 */
  readonly opensWithinMs?: number
}

export interface LazyRegistry<Opened extends Registry = Registry> extends Required<Registry> {
  /** Opens the registry, if it is not open yet, and returns it with the methods that only its store has. */
  opened(): Promise<Opened>
}

const OPTIONS: Readonly<Record<keyof LazyOptions, true>> = { opensWithinMs: true }

const OPENS_WITHIN_MS = 3_000

/**
 * A registry that is opened at its first call, not at start. So a function can start while the store is down, and works as soon as the store
 * is up: the next call after a failed opening opens again. Calls at the same time wait for one opening.
 *
 * Do in `open` everything that may fail, such as reading a secret or creating a client. Throws `CONFIG_INVALID` at once if `open` is not a function.
 */
export function createLazyRegistry<Opened extends Registry>(
  open: () => Opened | Promise<Opened>,
  options: LazyOptions = {},
): LazyRegistry<Opened> {
  if (typeof open !== 'function')
    throw configInvalid(
      'createLazyRegistry needs a function that opens one: createLazyRegistry(() => open…Registry({ … })).',
    )
  refuseUnknown(options, OPTIONS)
  const { opensWithinMs = OPENS_WITHIN_MS } = options
  let opening: Promise<Opened> | undefined

  const opened = (): Promise<Opened> => {
    if (opening) return opening
    const attempt = withTimeout(opensWithinMs, openedBy(open), () => {
      throw new OnesubError('REGISTRY_UNREACHABLE', { detail: `Not open within ${opensWithinMs} ms.` })
    })
    opening = attempt
    attempt.catch(() => {
      opening = undefined
    })
    return attempt
  }

  return {
    opened,
    facts: async (query) => (await opened()).facts(query),
    commit: async (change) => (await opened()).commit(change),
    resolve: async (identity) => (await opened()).resolve(identity),
    person: async (id) => (await opened()).person(id),
    admit: async (userPoolId) => (await opened()).admit?.(userPoolId),
  }
}

async function openedBy<Opened>(open: () => Opened | Promise<Opened>): Promise<Opened> {
  try {
    const opened = await open()
    if (has(opened, 'facts', 'commit', 'resolve', 'person')) return opened
  } catch (cause) {
    throw isOnesubError(cause) ? cause : new OnesubError('REGISTRY_UNREACHABLE', { detail: nameOf(cause), cause })
  }
  throw configInvalid('The function in createLazyRegistry gives no registry: return what open…Registry({ … }) gives.')
}
