import { type Human, type ProviderAccount, refresh, type TestEnvironment } from './flows.ts'
import { nameOf, type PoolUser } from './pool.ts'
import { Invocation } from './scheduler.ts'
import type { SimulatedPool } from './simulated-pool.ts'

/** On the account page, signed in by one sign-in method, the human adds another. */
export async function link(environment: TestEnvironment, human: Human, one: string, other: string): Promise<void> {
  const [accessToken, additionIdToken] = [human.tokens.get(one), human.tokens.get(other)]
  if (accessToken === undefined || additionIdToken === undefined) return
  environment.checker.changed(human.name)
  await onPage(environment, 'link', async (account) => {
    const offer = await account.offerLink({ accessToken, additionIdToken })
    if (offer === 'linked') return
    await account.acceptLink({ accessToken, proof: offer.proof, merges: offer.merges })
  })
}

export async function unlink(
  environment: TestEnvironment,
  human: Human,
  one: string,
  { provider, subject }: ProviderAccount,
): Promise<void> {
  const accessToken = human.tokens.get(one)
  if (accessToken === undefined) return
  environment.checker.changed(human.name)
  await onPage(environment, 'unlink', (account) => account.unlink({ accessToken, provider, subject }))
}

export async function startSeparatePerson(environment: TestEnvironment, human: Human, one: string): Promise<void> {
  const token = human.tokens.get(one)
  if (token === undefined) return
  environment.checker.changed(human.name)
  await onPage(environment, 'start separate person', (account) => account.startSeparatePerson(token))
}

async function onPage(
  { simulatedPool }: TestEnvironment,
  source: string,
  work: (account: ReturnType<SimulatedPool['accountFor']>) => Promise<unknown>,
): Promise<void> {
  const invocation = new Invocation(source)
  const worked = work(simulatedPool.accountFor(invocation)).catch(() => {})
  await Promise.race([worked, invocation.death])
}

/** Removes the user from Cognito, which sends no notice (there is no trigger for it). */
export async function deleteUser(
  { simulatedPool, checker, freed }: TestEnvironment,
  human: Human,
  user: PoolUser,
): Promise<void> {
  if (user.passwordOf !== human.name) return
  checker.gone(`the password of ${user.userName}`)
  // Who comes back may be somebody new (T166).
  checker.changed(human.name)
  simulatedPool.pool.users.delete(user.userName)
  freed.push(user.userName)
}

/** Writes another address onto the user; enters the code if the human gets it. No trigger of ours is called. */
export async function changeAddress(
  { simulatedPool, checker, ownerOf }: TestEnvironment,
  human: Human,
  user: PoolUser,
  address: string,
): Promise<void> {
  const { pool } = simulatedPool
  if (user.passwordOf !== human.name || user.status !== 'CONFIRMED') return
  if (pool.byAddress && pool.find(address)) return
  checker.moved(user.userName)
  // What another sign-in method has waited for may be free now.
  checker.mayBeSeveral(human.name)
  user.attributes.set('email', address)
  user.attributes.set('email_verified', String(ownerOf(address) === human.name))
}

/** UpdateUserAttributes on a provider's profile: what is stored there may be its user's own writing until the next sign-in (T154). */
export async function writesOwnProfile(
  environment: TestEnvironment,
  human: Human,
  account: ProviderAccount,
  attributes: object,
) {
  const name = nameOf(account)
  const profile = environment.simulatedPool.pool.users.get(name)
  if (profile?.own !== name || !human.tokens.has(name)) return
  // What a profile does not show any more is no reason to join it.
  environment.checker.mayBeSeveral(human.name)
  for (const [attribute, value] of Object.entries(attributes)) profile.attributes.set(attribute, String(value))
  await refresh(environment, human, name, profile)
}
