import { describe, expect, it } from 'vitest'
import type { Standing } from './claim.ts'
import { type ConfirmationFacts, decideConfirmation } from './decide-confirmation.ts'
import type { Person } from './person.ts'
import { claim, FREE, hardClaim, person, personId, proven, stated } from './testing/samples.ts'

const ada = person(1)
const stranger: ConfirmationFacts = {
  confirmed: 'sign-up',
  owner: undefined,
  waitsFor: undefined,
  keys: [],
  now: 100_000,
}
const mine: Standing = { is: 'mine', claim: claim() }
const proves = (standing: Standing, holder?: Person) => ({ keys: [{ evidence: proven(), standing, holder }] })
const states = (standing: Standing, holder?: Person) => ({ keys: [{ evidence: stated(), standing, holder }] })

const table: [says: string, facts: Partial<ConfirmationFacts>, then: object][] = [
  ['a user we know returns', { owner: ada }, { kind: 'returns', person: ada, recovered: false }],
  [
    'T105: a user we know who resets her password recovers, and nobody is created',
    { owner: ada, confirmed: 'recovery' },
    { kind: 'returns', person: ada, recovered: true },
  ],
  [
    'a user we know who proves what she had only claimed holds it by proof',
    { owner: ada, ...proves({ is: 'soft', claim: claim({ person: ada.id }) }) },
    { kind: 'returns', proves: [{ evidence: proven(), over: claim({ person: ada.id }), preempts: false }] },
  ],
  [
    'a user we know who proves a free address holds it',
    { owner: ada, ...proves(FREE) },
    { kind: 'returns', proves: [{ over: undefined }] },
  ],
  ['a user we know who proves nothing takes nothing', { owner: ada, ...states(FREE) }, { kind: 'returns', proves: [] }],
  [
    'a user we know proves nothing anew where she has proven it before',
    { owner: ada, ...proves({ is: 'hard', claim: hardClaim({ person: ada.id }) }) },
    { kind: 'returns', proves: [] },
  ],
  [
    'a user we know takes no key from another in passing',
    { owner: ada, ...proves({ is: 'weaker', claim: claim({ person: personId(7) }) }) },
    { kind: 'returns', proves: [] },
  ],
  [
    'a recovery that Cognito tells twice is one',
    { owner: { ...ada, notBefore: 95_000 }, confirmed: 'recovery' },
    { kind: 'returns', recovered: false },
  ],
  [
    'a recovery that is told as late as Cognito may repeat it is the same one, and a millisecond later another',
    { owner: { ...ada, notBefore: 80_000 }, confirmed: 'recovery' },
    { kind: 'returns', recovered: false },
  ],
  [
    'a second recovery ends older tokens again',
    { owner: { ...ada, notBefore: 79_999 }, confirmed: 'recovery' },
    { kind: 'returns', recovered: true },
  ],
  [
    'she who proves her own claim begins as the person minted with it',
    proves(mine),
    { kind: 'begins', person: personId(1), takes: [{ preempts: false }] },
  ],
  [
    'she who is confirmed without proof keeps her own claim',
    states(mine),
    { kind: 'begins', person: personId(1), takes: [{ preempts: false }] },
  ],
  [
    'T81: she who proves an address takes it from somebody who only typed it',
    proves({ is: 'weaker', claim: claim() }),
    { kind: 'begins', person: 'new', takes: [{ preempts: true }] },
  ],
  [
    'T89: an unfinished claim is finished for the person minted with it',
    states({ is: 'lapsed', claim: claim({ leaseUntil: 1 }) }),
    { kind: 'begins', person: personId(1), takes: [{ preempts: false }] },
  ],
  [
    'she whose own claim has become a person by another way of hers joins that person',
    proves(mine, person(4)),
    { kind: 'joins', person: person(4), because: proven(), takes: [{ over: claim(), preempts: false }] },
  ],
  [
    'she who proves nothing waits behind the person that her claim has become',
    states(mine, person(4)),
    { kind: 'waits', wants: personId(4), since: 'now' },
  ],
  [
    'T108: she who has nothing but the name of the user for whom an administrator vouched waits',
    states({ is: 'mine', claim: hardClaim({ person: personId(6) }) }),
    { kind: 'waits', wants: personId(6), since: 'now' },
  ],
  [
    'she for whom an administrator vouched begins when she proves her address',
    proves({ is: 'mine', claim: hardClaim({ person: personId(6) }) }),
    { kind: 'begins', person: personId(6), takes: [{ preempts: false }] },
  ],
  [
    'T17: she who proves an address that another has proven waits',
    proves({ is: 'hard', claim: hardClaim({ person: personId(7) }) }),
    { kind: 'waits', wants: personId(7), since: 'now' },
  ],
  [
    'she who proves nothing waits behind a claim that others hold',
    states({ is: 'soft', claim: claim({ person: personId(8) }) }),
    { kind: 'waits', wants: personId(8), since: 'now' },
  ],
  [
    'she who waits goes on waiting, whatever is told again of her',
    { waitsFor: personId(7), confirmed: 'recovery', ...proves(FREE) },
    { kind: 'waits', wants: personId(7), since: 'still' },
  ],
  [
    'she whose trigger was off at sign-up begins with a free key',
    proves(FREE),
    { kind: 'begins', person: 'new', takes: [{ over: undefined }] },
  ],
  ['she who has no keys begins', {}, { kind: 'begins', person: 'new', takes: [] }],
]

describe('a confirmation', () => {
  it.each(table)('%s', (_, facts, then) => {
    expect(decideConfirmation({ ...stranger, ...facts })).toMatchObject(then)
  })

  it('gives every key to a new person when one of them is taken from somebody', () => {
    const decision = decideConfirmation({
      ...stranger,
      keys: [
        { evidence: proven(), standing: { is: 'weaker', claim: claim({ person: personId(5) }) }, holder: undefined },
        { evidence: stated(0, 'ada@example.org'), standing: mine, holder: undefined },
      ],
    })
    expect(decision).toMatchObject({ kind: 'begins', person: 'new', takes: [{ preempts: true }, { preempts: true }] })
  })
})
