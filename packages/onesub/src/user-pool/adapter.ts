import { randomBytes } from 'node:crypto'
import { isAddressOf } from '../core/identifiers/index.ts'
import type { Holder } from '../core/identifiers/ownership.ts'
import { isLinked, linkedIdentities } from '../core/linked-identities.ts'
import { PLACEHOLDER_MARKER } from '../core/names.ts'
import { configInvalid, has } from '../core/options.ts'
import { COGNITO, type Identity, type KnownIdentity, MOST_LINKS } from '../core/person.ts'
import type { PlaceholderUser, PoolUser, PoolUserFound, UserPool } from '../core/ports.ts'
import { isOneOf, isPermanent } from './faults.ts'
import { type ApiFor, type CognitoApi, type Named, OPERATIONS_OF, type ProviderUser } from './operations.ts'

/** Always by subject: linking by a mapped attribute such as `email` would let a provider's administrator choose whom he becomes. */
const BY_SUBJECT = 'Cognito_Subject'

/** Throws `CONFIG_INVALID` for a client that lacks one of these calls. */
export function createUserPoolAdapter(api: CognitoApi): UserPool {
  const lacks = Object.values(OPERATIONS_OF)
    .flat()
    .find((operation) => !has(api, operation))
  if (lacks !== undefined)
    throw configInvalid(
      `createUserPoolAdapter needs a client that has "${lacks}": createCognitoHttpsClient() of onesub/aws, or new CognitoIdentityProvider() of @aws-sdk/client-cognito-identity-provider (CognitoIdentityProviderClient has "send" alone).`,
    )
  return {
    find: METHODS.find(api),
    hasAddress: METHODS.hasAddress(api),
    namesAreChosen: METHODS.namesAreChosen(api),
    keepsOriginal: METHODS.keepsOriginal(api),
    link: METHODS.link(api),
    unlink: METHODS.unlink(api),
    createPlaceholderUser: METHODS.createPlaceholderUser(api),
    findPlaceholderUser: METHODS.findPlaceholderUser(api),
    removeProfile: METHODS.removeProfile(api),
    removePlaceholderUser: METHODS.removePlaceholderUser(api),
    restoreAddress: METHODS.restoreAddress(api),
    unverifyAddress: METHODS.unverifyAddress(api),
    replacePassword: METHODS.replacePassword(api),
    signOut: METHODS.signOut(api),
  }
}

