import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { confirmedUser, openPool, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

async function poolWithAda(given: Parameters<typeof openPool>[1] = {}) {
  const pool = await openPool(emulator, given)
  await confirmedUser(pool, 'ada', { email: 'ada@example.com' })
  const { sdk, UserPoolId } = pool
  return {
    ...pool,
    create: (GroupName: string, more = {}) => sdk.send(new CreateGroupCommand({ UserPoolId, GroupName, ...more })),
    join: (GroupName: string, Username = 'ada') =>
      sdk.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username })),
    members: async (GroupName: string) =>
      (await sdk.send(new ListUsersInGroupCommand({ UserPoolId, GroupName }))).Users?.map((user) => user.Username),
  }
}

describe('groups (Developer Guide: cognito-user-pools-user-groups)', () => {
  it('can be made, changed, listed page by page and deleted', async () => {
    const { create, sdk, UserPoolId } = await poolWithAda()
    await create('readers', { Description: 'They read', Precedence: 3 })
    expect(await refusal(create('readers'))).toContain('GroupExistsException')
    await sdk.send(new UpdateGroupCommand({ UserPoolId, GroupName: 'readers', Precedence: 1 }))
    const { Group } = await sdk.send(new GetGroupCommand({ UserPoolId, GroupName: 'readers' }))
    expect(Group).toMatchObject({ GroupName: 'readers', Description: 'They read', Precedence: 1 })
    await create('writers')
    const page = await sdk.send(new ListGroupsCommand({ UserPoolId, Limit: 1 }))
    const rest = await sdk.send(new ListGroupsCommand({ UserPoolId, Limit: 1, NextToken: page.NextToken }))
    expect([...(page.Groups ?? []), ...(rest.Groups ?? [])].map((group) => group.GroupName)).toEqual([
      'readers',
      'writers',
    ])
    await sdk.send(new DeleteGroupCommand({ UserPoolId, GroupName: 'readers' }))
    expect(await refusal(sdk.send(new GetGroupCommand({ UserPoolId, GroupName: 'readers' })))).toContain(
      'ResourceNotFoundException',
    )
  })

  it('show their members, and nobody who left, was deleted, or whose group is gone', async () => {
    const pool = await poolWithAda()
    const { create, join, members, sdk, UserPoolId } = pool
    await confirmedUser(pool, 'bob', { email: 'bob@example.com' })
    await create('readers')
    expect(await refusal(join('writers'))).toContain('ResourceNotFoundException')
    await join('readers')
    await join('readers', 'bob')
    expect(await members('readers')).toEqual(['ada', 'bob'])
    const left = { UserPoolId, GroupName: 'readers', Username: 'ada' }
    await sdk.send(new AdminRemoveUserFromGroupCommand(left))
    await sdk.send(new AdminDeleteUserCommand({ UserPoolId, Username: 'bob' }))
    expect(await members('readers')).toEqual([])
    await join('readers')
    await sdk.send(new DeleteGroupCommand({ UserPoolId, GroupName: 'readers' }))
    const { Groups } = await sdk.send(new AdminListGroupsForUserCommand({ UserPoolId, Username: 'ada' }))
    expect(Groups).toEqual([])
  })

  it('stand in both tokens; the roles stand in the ID token, the preferred one by precedence', async () => {
    const { create, join, signIn } = await poolWithAda()
    const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`
    await create('readers', { Precedence: 2, RoleArn: role('read') })
    await create('writers', { Precedence: 1, RoleArn: role('write') })
    await join('readers')
    await join('writers')
    const { AuthenticationResult: tokens } = await signIn('ada')
    const groups = { 'cognito:groups': ['readers', 'writers'] }
    expect(decodeJwt(tokens?.IdToken ?? '')).toMatchObject({
      ...groups,
      'cognito:roles': [role('read'), role('write')],
      'cognito:preferred_role': role('write'),
    })
    expect(decodeJwt(tokens?.AccessToken ?? '')).toMatchObject(groups)
    expect(decodeJwt(tokens?.AccessToken ?? '')).not.toHaveProperty('cognito:roles')
  })
})
