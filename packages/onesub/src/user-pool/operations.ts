import type { UserPool } from '../core/ports.ts'

export interface ProviderUser {
  readonly ProviderName: string
  readonly ProviderAttributeName?: string
  readonly ProviderAttributeValue: string
}

export interface Attribute {
  readonly Name: string | undefined
  readonly Value?: string | undefined
}

export interface Named {
  readonly UserPoolId: string
  readonly Username: string
}

/** The calls that this package makes to Cognito, in the API's own words. Nothing else in it speaks to Cognito. */
export interface CognitoApi {
  adminLinkProviderForUser(input: {
    readonly UserPoolId: string
    readonly DestinationUser: ProviderUser
    readonly SourceUser: ProviderUser
  }): Promise<unknown>
  adminDisableProviderForUser(input: { readonly UserPoolId: string; readonly User: ProviderUser }): Promise<unknown>
  adminGetUser(input: Named): Promise<{
    readonly Username?: string | undefined
    readonly UserStatus?: string | undefined
    /** The AWS SDK makes a date of it; on the wire it is a number of seconds. */
    readonly UserCreateDate?: Date | number | undefined
    readonly UserAttributes?: readonly Attribute[] | undefined
    readonly UserMFASettingList?: readonly string[] | undefined
  }>
  adminCreateUser(
    input: Named & {
      readonly MessageAction: 'SUPPRESS'
      readonly UserAttributes: { Name: string; Value: string }[]
      readonly ClientMetadata?: Record<string, string>
    },
  ): Promise<unknown>
  adminSetUserPassword(input: Named & { readonly Password: string; readonly Permanent: true }): Promise<unknown>
  adminUpdateUserAttributes(
    input: Named & { readonly UserAttributes: { Name: string; Value: string }[] },
  ): Promise<unknown>
  adminDeleteUser(input: Named): Promise<unknown>
  adminUserGlobalSignOut(input: Named): Promise<unknown>
  describeUserPool(input: { readonly UserPoolId: string }): Promise<{
    readonly UserPool?:
      | {
          readonly UsernameAttributes?: readonly string[] | undefined
          readonly UserAttributeUpdateSettings?:
            | { readonly AttributesRequireVerificationBeforeUpdate?: readonly string[] | undefined }
            | undefined
        }
      | undefined
  }>
}

/**
 * The operations of Cognito behind each call of the port. The adapter's methods are given these operations and no other, so that the list is complete:
 * the permissions of a function are derived from it.
 */
export const OPERATIONS_OF = {
  find: ['adminGetUser'],
  hasAddress: ['adminGetUser'],
  namesAreChosen: ['describeUserPool'],
  keepsOriginal: ['describeUserPool'],
  link: ['adminGetUser', 'adminLinkProviderForUser'],
  unlink: ['adminDisableProviderForUser', 'adminGetUser'],
  createPlaceholderUser: ['adminCreateUser', 'adminGetUser', 'adminSetUserPassword'],
  findPlaceholderUser: ['adminGetUser', 'adminSetUserPassword'],
  removeProfile: ['adminDeleteUser', 'adminGetUser'],
  removePlaceholderUser: ['adminDeleteUser', 'adminGetUser'],
  restoreAddress: ['adminUpdateUserAttributes'],
  unverifyAddress: ['adminUpdateUserAttributes'],
  replacePassword: ['adminSetUserPassword', 'adminUserGlobalSignOut'],
  signOut: ['adminUserGlobalSignOut'],
} as const satisfies Readonly<Record<keyof UserPool, readonly (keyof CognitoApi)[]>>

/** The client that one call of the port needs. */
export type ApiFor<Call extends keyof UserPool> = Pick<CognitoApi, (typeof OPERATIONS_OF)[Call][number]>

/** The IAM actions that these calls need, in alphabetical order, such as `cognito-idp:AdminGetUser`. */
export function permissionsFor(calls: readonly (keyof UserPool)[]): readonly string[] {
  const operations = new Set(calls.flatMap((call) => OPERATIONS_OF[call]))
  return [...operations].map((name) => `cognito-idp:${name.charAt(0).toUpperCase()}${name.slice(1)}`).sort()
}
