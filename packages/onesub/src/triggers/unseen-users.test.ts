import { expect, it } from 'vitest'
import type { ExistingAccountPolicy } from '../core/policy.ts'
import { signUp } from './testing/events.ts'
import { testPool } from './testing/pool.ts'

/** A user from before onesub has the address, and the registry does not know it yet. */
async function stranger(existingAccount: ExistingAccountPolicy, unseenUsers: 'look' | 'ignore' = 'look') {
  let looks = 0
  const hasAddress = async () => {
    looks += 1
    return true
  }
  const { handler } = testPool({ userPool: { hasAddress }, policy: { existingAccount, unseenUsers } })
  const answer = await handler(signUp('eve', 'ada@example.com')).then(
    () => 'let in',
    (error: unknown) => Object(error).code,
  )
  return { answer, looks }
}

it.each([
  ['refuse', 'IDENTIFIER_TAKEN'],
  ['link', 'IDENTIFIER_TAKEN'],
  ['ask', 'LINK_NEEDS_PROOF'],
] as const)('T167: an address that only Cognito knows is refused as any other: %s, %s', async (policy, code) => {
  expect(await stranger(policy)).toEqual({ answer: code, looks: 1 })
})

it('T78: under enumeration-safe it is not looked up, and tells nothing', async () => {
  expect(await stranger('enumeration-safe')).toEqual({ answer: 'let in', looks: 0 })
})

it('T167: is not looked up where the policy does not say so', async () => {
  expect(await stranger('link', 'ignore')).toEqual({ answer: 'let in', looks: 0 })
})
