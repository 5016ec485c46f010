import { describe, expect, it } from 'vitest'
import { type AnomalyKind, type Attempt, anomaliesIn, type History } from '../../proof/stores/history.ts'

const KEY = 'claim ada'
const OTHER = 'claim bob'

const write = (expectedRevision: number, register = KEY) => ({ register, expectedRevision })
const committed = (person: string, replayed = false) => ({ kind: 'committed', person, replayed }) as const
const sighting = (revision: number | undefined, writer: string | undefined, register = KEY) => ({
  register,
  revision,
  writer,
})
const read = (began: number, ended: number, ...sightings: readonly ReturnType<typeof sighting>[]) => ({
  began,
  ended,
  sightings,
})
const told = (position: number, person: string, register = KEY) => ({ position, person, register })

/** An acknowledged attempt of the person, with the same name. */
const attempt = (person: string, began: number, ended: number, of: Partial<Attempt> = {}): Attempt => ({
  opId: `op of ${person}`,
  person,
  began,
  ended,
  writes: [write(0)],
  answer: committed(person),
  ...of,
})

const first = attempt('ada', 1, 4)
const second = attempt('bob', 5, 8, { writes: [write(1)] })

/** Ada claims the key, then Bob takes it over; everything is as it must be. */
const history = (of: Partial<History> = {}): History => ({
  attempts: [first, second],
  reads: [read(2, 3, sighting(0, undefined)), read(6, 7, sighting(1, 'ada')), read(9, 10, sighting(2, 'bob'))],
  status: [sighting(2, 'bob')],
  told: [told(1, 'ada'), told(2, 'bob')],
  followed: [told(1, 'ada')],
  ...of,
})

const kindsIn = (bad: History): readonly AnomalyKind[] => [...new Set(anomaliesIn(bad).map(({ kind }) => kind))]

describe('a history in which everything is as it must be', () => {
  it('has no anomaly', () => {
    expect(anomaliesIn(history())).toEqual([])
  })

  it('may show a change before it is acknowledged, or not yet', () => {
    for (const seen of [sighting(0, undefined), sighting(1, 'ada')]) {
      expect(anomaliesIn(history({ reads: [read(2, 3, seen)] }))).toEqual([])
    }
  })

  it('T92: may have written what nobody knows the outcome of, and may say so to the next run of it', () => {
    const unknown = attempt('ada', 1, 2, { answer: { kind: 'unknown' } })
    const again = attempt('ada again', 3, 4, { opId: unknown.opId, answer: committed('ada', true) })
    expect(anomaliesIn(history({ attempts: [unknown, again, second], reads: [] }))).toEqual([])
  })

  it('T92: may have lost what nobody knows the outcome of', () => {
    const lost = attempt('eve', 1, 3, { answer: { kind: 'unknown' } })
    expect(anomaliesIn(history({ attempts: [lost, first, second] }))).toEqual([])
  })

  it('may leave out positions: a sequence does so after a crash', () => {
    const later = [told(1, 'ada'), told(34, 'bob')]
    expect(anomaliesIn(history({ told: later, followed: later }))).toEqual([])
  })
})

