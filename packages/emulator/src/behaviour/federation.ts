import type { BehaviourEntries } from './behaviour.ts'

const MAPPING = 'Developer Guide: cognito-user-pools-specifying-attribute-mapping'
const CONSOLIDATE = 'Developer Guide: cognito-user-pools-identity-federation-consolidate-users'
const TRIGGER_TABLE = 'Developer Guide: cognito-user-pools-working-with-lambda-triggers'

export const FEDERATION = {
  'federated-01': { says: 'A federated profile is named after provider and subject.', source: MAPPING },
  'federated-02': { says: 'Its status is EXTERNAL_PROVIDER.', source: 'API reference: UserType' },
  'federated-03': {
    says: 'Its own identity stands in identities as primary.',
    source: `${CONSOLIDATE}; Developer Guide: amazon-cognito-user-pools-using-the-id-token`,
  },
  'federated-04': {
    says: 'Federated users are in a group of their provider; whether linked ones are is a switch.',
    source: 'aws-amplify/aws-sdk-android#1066',
    quirk: 'providerGroup',
  },
  'federated-05': { says: 'Mapped attributes are written again at every sign-in.', source: MAPPING },
  'federated-06': { says: 'What the provider no longer sends keeps its old value.', source: MAPPING },
  'federated-07': { says: 'A blank value clears the attribute.', source: MAPPING },
  'federated-08': {
    says: 'An email_verified that is not mapped becomes false at each sign-in, unless switched.',
    source: 'aws-amplify/amplify-js#7300; aws-amplify/amplify-js#11565',
    quirk: 'unmappedEmailVerified',
  },
  'federated-09': {
    says: 'A mapped immutable attribute fails the second sign-in, even with an equal value, unless switched.',
    source: 'aws-amplify/amplify-js#3526; aws-solutions/aws-centralized-logging#18',
    quirk: 'immutableMappedEqualValue',
  },
  'federated-10': { says: 'Several values become one form-encoded text in brackets.', source: MAPPING },
  'federated-11': { says: 'A mapped value above 2,048 characters fails the sign-in.', source: MAPPING },
  'federated-12': {
    says: 'A username above 128 characters fails the sign-in.',
    source: 'API reference: AdminGetUser (Username)',
  },
  'federated-13': {
    says: 'Required attributes are checked before PreSignUp, with “attributes required: […]”.',
    source: 'aws-amplify/amplify-js#6513',
  },
  'federated-14': { says: 'A disabled user does not come in.', source: 'API reference: AdminDisableUser' },
  'federated-15': {
    says: 'The first sign-in runs PreSignUp, PostConfirmation and PreTokenGeneration, in this order.',
    source: TRIGGER_TABLE,
  },
  'federated-16': {
    says: 'Later ones run PreAuthentication, PostAuthentication and PreTokenGeneration.',
    source: TRIGGER_TABLE,
  },
  'federated-17': {
    says: 'PreSignUp sees the mapped attributes and the empty alias keys, and no sub.',
    source: 'Developer Guide: user-pool-lambda-pre-sign-up; aws-amplify/amplify-js#5522',
  },
  'federated-18': {
    says: 'A trigger’s error comes to the callback as error_description, before state and error.',
    source: 'amazon-archives/amazon-cognito-auth-js#159',
  },
  'federated-19': {
    says: 'An error of PreSignUp leaves no profile; one of PostConfirmation leaves it behind.',
    source: 'Developer Guide: user-pool-lambda-pre-sign-up',
  },
  'federated-20': {
    says: 'What the flags of PreSignUp do for a federated user is a switch.',
    source: 'aws-amplify/amplify-js#5117; KensioSoftware/yulin#1175',
    quirk: 'externalAutoFlags',
  },
  'federated-21': {
    says: 'Whether PreSignUp runs twice for one sign-in is a switch, and the second answer counts.',
    source: 'aws-amplify/amplify-js#13334; aws-amplify/amplify-js#4805',
    quirk: 'duplicatePreSignUp',
  },
  'federated-22': {
    says: 'Simultaneous first sign-ins of one identity make one profile.',
    source: 'Developer Guide: cognito-user-pools-identity-federation',
  },
  'federated-24': {
    says: 'A user can write the mapped attributes of the own profile, until the next sign-in writes them again.',
    source: `${MAPPING}; API reference: UpdateUserAttributes`,
  },
  'federated-23': { says: 'What the client may not write is not mapped, and the sign-in goes on.', source: MAPPING },
} as const satisfies BehaviourEntries

