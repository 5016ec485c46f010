import { describe, expect, it } from 'vitest'
import { OnesubError } from '../core/errors.ts'
import { admission, type MetadataStore, metadataIn, metadataText, NO_METADATA, openedWith, settle } from './metadata.ts'

const POOL = 'eu-west-1_Aaaaaaaaa'

describe('T168: the admission of a pool', () => {
  it('is asked for again where the store did not answer, and then no more', async () => {
    let asked = 0
    const admit = admission(
      async () => {
        asked += 1
        if (asked === 1) throw new OnesubError('REGISTRY_UNREACHABLE')
      },
      NO_METADATA,
      [],
    )
    await expect(admit(POOL)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    await admit(POOL)
    await admit(POOL)
    expect(asked).toBe(2)
  })
})

describe('T164: a mark that others write too', () => {
  const contested = (failures: number): MetadataStore & { reads(): number } => {
    let reads = 0
    return {
      reads: () => reads,
      read: async () => {
        reads += 1
        return { metadata: NO_METADATA, revision: reads }
      },
      write: async (_, over) => over > failures,
    }
  }

  it('is read again after each failed write', async () => {
    const store = contested(3)
    expect(await settle(store, openedWith(['a']))).toEqual({ peppers: ['a'], pools: [] })
    expect(store.reads()).toBe(4)
  })

  it('is left to the caller’s next try in the end', async () => {
    await expect(settle(contested(1_000), openedWith(['a']))).rejects.toMatchObject({ code: 'TRY_AGAIN', retry: true })
  })

  it('is read back as it was written; nothing is none', () => {
    const metadata = { peppers: ['a', 'b'], pools: [POOL] }
    expect(metadataIn(metadataText(metadata))).toEqual(metadata)
    for (const none of [undefined, null, '{}', '{"peppers":7}']) expect(metadataIn(none)).toEqual(NO_METADATA)
  })
})
