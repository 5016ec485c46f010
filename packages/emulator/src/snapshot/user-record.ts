import { HASHES } from '../state/import-job.ts'
import { parseImportedHash } from '../state/imported-hash.ts'
import type { Pool } from '../state/pool.ts'
import {
  CODE_PURPOSES,
  type Link,
  MFA_FACTORS,
  type MfaChoices,
  type SentCode,
  USER_STATUSES,
  User,
} from '../state/user.ts'
import { base64, dictionary, flag, list, number, oneOf, optional, record, type Shape, text } from './shape.ts'

const LINK: Shape<Link> = record({
  providerName: text,
  providerType: text,
  attributeName: text,
  attributeValue: text,
  dateCreated: number,
  wasUsed: flag,
})

const MFA: Shape<MfaChoices> = record({
  sms: flag,
  email: flag,
  softwareToken: flag,
  preferred: optional(oneOf(...MFA_FACTORS)),
  secret: optional(record({ base32: text, isProven: flag })),
  lastStep: number,
})

const CODE: Shape<SentCode> = record({
  code: text,
  expiresAt: number,
  attribute: text,
  destination: optional(text),
})

export const USER = record({
  username: text,
  sub: text,
  attributes: dictionary(text),
  status: oneOf(...USER_STATUSES),
  enabled: flag,
  createdAt: number,
  modifiedAt: number,
  origin: optional(record({ providerName: text, subject: text, providerType: text })),
  password: optional(record({ salt: base64, hash: base64 })),
  importedPassword: optional(record({ algorithm: oneOf(...HASHES), text })),
  temporaryPasswordExpiresAt: optional(number),
  canUsePassword: flag,
  mfa: MFA,
  links: list(LINK),
  groups: list(text),
  codes: list(record({ purpose: oneOf(...CODE_PURPOSES), sent: CODE })),
  pending: dictionary(text),
  /** The username of the destination of a refused merge. */
  actsFor: optional(text),
})

export type UserRecord = NonNullable<(typeof USER)['type']>

export function recordOfUser(pool: Pool, user: User): UserRecord {
  const { username, sub, status, enabled, createdAt, modifiedAt, origin, canUsePassword, mfa, links } = user
  return {
    ...{ username, sub, status, enabled, createdAt, modifiedAt, origin, canUsePassword, mfa, links },
    attributes: Object.fromEntries(user.attributes),
    password: user.password && {
      salt: user.password.salt.toString('base64'),
      hash: user.password.hash.toString('base64'),
    },
    importedPassword: user.importedPassword?.source,
    temporaryPasswordExpiresAt: user.temporaryPasswordExpiresAt,
    groups: [...user.groups],
    codes: [...user.codes].map(([purpose, sent]) => ({ purpose, sent })),
    pending: Object.fromEntries(user.pending),
    actsFor: pool.users.actingFor(user)?.username,
  }
}

/** Links, groups and whom the user acts for need the others in the pool: `connectUser` does those. */
export function userOf(given: UserRecord): User {
  const { username, sub, status, createdAt, origin, password, importedPassword } = given
  const user = new User({
    ...{ username, sub, status, origin, now: createdAt },
    attributes: new Map(Object.entries(given.attributes)),
    password: password && { salt: Buffer.from(password.salt, 'base64'), hash: Buffer.from(password.hash, 'base64') },
  })
  user.modifiedAt = given.modifiedAt
  user.enabled = given.enabled
  user.canUsePassword = given.canUsePassword
  user.temporaryPasswordExpiresAt = given.temporaryPasswordExpiresAt
  user.importedPassword = importedPassword && parseImportedHash(importedPassword.algorithm, importedPassword.text)
  Object.assign(user.mfa, given.mfa)
  for (const { purpose, sent } of given.codes) user.codes.set(purpose, sent)
  for (const [name, value] of Object.entries(given.pending)) user.pending.set(name, value)
  return user
}

export function connectUser(pool: Pool, user: User, { links, groups, actsFor }: UserRecord): void {
  for (const link of links) {
    if (pool.users.links.find(link.providerName, link.attributeName, link.attributeValue)) {
      throw new TypeError('The snapshot links one identity twice.')
    }
    pool.users.links.add(user, link)
  }
  for (const group of groups) {
    if (!pool.groups.get(group)) throw new TypeError('The snapshot puts a user into a group that it does not have.')
    pool.groups.join(user, group)
  }
  const destination = actsFor === undefined ? undefined : pool.users.byUsername(actsFor)
  if (destination) pool.users.letActFor(user, destination)
}
