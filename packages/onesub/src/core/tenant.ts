import type { Write } from './changes/change.ts'
import type { Identifier } from './identifiers/index.ts'
import type { Person } from './person.ts'
import type { Registry } from './ports.ts'

/**
 * The registry as one tenant sees it: the same persons and identities, and identifiers that are that tenant's own. So each road asks about an address
 * within the tenant, and none can forget to. Undefined for identifiers of the whole pool.
 */
export function registryWithin(registry: Registry, within: string | undefined): Registry {
  if (within === undefined) return registry
  const ownKey = (identifier: Identifier): Identifier => ({ ...identifier, within })
  const ownWrite = (write: Write): Write =>
    write.row === 'ownership' ? { ...write, identifier: ownKey(write.identifier) } : write
  return {
    facts: ({ identity, identifiers }) => registry.facts({ identity, identifiers: identifiers.map(ownKey) }),
    commit(change) {
      const [first, ...others] = change.writes
      return registry.commit({ ...change, writes: [ownWrite(first), ...others.map(ownWrite)] })
    },
    resolve: (identity) => registry.resolve(identity),
    person: (id) => registry.person(id),
    ...(registry.admit && { admit: (userPoolId) => registry.admit?.(userPoolId) ?? Promise.resolve() }),
  }
}

/** The registries in which a person may own something: one for each tenant of their users. */
export function registriesOf({ identities }: Person, registry: Registry): readonly Registry[] {
  return [...new Set(identities.map(({ within }) => within))].map((within) => registryWithin(registry, within))
}
