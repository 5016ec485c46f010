import { describe, expect, it } from 'vitest'
import type { Change } from '../../core/changes/change.ts'
import { attachNativeUser } from '../../core/changes/change-for.ts'
import {
  emailKey,
  googleIdentity,
  nativeIdentity,
  ownedClaim,
  POOL,
  person,
  personId,
} from '../../core/testing/samples.ts'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { eventIn, type FindRow, factsIn, memberIn, personIn, type Row, refusal } from './decode.ts'
import { type RowWrite, rowWrites } from './encode.ts'
import { type RowKeys, rowKeys } from './keys.ts'

const names = rowKeys('sixteen characters')
const { opId } = ownedClaim()

/** The rows of a change as a store gives them back. */
function stored(change: Change): { rows: readonly RowWrite[]; find: FindRow } {
  const rows = rowWrites(change, names)
  const find: FindRow = (table, id) => {
    const row = rows.find((one) => one.table === table && one.columns.id === id)
    return row && { ...row.columns }
  }
  return { rows, find }
}

const ada = { ...person(), address: 'Ada@Example.com', notBefore: 7 }
const { id: _id, revision: _revision, ...columns } = ada
const written: Change = {
  opId,
  person: ada.id,
  writes: [
    { row: 'person', id: ada.id, expectedRevision: 2, person: columns, events: [] },
    {
      row: 'ownership',
      identifier: emailKey(),
      expectedRevision: 4,
      ownership: { person: ada.id, rank: 4, epoch: 2, holder: { pool: POOL, userName: 'ada' }, leaseUntil: 9 },
      events: [],
    },
    {
      row: 'identity',
      identity: nativeIdentity(),
      expectedRevision: 0,
      attachment: { status: 'member', person: ada.id },
      events: [],
    },
    {
      row: 'identity',
      identity: googleIdentity(),
      expectedRevision: 1,
      attachment: { status: 'waiting', wants: personId(2) },
      events: [],
    },
  ],
}

describe('what was written', () => {
  const { rows, find } = stored(written)

  it('is read back, each column as it was', () => {
    const facts = factsIn({ identity: nativeIdentity(), identifiers: [emailKey()] }, names, find)
    expect(facts).toEqual({
      owner: { ...ada, revision: 3 },
      waitsFor: undefined,
      identityRevision: 1,
      identifiers: [
        {
          identifier: emailKey(),
          ownership: {
            person: ada.id,
            rank: 4,
            epoch: 2,
            opId,
            holder: { pool: POOL, userName: 'ada' },
            leaseUntil: 9,
            revision: 5,
          },
          person: { ...ada, revision: 3 },
        },
      ],
    })
  })

  it('is nobody’s identity while it waits', () => {
    expect(factsIn({ identity: googleIdentity(), identifiers: [] }, names, find)).toEqual({
      owner: undefined,
      waitsFor: personId(2),
      identityRevision: 2,
      identifiers: [],
    })
    expect(memberIn(find('identities', names.identity(googleIdentity())))).toBeUndefined()
    expect(memberIn(find('identities', names.identity(nativeIdentity())))).toBe(ada.id)
    expect(memberIn(undefined)).toBeUndefined()
  })

  it('is in one order of rows, whatever the order of the change, so that no two writers wait for each other', () => {
    const [first, ...others] = written.writes.toReversed()
    if (!first) throw new Error('no write')
    const backwards = rowWrites({ ...written, writes: [first, ...others] }, names)
    expect(backwards.map(({ columns: { id } }) => id)).toEqual(rows.map(({ columns: { id } }) => id))
    expect(rows.map(({ table }) => table)).toEqual(['identities', 'identities', 'ownerships', 'persons'])
    const [one, other] = rows.map(({ columns: { id } }) => id)
    expect([one, other].toSorted()).toEqual([one, other])
  })

  it('T164: is in the same order whichever of two peppers is the current one', () => {
    const [one, other] = ['sixteen characters', 'sixteen other characters']
    const order = (current: string, former: string, writes: Change['writes']) =>
      rowWrites({ ...written, writes }, rowKeys({ current, former })).map(({ columns: { id }, formerId }) =>
        [id, formerId].toSorted(),
      )
    for (let round = 0; round < 20; round += 1) {
      const [first, ...others] = Array.from({ length: 4 }, () => reserving(freshEmail(), 'ada').writes[0])
      if (!first) throw new Error('no write')
      expect(order(one, other, [first, ...others])).toEqual(order(other, one, [first, ...others]))
    }
  })

  it('shows nobody’s address to who reads the rows', () => {
    expect(JSON.stringify(rows)).not.toMatch(/ada@example\.com/i)
  })
})