export const LINKING = {
  'link-01': {
    says: 'A linked identity signs in as its destination, whose sub, username and status stay.',
    source: `API reference: AdminLinkProviderForUser; ${CONSOLIDATE}`,
  },
  'link-02': { says: 'A link stands in identities and is not primary.', source: CONSOLIDATE },
  'link-03': {
    says: 'A destination that does not exist ends with UserNotFoundException.',
    source: 'API reference: AdminLinkProviderForUser',
  },
  'link-04': {
    says: 'A native user cannot be a source.',
    source: 'boto/boto3#4163; API reference: AdminLinkProviderForUser',
  },
  'link-05': {
    says: 'A source of a provider the pool does not have ends with ResourceNotFoundException.',
    source: 'API reference: AdminLinkProviderForUser (declared errors)',
  },
  'link-06': {
    says: 'A social source goes by Cognito_Subject only.',
    source: 'API reference: AdminLinkProviderForUser',
  },
  'link-07': {
    says: 'A link that exists already is said to exist, again at every retry.',
    source: 'aws-amplify/amplify-js#13334; aws/aws-sdk-js-v3#5281',
  },
  'link-08': {
    says: 'An identity linked to somebody else is refused; sources differ about the error.',
    source: 'API reference: AdminLinkProviderForUser (declared errors); aws-amplify/amplify-js#497',
    quirk: 'linkedElsewhere',
  },
  'link-09': {
    says: 'A user has at most five linked identities; the error for a sixth is a switch.',
    source: 'API reference: AdminLinkProviderForUser; Developer Guide: quotas',
    quirk: 'sixthIdentity',
  },
  'link-10': {
    says: 'A source with its own profile is refused as a merge, and whether the link is there anyway is a switch.',
    source: 'aws/aws-sdk-net#1000',
    quirk: 'mergeAttempt',
  },
  'link-11': {
    says: 'After a refused merge, deleting the social username deletes the native user.',
    source: 'aws/aws-sdk-go#4218; aws-amplify/amplify-js#3431',
  },
  'link-12': {
    says: 'After a refused merge, unlinking first makes the deletion hit the social profile.',
    source: 'aws/aws-sdk-go#4218',
  },
  'link-13': {
    says: 'A link with a wrongly cased subject is made, and then every sign-in fails, unless switched.',
    source: 'awslabs/service-workbench-on-aws#605',
    quirk: 'linkedIdentityLookup',
  },
  'link-14': {
    says: 'An OIDC source may go by a mapped attribute; after its first use it goes by its subject.',
    source: 'API reference: AdminLinkProviderForUser; API reference: AdminDisableProviderForUser',
  },
  'link-15': {
    says: 'Links to one provider use at most five attribute names.',
    source: 'API reference: AdminLinkProviderForUser',
  },
  'link-16': {
    says: 'A federated profile can be a destination, by its provider’s user id.',
    source: 'API reference: AdminLinkProviderForUser',
  },
  'link-17': {
    says: 'A linked native user still signs in with the password.',
    source: 'API reference: AdminLinkProviderForUser',
  },
  'link-18': {
    says: 'A link made inside PreSignUp: whether this very sign-in fails, succeeds or carries a phantom is a switch.',
    source: 'aws-amplify/amplify-flutter#1716; aws-amplify/amplify-js#11565',
    quirk: 'linkInPreSignUp',
  },
  'link-19': {
    says: 'Whether that sign-in runs PostConfirmation is a switch.',
    source: TRIGGER_TABLE,
    quirk: 'postConfirmationWhenLinked',
  },
  'link-20': {
    says: 'The first sign-in through a link made beforehand runs no PreSignUp; what it runs is a switch.',
    source: 'aws-amplify/amplify-flutter#1716',
    quirk: 'preStagedLinkFirstSignIn',
  },
  'link-21': {
    says: 'A destination in FORCE_CHANGE_PASSWORD becomes EXTERNAL_PROVIDER at the first sign-in, unless switched.',
    source: 'awslabs/service-workbench-on-aws#605',
    quirk: 'destinationStatus',
  },
  'link-23': {
    says: 'An identity of more than 128 characters, counting provider, attribute name and value, cannot be linked.',
    source: 'aws/aws-sdk-js-v3#6985',
  },
  'link-24': {
    says: 'A destination with an immutable custom attribute, or with one that the provider maps, takes no link, unless switched.',
    source: 'aws/aws-sdk-ruby: AdminLinkProviderForUser, destination_user; aws/aws-cdk#7011',
    quirk: 'linkOntoImmutable',
  },
  'link-25': {
    says: 'A link can be refused for a reason that nobody has documented; the error is a switch.',
    source: 'API reference: AdminLinkProviderForUser (declared errors)',
    quirk: 'linkRefusal',
  },
  'link-22': {
    says: 'Linking runs no trigger and leaves the password valid.',
    source: TRIGGER_TABLE,
  },
} as const satisfies BehaviourEntries

export const UNLINKING = {
  'unlink-01': {
    says: 'After unlinking, the next sign-in makes a new profile.',
    source: 'API reference: AdminDisableProviderForUser',
  },
  'unlink-02': {
    says: 'A prefixed subject is refused: the bare one is wanted.',
    source: 'aws/aws-sdk-go#4218',
  },
  'unlink-03': {
    says: 'An identity nobody linked ends with “Account isn’t linked to anyone else”.',
    source: 'aws/aws-sdk-go#4218',
  },
  'unlink-04': {
    says: 'An unlinked identity can be linked again.',
    source: 'API reference: AdminDisableProviderForUser',
  },
  'unlink-05': {
    says: 'Deleting the destination frees its identities.',
    source: 'API reference: AdminDeleteUser',
  },
} as const satisfies BehaviourEntries
