import type { Write } from '../../packages/onesub/src/core/changes/change.ts'
import type { Identifier } from '../../packages/onesub/src/core/identifiers/index.ts'
import type { Identity, PersonId } from '../../packages/onesub/src/core/person.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'

/** Identifies a row, whether it exists or not. A write has these fields too. */
export type RowPlace =
  | { readonly row: 'ownership'; readonly identifier: Identifier }
  | { readonly row: 'identity'; readonly identity: Identity }
  | { readonly row: 'person'; readonly id: PersonId }

/** 0 where there is no row. */
export async function revisionOf(registry: Registry, place: RowPlace | Write): Promise<number> {
  if (place.row === 'person') return (await registry.person(place.id))?.revision ?? 0
  if (place.row === 'identity')
    return (await registry.facts({ identity: place.identity, identifiers: [] })).identityRevision
  const { identifiers } = await registry.facts({ identity: undefined, identifiers: [place.identifier] })
  return identifiers[0]?.ownership?.revision ?? 0
}
