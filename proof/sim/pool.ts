import type { Identity } from '../../packages/onesub/src/core/person.ts'
import type { CognitoApi } from '../../packages/onesub/src/user-pool/operations.ts'

export const POOL = 'eu-west-1_Sim1'
export const CLIENT = 'web'

/** A user as Cognito stores it. No field contains the person. */
export interface PoolUser {
  readonly userName: string
  readonly sub: string
  status: 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'EXTERNAL_PROVIDER'
  readonly attributes: Map<string, string>
  /** Linked identities; a profile's own comes first. */
  readonly links: Set<string>
  readonly own: string | undefined
  /** The human who knows the password; undefined where nobody does. */
  passwordOf: string | undefined
  /** Epoch milliseconds, in whole seconds as Cognito keeps it. */
  readonly created: number
  /** Tokens from before this moment are refreshed no more. */
  signedOutAt: number
  /** An address that was asked for and is not confirmed yet, where the pool keeps the former one until then. */
  pending: string | undefined
}

export function nameOf({ provider, subject }: Pick<Identity, 'provider' | 'subject'>): string {
  return `${provider}_${subject}`
}

/** All providers of the pools, one of which no policy lists: its users' names begin like those of another one (T152). */
const POOL_PROVIDERS = ['Okta_West', 'Google', 'Okta', 'Work', 'Facebook', 'Corp', 'Acme'] as const

/** Cognito knows the provider of a name; the name alone may not show it. */
export function identityIn(name: string): Pick<Identity, 'provider' | 'subject'> {
  const provider = POOL_PROVIDERS.find((one) => name.startsWith(`${one}_`))
  if (!provider) throw new Error(`No provider of the pool has a user named ${name}.`)
  return { provider, subject: name.slice(provider.length + 1) }
}

export class CognitoFault extends Error {
  constructor(name: string) {
    super(name)
    this.name = name
  }
}

const MOST_LINKS = 5

/**
 * The pool's own state, as the developer guide tells of it, in one synchronous step for each call: users, links, aliases. Written from
 * the guide and apart from the emulator, which speaks HTTP.
 */
export class Pool {
  readonly users = new Map<string, PoolUser>()
  #made = 0
  /** Whether an address is the user name (`UsernameAttributes`), or users have names. */
  readonly byAddress: boolean
  readonly #clock: () => number

  constructor(byAddress: boolean, clock: () => number) {
    this.byAddress = byAddress
    this.#clock = clock
  }

  /** A name or, where addresses are names, an address. */
  find(name: string): PoolUser | undefined {
    const named = this.users.get(name)
    if (named || !this.byAddress) return named
    return [...this.users.values()].find(
      ({ own, attributes }) => own === undefined && attributes.get('email')?.toLowerCase() === name.toLowerCase(),
    )
  }

  /** `UsernameAttributes` of the pool. */
  get usernameAttributes(): readonly string[] {
    return this.byAddress ? ['email'] : []
  }

  /** `AttributesRequireVerificationBeforeUpdate` of the pool. */
  get kept(): readonly string[] {
    return ['email']
  }

  /** Whether somebody may sign up with it for a name. */
  takesName(name: string): boolean {
    return !this.byAddress || name.includes('@')
  }

  linkedTo(identity: string): PoolUser | undefined {
    return [...this.users.values()].find(({ links, own }) => links.has(identity) || own === identity)
  }

  /** The name that a native sign-up will have. Throws where it is taken. */
  nameFor(wanted: string): string {
    if (this.find(wanted)) throw new CognitoFault('UsernameExistsException')
    return this.byAddress ? this.nextId() : wanted
  }

  nextId(): string {
    this.#made += 1
    return `10000000-0000-4000-8000-${String(this.#made).padStart(12, '0')}`
  }

