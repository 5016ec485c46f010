import { expect, it } from 'vitest'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { registriesOf, registryWithin } from './tenant.ts'
import { change, claimRow } from './testing/rows.ts'
import { emailKey, nativeIdentity, person, personId } from './testing/samples.ts'

const owners = async (registries: ReturnType<typeof registriesOf>) => {
  const facts = await Promise.all(
    registries.map((one) => one.facts({ identity: undefined, identifiers: [emailKey()] })),
  )
  return facts.map(({ identifiers }) => identifiers[0]?.ownership?.person)
}

it('T178: a person of several tenants is seen in each of them, once', async () => {
  const registry = createMemoryRegistry()
  for (const [last, within] of [
    [1, 'acme'],
    [2, 'globex'],
    [3, undefined],
  ] as const)
    await registryWithin(registry, within).commit(change(claimRow(personId(last))))
  const users = ['acme', 'globex', 'acme'].map((within, at) => ({ ...nativeIdentity(`sub-${at}`, `u-${at}`), within }))
  expect(await owners(registriesOf(person(1, users), registry))).toEqual([personId(1), personId(2)])
  expect(await owners(registriesOf(person(1, [nativeIdentity(), ...users]), registry))).toEqual([
    personId(3),
    personId(1),
    personId(2),
  ])
})
