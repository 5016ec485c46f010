import type { BehaviourEntries } from './behaviour.ts'

export const ALIASES = {
  'alias-01': {
    says: 'With an alias attribute, SignUp accepts an address that another user already holds.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'alias-02': {
    says: 'Confirming a second user with the same address ends with AliasExistsException.',
    source: 'Developer Guide: cognito-user-pool-managing-errors',
  },
  'alias-03': {
    says: 'ForceAliasCreation at ConfirmSignUp moves the alias and marks the former holder’s address unverified.',
    source: 'API reference: ConfirmSignUp',
  },
  'alias-04': {
    says: 'A confirmation refused for a taken alias leaves the user UNCONFIRMED and the code alive.',
    source: 'API reference: ConfirmSignUp',
  },
  'alias-05': {
    says: 'An alias that is not verified signs nobody in: it looks like a missing user.',
    source: 'amazon-archives/amazon-cognito-identity-js#410',
  },
  'alias-06': {
    says: 'A verified alias signs in like the username.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'alias-07': {
    says: 'autoVerifyEmail takes the alias from its holder without any error, and un-verifies the holder.',
    source: 'Developer Guide: user-pool-lambda-pre-sign-up',
  },
  'alias-08': {
    says: 'AdminUpdateUserAttributes with email_verified=true takes the alias from its holder without any error.',
    source: 'boto/boto3#3213',
  },
  'alias-09': {
    says: 'Where email is an alias, a username must not look like an e-mail address.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'alias-10': {
    says: 'Where phone_number is an alias, a username must not look like a phone number.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'alias-11': {
    says: 'A changed address stops signing in at once, and the new one signs in once it is verified.',
    source: 'Developer Guide: user-pool-settings-email-phone-verification',
  },
  'alias-12': {
    says: 'The alias preferred_username cannot be set before the user is confirmed.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'alias-13': {
    says: 'preferred_username signs in as soon as it is set, without verification.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'alias-14': {
    says: 'AdminCreateUser with a verified address that somebody holds is refused; sources differ about the error.',
    source: 'boto/boto3#3213; API reference: AdminCreateUser',
    quirk: 'adminCreateTakenAlias',
  },
  'alias-15': {
    says: 'ForceAliasCreation at AdminCreateUser moves the alias to the new user.',
    source: 'API reference: AdminCreateUser',
  },
  'alias-16': {
    says: 'VerifyUserAttribute of an address that somebody else has verified ends with AliasExistsException.',
    source: 'API reference: VerifyUserAttribute',
  },
} as const satisfies BehaviourEntries

export const ADDRESS_AS_USERNAME = {
  'address-01': {
    says: 'With username attributes the username becomes a UUID equal to sub.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'address-02': {
    says: 'The address given as Username is copied into the attribute.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'address-03': {
    says: 'A Username that is no e-mail address is refused with “Username should be an email.”',
    source: 'jagregory/cognito-local#102',
  },
  'address-04': {
    says: 'With both kinds allowed the refusal says “either an email or a phone number.”',
    source: 'jagregory/cognito-local#102',
  },
  'address-05': {
    says: 'An email attribute that differs from the Username is refused.',
    source: 'jagregory/cognito-local#102',
  },
  'address-06': {
    says: 'The address is taken from SignUp on, even while it is neither confirmed nor verified.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'address-07': {
    says: 'The address signs in without being verified.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'address-08': {
    says: 'The address works as Username in admin operations, and the answer names the UUID.',
    source: 'Developer Guide: user-pool-settings-attributes; jagregory/cognito-local#102',
  },
  'address-09': {
    says: 'ListUsers does not find the address by the filter username, only by email.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'address-10': {
    says: 'A changed address becomes the new sign-in name and the old one is free again.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'address-11': {
    says: 'Changing to an address that somebody has ends with AliasExistsException.',
    source: 'aws/aws-sdk-net#4387',
  },
  'address-12': {
    says: 'A native and a federated profile can have one and the same address.',
    source: 'aws-amplify/amplify-js#3899',
  },
  'address-13': {
    says: 'PreSignUp already sees the UUID as userName.',
    source: 'localstack/localstack#2964; aws-amplify/docs#4147',
  },
  'address-14': {
    says: 'With phone_number as username attribute the phone number is the sign-in name.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
} as const satisfies BehaviourEntries

export const CASE_RULES = {
  'case-01': {
    says: 'A pool made by the API is case-sensitive unless told otherwise: Ada and ada are two users.',
    source: 'Developer Guide: user-pool-case-sensitivity',
  },
  'case-02': {
    says: 'In an insensitive pool a username that differs in case alone is taken.',
    source: 'Developer Guide: user-pool-case-sensitivity',
  },
  'case-03': {
    says: 'In an insensitive pool with e-mail sign-in, a@x.com is refused after A@X.com.',
    source: 'API reference: UsernameConfigurationType',
  },
  'case-04': {
    says: 'In an insensitive pool every spelling of the name signs in.',
    source: 'Developer Guide: user-pool-case-sensitivity',
  },
  'case-05': {
    says: 'In a sensitive pool another spelling is a user who does not exist.',
    source: 'aws-amplify/amplify-js#3949',
  },
  'case-06': {
    says: 'An insensitive pool shows usernames and addresses lowercased, in answers and in tokens.',
    source: 'Developer Guide: user-pool-case-sensitivity',
  },
  'case-07': {
    says: 'Addresses are shown lowercased whether or not they are stored so.',
    source: 'Developer Guide: user-pool-case-sensitivity',
    quirk: 'emailCasing',
  },
  'case-08': {
    says: 'In an insensitive pool an alias is taken in every spelling.',
    source: 'API reference: UsernameConfigurationType',
  },
  'case-09': {
    says: 'Other attributes keep their case.',
    source: 'API reference: UsernameConfigurationType',
  },
  'case-10': {
    says: 'An insensitive pool lowercases the whole username of a federated profile.',
    source: 'Developer Guide: cognito-user-pools-specifying-attribute-mapping',
    quirk: 'federatedUsernameCase',
  },
  'case-11': {
    says: 'Subjects of identity providers keep their case in every pool.',
    source: 'Developer Guide: user-pool-case-sensitivity',
  },
  'case-12': {
    says: 'The case rule is described only when it was given, and cannot be changed later.',
    source: 'API reference: CreateUserPool; aws-amplify/amplify-cli#4227',
  },
} as const satisfies BehaviourEntries
