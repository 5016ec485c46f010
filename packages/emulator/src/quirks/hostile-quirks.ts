import type { QuirkSettings } from './quirks.ts'

/** The position that is hardest for the caller, of every switch. */
export const HOSTILE_QUIRKS = {
  // The sign-in that links gets tokens whose subject does not exist.
  linkInPreSignUp: 'phantomSub',
  linkInInboundFederation: 'no',
  duplicatePreSignUp: 'afterSuccess',
  triggerTimeout: 'threeAttempts',
  mergeAttempt: 'errorAndLink',
  // A link of another user is refused with the same error as a link of this user.
  linkedElsewhere: 'InvalidParameterException',
  // An unproven address becomes verified.
  verifiedFlagAlone: 'promotesPending',
  keepOriginalMessage: 'pending',
  // The welcome message runs the trigger of an invitation.
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
