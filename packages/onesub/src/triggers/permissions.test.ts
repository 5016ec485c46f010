import { expect, it } from 'vitest'
import { triggerPermissions } from './permissions.ts'

it('gives each trigger its own permissions, and several the union', () => {
  expect(triggerPermissions('PostAuthentication')).toEqual(['cognito-idp:AdminUpdateUserAttributes'])
  expect(triggerPermissions('PreTokenGeneration')).toEqual([
    'cognito-idp:AdminGetUser',
    'cognito-idp:AdminUpdateUserAttributes',
    'cognito-idp:DescribeUserPool',
  ])
  expect(triggerPermissions('PostAuthentication', 'PreTokenGeneration')).toEqual(
    triggerPermissions('PreTokenGeneration'),
  )
})

it('lets no function set a password or delete a user that has no need to', () => {
  for (const trigger of ['PreTokenGeneration', 'PostAuthentication', 'PreSignUp without providers'] as const)
    expect(triggerPermissions(trigger)).not.toContain('cognito-idp:AdminSetUserPassword')
  expect(triggerPermissions('PostConfirmation')).not.toContain('cognito-idp:AdminDeleteUser')
})
