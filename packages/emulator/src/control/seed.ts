import { adminAddUserToGroup } from '../operations/groups.ts'
import { adminLinkProviderForUser } from '../operations/links.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { DAY } from '../shared/clock.ts'
import { CognitoFault, invalidParameter } from '../shared/faults.ts'
import { Input } from '../shared/input.ts'
import { isRecord, type JsonRecord } from '../shared/json.ts'
import { SUBJECT } from '../state/link-index.ts'
import { nameNewUser } from '../state/new-user.ts'
import { checkPassword, hashPassword } from '../state/password.ts'
import type { Pool } from '../state/pool.ts'
import { stored } from '../state/spelling.ts'
import { User } from '../state/user.ts'
import type { ControlContext } from './context.ts'

export interface SeedUser {
  readonly username: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly password?: string
  /** @default 'CONFIRMED' */
  readonly status?: SeedStatus
  readonly links?: readonly { readonly providerName: string; readonly subject: string }[]
  /** Groups that the pool has. */
  readonly groups?: readonly string[]
}

export interface Seed {
  readonly userPoolId: string
  readonly users: readonly SeedUser[]
}

export interface SeedCounts {
  readonly users: number
  readonly links: number
  readonly groups: number
}

const STATUSES = ['CONFIRMED', 'UNCONFIRMED', 'RESET_REQUIRED', 'FORCE_CHANGE_PASSWORD'] as const
type SeedStatus = (typeof STATUSES)[number]

const FIELDS: readonly string[] = ['username', 'attributes', 'password', 'status', 'links', 'groups']

/** Adds all users or none, by the rules of the API. No trigger runs and no message is sent. */
export function seed(context: ControlContext, given: JsonRecord): SeedCounts {
  const input = new Input(given)
  const pool = context.account.pool(input.need('userPoolId'))
  const { users } = given
  if (!Array.isArray(users)) throw new TypeError('users must be a list.')
  const added: User[] = []
  try {
    for (const [index, row] of users.entries()) inRow(index, () => addRow(context, pool, row, added))
  } catch (error) {
    for (const user of added) withdraw(pool, user)
    throw error
  }
  return {
    users: added.length,
    links: added.reduce((sum, user) => sum + user.links.length, 0),
    groups: added.reduce((sum, user) => sum + user.groups.size, 0),
  }
}

/** Errors count rows from 1. */
function inRow(index: number, add: () => void): void {
  try {
    add()
  } catch (error) {
    if (!(error instanceof CognitoFault || error instanceof TypeError)) throw error
    throw new TypeError(`Row ${index + 1} of users: ${error.message.trim()} Nothing was added.`)
  }
}

/** `seed` never awaits, so no other request sees a row that is withdrawn. */
function withdraw(pool: Pool, user: User): void {
  for (const group of [...user.groups]) pool.groups.leave(user, group)
  pool.users.remove(user)
}

function addRow(context: ControlContext, pool: Pool, row: unknown, added: User[]): void {
  if (!isRecord(row)) throw new TypeError('It is not an object.')
  const unknown = Object.keys(row).find((name) => !FIELDS.includes(name))
  if (unknown !== undefined) throw new TypeError(`There is no field ${JSON.stringify(unknown)}.`)
  const input = new Input(row)
  const user = newUser(context, pool, input)
  pool.users.listed.isRemembering ||= quirksOf(context, pool).listUsersLagMs > 0
  pool.users.add(user, 'refuse')
  added.push(user)
  for (const link of input.parts('links') ?? []) addLink(context, pool, user, link)
  for (const group of input.list('groups') ?? []) join(context, pool, user, group)
}

function newUser(context: ControlContext, pool: Pool, input: Input): User {
  const given = new Map(Object.entries(input.texts('attributes') ?? {}))
  const { attributes, ...name } = nameNewUser(pool, input.needUsername('username'), given)
  pool.schema.checkNew(attributes)
  const missing = pool.schema.missing(attributes)
  if (missing.length > 0) throw invalidParameter(`The attributes lack ${missing.join(', ')}.`)
  const status = input.oneOf('status', STATUSES) ?? 'CONFIRMED'
  const user = new User({ ...name, attributes: stored(context, pool, attributes), status, now: context.clock() })
  givePassword(context, pool, user, input.text('password'))
  return user
}

function givePassword(context: ControlContext, pool: Pool, user: User, password: string | undefined): void {
  const isTemporary = user.status === 'FORCE_CHANGE_PASSWORD'
  if (password === undefined) {
    if (isTemporary) throw new TypeError('FORCE_CHANGE_PASSWORD needs a password to be changed.')
    return
  }
  const policy = pool.settings.passwordPolicy
  checkPassword(policy, password)
  user.password = hashPassword(pool.ownerOf(user), password)
  if (isTemporary) user.temporaryPasswordExpiresAt = context.clock() + policy.temporaryValidityDays * DAY
}

function addLink(context: ControlContext, pool: Pool, user: User, link: Input): void {
  const providerName = link.need('providerName')
  const subject = link.need('subject')
  if (pool.users.byOrigin({ providerName, subject })) {
    throw new TypeError('The identity to link has signed in already and has a profile of its own.')
  }
  const input = new Input({
    UserPoolId: pool.id,
    SourceUser: { ProviderName: providerName, ProviderAttributeName: SUBJECT, ProviderAttributeValue: subject },
    DestinationUser: { ProviderName: 'Cognito', ProviderAttributeValue: user.username },
  })
  adminLinkProviderForUser({ context, input })
}

function join(context: ControlContext, pool: Pool, user: User, GroupName: string): void {
  adminAddUserToGroup({ context, input: new Input({ UserPoolId: pool.id, Username: user.username, GroupName }) })
}
