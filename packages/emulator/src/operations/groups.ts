import { epochSeconds } from '../shared/clock.ts'
import { CognitoFault, resourceNotFound } from '../shared/faults.ts'
import { constraint, type Input } from '../shared/input.ts'
import { type JsonRecord, present } from '../shared/json.ts'
import type { Group, GroupSettings } from '../state/group.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import { type Call, NOTHING, type Operation, poolOf, userOf } from './operation.ts'
import { pageOf } from './paging.ts'
import { listedUser } from './user-view.ts'

// Developer Guide: quotas.
const MOST_GROUPS = 10_000
const MOST_PER_USER = 100

export const createGroup: Operation = (call) => {
  const pool = poolOf(call)
  const name = call.input.needUsername('GroupName')
  if (pool.groups.get(name)) throw new CognitoFault('GroupExistsException', 'A group with the name already exists.')
  if (pool.groups.all.length >= MOST_GROUPS) throw tooMany(`A user pool has at most ${MOST_GROUPS} groups.`)
  const now = call.context.clock()
  const group = { ...settingsIn(call.input), name, createdAt: now, modifiedAt: now }
  pool.groups.set(group)
  return { Group: describe(pool, group) }
}

export const getGroup: Operation = (call) => ({ Group: describe(poolOf(call), groupOf(call)) })

/** What the call leaves out stays (API reference: UpdateGroup). */
export const updateGroup: Operation = (call) => {
  const pool = poolOf(call)
  const given = Object.fromEntries(Object.entries(settingsIn(call.input)).filter(([, value]) => value !== undefined))
  const group = { ...groupOf(call), ...given, modifiedAt: call.context.clock() }
  pool.groups.set(group)
  return { Group: describe(pool, group) }
}

export const deleteGroup: Operation = (call) => {
  poolOf(call).groups.delete(groupOf(call).name)
  return NOTHING
}

export const listGroups: Operation = (call) => {
  const pool = poolOf(call)
  return listed(pool, call.input, pool.groups.all)
}

export const adminListGroupsForUser: Operation = (call) => {
  const { pool, user } = userOf(call)
  return listed(pool, call.input, pool.groups.of(user))
}

export const adminAddUserToGroup: Operation = (call) => {
  const { pool, user } = userOf(call)
  const { name } = groupOf(call)
  const isNew = !user.groups.has(name)
  if (isNew && user.groups.size >= MOST_PER_USER) throw tooMany(`A user is in at most ${MOST_PER_USER} groups.`)
  pool.groups.join(user, name)
  return NOTHING
}

export const adminRemoveUserFromGroup: Operation = (call) => {
  const { pool, user } = userOf(call)
  pool.groups.leave(user, groupOf(call).name)
  return NOTHING
}

export const listUsersInGroup: Operation = (call) => {
  const pool = poolOf(call)
  const members = pool.groups.membersOf(groupOf(call).name)
  const { items, next } = pageOf(members, call.input.number('Limit'), call.input.text('NextToken'))
  return { Users: items.map((user) => describeMember(pool, user)), ...(next && { NextToken: next }) }
}

function describeMember(pool: Pool, user: User): JsonRecord {
  const { attributes, enabled, status, modifiedAt } = user
  return listedUser(pool, { user, attributes, enabled, status, modifiedAt })
}

const tooMany = (message: string) => new CognitoFault('LimitExceededException', message)

function groupOf(call: Call): Group {
  const group = poolOf(call).groups.get(call.input.needUsername('GroupName'))
  if (!group) throw resourceNotFound('Group not found.')
  return group
}

function settingsIn(input: Input): GroupSettings {
  const precedence = input.number('Precedence')
  if (precedence !== undefined && precedence < 0) {
    throw constraint('Precedence', 'Member must have value greater than or equal to 0')
  }
  return { description: input.text('Description'), roleArn: input.text('RoleArn'), precedence }
}

function listed(pool: Pool, input: Input, groups: readonly Group[]): JsonRecord {
  const { items, next } = pageOf(groups, input.number('Limit'), input.text('NextToken'))
  return { Groups: items.map((group) => describe(pool, group)), ...(next && { NextToken: next }) }
}

function describe(pool: Pool, group: Group): JsonRecord {
  return present({
    GroupName: group.name,
    UserPoolId: pool.id,
    Description: group.description,
    RoleArn: group.roleArn,
    Precedence: group.precedence,
    CreationDate: epochSeconds(group.createdAt),
    LastModifiedDate: epochSeconds(group.modifiedAt),
  })
}