describe('a refused change', () => {
  const [one, another] = [reserving(freshEmail(), 'ada'), reserving(freshEmail(), 'ada')]
  const two: Change = { ...one, writes: [one.writes[0], ...another.writes] }
  const { rows } = stored(two)
  const status = rows.map(({ columns }): Row => ({ ...columns }))
  const [first, second] = status
  const overtaken = { outcome: 'overtaken', winner: undefined }

  it('was written earlier where each of its rows stands as it would have written it', () => {
    const success = { outcome: 'committed', person: one.person, replayed: true }
    expect(refusal(two, rows, status)).toEqual(success)
  })

  it.each<[says: string, status: readonly (Row | undefined)[]]>([
    ['of another operation', [first, { ...second, op_id: 'another' }]],
    ['of another revision', [first, { ...second, revision: 2 }]],
    ['about another person', [first, { ...second, about: personId(9) }]],
    ['that is not there', [first, undefined]],
    ['that is not there, the first', [undefined, second]],
    ['there is none of', []],
  ])('was not where one of them is a row %s', (_, others) => {
    expect(refusal(two, rows, others)).toEqual(overtaken)
  })

  it('is told of the winner where it was a single claim and one stands there', () => {
    const single = stored(one)
    const [row] = single.rows.map(({ columns }): Row => ({ ...columns, op_id: 'another' }))
    expect(refusal(one, single.rows, [row])).toMatchObject({ outcome: 'overtaken', winner: { opId: 'another' } })
    expect(refusal(one, single.rows, [undefined])).toEqual(overtaken)
    expect(refusal({ ...written, writes: [written.writes[0]] }, rows, [row])).toEqual(overtaken)
  })
})

describe('a row that this version cannot read', () => {
  const { find } = stored(written)
  const NOT_READY = expect.objectContaining({ code: 'REGISTRY_NOT_READY' })

  it.each<[table: 'ownerships' | 'identities' | 'persons', change: Row]>([
    ['ownerships', { person: 'ada@example.com' }],
    ['ownerships', { person: 7 }],
    ['ownerships', { rank: 5 }],
    ['ownerships', { rank: -1 }],
    ['ownerships', { rank: '3' }],
    ['ownerships', { epoch: '2' }],
    ['ownerships', { op_id: 7 }],
    ['ownerships', { holder: 7 }],
    ['ownerships', { lease_until: '9' }],
    ['ownerships', { revision: null }],
    ['identities', { person: null }],
    ['identities', { revision: '1' }],
    ['persons', { id: 'ada' }],
    ['persons', { identities: null }],
    ['persons', { version: '3' }],
    ['persons', { not_before: null }],
    ['persons', { address: 7 }],
    ['persons', { merged_into: 'eve' }],
    ['persons', { revision: undefined }],
  ])('stops the reader and is believed in no part: %s %j', (table, change) => {
    const spoilt: FindRow = (from, id) => {
      const row = find(from, id)
      return row && from === table ? { ...row, ...change } : row
    }
    const read = () => factsIn({ identity: nativeIdentity(), identifiers: [emailKey()] }, names, spoilt)
    expect(read).toThrow(NOT_READY)
    expect(read).toThrow(/holds a row that this version cannot read/)
  })

  it.each([null, undefined])('is not one with an empty column that may be empty: %j', (nothing) => {
    const row = { ...find('persons', ada.id), address: nothing, merged_into: nothing }
    expect(personIn(row, names)).toMatchObject({ address: null, mergedInto: null })
    const empty: FindRow = (from, id) => {
      const found = find(from, id)
      return found && from === 'ownerships' ? { ...found, rank: 0, holder: nothing, lease_until: nothing } : found
    }
    const { identifiers } = factsIn({ identity: undefined, identifiers: [emailKey()] }, names, empty)
    expect(identifiers[0]?.ownership).toMatchObject({ rank: 0, holder: null, leaseUntil: null })
  })

  it('tells a merged person’s survivor', () => {
    const row = { ...find('persons', ada.id), merged_into: personId(2) }
    expect(personIn(row, names)).toMatchObject({ mergedInto: personId(2) })
  })
})

it('an event is read back with nothing of the row around it', () => {
  const event = { type: 'person.created', person: personId(1), version: 1, at: 5 }
  expect(eventIn({ position: 3, ...event, detail: '{}' })).toEqual({ ...event, detail: {} })
})

describe('what a provider last said', () => {
  const google = {
    pool: POOL,
    provider: 'Google',
    subject: '1180',
    userName: null,
    native: false,
    said: 'ada@example.com',
  }
  const written = (names: RowKeys) => {
    const change = attachNativeUser({ ...person(1, [google]), identities: [google] }, nativeIdentity(), {
      operation: { pool: POOL, source: 'x', userName: 'ada', client: '' },
      now: 0,
      mint: () => personId(1),
      address: null,
    })
    const row = change && rowWrites(change, names).find(({ table }) => table === 'persons')
    if (!row) throw new Error('no row')
    return row.columns
  }

  it('T151: lies there sealed, and is read back', () => {
    const names = rowKeys('a pepper of sixteen letters')
    const columns = written(names)
    expect(JSON.stringify(columns)).not.toContain('ada@example.com')
    expect(personIn({ ...columns }, names).identities).toContainEqual(google)
  })

  it('is not kept without a pepper', () => {
    const names = rowKeys(null)
    const columns = written(names)
    const { said: _word, ...identity } = google
    expect(JSON.stringify(columns)).not.toContain('said')
    expect(personIn({ ...columns }, names).identities).toContainEqual(identity)
  })
})
