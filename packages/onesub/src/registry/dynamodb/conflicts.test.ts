import { describe, expect, it } from 'vitest'
import type { Change } from '../../core/changes/change.ts'
import { freshEmail, reserving } from '../../testing/store-contract/sample-changes.ts'
import { toOnesubError } from './faults.ts'
import { openDynamoDbRegistry } from './index.ts'
import type { Operation, Transport } from './transport.ts'

const one = reserving(freshEmail(), 'ada')
const two: Change = { ...one, writes: [one.writes[0], ...reserving(freshEmail(), 'ada').writes] }
const someoneElse = reserving(freshEmail(), 'eve')

const NONE = { Code: 'None' }
const CONFLICT = { Code: 'TransactionConflict' }
const THROTTLED = { Code: 'ThrottlingError' }
const TOO_BIG = { Code: 'ItemCollectionSizeLimitExceeded' }
const own = { Code: 'ConditionalCheckFailed', Item: itemOf(two) }
const foreign = { Code: 'ConditionalCheckFailed', Item: itemOf(someoneElse) }

type Outcome =
  | 'committed'
  | 'replayed'
  | 'overtaken'
  | 'TRY_AGAIN'
  | 'REGISTRY_UNREACHABLE'
  | 'REGISTRY_NOT_READY'
  | 'CONFIG_INVALID'
type Case = [says: string, change: Change, refusals: readonly object[], outcome: Outcome, calls: number]

const cases: readonly Case[] = [
  ['a conflict passes', two, [cancelled(CONFLICT, NONE)], 'committed', 2],
  ['a throttled row passes', two, [cancelled(NONE, THROTTLED), cancelled(THROTTLED, NONE)], 'committed', 3],
  ['a throttled call passes', one, [fault('ThrottlingException')], 'committed', 2],
  ['a transaction at the same row passes', one, [fault('TransactionConflictException')], 'committed', 2],
  ['three conflicts are for the caller to repeat', two, Array(3).fill(cancelled(CONFLICT, CONFLICT)), 'TRY_AGAIN', 3],
  ["somebody else's row is final", two, [cancelled(foreign, NONE)], 'overtaken', 1],
  ["somebody else's row is final beside a conflict", two, [cancelled(CONFLICT, foreign)], 'overtaken', 1],
  ['a row that has gone is final', two, [cancelled({ Code: 'ConditionalCheckFailed' }, NONE)], 'overtaken', 1],
  ['own rows everywhere are an earlier success', two, [cancelled(own, own)], 'replayed', 1],
  ['own rows here and none there are no success', two, [cancelled(own, NONE)], 'overtaken', 1],
  [
    'a conflict beside an own row is looked at again',
    two,
    [cancelled(own, CONFLICT), cancelled(own, own)],
    'replayed',
    2,
  ],
  ['what cannot pass is not repeated', two, [cancelled(CONFLICT, TOO_BIG)], 'REGISTRY_UNREACHABLE', 1],
  ['T170: a refused permission is a mistake of the set-up', one, [fault('AccessDeniedException')], 'CONFIG_INVALID', 1],
  ['T170: a table that is gone is one', one, [fault('ResourceNotFoundException')], 'REGISTRY_NOT_READY', 1],
  ['T170: a table of another form is one', one, [fault('ValidationException')], 'REGISTRY_NOT_READY', 1],
  ['T170: also inside a transaction', two, [cancelled({ Code: 'ValidationError' }, NONE)], 'REGISTRY_NOT_READY', 1],
  ['T170: a store without transactions is one', two, [fault('UnknownOperationException')], 'CONFIG_INVALID', 1],
  [
    'T170: credentials that AWS does not know are one',
    one,
    [fault('UnrecognizedClientException')],
    'CONFIG_INVALID',
    1,
  ],
  ['T170: expired ones are one', one, [fault('ExpiredTokenException')], 'CONFIG_INVALID', 1],
  ['T170: none at all are one', one, [fault('CredentialsProviderError')], 'CONFIG_INVALID', 1],
  ['T170: a time-out is none', one, [fault('TimeoutError')], 'REGISTRY_UNREACHABLE', 1],
]

describe('T94: when DynamoDB refuses a write', () => {
  it.each(cases)('%s', async (_, change, refusals, outcome, calls) => {
    const { transport, called } = refusing(refusals)
    const registry = await open(transport)
    const result = await registry.commit(change).then(
      (answer) => (answer.outcome === 'committed' && answer.replayed ? 'replayed' : answer.outcome),
      (error: { code: string }) => error.code,
    )
    expect(result).toBe(outcome)
    expect(called).toHaveLength(calls)
  })

  it('waits for a random time that doubles, and never after the last try', async () => {
    const pauses: number[] = []
    const { transport } = refusing(Array(3).fill(fault('ThrottlingException')))
    const registry = await openDynamoDbRegistry({
      transport,
      table: 'registry',
      pepper: null,
      random: () => 0.5,
      wait: async (ms) => pauses.push(ms),
    })
    await expect(registry.commit(one)).rejects.toMatchObject({ code: 'TRY_AGAIN' })
    expect(pauses).toEqual([50, 100])
  })

  it('reads again what a batch left out', async () => {
    let batches = 0
    const registry = await open(async (operation) => {
      if (operation !== 'BatchGetItem') return {}
      batches += 1
      return batches === 1 ? { UnprocessedKeys: { registry: {} } } : { Responses: { registry: [itemOf(one)] } }
    })
    await registry.facts({ identity: undefined, identifiers: [freshEmail()] })
    expect(batches).toBeGreaterThanOrEqual(2)
  })

  it("keeps AWS's own words, which name the account and the table, out of the message", async () => {
    const { transport } = refusing([fault('AccessDeniedException')])
    const error = await (await open(transport)).commit(one).catch((reason: unknown) => reason)
    expect(String(error)).not.toContain('arn:aws')
    expect(String(error)).toContain('DynamoDB answers AccessDeniedException')
  })
})

function open(transport: Transport) {
  return openDynamoDbRegistry({
    transport,
    table: 'registry',
    pepper: null,
    random: () => 0,
    wait: async () => undefined,
  })
}

/** Gives the refusals one after the other, then takes everything. */
function refusing(refusals: readonly object[]) {
  const called: Operation[] = []
  const transport: Transport = async (operation, input) => {
    if (operation === 'GetItem' || isMark(input)) return {}
    const refusal = refusals[called.length]
    called.push(operation)
    if (refusal) throw refusal
    return {}
  }
  return { transport, called }
}

/** What an opening writes. */
function isMark(input: object): boolean {
  return JSON.stringify(input).includes('"META"')
}

function fault(name: string): object {
  return Object.assign(new Error('User: arn:aws:sts::123456789012:assumed-role/app is not authorized'), { name })
}

function cancelled(...CancellationReasons: readonly object[]): object {
  return Object.assign(fault('TransactionCanceledException'), { CancellationReasons })
}

function itemOf({ opId, person }: Change) {
  const numbers = { rank: { N: '0' }, epoch: { N: '1' }, revision: { N: '1' } }
  return { pk: { S: 'C#x' }, person: { S: person }, about: { S: person }, op_id: { S: opId }, ...numbers }
}

it('says nothing of what a fault of the network holds', () => {
  const fault = toOnesubError(new Error('connect ECONNREFUSED 10.0.0.7:443 for ada@example.com'))
  expect(fault).toMatchObject({ code: 'REGISTRY_UNREACHABLE', detail: undefined })
  expect(fault.message).not.toContain('10.0.0.7')
})
