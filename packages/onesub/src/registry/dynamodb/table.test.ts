import { describe, expect, it } from 'vitest'
import { eventsInItem, rowOf } from './table.ts'

describe('an item of the table', () => {
  it('without an event is ignored: the stream also carries the row of the table’s version', () => {
    expect(eventsInItem({ pk: { S: 'meta' } })).toEqual([])
    expect(eventsInItem({ pk: { S: 'meta' }, events: null })).toEqual([])
  })

  it('is read by its plain attributes; what is of no type that we write is nothing', () => {
    const item = { pk: { S: 'claim#a#b' }, rank: { N: '3' }, holder: { NULL: true }, extra: { BOOL: true }, odd: 'x' }
    expect(rowOf(item)).toEqual({ id: 'a#b', rank: 3, holder: null, extra: null, odd: null })
  })
})
