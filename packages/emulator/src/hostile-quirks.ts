import type { QuirkSettings } from './quirks.ts'

/** Wherever sources disagree, the position that is hardest on a caller: what survives this survives Cognito. */
export const HOSTILE_QUIRKS = {
  // Tokens whose subject never exists, for the sign-in that links.
  linkInPreSignUp: 'phantomSub',
  linkInInboundFederation: 'no',
  duplicatePreSignUp: 'afterSuccess',
  triggerTimeout: 'threeAttempts',
  mergeAttempt: 'errorAndLink',
  // Somebody else's identity is refused in the words of one's own.
  linkedElsewhere: 'InvalidParameterException',
  federatedUsernameCase: 'lowercased',
  linkedIdentityLookup: 'caseSensitive',
  emailCasing: 'shownLowercase',
  listUsersEmailFilter: 'alwaysExact',
  listUsersLagMs: 500,
  unmappedEmailVerified: 'setFalse',
  immutableMappedEqualValue: 'error',
  externalAutoFlags: 'ignoreBoth',
  postConfirmationWhenLinked: 'fired',
  preStagedLinkFirstSignIn: 'asFirstWithoutPreSignUp',
  providerGroup: 'alsoLinked',
  inboundFederationKeys: 'idpNamesOnly',
} as const satisfies QuirkSettings