const METHODS: { readonly [Call in keyof UserPool]: (api: ApiFor<Call>) => UserPool[Call] } = {
  find: (api) => (user) => read(api, user),

  hasAddress: (api) => async (pool, address, spelled) => {
    // Where addresses are aliases or user names, a user is found by them; no filter is written from what somebody typed (T51).
    const found = await read(api, { pool, userName: spelled })
    // What somebody has only typed, or never confirmed, keeps nobody out.
    if (found?.status === 'UNCONFIRMED' || found?.emailVerified === false) return false
    return found !== undefined && isAddressOf(address, found.email)
  },

  namesAreChosen: (api) => async (pool) => {
    const { UserPool } = await api.describeUserPool({ UserPoolId: pool })
    return (UserPool?.UsernameAttributes ?? []).length === 0
  },

  keepsOriginal: (api) => async (pool, attribute) => {
    const { UserPool } = await api.describeUserPool({ UserPoolId: pool })
    const kept: readonly string[] =
      UserPool?.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []
    return kept.includes(attribute)
  },

  link: (api) => async (identity, primaryUser) => {
    if (await hasLostItsName(api, primaryUser)) return 'gone'
    try {
      await api.adminLinkProviderForUser({
        UserPoolId: identity.pool,
        DestinationUser: destination(primaryUser),
        SourceUser: bySubject(identity),
      })
      return 'linked'
    } catch (error) {
      if (isOneOf(error, ['UserNotFoundException'])) return 'gone'
      if (!isPermanent(error)) throw error
      return whyNotLinked(api, identity, primaryUser)
    }
  },

  unlink: (api) => async (identity, primaryUser) => {
    try {
      await api.adminDisableProviderForUser({ UserPoolId: identity.pool, User: bySubject(identity) })
    } catch (error) {
      if (!isOneOf(error, MAY_BE_UNLINKED)) throw error
      if (isLinked(identity, (await read(api, holderOf(primaryUser)))?.links ?? [])) throw error
    }
  },

  createPlaceholderUser: (api) => async (placeholder) => {
    for (const userName of namesFor(placeholder)) {
      const outcome = await create(api, placeholder, userName)
      if (outcome === 'contested') return outcome
      const user = { pool: placeholder.pool, userName }
      if (outcome === 'made' || (outcome === 'taken' && (await isUntouched(api, user, placeholder)))) {
        return settled(api, user)
      }
      if (outcome === 'taken') return undefined
    }
    return undefined
  },

  findPlaceholderUser: (api) => async (user, address) => {
    const found = await read(api, user)
    return found && isAddressOf(address, found.email) ? settled(api, user) : undefined
  },

  removeProfile: (api) => async (user) => {
    const found = await read(api, user)
    // Calls that name a profile may act on the native user it is linked to (aws/aws-sdk-go#4218), so it is looked at first.
    const isOwnProfile = found?.status === 'EXTERNAL_PROVIDER' && found.links.every(({ primary }) => primary)
    if (isOwnProfile) await api.adminDeleteUser(named(user))
  },

  removePlaceholderUser: (api) => async (user) => {
    if ((await read(api, user))?.links.length === 0) await api.adminDeleteUser(named(user))
  },

  restoreAddress: (api) => async (user, address) => {
    await api.adminUpdateUserAttributes({ ...named(user), UserAttributes: verified(address) })
  },

  unverifyAddress: (api) => async (user, address) => {
    const UserAttributes = [
      { Name: 'email', Value: address },
      { Name: 'email_verified', Value: 'false' },
    ]
    await api.adminUpdateUserAttributes({ ...named(user), UserAttributes })
  },

  replacePassword: (api) => async (user) => {
    try {
      await api.adminSetUserPassword({ ...named(user), Password: unknownPassword(), Permanent: true })
      await api.adminUserGlobalSignOut(named(user))
    } catch (error) {
      // A deleted user has no password, and must keep nobody from a provider.
      if (!isOneOf(error, ['UserNotFoundException'])) throw error
    }
  },

  signOut: (api) => async (user) => {
    try {
      await api.adminUserGlobalSignOut(named(user))
    } catch (error) {
      if (!isOneOf(error, ['UserNotFoundException'])) throw error
    }
  },
}

/**
 * Cognito refuses a link for many reasons, under few names, and its texts have changed over the years (boto/boto3#4163,
 * aws/aws-sdk-js-v3#5281, #6985, aws/aws-cdk#7011): so it is looked at what is there.
 */
async function whyNotLinked(api: ApiFor<'find'>, identity: Identity, primaryUser: KnownIdentity) {
  const links = (await read(api, holderOf(primaryUser)))?.links ?? []
  if (isLinked(identity, links)) return 'linked'
  if (links.length >= MOST_LINKS) return 'full'
  // Calls that name a provider's user act on the user it is linked to (aws/aws-sdk-go#4218).
  const other = await read(api, { pool: identity.pool, userName: `${identity.provider}_${identity.subject}` })
  const isOnAnother = other !== undefined && other.status !== 'EXTERNAL_PROVIDER' && isLinked(identity, other.links)
  return isOnAnother ? 'elsewhere' : 'unfit'
}

const MAY_BE_UNLINKED = ['InvalidParameterException', 'UserNotFoundException', 'ResourceNotFoundException']

function bySubject({ provider, subject }: Identity): ProviderUser {
  return { ProviderName: provider, ProviderAttributeName: BY_SUBJECT, ProviderAttributeValue: subject }
}

function destination(primaryUser: KnownIdentity): ProviderUser {
  if (!primaryUser.native) return bySubject(primaryUser)
  return { ProviderName: COGNITO, ProviderAttributeValue: primaryUser.userName ?? primaryUser.subject }
}

/**
 * A destination is given by its name, and a name can be had again once its user is deleted: the person's provider would be linked to
 * whoever has it now (T108). A name that is the user's `sub` is nobody else's, ever.
 */
