import { COGNITO, type Identity, type KnownIdentity } from '../core/person.ts'
import type { UserPool } from '../core/ports.ts'

/** The calls that this package makes to Cognito, in the API's own words. Nothing else in it speaks to Cognito. */
export interface CognitoApi {
  adminLinkProviderForUser(input: {
    readonly UserPoolId: string
    readonly DestinationUser: ProviderUser
    readonly SourceUser: ProviderUser
  }): Promise<unknown>
  adminGetUser(input: { readonly UserPoolId: string; readonly Username: string }): Promise<{
    readonly UserAttributes?:
      | readonly { readonly Name: string | undefined; readonly Value?: string | undefined }[]
      | undefined
  }>
}

interface ProviderUser {
  readonly ProviderName: string
  readonly ProviderAttributeName?: string
  readonly ProviderAttributeValue: string
}

/** Always by subject: linking by a mapped attribute such as `email` would let a provider's administrator choose whom he becomes. */
const BY_SUBJECT = 'Cognito_Subject'

/**
 * Declared errors that may mean "this link exists already". Their texts have changed over the years (boto/boto3#4163,
 * aws/aws-sdk-js-v3#5281), so they only mean: look.
 */
const MAY_BE_LINKED: ReadonlySet<string> = new Set(['InvalidParameterException', 'AliasExistsException'])

export function cognitoUserPool(api: CognitoApi): UserPool {
  return {
    async exists({ pool, userName }) {
      try {
        await api.adminGetUser({ UserPoolId: pool, Username: userName })
        return true
      } catch (error) {
        if (error instanceof Error && error.name === 'UserNotFoundException') return false
        throw error
      }
    },
    async link(identity, anchor) {
      try {
        await api.adminLinkProviderForUser({
          UserPoolId: identity.pool,
          DestinationUser: destination(anchor),
          SourceUser: {
            ProviderName: identity.provider,
            ProviderAttributeName: BY_SUBJECT,
            ProviderAttributeValue: identity.subject,
          },
        })
        return 'linked'
      } catch (error) {
        if (!(error instanceof Error && MAY_BE_LINKED.has(error.name))) throw error
        return (await isLinked(api, identity, anchor)) ? 'linked' : 'elsewhere'
      }
    },
  }
}

function destination(anchor: KnownIdentity): ProviderUser {
  if (anchor.native) return { ProviderName: COGNITO, ProviderAttributeValue: anchor.userName ?? anchor.subject }
  return { ProviderName: anchor.provider, ProviderAttributeName: BY_SUBJECT, ProviderAttributeValue: anchor.subject }
}

async function isLinked(
  api: CognitoApi,
  { pool, provider, subject }: Identity,
  anchor: KnownIdentity,
): Promise<boolean> {
  const user = await api.adminGetUser({ UserPoolId: pool, Username: anchor.userName ?? anchor.subject })
  const identities = user.UserAttributes?.find(({ Name }) => Name === 'identities')?.Value
  return listed(identities).some((known) => known.providerName === provider && known.userId === subject)
}

interface ListedIdentity {
  readonly providerName?: unknown
  readonly userId?: unknown
}

/** The `identities` attribute is a JSON list in a string. */
function listed(json: string | undefined): readonly ListedIdentity[] {
  try {
    const list: unknown = JSON.parse(json ?? '[]')
    return Array.isArray(list)
      ? list.filter((one): one is ListedIdentity => typeof one === 'object' && one !== null)
      : []
  } catch {
    return []
  }
}