describe('a history that cannot be', () => {
  it('T99: shows an ownership that was acknowledged, and lost', () => {
    const lost = history({ status: [sighting(1, 'ada')], told: [told(1, 'ada')], reads: [] })
    expect(kindsIn(lost)).toEqual(['acknowledged, and lost'])
  })

  it('T99: shows an ownership that was acknowledged, and does not exist', () => {
    const lost = history({ attempts: [first], status: [sighting(0, undefined)], told: [], followed: [], reads: [] })
    expect(kindsIn(lost)).toEqual(['acknowledged, and lost'])
  })

  it('T85: shows two winners of one revision', () => {
    const rival = attempt('eve', 2, 3)
    expect(kindsIn(history({ attempts: [first, rival, second] }))).toContain('two winners')
  })

  it('T85: shows a winner whom a later reader finds replaced without a new revision', () => {
    const rival = attempt('eve', 2, 3, { answer: { kind: 'unknown' } })
    const bad = history({ attempts: [first, rival, second], reads: [read(5, 6, sighting(1, 'eve'))] })
    expect(kindsIn(bad)).toEqual(['two winners'])
  })

  it('T95: shows a read that goes back behind an acknowledged commit', () => {
    expect(kindsIn(history({ reads: [read(9, 10, sighting(1, 'ada'))] }))).toEqual(['going back'])
  })

  it('T95: shows a read that goes back behind another read', () => {
    const slow = attempt('bob', 5, 20, { writes: [write(1)] })
    const reads = [read(9, 10, sighting(2, 'bob')), read(11, 12, sighting(1, 'ada'))]
    expect(kindsIn(history({ attempts: [first, slow], reads }))).toEqual(['going back'])
  })

  it('shows a commit over a revision that had passed before it began', () => {
    const late = attempt('bob', 11, 12, { writes: [write(1)] })
    const reads = [read(9, 10, sighting(2, undefined))]
    expect(kindsIn(history({ attempts: [first, late], reads }))).toEqual(['going back'])
  })

  it('shows what was seen before it was attempted', () => {
    const reads = [read(2, 3, sighting(2, 'bob'))]
    expect(kindsIn(history({ reads }))).toContain('seen before it was attempted')
  })

  it('shows a revision that nobody attempted', () => {
    expect(kindsIn(history({ reads: [read(9, 10, sighting(2, 'eve'))] }))).toEqual(['a revision that nobody attempted'])
    expect(kindsIn(history({ reads: [read(9, 10, sighting(2, 'ada'))] }))).toContain('a revision that nobody attempted')
  })

  it('T92: shows a second run that was acknowledged as another person’s', () => {
    const again = attempt('ada again', 5, 6, { opId: first.opId, answer: committed('bob', true) })
    expect(kindsIn(history({ attempts: [first, again, second] }))).toEqual(['acknowledged as another’s'])
  })

  it('shows a change of two rows of which only one was written', () => {
    const both = attempt('ada', 1, 4, { writes: [write(0), write(0, OTHER)], answer: { kind: 'unknown' } })
    const status = [sighting(2, 'bob'), sighting(0, undefined, OTHER)]
    expect(kindsIn(history({ attempts: [both, second], status }))).toEqual(['half a change'])
  })

  it('shows somebody who was overtaken by nobody', () => {
    const eve = attempt('eve', 9, 10, { writes: [write(2)], answer: { kind: 'overtaken', winner: sighting(2, 'bob') } })
    expect(kindsIn(history({ attempts: [first, second, eve] }))).toEqual(['overtaken by nobody'])
  })

  it('shows somebody who was overtaken, and whose change is there', () => {
    const refused = attempt('bob', 5, 8, { writes: [write(1)], answer: { kind: 'overtaken', winner: undefined } })
    expect(kindsIn(history({ attempts: [first, refused] }))).toEqual(['overtaken, and written'])
  })

  it('T103: shows a change without its event', () => {
    expect(kindsIn(history({ told: [told(1, 'ada')] }))).toEqual(['a missing event'])
  })

  it('T103: shows an event that was delivered twice', () => {
    const twice = [told(1, 'ada'), told(2, 'bob'), told(3, 'bob')]
    expect(kindsIn(history({ told: twice }))).toEqual(['an event told twice'])
  })

  it('T103: shows an event without its change', () => {
    const eve = attempt('eve', 9, 10, { writes: [write(2)], answer: { kind: 'unknown' } })
    const bad = history({ attempts: [first, second, eve], told: [...history().told, told(3, 'eve')] })
    expect(kindsIn(bad)).toContain('an event of nothing')
    expect(kindsIn(history({ told: [...history().told, told(3, 'nobody')] }))).toContain('an event of nothing')
  })

  it('T103: shows events out of order', () => {
    const swapped = [told(1, 'bob'), told(2, 'ada')]
    expect(kindsIn(history({ told: swapped, followed: [] }))).toEqual(['told out of order'])
    const same = [told(1, 'ada'), told(1, 'bob')]
    expect(kindsIn(history({ told: same }))).toEqual(['told out of order'])
  })

  it('T103: shows an event that came late to a reader who was further on', () => {
    expect(kindsIn(history({ followed: [told(2, 'bob')] }))).toEqual(['told otherwise than before'])
  })
})
