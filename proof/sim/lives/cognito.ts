import type { CognitoApi } from '../../../packages/onesub/src/user-pool/operations.ts'
import { apiOver, CognitoFault, nameOf, Pool, type PoolUser } from '../pool.ts'
import type { PoolKind } from './kinds.ts'

type Address = Pick<PoolUser, 'attributes'>

export function emailOf({ attributes }: Address): string | undefined {
  return attributes.get('email')?.toLowerCase()
}

export function isVerified({ attributes }: Address, attribute: 'email' | 'phone_number'): boolean {
  return attributes.get(`${attribute}_verified`) === 'true'
}

/** A pool of any kind, as users' own operations meet it. */
export class UserPool extends Pool {
  readonly kind: PoolKind

  constructor(kind: PoolKind, clock: () => number) {
    super(kind.signInBy === 'email' || kind.signInBy === 'phone', clock)
    this.kind = kind
  }

  override get usernameAttributes(): readonly string[] {
    const { signInBy } = this.kind
    return signInBy === 'email' ? ['email'] : signInBy === 'phone' ? ['phone_number'] : []
  }

  override get kept(): readonly string[] {
    return this.kind.keepsOriginal ? ['email'] : []
  }

  override takesName(name: string): boolean {
    if (this.kind.signInBy === 'phone') return name.startsWith('+')
    return super.takesName(name)
  }

  override find(name: string): PoolUser | undefined {
    const same = (one: string | undefined) => one !== undefined && this.#folded(one) === this.#folded(name)
    const natives = [...this.users.values()]
    return (
      this.users.get(name) ??
      natives.find(({ userName }) => same(userName)) ??
      natives.find((user) => user.own === undefined && same(this.#alias(user)))
    )
  }

  /** What this user signs in by beside the user name. */
  #alias(user: PoolUser): string | undefined {
    switch (this.kind.signInBy) {
      case 'name':
        return undefined
      case 'alias':
        return isVerified(user, 'email') ? user.attributes.get('email') : undefined
      case 'email':
        return user.attributes.get('email')
      case 'phone':
        return user.attributes.get('phone_number')
    }
  }

  #folded(name: string): string {
    return this.kind.keepsCase ? name : name.toLowerCase()
  }

  /** Another user by whom this address is taken, where addresses are names or aliases. */
  takenFrom(user: PoolUser, address: string): PoolUser | undefined {
    if (this.kind.signInBy !== 'alias' && this.kind.signInBy !== 'email') return undefined
    const other = this.find(address)
    return other === user ? undefined : other
  }

  /** ConfirmSignUp or AdminConfirmSignUp. Throws `AliasExistsException`. */
  confirm(user: PoolUser, attribute: 'email' | 'phone_number' | undefined): void {
    const address = user.attributes.get('email')
    const other = attribute === 'email' && address !== undefined ? this.takenFrom(user, address) : undefined
    if (other && !this.kind.forcesAlias) throw new CognitoFault('AliasExistsException')
    other?.attributes.set('email_verified', 'false')
    user.status = 'CONFIRMED'
    if (attribute) user.attributes.set(`${attribute}_verified`, 'true')
  }

  /** UpdateUserAttributes, of the address. */
  requestAddress(user: PoolUser, address: string): void {
    if (this.takenFrom(user, address)) throw new CognitoFault('AliasExistsException')
    if (this.kind.keepsOriginal) {
      user.pending = address
      return
    }
    user.attributes.set('email', address)
    user.attributes.set('email_verified', 'false')
  }

  /** VerifyUserAttribute, with a code that went to this address. */
  verifyAddress(user: PoolUser, address: string): void {
    const asked = this.kind.keepsOriginal ? user.pending : user.attributes.get('email')
    if (asked !== address) throw new CognitoFault('CodeMismatchException')
    if (this.takenFrom(user, address)) throw new CognitoFault('AliasExistsException')
    user.pending = undefined
    user.attributes.set('email', address)
    user.attributes.set('email_verified', 'true')
  }
}

/** As the product is given it. `onPromoted` hears of a pending address that a mark written alone has made the user's (T181). */
export function apiFor(
  pool: UserPool,
  onCreate: Parameters<typeof apiOver>[1],
  onPromoted: (user: PoolUser) => void,
): CognitoApi {
  const api = apiOver(pool, onCreate)
  return {
    ...api,
    async adminLinkProviderForUser(input) {
      if (input.SourceUser.ProviderName === pool.kind.refusesLinksOf) {
        throw new CognitoFault('InvalidParameterException')
      }
      await api.adminLinkProviderForUser(input)
      // A link that this very sign-in has made.
      const name = nameOf({
        provider: input.SourceUser.ProviderName,
        subject: input.SourceUser.ProviderAttributeValue,
      })
      if (!pool.linkedTo(name)) throw new Error('The link was not made.')
    },
    async adminUpdateUserAttributes(input) {
      await api.adminUpdateUserAttributes(input)
      const user = pool.find(input.Username)
      const writes = (name: string) => input.UserAttributes.some(({ Name }) => Name === name)
      if (!user) return
      if (writes('email')) user.pending = undefined
      else if (writes('email_verified') && user.pending !== undefined && pool.kind.promotesPending) {
        user.attributes.set('email', user.pending)
        user.pending = undefined
        onPromoted(user)
      }
    },
  }
}
