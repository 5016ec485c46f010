import type { BehaviourEntries } from './behaviour.ts'

export const POOLS = {
  'pool-01': {
    says: 'Alias and username attributes exclude each other.',
    source: 'API reference: CreateUserPool',
  },
  'pool-02': {
    says: 'UpdateUserPool resets what the call leaves out, triggers included.',
    source: 'Developer Guide: cognito-user-pool-updating',
  },
  'pool-03': {
    says: 'A protected pool cannot be deleted.',
    source: 'API reference: CreateUserPool (DeletionProtection)',
  },
  'pool-04': {
    says: 'Custom attributes carry the prefix custom: and the type they were given.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'pool-05': {
    says: 'A custom attribute cannot be required.',
    source: 'Developer Guide: user-pool-settings-attributes',
  },
  'pool-06': { says: 'A pool has at most 50 custom attributes.', source: 'Developer Guide: quotas' },
  'pool-07': { says: 'A custom attribute’s name has at most 20 characters.', source: 'Developer Guide: quotas' },
  'pool-08': {
    says: 'A custom attribute without a type is refused.',
    source: 'aws-amplify/amplify-backend#3299; aws/aws-cdk#8585',
  },
  'pool-09': { says: 'ListUserPools needs a page size from 1 to 60.', source: 'API reference: ListUserPools' },
  'pool-10': { says: 'A domain belongs to one pool.', source: 'API reference: CreateUserPoolDomain' },
  'pool-11': {
    says: 'A domain nobody has is described as nothing, without an error.',
    source: 'API reference: DescribeUserPoolDomain',
  },
  'pool-12': {
    says: 'A missing pool ends with ResourceNotFoundException.',
    source: 'API reference: DescribeUserPool',
  },
  'pool-13': {
    says: 'New pools are on the plan ESSENTIALS.',
    source: 'Developer Guide: cognito-sign-in-feature-plans',
  },
  'pool-14': {
    says: 'Where both settings of PreTokenGeneration are given, their ARNs must be the same.',
    source: 'API reference: LambdaConfigType',
  },
  'pool-15': {
    says: 'A pool id is the Region, an underscore and letters or digits.',
    source: 'API reference: UserPoolType',
  },
} as const satisfies BehaviourEntries

export const CLIENTS = {
  'client-01': {
    says: 'UpdateUserPoolClient resets what the call leaves out.',
    source: 'Developer Guide: cognito-user-pool-updating',
  },
  'client-02': {
    says: 'Callback URLs are https, but for loopback.',
    source: 'API reference: CreateUserPoolClient (CallbackURLs)',
  },
  'client-03': {
    says: 'A callback URL has no fragment and is absolute.',
    source: 'API reference: CreateUserPoolClient (CallbackURLs)',
  },
  'client-04': {
    says: 'App schemes are good callback URLs.',
    source: 'API reference: CreateUserPoolClient (CallbackURLs)',
  },
  'client-05': {
    says: 'Flow names with and without ALLOW_ cannot be mixed.',
    source: 'API reference: CreateUserPoolClient (ExplicitAuthFlows)',
  },
  'client-06': {
    says: 'Access and ID tokens live from five minutes to a day, refresh tokens from an hour to ten years.',
    source: 'API reference: CreateUserPoolClient',
  },
  'client-07': {
    says: 'A refresh token validity of 0 stands for 30 days.',
    source: 'API reference: CreateUserPoolClient (RefreshTokenValidity)',
  },
  'client-08': {
    says: 'A secret is made only when asked for.',
    source: 'API reference: CreateUserPoolClient (GenerateSecret)',
  },
  'client-09': {
    says: 'A provider the pool does not have cannot be supported.',
    source: 'API reference: CreateUserPoolClient (SupportedIdentityProviders)',
  },
  'client-10': {
    says: 'Readable and writable attributes must be in the schema.',
    source: 'API reference: CreateUserPoolClient (ReadAttributes, WriteAttributes)',
  },
  'client-11': {
    says: 'A client of one pool is unknown to another.',
    source: 'API reference: DescribeUserPoolClient',
  },
  'client-12': {
    says: 'A deleted client is unknown.',
    source: 'API reference: DeleteUserPoolClient',
  },
} as const satisfies BehaviourEntries

export const PROVIDERS = {
  'provider-01': {
    says: 'A provider’s name exists once in a pool.',
    source: 'API reference: CreateIdentityProvider (DuplicateProviderException)',
  },
  'provider-02': {
    says: 'A mapping onto an attribute outside the schema is refused.',
    source: 'API reference: CreateIdentityProvider',
  },
  'provider-03': {
    says: 'A social provider carries the name of its type.',
    source: 'API reference: CreateIdentityProvider (ProviderName)',
  },
  'provider-04': { says: 'A provider’s name has at most 32 characters.', source: 'Developer Guide: quotas' },
  'provider-07': {
    says: 'A provider’s name has three characters or more and no underscore but in second place, unless switched.',
    source: 'API reference: CreateIdentityProvider; aws/aws-cdk#28667',
    quirk: 'providerNames',
  },
  'provider-05': {
    says: 'A provider’s name is described in the case it was given.',
    source: 'aws-amplify/amplify-flutter#1716',
  },
  'provider-06': {
    says: 'A deleted provider is unknown.',
    source: 'API reference: DeleteIdentityProvider',
  },
} as const satisfies BehaviourEntries