  add(userName: string, of: Partial<Omit<PoolUser, 'userName' | 'links' | 'created'>> = {}): PoolUser {
    if (this.users.has(userName)) throw new CognitoFault('UsernameExistsException')
    const user: PoolUser = {
      userName,
      sub: this.byAddress && of.own === undefined ? userName : this.nextId(),
      status: 'UNCONFIRMED',
      attributes: new Map(),
      own: undefined,
      passwordOf: undefined,
      created: Math.floor(this.#clock() / 1_000) * 1_000,
      signedOutAt: 0,
      pending: undefined,
      ...of,
      links: new Set(),
    }
    this.users.set(userName, user)
    return user
  }

  link(destination: PoolUser | undefined, identity: string): void {
    if (!destination) throw new CognitoFault('UserNotFoundException')
    const now = this.linkedTo(identity)
    // A source with a profile of its own is refused (API reference, AdminLinkProviderForUser); that the link is written nevertheless
    // (aws/aws-sdk-net#1000) would only make a mistake worse, and the product must not come to it.
    if (now === destination || now?.own === identity) throw new CognitoFault('InvalidParameterException')
    if (now) throw new CognitoFault('AliasExistsException')
    if (destination.links.size >= MOST_LINKS) throw new CognitoFault('LimitExceededException')
    destination.links.add(identity)
  }

  identitiesOf({ own, links }: PoolUser): string | undefined {
    const listed = [
      ...(own === undefined ? [] : [{ name: own, primary: true }]),
      ...[...links].map((name) => ({ name, primary: false })),
    ]
    if (listed.length === 0) return undefined
    return JSON.stringify(
      listed.map(({ name, primary }) => {
        const { provider, subject } = identityIn(name)
        return { providerName: provider, userId: subject, primary }
      }),
    )
  }

  signOut(user: PoolUser): void {
    user.signedOutAt = this.#clock()
  }

  /** As triggers and `AdminGetUser` show a user. */
  attributesOf(user: PoolUser): Record<string, string> {
    const identities = this.identitiesOf(user)
    return { sub: user.sub, ...Object.fromEntries(user.attributes), ...(identities !== undefined && { identities }) }
  }
}

/** The calls of the API that the product makes, over a pool. `onCreate` asks the pool's PreSignUp trigger, as AdminCreateUser does. */
export function apiOver(
  pool: Pool,
  onCreate: (user: { userName: string; attributes: Record<string, string>; clientMetadata: object }) => Promise<void>,
): CognitoApi {
  const given = (name: string): PoolUser => {
    const user = pool.find(name)
    if (!user) throw new CognitoFault('UserNotFoundException')
    return user
  }
  return {
    async adminGetUser({ Username }) {
      const user = given(Username)
      const UserAttributes = Object.entries(pool.attributesOf(user)).map(([Name, Value]) => ({ Name, Value }))
      return { Username: user.userName, UserStatus: user.status, UserCreateDate: user.created / 1_000, UserAttributes }
    },
    async describeUserPool() {
      const kept = { AttributesRequireVerificationBeforeUpdate: pool.kept }
      return { UserPool: { UsernameAttributes: pool.usernameAttributes, UserAttributeUpdateSettings: kept } }
    },
    async adminUserGlobalSignOut({ Username }) {
      pool.signOut(given(Username))
    },
    async adminLinkProviderForUser({ DestinationUser, SourceUser }) {
      const { ProviderName, ProviderAttributeValue } = DestinationUser
      const destination =
        ProviderName === 'Cognito'
          ? pool.users.get(ProviderAttributeValue)
          : pool.linkedTo(`${ProviderName}_${ProviderAttributeValue}`)
      pool.link(destination, `${SourceUser.ProviderName}_${SourceUser.ProviderAttributeValue}`)
    },
    async adminDisableProviderForUser({ User }) {
      const name = `${User.ProviderName}_${User.ProviderAttributeValue}`
      const user = pool.linkedTo(name)
      if (!user?.links.delete(name)) throw new CognitoFault('InvalidParameterException')
    },
    async adminCreateUser({ Username, UserAttributes, ClientMetadata = {} }) {
      if (!pool.takesName(Username)) throw new CognitoFault('InvalidParameterException')
      const userName = pool.nameFor(Username)
      const attributes = Object.fromEntries(UserAttributes.map(({ Name, Value }) => [Name, Value]))
      await onCreate({ userName, attributes, clientMetadata: ClientMetadata })
      // Another call may have been faster while the trigger ran.
      if (pool.find(Username)) throw new CognitoFault('UsernameExistsException')
      pool.add(userName, { status: 'FORCE_CHANGE_PASSWORD', attributes: new Map(Object.entries(attributes)) })
    },
    async adminSetUserPassword({ Username }) {
      const user = given(Username)
      user.status = 'CONFIRMED'
      user.passwordOf = undefined
    },
    async adminUpdateUserAttributes({ Username, UserAttributes }) {
      const user = given(Username)
      for (const { Name, Value } of UserAttributes) user.attributes.set(Name, Value)
    },
    async adminDeleteUser({ Username }) {
      pool.users.delete(given(Username).userName)
    },
  }
}
