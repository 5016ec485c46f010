import { randomUUID } from 'node:crypto'
import type { Change, Write } from '../../core/changes/change.ts'
import type { Person } from '../../core/person.ts'
import { equal, fails, matches } from './assertions.ts'
import type { Demand } from './description.ts'
import { freshEmail, freshIdentity, freshPerson, operation, reserving } from './sample-changes.ts'

const TOO_LARGE = { code: 'CHANGE_TOO_LARGE', retry: false } as const

/** Every store has the limits of DynamoDB, so that people can be moved from any store to any other. */
export const LIMIT_DEMANDS: readonly Demand[] = [
  {
    name: 'T172: a change of more than 100 rows is refused before it is written; one of 100 is not',
    async run({ open }) {
      const registry = await open()
      const person = freshPerson()
      const changeOf = (rows: number) => {
        const first = reserving(freshEmail(), `ada-${rows}`, { person })
        const others = Array.from({ length: rows - 1 }, () => reserving(freshEmail(), 'ada', { person }).writes[0])
        return { ...first, writes: [first.writes[0], ...others] as const }
      }
      const tooLong = changeOf(101)
      await fails(registry.commit(tooLong), TOO_LARGE)
      const asked = tooLong.writes.map(({ identifier }) => identifier).slice(0, 40)
      const { identifiers } = await registry.facts({ identity: undefined, identifiers: asked })
      equal(
        identifiers.filter(({ ownership }) => ownership !== undefined),
        [],
      )
      matches(await registry.commit(changeOf(100)), { outcome: 'committed' })
    },
  },
  {
    name: 'T172: a person near 400 KB is refused before it is written; a smaller one is read back whole',
    async run({ open }) {
      const registry = await open()
      const large = personOfBytes(412_000)
      await fails(registry.commit(creating(large)), TOO_LARGE)
      await fails(registry.commit(creating(personOfBytes(900_000))), TOO_LARGE)
      equal(await registry.person(large.id), undefined)
      for (const subject of ['x', 'ж', '"', '\u0000']) {
        const largest = personOfBytes(402_000, subject)
        matches(await registry.commit(creating(largest)), { outcome: 'committed' })
        equal((await registry.person(largest.id))?.identities, largest.identities)
      }
    },
  },
]

/** With identities whose JSON text has about as many bytes. */
function personOfBytes(bytes: number, letter = 'x'): Person {
  const subject = letter.repeat(Math.floor(10_000 / Buffer.byteLength(JSON.stringify(letter).slice(1, -1))))
  const identities = Array.from({ length: Math.floor(bytes / 10_130) }, (_, at) => ({
    ...freshIdentity(),
    subject: `${at}${subject}`,
  }))
  return { id: freshPerson(), identities, notBefore: 0, address: null, mergedInto: null, version: 0, revision: 0 }
}

function creating({ id, revision: expectedRevision, ...person }: Person): Change {
  const write: Write = { row: 'person', id, expectedRevision, person, events: [] }
  return { opId: operation(randomUUID(), [expectedRevision]), person: id, writes: [write] }
}
