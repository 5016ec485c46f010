import { expect, it } from 'vitest'
import { COGNITO } from '../core/person.ts'
import type { Registry } from '../core/ports.ts'
import { POOL } from '../core/testing/samples.ts'
import { EMPTY_USER_POOL } from '../core/testing/user-pool.ts'
import { memoryRegistry } from '../registry/memory.ts'
import { accountOf } from './account.ts'

const NOW = Date.UTC(2026, 0, 1)

/** A token of these tests is what it says. */
const signedInBy = (provider: string) =>
  JSON.stringify({
    sub: `sub-of-${provider}`,
    'cognito:username': `${provider}_1`,
    identities: [{ providerName: provider, userId: '1', primary: true }],
    auth_time: NOW / 1_000,
  })
const verify = async (token: string) => {
  const claims: Record<string, unknown> = JSON.parse(token)
  return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
}
const accountOver = (registry: Registry) =>
  accountOf({
    verifyAccess: verify,
    verifyId: verify,
    registry,
    userPool: EMPTY_USER_POOL,
    secret: 'a secret of thirty-two characters or more',
    clock: () => NOW,
  })

it('a way in that becomes somebody’s while the link is made is left to her', async () => {
  const registry = memoryRegistry()
  const account = accountOver(registry)
  const [google, okta] = [signedInBy('Google'), signedInBy('Okta')]
  const ada = await account.beginAnew(google)
  const offer = await account.offerLink({ accessToken: google, additionIdToken: okta })
  if (offer === 'linked') throw new Error('linked already')

  let other: ReturnType<typeof account.beginAnew> | undefined
  const meanwhile: Registry = {
    ...registry,
    async facts(query) {
      const facts = await registry.facts(query)
      other ??= account.beginAnew(okta)
      await other
      return facts
    },
  }
  const accepted = accountOver(meanwhile).acceptLink({ accessToken: google, proof: offer.proof })
  await expect(accepted).rejects.toMatchObject({ code: 'LINK_PROOF_INVALID' })
  const person = await registry.resolve({ pool: POOL, provider: 'Okta', subject: '1' })
  expect(person).toBe((await other)?.person)
  expect(person).not.toBe(ada.person)
})

it('tells an account with a user of its own from one without: whether there is a password to sign in by', async () => {
  const registry = memoryRegistry()
  const account = accountOver(registry)
  const google = signedInBy('Google')
  const bare = JSON.stringify({ sub: 'sub-of-ada', 'cognito:username': 'ada', auth_time: NOW / 1_000 })
  await account.beginAnew(google)
  await account.beginAnew(bare)
  expect(await account.waysIn(google)).toMatchObject({ password: 'none' })
  expect(await account.waysIn(bare)).toMatchObject({ password: 'set' })
})

it('what she shows is hers already: there is nothing to offer', async () => {
  const account = accountOver(memoryRegistry())
  const google = signedInBy('Google')
  await account.beginAnew(google)
  expect(await account.offerLink({ accessToken: google, additionIdToken: google })).toBe('linked')
})

it('T10: a token that does not say when she signed in proves nothing fresh', async () => {
  const account = accountOver(memoryRegistry())
  const google = signedInBy('Google')
  await account.beginAnew(google)
  const { auth_time: _, ...timeless } = JSON.parse(google)
  const offered = account.offerLink({ accessToken: google, additionIdToken: JSON.stringify(timeless) })
  await expect(offered).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
})
