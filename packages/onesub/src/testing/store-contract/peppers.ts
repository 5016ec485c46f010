import type { Change } from '../../core/changes/change.ts'
import type { Pepper } from '../../registry/rows/keys.ts'
import { equal, existing, fails, isTrue, matches } from './assertions.ts'
import type { Demand, TestedRegistry } from './description.ts'
import { agreementsOf } from './outcomes.ts'
import { creatingPerson, freshEmail, freshIdentity, operation, reserving, reservingBoth } from './sample-changes.ts'

const OLD = 'the pepper of the first years'
const NEW = 'the pepper of the later years'
const OTHER = 'the pepper of somebody else'
const REFUSED = { code: 'CONFIG_INVALID', retry: false } as const
const BEFORE = { pepper: { current: OLD, former: NEW } } as const
const DURING = { pepper: { current: NEW, former: OLD } } as const
const NEEDS = ['reopening'] as const

const WRONG: readonly (readonly [says: string, first: Pepper, then: Pepper])[] = [
  ['another pepper', OLD, OTHER],
  ['the pepper with a line break behind it', OLD, `${OLD}\n`],
  ['the pepper without its line break', `${OLD}\n`, OLD],
  ['the pepper with a space behind it', OLD, `${OLD} `],
  ['no pepper where there was one', OLD, null],
  ['a pepper where there was none', null, OLD],
  ['two peppers, neither of which it was', OLD, { current: NEW, former: OTHER }],
]

const NO_ROTATIONS: readonly unknown[] = [
  { current: OLD, former: OLD },
  { current: OLD },
  { former: OLD },
  { current: 'short', former: OLD },
  {},
  [],
]

