import type { BehaviourEntries } from './behaviour.ts'

const AUTHORIZE = 'Developer Guide: authorization-endpoint'
const LOGOUT = 'Developer Guide: logout-endpoint'

export const HOSTED = {
  'hosted-01': {
    says: 'Within the hour the cookie of a sign-in lets authorize pass without a question.',
    source: AUTHORIZE,
  },
  'hosted-02': {
    says: 'prompt=none passes by the cookie, and after its hour ends with login_required.',
    source: AUTHORIZE,
  },
  'hosted-03': { says: 'prompt=login asks in spite of the cookie.', source: AUTHORIZE },
  'hosted-04': {
    says: 'The cookie does not let in who was disabled meanwhile.',
    source: 'API reference: AdminDisableUser',
  },
  'hosted-05': { says: 'logout ends the session of the browser.', source: LOGOUT },
  'hosted-06': {
    says: 'logout takes a registered URL to the letter: nothing longer, shorter or spelt otherwise.',
    source: LOGOUT,
  },
  'hosted-07': {
    says: 'The implicit flow answers in the fragment and gives no refresh token.',
    source: `${AUTHORIZE}; RFC 6749, section 4.2.2`,
  },
  'hosted-08': {
    says: 'max_age asks again, in spite of the cookie, when the last sign-in by hand is older.',
    source: `${AUTHORIZE}; OpenID Connect Core 1.0, section 3.1.2.1`,
  },
  'hosted-09': {
    says: 'On the plan LITE nobody reads max_age.',
    source: `${AUTHORIZE}; Developer Guide: cognito-sign-in-feature-plans`,
  },
  'hosted-10': {
    says: 'Whether a sign-in that the cookie answers moves auth_time is a switch.',
    source: `${AUTHORIZE}; OpenID Connect Core 1.0, section 2`,
    quirk: 'cookieAuthTime',
  },
  'hosted-11': {
    says: 'The cookie survives signing out everywhere, unless switched.',
    source: 'API reference: AdminUserGlobalSignOut; API reference: GlobalSignOut',
    quirk: 'globalSignOutCookie',
  },
  'hosted-12': {
    says: 'prompt is passed on to an OpenID provider.',
    source: AUTHORIZE,
  },
  'hosted-13': {
    says: 'prompt=select_account and prompt=consent do not ask a local user again.',
    source: AUTHORIZE,
  },
  'hosted-14': {
    says: 'prompt is read by managed login only: not by the classic hosted UI, which is a switch, and not on the plan LITE.',
    source: `${AUTHORIZE}; Developer Guide: cognito-user-pools-managed-login`,
    quirk: 'promptParameter',
  },
} as const satisfies BehaviourEntries

export const HTTPS = {
  'https-01': {
    says: 'Over TLS discovery names endpoints over TLS, and the issuer stays the same.',
    source: 'OpenID Connect Discovery 1.0, section 4.3',
  },
  'https-02': { says: 'Only who trusts the emulator’s own authority can connect.', source: 'RFC 5280, section 6' },
  'https-03': { says: 'A foreign Host is refused over TLS too.', source: 'CVE-2025-66414' },
} as const satisfies BehaviourEntries
