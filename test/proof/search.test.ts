import { expect, it } from 'vitest'
import { explore } from '../../proof/search/explore.ts'
import { scenarioOf } from '../../proof/search/scenarios.ts'
import type { Lease } from '../../proof/sim/leases.ts'

const twoProviders = (lease: Lease, crashes: number) =>
  scenarioOf({
    flows: ['Google', 'Okta'],
    crashes,
    kinds: ['dies before', 'dies after'],
    leaps: 1,
    federatedSignUp: 'profile-only',
    lease,
  })

it('T89: a reservation that is deleted at the end of its lease makes two persons of one', async () => {
  const { violations } = await explore(twoProviders('deleted', 2), { untilFound: true })
  expect([...violations.keys()]).toEqual(['I5: ada proved one address and is 2 persons'])
})

it('T89: nor is it enough to delete it once no function can be alive', async () => {
  const { violations } = await explore(twoProviders('deleted once nobody is alive', 2), { untilFound: true })
  expect([...violations.keys()]).toEqual(['I5: ada proved one address and is 2 persons'])
})

it('T89, T85, T88: a reservation that keeps its person passes every schedule of two providers with a lease that ends at any time', async () => {
  const { violations, states } = await explore(twoProviders('kept', 0))
  expect(violations).toEqual(new Map())
  expect(states).toBeGreaterThan(500)
})

it('the search tries every combination of answers once', async () => {
  const tried: string[] = []
  await explore(async (chooser) => {
    const answers = [chooser.pick(2), chooser.pick(3), chooser.oneIn(7) ? 1 : 0]
    tried.push(answers.join(''))
    return { violations: [], trace: [] }
  })
  expect(tried.toSorted()).toEqual(['000', '001', '010', '011', '020', '021', '100', '101', '110', '111', '120', '121'])
})
