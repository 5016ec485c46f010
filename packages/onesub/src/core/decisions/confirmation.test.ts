import { describe, expect, it } from 'vitest'
import { normalisePhone } from '../identifiers/index.ts'
import type { IdentifierStatus, OwnershipHolder } from '../identifiers/ownership.ts'
import type { Person } from '../person.ts'
import {
  FREE,
  nativeIdentity,
  ownedClaim,
  ownership,
  POOL,
  person,
  personId,
  proven,
  stated,
} from '../testing/samples.ts'
import { type ArrivingIdentifier, type ConfirmationFacts, decideConfirmation } from './confirmation.ts'

const ada = person(1)
const number = normalisePhone('+4915112345678')
if (!number.ok) throw new Error(number.fault)
const phoneKey = number.identifier
const user = { pool: POOL, userName: 'ada' }
const stranger: ConfirmationFacts = {
  confirmed: 'sign-up',
  user,
  owner: undefined,
  waitsFor: undefined,
  identifiers: [],
  policy: 'link',
  now: 100_000,
}
const mine: IdentifierStatus = { kind: 'mine', ownership: ownership() }
const identifier = (
  evidence: ArrivingIdentifier['evidence'],
  status: IdentifierStatus,
  of: Partial<ArrivingIdentifier> = {},
): ArrivingIdentifier => ({
  evidence,
  status,
  holder: undefined,
  madeBeforeProof: false,
  ...of,
})
const proves = (status: IdentifierStatus, of: Partial<ArrivingIdentifier> = {}) => ({
  identifiers: [identifier(proven(), status, of)],
})
const states = (status: IdentifierStatus, of: Partial<ArrivingIdentifier> = {}) => ({
  identifiers: [identifier(stated(), status, of)],
})
const owned = (by: Partial<OwnershipHolder> | null = null, last = 7): IdentifierStatus => ({
  kind: 'owned',
  ownership: ownedClaim({ person: personId(last), holder: by && { pool: POOL, userName: 'eve', ...by } }),
})
const googles: Person = person(7, [
  { pool: POOL, provider: 'Google', subject: '1', userName: 'Google_1', native: false },
])

