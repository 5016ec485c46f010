import { describe, expect, it } from 'vitest'
import { emailKey, nativeIdentity, personId } from '../../core/testing/samples.ts'
import { openDynamoDbRegistry } from './index.ts'
import type { Operation, Operations, Transport } from './transport.ts'

const PEPPER = 'a pepper of sixteen characters or more'

/** A table in which nothing stands. `partly`: how many batches come back in part before one is whole. */
async function emptyTable(partly = 0) {
  const asked: { operation: Operation; input: object }[] = []
  let left = partly
  const transport: Transport = async <Op extends Operation>(operation: Op, input: Operations[Op]['input']) => {
    asked.push({ operation, input })
    if (operation === 'BatchGetItem' && left > 0) {
      left -= 1
      return { Responses: {}, UnprocessedKeys: { people: {} } }
    }
    return {}
  }
  const registry = await openDynamoDbRegistry({
    transport,
    table: 'people',
    pepper: PEPPER,
    wait: async () => {},
  })
  asked.length = 0
  return { registry, asked }
}

const query = { identity: nativeIdentity(), identifiers: [emailKey()] }

describe('a read of DynamoDB', () => {
  it('T96: is never behind: each asks for what is there now', async () => {
    const { registry, asked } = await emptyTable()
    await registry.facts(query)
    await registry.resolve(nativeIdentity())
    await registry.person(personId(1))
    expect(asked.map(({ operation }) => operation)).toEqual(['BatchGetItem', 'GetItem', 'GetItem'])
    for (const { input } of asked) {
      const [part] = 'RequestItems' in input ? Object.values(Object(input.RequestItems)) : [input]
      expect(part).toMatchObject({ ConsistentRead: true })
    }
  })

  it('of several rows that comes back in part is made again, and is no answer in the end', async () => {
    const once = await emptyTable(1)
    await once.registry.facts(query)
    expect(once.asked).toHaveLength(2)
    const always = await emptyTable(100)
    await expect(always.registry.facts(query)).rejects.toMatchObject({ code: 'TRY_AGAIN' })
  })
})
