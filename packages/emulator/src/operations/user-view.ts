import { epochSeconds } from '../shared/clock.ts'
import type { JsonRecord } from '../shared/json.ts'
import { identitiesText } from '../state/identities.ts'
import type { ListedUser } from '../state/listed-users.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import { describeMfa } from './mfa-settings.ts'

export function attributePairs(pool: Pool, user: User, attributes = user.attributes) {
  const identities = identitiesText(user)
  const all = [['sub', user.sub], ...pool.shown(attributes), ...(identities ? [['identities', identities]] : [])]
  return all.map(([Name, Value]) => ({ Name, Value }))
}

function dates(createdAt: number, modifiedAt: number): JsonRecord {
  return { UserCreateDate: epochSeconds(createdAt), UserLastModifiedDate: epochSeconds(modifiedAt) }
}

/** AdminGetUser says `UserAttributes` … */
export function describeUser(pool: Pool, user: User): JsonRecord {
  return {
    Username: user.username,
    UserAttributes: attributePairs(pool, user),
    ...dates(user.createdAt, user.modifiedAt),
    Enabled: user.enabled,
    UserStatus: user.status,
    ...describeMfa(user),
  }
}

/** … and ListUsers and AdminCreateUser say `Attributes` (API reference: UserType). */
export function listedUser(pool: Pool, listed: ListedUser, wanted?: readonly string[]): JsonRecord {
  const { user, attributes, modifiedAt, enabled, status } = listed
  const pairs = attributePairs(pool, user, attributes)
  return {
    Username: user.username,
    Attributes: wanted ? pairs.filter((pair) => pair.Name !== undefined && wanted.includes(pair.Name)) : pairs,
    ...dates(user.createdAt, modifiedAt),
    Enabled: enabled,
    UserStatus: status,
  }
}