const table: [says: string, facts: Partial<ConfirmationFacts>, then: object][] = [
  ['a user we know returns', { owner: ada }, { kind: 'existing-person', person: ada, recovered: false }],
  [
    'T105: a known user who resets the password recovers, and no person is created',
    { owner: ada, confirmed: 'recovery' },
    { kind: 'existing-person', person: ada, recovered: 'now' },
  ],
  [
    'T167: an address that was proven since counts, also where it comes behind a number',
    {
      identifiers: [
        identifier({ kind: 'stated', identifier: phoneKey, rank: 2 }, FREE),
        identifier(proven(), owned(), { madeBeforeProof: true }),
      ],
    },
    { kind: 'pending', wants: personId(7), since: 'now' },
  ],
  [
    'T175: a known user who proves a free address owns it',
    { owner: ada, ...proves(FREE) },
    { kind: 'existing-person', proves: [{ status: FREE, supersedes: false }] },
  ],
  [
    'T160: a known user who proves what others only stated owns it',
    { owner: ada, ...proves({ kind: 'lapsed', ownership: ownership({ person: personId(7) }) }) },
    { kind: 'existing-person', proves: [{ supersedes: true }] },
  ],
  [
    'a known user who proves nothing gets nothing',
    { owner: ada, ...states(FREE) },
    { kind: 'existing-person', proves: [] },
  ],
  [
    'a known user proves nothing again that was proven before',
    { owner: ada, confirmed: 'recovery', ...proves(owned(null, 1)) },
    { kind: 'existing-person', proves: [] },
  ],
  [
    'T157: a recovery ends the doubt about the password from before',
    { owner: ada, confirmed: 'recovery', ...proves(owned({ contested: true }, 1)) },
    { kind: 'existing-person', proves: [{ supersedes: false }] },
  ],
  [
    'T183: a known user who recovers with an address that another had proven owns it now',
    { owner: ada, confirmed: 'recovery', ...proves(owned()) },
    { kind: 'existing-person', proves: [{ supersedes: true }] },
  ],
  [
    'T183: a repeated confirmation takes nothing back from the second prover',
    { owner: ada, ...proves(owned()) },
    { kind: 'existing-person', proves: [] },
  ],
  [
    'a token proves nothing of this moment',
    { owner: ada, confirmed: 'token', ...proves(owned()) },
    { kind: 'existing-person', proves: [] },
  ],
  [
    'a recovery that Cognito reports twice is one',
    { owner: { ...ada, notBefore: 95_000 }, confirmed: 'recovery' },
    { kind: 'existing-person', recovered: 'told already' },
  ],
  [
    'a recovery that is reported as late as Cognito may repeat it is the same one, and a millisecond after that another',
    { owner: { ...ada, notBefore: 80_000 }, confirmed: 'recovery' },
    { kind: 'existing-person', recovered: 'told already' },
  ],
  [
    'a second recovery ends older tokens again',
    { owner: { ...ada, notBefore: 79_999 }, confirmed: 'recovery' },
    { kind: 'existing-person', recovered: 'now' },
  ],
  [
    'a user who proves the own reservation becomes the person minted with it',
    proves(mine),
    { kind: 'create-person', person: personId(1), acquisitions: [{ supersedes: false }] },
  ],
  [
    'T156: a user who is confirmed without proof gets a person, and owns nothing',
    states(mine),
    { kind: 'create-person', person: 'new', acquisitions: [] },
  ],
  [
    'T81: a user who proves an address takes it from a user who only typed it',
    proves({ kind: 'reserved', ownership: ownership() }),
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'T157: the first proof wins, whoever signed up after it',
    proves({ kind: 'lapsed', ownership: ownership({ leaseUntil: 1 }) }),
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'T166: a user who proves an address whose owner is deleted owns it',
    proves({ kind: 'abandoned', ownership: ownedClaim() }),
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'a user whom an administrator vouched for becomes the person minted with it',
    { confirmed: 'token', ...proves(owned({ userName: 'ada', by: 'administrator' })) },
    { kind: 'create-person', person: personId(7), acquisitions: [{ supersedes: false }] },
  ],
  [
    'such a user joins the person that another sign-in method of theirs has created meanwhile',
    { confirmed: 'token', ...proves(owned({ userName: 'ada', by: 'administrator' }), { holder: googles }) },
    { kind: 'link-identity', person: googles, because: proven(), acquisitions: [{ supersedes: false }] },
  ],
  [
    'a user that we made, and whose row is missing, joins its person after a recovery',
    { confirmed: 'recovery', ...proves(owned({ userName: 'ada', by: 'onesub' }), { holder: googles }) },
    { kind: 'link-identity', person: googles, because: proven(), acquisitions: [{ supersedes: false }] },
  ],
  [
    'T155: a user who has only the name of the one for whom an administrator vouched is another person',
    states(owned({ userName: 'ada', by: 'administrator' })),
    { kind: 'create-person', person: 'new', acquisitions: [] },
  ],
  [
    'T108: the name of a user who has proven the address is no reason to join',
    proves(owned({ userName: 'ada' }), { holder: person(7, [nativeIdentity('other')]) }),
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'T157: a code from before another’s proof is void',
    proves(owned(), { madeBeforeProof: true }),
    { kind: 'pending', wants: personId(7), since: 'now' },
  ],
  [
    'T183: a sign-up after another’s proof is a new person, who owns the address',
    proves(owned()),
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'T167: a user who had proven it before onesub joins the person who signed in by a provider first',
    { confirmed: 'token', ...proves(owned(), { holder: googles }) },
    { kind: 'link-identity', person: googles, because: proven(), acquisitions: [] },
  ],
  [
    'T167: also where policy is enumeration-safe',
    { confirmed: 'token', policy: 'enumeration-safe', ...proves(owned(), { holder: googles }) },
    { kind: 'link-identity', person: googles },
  ],
  [
    'T167: and gets a person without it where policy refuses',
    { confirmed: 'token', policy: 'refuse', ...proves(owned(), { holder: googles }) },
    { kind: 'create-person', person: 'new', acquisitions: [] },
  ],
  [
    'T167: and gets a person without it where policy asks first',
    { confirmed: 'token', policy: 'ask', ...proves(owned(), { holder: googles }) },
    { kind: 'create-person', person: 'new', acquisitions: [] },
  ],
  [
    'T167: and gets a person without it where another native user has proven it',
    { confirmed: 'token', ...proves(owned(), { holder: person(7) }) },
    { kind: 'create-person', person: 'new', acquisitions: [] },
  ],
  [
    'T160: a pending user who proves a free address is no longer pending',
    { waitsFor: personId(7), confirmed: 'recovery', ...proves(FREE) },
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: false }] },
  ],
  [
    'T160: a pending user who now proves what another owns is no longer pending',
    { waitsFor: personId(7), confirmed: 'recovery', ...proves(owned()) },
    { kind: 'create-person', person: 'new', acquisitions: [{ supersedes: true }] },
  ],
  [
    'a pending user stays pending where the same event is repeated',
    { waitsFor: personId(7), ...proves(owned(), { madeBeforeProof: true }) },
    { kind: 'pending', wants: personId(7), since: 'still' },
  ],
  [
    'a pending user stays pending without proof',
    { waitsFor: personId(7), confirmed: 'token', ...states(FREE) },
    { kind: 'pending', wants: personId(7), since: 'still' },
  ],
  ['who has no keys begins', {}, { kind: 'create-person', person: 'new', acquisitions: [] }],
]

describe('a confirmation', () => {
  it.each(table)('%s', (_, facts, then) => {
    expect(decideConfirmation({ ...stranger, ...facts })).toMatchObject(then)
  })

  it('T160: of a proven address does not wait behind another identifier', () => {
    const name = { kind: 'stated', identifier: { ...proven().identifier, kind: 'username' }, rank: 0 } as const
    const phone = { kind: 'stated', identifier: { ...proven().identifier, kind: 'phone' }, rank: 2 } as const
    const identifiers = [
      identifier(name, owned()),
      identifier(proven('ada@example.org'), mine),
      identifier(phone, owned(null, 8)),
    ]
    expect(decideConfirmation({ ...stranger, identifiers })).toEqual({
      kind: 'create-person',
      person: personId(1),
      acquisitions: [
        { evidence: proven('ada@example.org'), status: mine, supersedes: false },
        // A number goes to whoever proves it later, too (T30); a user name proves nothing.
        { evidence: phone, status: owned(null, 8), supersedes: true },
      ],
    })
  })
})
