import { OnesubError } from '../core/errors.ts'
import type { Registry } from '../core/ports.ts'

export type RegistryMethod = keyof Registry

/**
 * How a call of a registry fails.
 *
 * - `throw`: the store is not asked, and the call fails.
 * - `hang`: the call does not end before `recover`. Then the store is asked, and the call ends as the store says.
 * - `lose-answer`: the store does what it is asked, and the call fails all the same: nobody knows that it was done.
 */
export type Failure =
  | {
      readonly kind: 'throw' | 'lose-answer'
      /** @default an `OnesubError` with the code `REGISTRY_UNREACHABLE`, as of a store that does not answer */
      readonly error?: unknown
      /** How many calls fail in this way. @default every call before `recover` */
      readonly times?: number
    }
  | {
      readonly kind: 'hang'
      /** How many calls fail in this way. @default every call before `recover` */
      readonly times?: number
    }

export interface FailingRegistry extends Required<Registry> {
  /**
   * From now on calls of this method fail. A second failure for the same method takes the place of the first one. Throws a `RangeError` where
   * `times` is no whole number from 1 on.
   */
  fail(method: RegistryMethod, failure: Failure): void
  /** From now on no call fails. Calls that hang go on now. */
  recover(): void
  /** The methods that were called, in order, failed calls among them. */
  readonly calls: readonly RegistryMethod[]
}

/**
 * A registry that fails on demand, in front of one that works: for tests of how a handler, an account page or an API behaves while the store
 * is down, slow, or reached over a line that breaks.
 *
 * ```ts
 * const registry = createFailingRegistry(createMemoryRegistry())
 * registry.fail('commit', { kind: 'lose-answer', times: 1 })
 * ```
 */
export function createFailingRegistry(registry: Registry): FailingRegistry {
  const failures = new Map<RegistryMethod, { readonly failure: Failure; left: number }>()
  const calls: RegistryMethod[] = []
  let hanging: (() => void)[] = []

  const nextFailure = (method: RegistryMethod): Failure | undefined => {
    const planned = failures.get(method)
    if (!planned || planned.left === 0) return undefined
    planned.left -= 1
    return planned.failure
  }

  const call = async <Answer>(method: RegistryMethod, ask: () => Promise<Answer>): Promise<Answer> => {
    calls.push(method)
    const failure = nextFailure(method)
    if (!failure) return ask()
    switch (failure.kind) {
      case 'throw':
        throw errorOf(failure)
      case 'lose-answer':
        await ask()
        throw errorOf(failure)
      case 'hang':
        await new Promise<void>((resolve) => hanging.push(resolve))
        return ask()
    }
  }

  return {
    calls,
    fail(method, failure) {
      const { times = Number.POSITIVE_INFINITY } = failure
      if (times !== Number.POSITIVE_INFINITY && !(Number.isInteger(times) && times > 0))
        throw new RangeError('"times" must be a whole number from 1 on.')
      failures.set(method, { failure, left: times })
    },
    recover() {
      failures.clear()
      for (const goOn of hanging) goOn()
      hanging = []
    },
    facts: (query) => call('facts', () => registry.facts(query)),
    commit: (change) => call('commit', () => registry.commit(change)),
    resolve: (identity) => call('resolve', () => registry.resolve(identity)),
    person: (id) => call('person', () => registry.person(id)),
    admit: (userPoolId) => call('admit', async () => registry.admit?.(userPoolId)),
  }
}

function errorOf({ error }: Extract<Failure, { readonly kind: 'throw' | 'lose-answer' }>): unknown {
  return error ?? new OnesubError('REGISTRY_UNREACHABLE', { detail: 'A test asked for it.' })
}