async function hasLostItsName(api: ApiFor<'find'>, primaryUser: KnownIdentity): Promise<boolean> {
  if (!primaryUser.native || primaryUser.userName === primaryUser.subject) return false
  return (await read(api, holderOf(primaryUser)))?.sub !== primaryUser.subject
}

function holderOf({ pool, userName, subject }: KnownIdentity): Holder {
  return { pool, userName: userName ?? subject }
}

function named({ pool, userName }: Holder): Named {
  return { UserPoolId: pool, Username: userName }
}

/** Consistent, unlike ListUsers (API reference, "ListUsers"). */
async function read(api: ApiFor<'find'>, user: Holder): Promise<PoolUserFound | undefined> {
  try {
    const found = await api.adminGetUser(named(user))
    const { Username, UserStatus, UserCreateDate = 0, UserAttributes = [], UserMFASettingList = [] } = found
    const attribute = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value
    return {
      userName: Username ?? user.userName,
      sub: attribute('sub') ?? '',
      status: UserStatus,
      email: attribute('email'),
      emailVerified: attribute('email_verified') === 'true',
      phone: attribute('phone_number'),
      phoneVerified: attribute('phone_number_verified') === 'true',
      hasMfa: UserMFASettingList.length > 0,
      created: typeof UserCreateDate === 'number' ? Math.round(UserCreateDate * 1_000) : UserCreateDate.getTime(),
      links: linkedIdentities(attribute('identities')),
      attributes: Object.fromEntries(UserAttributes.map(({ Name = '', Value = '' }) => [Name, Value])),
    }
  } catch (error) {
    if (isOneOf(error, ['UserNotFoundException'])) return undefined
    throw error
  }
}

/**
 * Under the person's own id, an earlier run of ours may have made it. Whoever has learnt that id could have signed up under it too, but only
 * a user made by an administrator waits for a first password (T16).
 */
async function isUntouched(api: ApiFor<'find'>, user: Holder, { person, address }: PlaceholderUser): Promise<boolean> {
  if (user.userName !== person) return false
  const found = await read(api, user)
  return found?.status === 'FORCE_CHANGE_PASSWORD' && found.email?.toLowerCase() === address.toLowerCase()
}

/** Pools that take an address for the user name refuse any other; the others get the person's id. */
function namesFor({ person, address }: PlaceholderUser): readonly string[] {
  return [person, address]
}

async function create(
  api: ApiFor<'createPlaceholderUser'>,
  { pool, address, marker, attributes }: PlaceholderUser,
  Username: string,
): Promise<'made' | 'taken' | 'unfit' | 'contested'> {
  try {
    await api.adminCreateUser({
      UserPoolId: pool,
      Username,
      MessageAction: 'SUPPRESS',
      UserAttributes: [...verified(address), ...Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))],
      ClientMetadata: { [PLACEHOLDER_MARKER]: marker },
    })
    return 'made'
  } catch (error) {
    if (isOneOf(error, ['InvalidParameterException'])) return 'unfit'
    if (isOneOf(error, ['UsernameExistsException', 'AliasExistsException'])) return 'taken'
    // Our own trigger, in its nested run: another run has used the marker.
    if (isOneOf(error, ['UserLambdaValidationException'])) return 'contested'
    throw error
  }
}

/**
 * A user made by an administrator waits for a first password, and until then no reset works (aws-amplify/amplify-js#2383): it gets one that
 * nobody knows. A confirmed user keeps its password: its owner may have set it by now.
 */
async function settled(api: ApiFor<'findPlaceholderUser'>, user: Holder): Promise<PoolUser | undefined> {
  const found = await read(api, user)
  if (!found) return undefined
  if (found.status === 'FORCE_CHANGE_PASSWORD') {
    await api.adminSetUserPassword({ ...named(user), Password: unknownPassword(), Permanent: true })
  }
  return { userName: found.userName, sub: found.sub }
}

/** Long, and of every kind of character that a pool's policy can ask for; 99 is the longest minimum it can set. */
function unknownPassword(): string {
  return `${randomBytes(72).toString('base64url')}aA0!`
}

function verified(address: string): { Name: string; Value: string }[] {
  return [
    { Name: 'email', Value: address },
    { Name: 'email_verified', Value: 'true' },
  ]
}
