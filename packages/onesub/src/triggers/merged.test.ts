import { describe, expect, it } from 'vitest'
import type { Change } from '../core/changes/change.ts'
import { COGNITO, type KnownIdentity, type PersonId } from '../core/person.ts'
import { change, claimRow, identityRow, personRow, personRows } from '../core/testing/rows.ts'
import { POOL, person, personId } from '../core/testing/samples.ts'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { googleArrives, subOf, triggerEvent } from './testing/events.ts'
import { testPool } from './testing/pool.ts'

const [SURVIVOR, MERGED] = [personId(1), personId(2)]
const user = (userName: string): KnownIdentity => ({
  pool: POOL,
  provider: COGNITO,
  subject: subOf(userName),
  userName,
  native: true,
})

/** A merge that left behind an address and a user of the merged person: rows that name a tombstone. */
async function merged() {
  const registry = createMemoryRegistry()
  const survivor = { ...person(1, [user('ada')]), address: 'ada@example.com' }
  await registry.commit(change(personRow(survivor), ...personRows(survivor).slice(1)))
  await registry.commit(
    change(personRow(person(2, []), { mergedInto: SURVIVOR }), claimRow(MERGED), identityRow(user('left'), MERGED)),
  )
  return registry
}

const googleIs = { pool: POOL, provider: 'Google', subject: '1180' }
const resolved = (registry: ReturnType<typeof createMemoryRegistry>) => registry.resolve(googleIs)

describe('what a merged person left', () => {
  it('an address is the survivor’s: who proves it at a provider joins the survivor', async () => {
    const registry = await merged()
    const { handler, links } = testPool({ registry })
    await handler(googleArrives())
    expect(await resolved(registry)).toBe(SURVIVOR)
    expect(links).toMatchObject([{ primaryUser: { userName: 'ada' } }])
  })

  it('also where the decision is overtaken, and made again', async () => {
    const registry = await merged()
    let overtakes = true
    const commit = async (wanted: Change) => {
      if (!overtakes) return registry.commit(wanted)
      overtakes = false
      // The survivor is written by somebody else in between.
      const now = await registry.person(SURVIVOR)
      if (!now) throw new Error('no survivor')
      const { id, revision, ...rest } = now
      await registry.commit(change({ row: 'person', id, expectedRevision: revision, person: rest, events: [] }))
      return registry.commit(wanted)
    }
    const { handler, reports } = testPool({ registry: { ...registry, commit } })
    await handler(googleArrives())
    expect(reports.at(-1)).toMatchObject({ outcome: 'link-identity' })
    expect(await resolved(registry)).toBe(SURVIVOR)
  })

  it('a user’s tokens name the survivor', async () => {
    const { handler } = testPool({ registry: await merged() })
    const event = triggerEvent({
      source: 'TokenGeneration_Authentication',
      userName: 'left',
      attributes: { sub: subOf('left'), 'cognito:user_status': 'CONFIRMED' },
    })
    const { response } = await handler(event)
    const named: PersonId = SURVIVOR
    expect(response).toMatchObject({ claimsOverrideDetails: { claimsToAddOrOverride: { person_id: named } } })
  })
})
