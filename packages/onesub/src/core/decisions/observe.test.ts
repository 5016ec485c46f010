import { describe, expect, it } from 'vitest'
import { person, personId, proven } from '../testing/samples.ts'
import type { Decision } from './decision.ts'
import { inMode } from './observe.ts'

const apart = { kind: 'create-person', person: 'new', acquisitions: [] }
const begins: Decision = { kind: 'create-person', person: personId(2), acquisitions: [] }
const returns: Decision = { kind: 'existing-person', person: person(), recovered: false, proves: [] }
const refused: Decision = { kind: 'refused', code: 'IDENTIFIER_TAKEN' }
const joins: Decision = { kind: 'link-identity', person: person(), because: proven(), acquisitions: [] }
const waits: Decision = { kind: 'pending', wants: personId(1), since: 'now' }
const stillWaits: Decision = { ...waits, since: 'still' }

describe.each(['observe', 'dry-run'] as const)('%s', (mode) => {
  it.each([
    ['lets begin who begins', begins, { decision: begins, would: undefined }],
    ['lets return who returns', returns, { decision: returns, would: undefined }],
    ['refuses nobody, and says who would be', refused, { decision: apart, would: 'IDENTIFIER_TAKEN' }],
    ['joins nobody, and says who would be', joins, { decision: apart, would: 'link-identity', about: personId(1) }],
    ['keeps nobody waiting, and says who would be', waits, { decision: apart, would: 'pending', about: personId(1) }],
    ['lets wait on who waits already', stillWaits, { decision: stillWaits, would: 'pending', about: personId(1) }],
  ])('%s', (_, decision, then) => expect(inMode(mode, decision)).toEqual(then))
})

describe('enforce', () => {
  it.each([begins, returns, refused, joins, waits])('lets every decision stand: $kind', (decision) => {
    expect(inMode('enforce', decision)).toEqual({ decision, would: undefined })
  })
})
