import { expect, it } from 'vitest'
import type { LinkIdentity } from './decisions/decision.ts'
import type { Links } from './decisions/link.ts'
import type { FreshProof } from './fresh-proof.ts'
import type { PersonId } from './person.ts'
import { nativeIdentity, person, proven, stated } from './testing/samples.ts'

/** What must not happen does not compile: each line below is an error that the type checker must find (`npm run lint`). */
it('I2: a stated address is no reason to join, and a decision without its reason cannot be written', () => {
  // @ts-expect-error a stated address is no reason to join
  const onStated: LinkIdentity = { kind: 'link-identity', person: person(), because: stated(2), acquisitions: [] }
  // @ts-expect-error a join without its reason
  const withoutReason: LinkIdentity = { kind: 'link-identity', person: person(), acquisitions: [] }
  // @ts-expect-error any text is not a person id
  const typed: PersonId = 'ada@example.com'
  // @ts-expect-error a proven address has rank E3 or E4
  const weak: LinkIdentity['because'] = { ...proven(), rank: 2 }
  // @ts-expect-error an address, however proven, is no fresh proof of two sign-ins
  const byAddress: Links = { kind: 'links', person: person(), merges: undefined, because: proven() }
  // @ts-expect-error a fresh proof is not written down, only found by looking at two sign-ins
  const made: FreshProof = { adds: [nativeIdentity()] }
  expect([onStated, withoutReason, typed, weak, byAddress, made]).toHaveLength(6)
})
