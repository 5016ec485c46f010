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
  // The address that nobody has proven becomes the proven one.
  verifiedFlagAlone: 'promotesPending',
  keepOriginalMessage: 'pending',
  // A message that looks like an invitation and is none.
  migrationWelcome: 'asInvitation',
  rotationAuthTime: 'moves',
  cookieAuthTime: 'moves',
  globalSignOutCookie: 'survives',
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
