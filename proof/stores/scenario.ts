import type { OperationName } from '../../packages/onesub/src/core/operation.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import { among, type Chooser } from '../sim/random.ts'
import { type Actors, HOSTILE, LONG } from './actors.ts'

/** What commands are made from: random choices, the identities of the round, and the rows of the reference. */
export interface Scenario {
  readonly chooser: Chooser
  readonly actors: Actors
  readonly reference: Registry
  /** A store without a pepper keeps no addresses (`registry/rows/keys.ts`); the reference does. */
  readonly keepsAddresses: boolean
}

export function maybe(chooser: Chooser, oneIn: number): boolean {
  return chooser.pick(oneIn) === 0
}

/** At most `most` of the options, each once, in random order. */
export function some<T>(chooser: Chooser, options: readonly T[], most: number, least = 1): readonly T[] {
  const left = [...options]
  const count = least + chooser.pick(most - least + 1)
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(chooser.pick(left.length), 1)).flat()
}

export function hostile(chooser: Chooser): string {
  return maybe(chooser, 100) ? LONG : among(chooser, HOSTILE)
}

/** An address that was proven. It was accepted as an identifier, so it has no half of a surrogate pair (`core/identifiers/email.ts`). */
export function address({ chooser, keepsAddresses }: Scenario): string | null {
  const spelling = among(chooser, [null, null, null, 'Ada@Example.com', HOSTILE[0], HOSTILE[3], HOSTILE[5]])
  return keepsAddresses ? spelling : null
}

/** Operations of few users, so that names repeat, as they do when a user tries again. */
export function operationOf({ chooser, actors }: Scenario, source: string): Omit<OperationName, 'expectedRevisions'> {
  return { pool: actors.pool, source, userName: among(chooser, ['ada', 'bob', HOSTILE[1]]), client: 'web' }
}
