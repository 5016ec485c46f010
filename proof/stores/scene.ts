import type { OperationName } from '../../packages/onesub/src/core/operation.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import { among, type Chooser } from '../sim/random.ts'
import { type Cast, HOSTILE, LONG } from './cast.ts'

/** What a command is made from: the choices, who there is, and what the reference knows by now. */
export interface Scene {
  readonly chooser: Chooser
  readonly cast: Cast
  readonly reference: Registry
  /** A store without a pepper keeps none (`registry/rows/keys.ts`), where the reference would. */
  readonly keepsAddresses: boolean
}

export function maybe(chooser: Chooser, oneIn: number): boolean {
  return chooser.pick(oneIn) === 0
}

/** Up to `most` of them, each once, in any order. */
export function some<T>(chooser: Chooser, options: readonly T[], most: number, least = 1): readonly T[] {
  const left = [...options]
  const count = least + chooser.pick(most - least + 1)
  return Array.from({ length: Math.min(count, left.length) }, () => left.splice(chooser.pick(left.length), 1)).flat()
}

export function hostile(chooser: Chooser): string {
  return maybe(chooser, 100) ? LONG : among(chooser, HOSTILE)
}

/** As one that was proven: it was accepted as a key, so that no half of a surrogate pair is in it (`core/keys/email.ts`). */
export function address({ chooser, keepsAddresses }: Scene): string | null {
  const spelling = among(chooser, [null, null, null, 'Ada@Example.com', HOSTILE[0], HOSTILE[3], HOSTILE[5]])
  return keepsAddresses ? spelling : null
}

/** The few users whose operations have the same name again and again, as those of one user who repeats herself have. */
export function operationOf({ chooser, cast }: Scene, source: string): Omit<OperationName, 'expectedRevisions'> {
  return { pool: cast.pool, source, userName: among(chooser, ['ada', 'bob', HOSTILE[1]]), client: 'web' }
}
