import { OnesubError } from './errors.ts'
import type { Person, PersonId } from './person.ts'

/**
 * Whom a person is now, after merges: they are followed to their end. Nothing of ours writes a circle: in one there is no person to decide about,
 * and `TRY_AGAIN` is thrown. `read`: a registry's `person`.
 */
export async function survivorOf(
  person: Person | undefined,
  read: (id: PersonId) => Promise<Person | undefined>,
): Promise<Person | undefined> {
  const merged = new Set<PersonId>()
  let survivor = person
  while (survivor?.mergedInto) {
    if (merged.has(survivor.id)) throw new OnesubError('TRY_AGAIN', { detail: 'persons are merged in a circle' })
    merged.add(survivor.id)
    survivor = await read(survivor.mergedInto)
  }
  return survivor
}
