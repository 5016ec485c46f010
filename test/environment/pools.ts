import type { PoolSettings } from './test-pool.ts'

/** What users sign in by, which cannot be changed on a live pool. */
export const POOLS: readonly (readonly [name: string, settings: PoolSettings])[] = [
  ['user names', {}],
  ['case-insensitive user names', { UsernameConfiguration: { CaseSensitive: false } }],
  ['e-mail as alias', { AliasAttributes: ['email'] }],
  ['e-mail as user name', { UsernameAttributes: ['email'] }],
]

/** A pool that keeps a user's address until the code for the new one has come back. */
export const KEEPS: PoolSettings = {
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
}
