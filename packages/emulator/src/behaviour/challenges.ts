import type { BehaviourEntries } from './behaviour.ts'

const MFA = 'Developer Guide: user-pool-settings-mfa'
const TOTP = 'Developer Guide: user-pool-settings-mfa-totp'
const CHOICE = 'Developer Guide: authentication-flows-selection-sdk'
const CUSTOM = 'Developer Guide: user-pool-lambda-challenge'

export const SRP = {
  'srp-01': {
    says: 'A proof by SRP gives tokens where the password in the clear is refused.',
    source: 'API reference: InitiateAuth (USER_SRP_AUTH); RFC 5054',
  },
  'srp-02': {
    says: 'A wrong password ends like any other, with “Incorrect username or password.”',
    source: 'API reference: RespondToAuthChallenge (NotAuthorizedException)',
  },
  'srp-03': {
    says: 'USER_ID_FOR_SRP is the real username, whatever name was typed.',
    source: 'API reference: InitiateAuth (ChallengeParameters)',
  },
  'srp-04': {
    says: 'A public value that would give the key away is refused.',
    source: 'RFC 5054, section 2.5.4',
  },
  'srp-05': {
    says: 'A client has to allow the flow.',
    source: 'API reference: CreateUserPoolClient (ExplicitAuthFlows)',
  },
  'srp-06': {
    says: 'A session takes one proof only.',
    source: 'API reference: RespondToAuthChallenge (Session)',
  },
} as const satisfies BehaviourEntries

export const SECOND_FACTORS = {
  'mfa-01': { says: 'With an authenticator app the tokens wait for its code.', source: TOTP },
  'mfa-02': {
    says: 'A wrong code ends with CodeMismatchException, one that was used with ExpiredCodeException.',
    source: `${TOTP}; RFC 6238, section 5.2`,
  },
  'mfa-03': {
    says: 'An app counts only after its first code was shown.',
    source: 'API reference: VerifySoftwareToken; API reference: SetUserMFAPreference',
  },
  'mfa-04': {
    says: 'Where the pool demands a second factor, a user without one is asked to set one up.',
    source: 'API reference: RespondToAuthChallenge (MFA_SETUP)',
  },
  'mfa-05': {
    says: 'An SMS code goes to the phone, shown masked, and is good once.',
    source: 'Developer Guide: user-pool-settings-mfa-sms-email-message',
  },
  'mfa-06': {
    says: 'An e-mail code goes to the verified address, which is factor enough.',
    source: 'Developer Guide: user-pool-settings-mfa-sms-email-message',
  },
  'mfa-07': {
    says: 'Who has several factors and prefers none chooses by SELECT_MFA_TYPE.',
    source: 'API reference: RespondToAuthChallenge (SELECT_MFA_TYPE)',
  },
  'mfa-08': {
    says: 'E-mail codes need the Essentials plan.',
    source: `${MFA}; API reference: SetUserPoolMfaConfig`,
  },
} as const satisfies BehaviourEntries

export const CHOICE_SIGN_IN = {
  'choice-01': { says: 'USER_AUTH offers what the pool allows and the user has.', source: CHOICE },
  'choice-02': { says: 'A code from the inbox signs in without any password.', source: CHOICE },
  'choice-03': { says: 'A preferred challenge is gone to directly.', source: CHOICE },
  'choice-04': { says: 'A preference the user does not have leads to the choice.', source: CHOICE },
  'choice-05': { says: 'A challenge that was not offered cannot be chosen.', source: CHOICE },
  'choice-06': {
    says: 'The flow belongs to the Essentials plan.',
    source: 'Developer Guide: cognito-sign-in-feature-plans; API reference: InitiateAuth',
  },
  'choice-07': {
    says: 'Where a code can stand in for the password, a user can sign up without one, and nowhere else.',
    source: 'API reference: SignUp; API reference: SignInPolicyType',
  },
  'choice-08': {
    says: 'The session of ConfirmSignUp signs in by USER_AUTH without a second code, once.',
    source: 'API reference: ConfirmSignUp; API reference: InitiateAuth (Session)',
  },
  'choice-09': {
    says: 'A sign-in by code runs PreAuthentication, the message, and PostAuthentication once the code is right.',
    source: 'Developer Guide: cognito-user-pools-working-with-lambda-triggers',
  },
  'choice-10': {
    says: 'A code is only offered for an address that is verified.',
    source: CHOICE,
  },
} as const satisfies BehaviourEntries

export const CUSTOM_CHALLENGES = {
  'custom-01': {
    says: 'Three triggers define, create and verify a challenge; a right answer gives tokens.',
    source: CUSTOM,
  },
  'custom-02': {
    says: 'The private part of a challenge stays with the triggers.',
    source: 'Developer Guide: user-pool-lambda-create-auth-challenge',
  },
  'custom-03': {
    says: 'DefineAuthChallenge sees every earlier step with its result.',
    source: 'Developer Guide: user-pool-lambda-define-auth-challenge',
  },
  'custom-04': {
    says: 'failAuthentication ends with “Incorrect username or password.”',
    source: 'Developer Guide: user-pool-lambda-define-auth-challenge',
  },
  'custom-05': {
    says: 'Where the client hides who exists, the triggers hear userNotFound and a stranger gets no tokens.',
    source:
      'Developer Guide: user-pool-lambda-define-auth-challenge; Developer Guide: cognito-user-pool-managing-errors',
  },
  'custom-06': { says: 'Without the defining trigger the flow is refused.', source: 'API reference: InitiateAuth' },
} as const satisfies BehaviourEntries
