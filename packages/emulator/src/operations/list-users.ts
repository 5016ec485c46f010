import { quirksOf } from '../quirks/quirks.ts'
import { HOUR } from '../shared/clock.ts'
import { invalidParameter } from '../shared/faults.ts'
import { constraint } from '../shared/input.ts'
import { isRecord } from '../shared/json.ts'
import type { ListedUser } from '../state/listed-users.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import { matches, parseUserFilter, type UserFilter } from '../state/user-filter.ts'
import type { OperationsContext } from './context.ts'
import { type Operation, poolOf } from './operation.ts'
import { listedUser } from './user-view.ts'

const MOST_PER_PAGE = 60

/** Shows the pool as it was some time ago (quirk listUsersLagMs). No other operation lags. */
export const listUsers: Operation = (call) => {
  const { context, input } = call
  const pool = poolOf(call)
  const filter = parseUserFilter(input.text('Filter'))
  const limit = limitIn(input.number('Limit'))
  const wanted = input.list('AttributesToGet')
  pool.users.listed.isRemembering = quirksOf(context, pool).listUsersLagMs > 0
  const start = startIn(input.text('PaginationToken'), context.clock())
  const found = firstOf(listed(context, pool, filter, start), limit + 1)
  const page = found.slice(0, limit)
  const next = found[limit]
  return {
    Users: page.map((user) => listedUser(pool, user, wanted)),
    ...(next && { PaginationToken: tokenFor(pool.users.listed.placeOf(next.user), context.clock()) }),
  }
}

// 0 means the default, as an absent limit does (API reference: ListUsers).
function limitIn(given = 0): number {
  if (given < 0 || given > MOST_PER_PAGE) throw constraint('Limit', `Member must be between 0 and ${MOST_PER_PAGE}`)
  return given || MOST_PER_PAGE
}

function* listed(
  context: OperationsContext,
  pool: Pool,
  filter: UserFilter | undefined,
  start: number,
): Iterable<ListedUser> {
  const moment = context.clock() - quirksOf(context, pool).listUsersLagMs
  for (const user of candidates(context, pool, filter, start)) {
    const state = pool.users.listed.asOf(user, moment)
    if (state && (!filter || isMatch(context, pool, filter, state))) yield state
  }
}

/** An exact search uses an index, except while the listing lags: old states are not indexed. */
function candidates(
  context: OperationsContext,
  pool: Pool,
  filter: UserFilter | undefined,
  start: number,
): Iterable<User> {
  const { users } = pool
  const isIndexed = filter?.operator === '=' && quirksOf(context, pool).listUsersLagMs === 0
  if (!filter || !isIndexed) return users.listed.from(start)
  const found = indexed(pool, filter)
  if (!found) return users.listed.from(start)
  const later = [...found].filter((user) => users.listed.placeOf(user) >= start)
  return later.sort((left, right) => users.listed.placeOf(left) - users.listed.placeOf(right))
}

function indexed({ users }: Pool, { attribute, value }: UserFilter): Iterable<User> | undefined {
  if (attribute === 'username') return [users.byUsername(value)].filter((user) => user !== undefined)
  if (attribute === 'sub') return [users.bySub(value)].filter((user) => user !== undefined)
  return users.isSearched(attribute) ? users.having(attribute, value) : undefined
}

function isMatch(context: OperationsContext, pool: Pool, filter: UserFilter, { user, ...state }: ListedUser): boolean {
  switch (filter.attribute) {
    case 'username':
      return matches(filter, user.username, !pool.configuration.isCaseSensitive)
    case 'sub':
      return matches(filter, user.sub, false)
    case 'status':
      return matches(filter, state.enabled ? 'Enabled' : 'Disabled', false)
    case 'cognito:user_status':
      return matches(filter, state.status, true)
    default:
      return matches(filter, state.attributes.get(filter.attribute), folds(context, pool))
  }
}

function folds(context: OperationsContext, pool: Pool): boolean {
  const rule = quirksOf(context, pool).listUsersEmailFilter
  return rule === 'asPool' ? !pool.configuration.isCaseSensitive : rule === 'alwaysFold'
}

function firstOf<T>(items: Iterable<T>, count: number): readonly T[] {
  const first: T[] = []
  for (const item of items) {
    first.push(item)
    if (first.length === count) break
  }
  return first
}

const tokenFor = (clientInPool: number, now: number) =>
  Buffer.from(JSON.stringify({ clientInPool, now })).toString('base64url')

/** Tokens are valid for an hour (API reference: ListUsers). */
function startIn(token: string | undefined, now: number): number {
  if (token === undefined) return 0
  const parsed = parsedToken(token)
  if (!parsed || now - parsed.now > HOUR) throw invalidParameter('Invalid pagination token given.')
  return parsed.clientInPool
}

function parsedToken(token: string): { clientInPool: number; now: number } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (isRecord(value) && typeof value.clientInPool === 'number' && typeof value.now === 'number') {
      return { clientInPool: value.clientInPool, now: value.now }
    }
  } catch {
    return undefined
  }
  return undefined
}
