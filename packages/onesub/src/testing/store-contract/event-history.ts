import type { DomainEvent } from '../../core/events.ts'
import type { PersonId } from '../../core/person.ts'
import type { StoredEvent } from '../../core/ports.ts'
import { existing } from './assertions.ts'
import type { EmptyStore, TestedRegistry } from './description.ts'

/** All events so far: by the way that the description names, else page by page from the registry. */
export async function eventsOf(store: EmptyStore): Promise<readonly DomainEvent[]> {
  if (store.events) return store.events()
  return (await pagesOf(await store.open(), 1_000)).map(({ event }) => event)
}

/** Everything after a position, read in pages of this size until one is empty. */
export async function pagesOf(registry: TestedRegistry, size: number, after = 0): Promise<readonly StoredEvent[]> {
  const read = existing(registry.told?.bind(registry), 'method "told", and no "events" in the description')
  const all: StoredEvent[] = []
  for (let page = await read(after, size); page.length > 0; page = await read(all.at(-1)?.position, size))
    all.push(...page)
  return all
}

export function about(events: readonly DomainEvent[], ...persons: readonly PersonId[]): readonly DomainEvent[] {
  return events.filter(({ person }) => persons.includes(person))
}
