import { createHash } from 'node:crypto'
import { email, phone, username } from './outcome.ts'
import { seededChoice } from './seeded.ts'
import { anyEmail, anyPhone, anyUsername } from './spellings.ts'

/** Ten thousand spellings, the same on every machine. What they give may change only with NORMALISER_VERSION. */
export const HOW_MANY = 10_000

export interface GoldenVector {
  readonly kind: 'email' | 'phone' | 'username'
  readonly input: string
  readonly output: string
}

const NORMALISERS = { email, phone, username } as const
const SPELLINGS = { email: anyEmail, phone: anyPhone, username: anyUsername } as const

const KINDS = ['email', 'email', 'email', 'username', 'username', 'phone'] as const

export function goldenVectors(): readonly GoldenVector[] {
  const choose = seededChoice('onesub golden vectors')
  return Array.from({ length: HOW_MANY }, () => {
    const kind = choose.of(KINDS)
    const input = SPELLINGS[kind](choose)
    return { kind, input, output: NORMALISERS[kind](input) }
  })
}

/** One digest over all, a line for each. JSON keeps what cannot be seen apart. */
export function goldenDigest(vectors: readonly GoldenVector[]): string {
  const hash = createHash('sha256')
  for (const { kind, input, output } of vectors) hash.update(`${JSON.stringify([kind, input, output])}\n`)
  return hash.digest('hex')
}
