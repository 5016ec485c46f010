import type { Change } from '../../../core/changes/change.ts'
import { normaliseEmail } from '../../../core/identifiers/index.ts'
import { operationId } from '../../../core/operation.ts'
import { parsePersonId } from '../../../core/person.ts'
import { openSqliteRegistry } from '../registry.ts'

// Runs as a separate process: opens the file, reserves every address of its arguments, and prints each answer.

const [path = '', name = '', ...addresses] = process.argv.slice(2)
const registry = openSqliteRegistry({ path, pepper: process.env.ONESUB_TEST_PEPPER ?? null })
const seen: (readonly [outcome: string, person: string | undefined])[] = []
for (const address of addresses) {
  const result = await registry.commit(reservationOf(address))
  seen.push([result.outcome, result.outcome === 'committed' ? result.person : result.winner?.person])
}
registry.close()
console.log(JSON.stringify(seen))

function reservationOf(address: string): Change {
  const normalised = normaliseEmail(address)
  const person = parsePersonId(crypto.randomUUID())
  if (!normalised.ok || !person) throw new Error('This address makes no claim.')
  const opId = operationId({
    pool: 'race',
    source: 'PreSignUp_SignUp',
    userName: name,
    client: 'web',
    expectedRevisions: [0],
  })
  const ownership = { person, rank: 0, epoch: 1, holder: { pool: 'race', userName: name }, leaseUntil: null } as const
  const events = [{ type: 'identifier.reserved', person, version: 1, at: 5, detail: { identifier: 'email' } }] as const
  return {
    opId,
    person,
    writes: [{ row: 'ownership', identifier: normalised.identifier, expectedRevision: 0, ownership, events }],
  }
}
