import { CreateGroupCommand, ListUsersInGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { openPool, PASSWORD, refusal } from '../testing/open-pool.ts'
import { signInWithGoogle } from '../testing/walk.ts'
import { useEmulator } from '../vitest.ts'

const cognito = useEmulator({
  personas: [{ id: 'ada', sub: '109934', email: 'ada@example.com', email_verified: true }],
})

async function withStaff() {
  const pool = await openPool(cognito(), { google: { email: 'email' } })
  await pool.sdk.send(new CreateGroupCommand({ UserPoolId: pool.UserPoolId, GroupName: 'staff' }))
  return pool
}

const ada = {
  username: 'ada',
  attributes: { email: 'ada@example.com', email_verified: 'true' },
  password: PASSWORD,
  links: [{ providerName: 'Google', subject: '109934' }],
  groups: ['staff'],
}

const post = (body: unknown) =>
  fetch(`${cognito().endpoint}/_onesub/seed`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('seeding', () => {
  it('adds people who can sign in at once, with their links and groups', async () => {
    const pool = await withStaff()
    const users = [ada, { username: 'bea' }]
    expect(cognito().seed({ userPoolId: pool.UserPoolId, users })).toEqual({ users: 2, links: 1, groups: 1 })
    expect(await refusal(pool.signIn('ada'))).toBe('no refusal')
    expect(await pool.user('bea')).toMatchObject({ status: 'CONFIRMED' })
    expect(await signInWithGoogle(pool, 'ada')).toHaveProperty('id_token')
    expect(cognito().users(pool.UserPoolId)).toHaveLength(2)
  })

  it('keeps the status that is asked for: a temporary password must be changed', async () => {
    const pool = await withStaff()
    const row = { username: 'ada', password: PASSWORD, status: 'FORCE_CHANGE_PASSWORD' }
    const answer = await post({ userPoolId: pool.UserPoolId, users: [row] })
    expect(await answer.json()).toEqual({ added: { users: 1, links: 0, groups: 0 } })
    expect((await pool.signIn('ada')).ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
  })

  const bad: [says: string, row: unknown][] = [
    ['a username that is taken', { username: 'ada' }],
    ['a weak password', { username: 'bea', password: 'weak' }],
    ['an attribute the pool does not know', { username: 'bea', attributes: { 'custom:none': '1' } }],
    ['an unknown status', { username: 'bea', status: 'EXTERNAL_PROVIDER' }],
    ['a misspelt field', { username: 'bea', pasword: PASSWORD }],
    ['an unknown group', { username: 'bea', groups: ['none'] }],
    ['an unknown provider', { username: 'bea', links: [{ providerName: 'None', subject: '1' }] }],
    ['an identity that is linked already', { username: 'bea', links: ada.links }],
    ['a temporary password that is missing', { username: 'bea', status: 'FORCE_CHANGE_PASSWORD' }],
    ['no object', 'bea'],
    ['no username', {}],
  ]
  it.each(bad)('adds nobody when a row has %s, and names the row', async (_, row) => {
    const { sdk, UserPoolId } = await withStaff()
    const before = cognito().snapshot()
    const answer = await post({ userPoolId: UserPoolId, users: [ada, row] })
    const text = await answer.text()
    expect([answer.status, text]).toEqual([400, expect.stringContaining('Row 2 of users: ')])
    expect(text).not.toContain(PASSWORD)
    expect(cognito().snapshot()).toEqual(before)
    const members = await sdk.send(new ListUsersInGroupCommand({ UserPoolId, GroupName: 'staff' }))
    expect(members.Users).toEqual([])
    expect(cognito().seed({ userPoolId: UserPoolId, users: [ada] })).toEqual({ users: 1, links: 1, groups: 1 })
  })

  it('into an unknown pool, or without a list, is refused', async () => {
    const { UserPoolId } = await withStaff()
    expect((await post({ userPoolId: 'us-east-1_none', users: [] })).status).toBe(404)
    expect((await post({ userPoolId: UserPoolId })).status).toBe(400)
  })
})
