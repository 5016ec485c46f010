import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { decideRepair, type RepairFacts } from './decide-repair.ts'
import { FREE, hardClaim, person, personId } from './testing/samples.ts'

const owner = { ...person(1), address: 'Ada@Example.com' }
const hers: Standing = { is: 'hard', claim: hardClaim({ person: owner.id }) }
const others: Standing = { is: 'hard', claim: hardClaim({ person: personId(2) }) }
const shows = (standing: Standing, verified = true, spelled = 'shown@example.com'): RepairFacts['shown'] => ({
  spelled,
  verified,
  standing,
})

const table: [says: string, facts: RepairFacts, then: string | undefined][] = [
  ['her own address, marked verified, stays', { owner, shown: shows(hers, true, 'Ada@Example.com') }, undefined],
  ['her own address in the provider’s spelling is put back', { owner, shown: shows(hers) }, 'Ada@Example.com'],
  ['where her spelling is not known, the provider’s stays', { owner: person(1), shown: shows(hers) }, undefined],
  [
    'T12: her own address, marked otherwise, is marked again',
    { owner: person(1), shown: shows(hers, false) },
    'shown@example.com',
  ],
  ['T11: an address that is another’s goes', { owner, shown: shows(others) }, 'Ada@Example.com'],
  ['T11: another’s address is not marked as hers', { owner: person(1), shown: shows(others, false) }, undefined],
  [
    'T11: hers comes back though another has proven it since, since mails to her go there',
    { owner, shown: shows(others, true, 'Ada@Example.com') },
    'Ada@Example.com',
  ],
  ['T11: an address that is nobody’s goes', { owner, shown: shows(FREE) }, 'Ada@Example.com'],
  ['an address that was taken away comes back', { owner, shown: undefined }, 'Ada@Example.com'],
  ['where hers is not known, nothing is put back', { owner: person(1), shown: shows(others) }, undefined],
]

describe('after a provider has written over a linked user', () => {
  it.each(table)('%s', (_, facts, then) => {
    expect(decideRepair(facts)).toBe(then)
  })
})
