import { isOnesubError, nameOf, OnesubError } from '../core/errors.ts'
import { configInvalid, has, refuseUnknown } from '../core/options.ts'
import type { Registry } from '../core/ports.ts'

export interface LazyOptions {
  /** After so long an opening counts as failed, and the next call begins another. @default 3_000 */
  readonly opensWithinMs?: number
}

export interface LazyRegistry<Opened extends Registry = Registry> extends Required<Registry> {
  /** The registry itself, with what its store alone can do. */
  opened(): Promise<Opened>
}

const OPTIONS: Readonly<Record<keyof LazyOptions, true>> = { opensWithinMs: true }

const OPENS_WITHIN_MS = 3_000

/**
 * A registry that is opened at its first call instead of at start, so that a function begins while the store is down and works as soon as it
 * is back: a failed opening is tried again at the next call. Calls that come together wait for one opening.
 *
 * `open` is the place for everything that may fail: reading a secret, making a client. Throws `CONFIG_INVALID` at start where it is no function.
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
    const attempt = within(opensWithinMs, openedBy(open))
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

/** The work goes on when it is late, since nothing can end it; nobody waits for it any more. */
function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new OnesubError('REGISTRY_UNREACHABLE', { detail: `Not open within ${ms} ms.` }))
    const timer = setTimeout(late, ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
