import { expect, it } from 'vitest'
import type { Joins } from './decision.ts'
import type { PersonId } from './person.ts'
import { person, proven, stated } from './testing/samples.ts'

/** What must not happen does not compile: each line below is an error that the type checker must find (`npm run lint`). */
it('I2: a stated address is no reason to join, and a decision without its reason cannot be written', () => {
  // @ts-expect-error a stated address is no reason to join
  const onStated: Joins = { kind: 'joins', person: person(), because: stated(2) }
  // @ts-expect-error a join without its reason
  const withoutReason: Joins = { kind: 'joins', person: person() }
  // @ts-expect-error any text is not a person id
  const typed: PersonId = 'ada@example.com'
  // @ts-expect-error a proven address has rank E3 or E4
  const weak: Joins = { kind: 'joins', person: person(), because: { ...proven(), rank: 2 } }
  expect([onStated, withoutReason, typed, weak]).toHaveLength(4)
})
