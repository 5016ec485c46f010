import { expect, it } from 'vitest'
import { type TriggerName, triggerPermissions } from './permissions.ts'

const FEDERATION = [
  'AdminCreateUser',
  'AdminDeleteUser',
  'AdminDisableProviderForUser',
  'AdminGetUser',
  'AdminLinkProviderForUser',
  'AdminSetUserPassword',
  'AdminUserGlobalSignOut',
  'DescribeUserPool',
]

/** Each as long as it has to be, and no longer. */
it.each<[TriggerName, readonly string[]]>([
  ['PreSignUp', FEDERATION],
  ['PreSignUp without providers', ['AdminGetUser', 'DescribeUserPool']],
  [
    'PostConfirmation',
    ['AdminGetUser', 'AdminSetUserPassword', 'AdminUpdateUserAttributes', 'AdminUserGlobalSignOut', 'DescribeUserPool'],
  ],
  ['PostAuthentication', ['AdminGetUser', 'AdminUpdateUserAttributes']],
  ['InboundFederation', FEDERATION],
  ['PreTokenGeneration', ['AdminGetUser', 'AdminUpdateUserAttributes', 'DescribeUserPool']],
])('a function for %s has its permissions', (trigger, actions) => {
  expect(triggerPermissions(trigger)).toEqual(actions.map((action) => `cognito-idp:${action}`))
})

it('several triggers need the union', () => {
  expect(triggerPermissions('PostAuthentication', 'PreTokenGeneration')).toEqual(
    triggerPermissions('PreTokenGeneration'),
  )
})