/** A store is opened only with the pepper that its rows are named by, and it can be given a new one. */
export const PEPPER_DEMANDS: readonly Demand[] = [
  ...WRONG.map(
    ([says, first, then]): Demand => ({
      name: `T164: is not opened with ${says}, and says what to do without showing the pepper`,
      needs: NEEDS,
      async run({ open }) {
        const email = freshEmail()
        const before = await open({ pepper: first })
        await before.commit(reserving(email, 'ada'))
        const error = await fails(open({ pepper: then }), { ...REFUSED, message: /option "pepper".*registry\.md/ })
        isTrue(!/years|somebody/.test(String(error)), 'The error shows the pepper.')
        const after = await open({ pepper: first })
        matches(await after.commit(reserving(email, 'eve')), { outcome: 'overtaken' })
      },
    }),
  ),
  {
    name: 'T164: is not opened with another pepper before it has a row either',
    needs: NEEDS,
    async run({ open }) {
      await open({ pepper: OLD })
      await fails(open({ pepper: OTHER }), REFUSED)
    },
  },
  {
    name: 'T164: opened for the first time by many processes at once, it takes the pepper of one of them',
    needs: NEEDS,
    async run({ open }) {
      const openings = Array.from({ length: 8 }, (_, at) => open({ pepper: at % 2 ? OLD : OTHER }))
      const outcomes = await Promise.allSettled(openings)
      equal(agreementsOf(outcomes), [false, true])
      for (const outcome of outcomes) if (outcome.status === 'rejected') matches(outcome.reason, REFUSED)
    },
  },
  ...NO_ROTATIONS.map(
    (pepper): Demand => ({
      name: `T164: an invalid pair of peppers is refused: ${JSON.stringify(pepper)}`,
      needs: NEEDS,
      async run({ open }) {
        const options: { pepper: Pepper } = JSON.parse(JSON.stringify({ pepper }))
        await fails(open(options), REFUSED)
      },
    }),
  ),
  ...[
    { says: 'the new pepper is known', options: BEFORE },
    { says: 'the new pepper is current', options: DURING },
  ].map(
    ({ says, options }): Demand => ({
      name: `T164: rows from before a rotation are read, and written where they stand, once ${says}`,
      needs: NEEDS,
      async run({ open }) {
        const old = await open({ pepper: OLD })
        const ada = creatingPerson()
        const identity = existing(ada.identities[0], 'identity')
        const bob = reserving(freshEmail(), 'bob')
        const [{ identifier }] = bob.writes
        await old.commit(ada.change)
        await old.commit(bob)

        const rotated = await open(options)
        matches(await rotated.facts({ identity, identifiers: [ada.identifier, freshEmail()] }), {
          owner: { id: ada.person },
          identityRevision: 1,
          identifiers: [{ ownership: { person: ada.person } }, { ownership: undefined }],
        })
        equal(await rotated.resolve(identity), ada.person)
        equal(await rotated.resolve(freshIdentity()), undefined)
        matches(await rotated.commit(reserving(ada.identifier, 'eve')), {
          outcome: 'overtaken',
          winner: { person: ada.person },
        })
        matches(await rotated.commit(bob), { outcome: 'committed', replayed: true })

        const takeover = reserving(identifier, 'cyd', { expectedRevision: 1, person: bob.person, epoch: 2 })
        matches(await rotated.commit(takeover), { outcome: 'committed', replayed: false })
        matches(await rotated.commit({ ...takeover, opId: operation('dan', [1]) }), {
          outcome: 'overtaken',
          winner: { revision: 2 },
        })
        const { identifiers } = await rotated.facts({ identity: undefined, identifiers: [identifier] })
        matches(identifiers[0]?.ownership, { revision: 2, epoch: 2 })
        equal(await rotated.commit(creatingPerson(undefined, ada.identifier).change), {
          outcome: 'overtaken',
          winner: undefined,
        })
      },
    }),
  ),
  {
    name: 'T164: an address that was sealed before a rotation is read',
    needs: NEEDS,
    async run({ open }) {
      const old = await open({ pepper: OLD })
      const { change, person } = creatingPerson()
      await old.commit(withAddress(change, 'Ada@Example.com'))
      matches(await (await open(DURING)).person(person), { address: 'Ada@Example.com' })
    },
  },
  {
    name: 'T164: once both peppers of a rotation are in use, it is not opened with one of them alone',
    needs: NEEDS,
    async run({ open }) {
      await open({ pepper: OLD })
      await open(BEFORE)
      await open({ pepper: OLD })
      await open(DURING)
      await open(BEFORE)
      for (const pepper of [OLD, NEW, null, { current: NEW, former: OTHER }, { current: OTHER, former: OLD }])
        await fails(open({ pepper }), REFUSED)
    },
  },
  {
    name: 'T164: from no pepper to one, the rows stay',
    needs: NEEDS,
    async run({ open }) {
      const email = freshEmail()
      const first = reserving(email, 'ada')
      await (await open({ pepper: null })).commit(first)
      const rotated = await open({ pepper: { current: NEW, former: null } })
      matches(await rotated.commit(reserving(email, 'eve')), { outcome: 'overtaken', winner: { person: first.person } })
    },
  },
  {
    name: 'T164: of simultaneous first writes by the two kinds of process, one wins, and all read its row',
    needs: NEEDS,
    async run({ open }) {
      await open({ pepper: OLD })
      const kinds = [await open(BEFORE), await open(DURING)] as const
      for (let round = 0; round < 20; round += 1) {
        const [one, two] = [freshEmail(), freshEmail()]
        const racers = Array.from({ length: 6 }, (_, at) =>
          reservingBoth(at % 3 ? [one, two] : [two, one], `racer-${at}`),
        )
        const results = await Promise.all(racers.map((change, at) => kinds[at % 2 ? 1 : 0].commit(change)))
        equal(results.filter(({ outcome }) => outcome === 'committed').length, 1)
        const owners = new Set((await Promise.all(kinds.map((kind) => ownersOf(kind, [one, two])))).flat())
        equal(owners.size, 1)
        isTrue(!owners.has(undefined), 'No process reads the row of the winner.')
      }
    },
  },
]

async function ownersOf(registry: TestedRegistry, asked: readonly ReturnType<typeof freshEmail>[]) {
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: asked })
  return identifiers.map(({ ownership }) => ownership?.person)
}

function withAddress(change: Change, address: string): Change {
  const [first, ...others] = change.writes
  if (first.row !== 'person') throw new Error('The first row is no person.')
  return { ...change, writes: [{ ...first, person: { ...first.person, address } }, ...others] }
}
