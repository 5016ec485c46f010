import type { QuirkStore } from '../quirks/quirks.ts'
import type { Clock } from '../shared/clock.ts'
import { SECOND } from '../shared/clock.ts'
import { CognitoFault } from '../shared/faults.ts'

interface Quota {
  readonly perSecond: number
  readonly operations: readonly string[]
}

/** Developer Guide: quotas (default requests per second, all pools together). */
const QUOTAS: readonly Quota[] = [
  {
    perSecond: 120,
    operations: ['InitiateAuth', 'AdminInitiateAuth', 'RespondToAuthChallenge', 'GetTokensFromRefreshToken'],
  },
  { perSecond: 50, operations: ['SignUp', 'ConfirmSignUp', 'AdminCreateUser', 'AdminConfirmSignUp'] },
  {
    perSecond: 30,
    operations: [
      'ForgotPassword',
      'ConfirmForgotPassword',
      'ChangePassword',
      'AdminResetUserPassword',
      'AdminSetUserPassword',
    ],
  },
  { perSecond: 120, operations: ['AdminGetUser', 'GetUser'] },
  {
    perSecond: 25,
    operations: [
      'AdminUpdateUserAttributes',
      'AdminDeleteUser',
      'AdminDisableUser',
      'AdminEnableUser',
      'AdminLinkProviderForUser',
      'AdminDisableProviderForUser',
      'UpdateUserAttributes',
      'VerifyUserAttribute',
      'GlobalSignOut',
      'AdminUserGlobalSignOut',
      'AdminAddUserToGroup',
      'AdminRemoveUserFromGroup',
    ],
  },
  { perSecond: 30, operations: ['ListUsers', 'ListUsersInGroup'] },
  {
    perSecond: 50,
    operations: ['AdminListGroupsForUser', 'ResendConfirmationCode', 'GetUserAttributeVerificationCode'],
  },
  { perSecond: 25, operations: ['SetUserMFAPreference', 'AdminSetUserMFAPreference'] },
  { perSecond: 120, operations: ['RevokeToken'] },
]

interface Window {
  start: number
  count: number
}

export class Throttle {
  readonly #quirks: QuirkStore
  readonly #clock: Clock
  readonly #windows = new Map<Quota, Window>()

  constructor(quirks: QuirkStore, clock: Clock) {
    this.#quirks = quirks
    this.#clock = clock
  }

  admit(operation: string): void {
    if (this.#quirks.get().throttling === 'off') return
    const quota = QUOTAS.find(({ operations }) => operations.includes(operation))
    if (quota && this.#count(quota) > quota.perSecond) {
      throw new CognitoFault('TooManyRequestsException', 'Rate exceeded')
    }
  }

  #count(quota: Quota): number {
    const now = this.#clock()
    const window = this.#windows.get(quota)
    const current = window && now - window.start < SECOND ? window : { start: now, count: 0 }
    current.count += 1
    this.#windows.set(quota, current)
    return current.count
  }
}
