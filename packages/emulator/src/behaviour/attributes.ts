import type { BehaviourEntries } from './behaviour.ts'

export const ATTRIBUTES = {
  'attribute-01': {
    says: 'An attribute that is not in the schema is refused.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'attribute-02': {
    says: 'An immutable custom attribute is set at creation and never again.',
    source: 'API reference: SchemaAttributeType',
  },
  'attribute-03': {
    says: 'A value has at most 2,048 characters.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'attribute-04': {
    says: 'An e-mail address must look like one.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'attribute-05': {
    says: 'A phone number starts with + and holds digits only.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'attribute-06': {
    says: 'A birthdate has ten characters.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'attribute-07': {
    says: 'An empty value deletes the attribute.',
    source: 'API reference: AdminUpdateUserAttributes',
  },
  'attribute-08': {
    says: 'A changed address is unverified at once, and a code goes to the new one.',
    source: 'Developer Guide: user-pool-settings-email-phone-verification',
  },
  'attribute-09': {
    says: 'With AttributesRequireVerificationBeforeUpdate the old address stays until the new one is proven.',
    source: 'API reference: UserAttributeUpdateSettingsType',
  },
  'attribute-10': {
    says: 'An administrator can set an address as verified, and no code is sent.',
    source: 'API reference: AdminUpdateUserAttributes',
  },
  'attribute-11': { says: 'sub cannot be written.', source: 'Developer Guide: user-pool-settings-attributes' },
  'attribute-12': {
    says: 'A code asked for explicitly verifies the address it was asked for.',
    source: 'API reference: GetUserAttributeVerificationCode; API reference: VerifyUserAttribute',
  },
  'attribute-13': {
    says: 'No code can be asked for an address the user does not have.',
    source: 'API reference: GetUserAttributeVerificationCode (InvalidParameterException)',
  },
  'attribute-14': {
    says: 'Number and Boolean attributes accept only such values.',
    source: 'API reference: SchemaAttributeType',
  },
  'attribute-15': {
    says: 'Length and value limits of the schema are enforced.',
    source: 'API reference: StringAttributeConstraintsType; API reference: NumberAttributeConstraintsType',
  },
  'attribute-16': {
    says: 'A user cannot change what the client may not write.',
    source: 'API reference: CreateUserPoolClient (WriteAttributes)',
  },
  'attribute-17': {
    says: 'A wrong verification code ends with CodeMismatchException and verifies nothing.',
    source: 'API reference: VerifyUserAttribute',
  },
  'attribute-18': {
    says: 'New custom attributes must be added to a client’s list by hand.',
    source: 'API reference: CreateUserPoolClient (WriteAttributes)',
  },
  'attribute-19': {
    says: 'A change moves UserLastModifiedDate and leaves UserCreateDate.',
    source: 'API reference: UserType',
  },
  'attribute-20': {
    says: 'An address attribute is known by every pool as the standard attributes of OpenID Connect.',
    source: 'OpenID Connect Core 1.0, section 5.1; Developer Guide: user-pool-settings-attributes',
  },
  'attribute-21': {
    says: 'Whether email_verified alone verifies the value that waits for its code is a switch.',
    source: 'API reference: AdminUpdateUserAttributes; API reference: UserAttributeUpdateSettingsType',
    quirk: 'verifiedFlagAlone',
  },
  'attribute-23': {
    says: 'True counts as true in email_verified, whoever writes it.',
    source: 'API reference: AdminCreateUser; Developer Guide: cognito-user-pools-using-import-tool',
  },
  'attribute-22': {
    says: 'A code applies the address it was sent to, even if the attribute was put back since.',
    source: 'aws-amplify/amplify-js#987',
  },
} as const satisfies BehaviourEntries

export const LISTING = {
  'list-01': { says: 'A filter with = matches exactly.', source: 'Developer Guide: how-to-manage-user-accounts' },
  'list-02': { says: 'A filter with ^= matches a beginning.', source: 'Developer Guide: how-to-manage-user-accounts' },
  'list-03': {
    says: 'A filter names one attribute; two are a parsing error.',
    source: 'Developer Guide: how-to-manage-user-accounts',
  },
  'list-04': {
    says: 'Custom attributes cannot be searched.',
    source: 'Developer Guide: how-to-manage-user-accounts',
  },
  'list-05': {
    says: 'Quotes in the value must be escaped by a backslash; unescaped ones never widen the search.',
    source: 'API reference: ListUsers',
  },
  'list-06': { says: 'status is Enabled or Disabled.', source: 'Developer Guide: how-to-manage-user-accounts' },
  'list-07': {
    says: 'cognito:user_status is searched without regard to case.',
    source: 'API reference: ListUsers',
  },
  'list-08': { says: 'sub can be searched.', source: 'API reference: ListUsers' },
  'list-09': { says: 'A page has at most 60 users.', source: 'API reference: ListUsers' },
  'list-10': {
    says: 'The pagination token leads through all users, each once.',
    source: 'API reference: ListUsers',
  },
  'list-11': { says: 'A pagination token is good for an hour.', source: 'API reference: ListUsers' },
  'list-12': { says: 'AttributesToGet limits what is shown.', source: 'API reference: ListUsers' },
  'list-13': {
    says: 'ListUsers is eventually consistent; the lag is a switch.',
    source: 'API reference: ListUsers',
    quirk: 'listUsersLagMs',
  },
  'list-14': {
    says: 'Whether an address filter heeds case follows the pool, unless switched.',
    source: 'Developer Guide: how-to-manage-user-accounts; ministackorg/ministack#1465',
    quirk: 'listUsersEmailFilter',
  },
  'list-15': { says: 'An empty filter lists everybody.', source: 'API reference: ListUsers' },
  'list-16': {
    says: 'email_verified cannot be searched.',
    source: 'Developer Guide: how-to-manage-user-accounts',
  },
} as const satisfies BehaviourEntries
