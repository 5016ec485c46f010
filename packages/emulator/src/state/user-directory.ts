import { aliasExists, usernameExists } from '../shared/faults.ts'
import { LinkIndex } from './link-index.ts'
import { ListedUsers } from './listed-users.ts'
import type { ExternalIdentity, User } from './user.ts'

export interface SignInRules {
  readonly isCaseSensitive: boolean
  readonly usernameAttributes: readonly string[]
  readonly aliasAttributes: readonly string[]
}

export type OnTakenAlias = 'refuse' | 'steal'

const SEARCHED: readonly string[] = ['email', 'phone_number', 'preferred_username']
const identityKey = ({ providerName, subject }: ExternalIdentity) => JSON.stringify([providerName, subject])

/** All users of a pool and the indexes over them. No look-up reads all users. */
export class UserDirectory {
  readonly links = new LinkIndex()
  readonly listed = new ListedUsers()
  readonly #rules: SignInRules
  readonly #byUsername = new Map<string, User>()
  readonly #bySub = new Map<string, User>()
  readonly #byOrigin = new Map<string, User>()
  readonly #bySignInName = new Map<string, User>()
  readonly #byAttribute = new Map<string, Set<User>>()
  /** After a refused merge, calls on the source act on the destination (aws/aws-sdk-go#4218). */
  readonly #actingFor = new Map<User, User>()

  constructor(rules: SignInRules) {
    this.#rules = rules
  }

  get size(): number {
    return this.#byUsername.size
  }

  byUsername(username: string): User | undefined {
    return this.#byUsername.get(this.#fold(username))
  }

  bySub(sub: string): User | undefined {
    return this.#bySub.get(sub)
  }

  byOrigin(identity: ExternalIdentity): User | undefined {
    return this.#byOrigin.get(identityKey(identity))
  }

  /** Username, active alias or `sub` of a local user, as API reference AdminGetUser lists them. */
  resolve(name: string): User | undefined {
    const user = this.byUsername(name) ?? this.bySignInName(name) ?? this.#localBySub(name)
    return user && (this.#actingFor.get(user) ?? user)
  }

  bySignInName(name: string): User | undefined {
    const attributes = [...this.#rules.usernameAttributes, ...this.#rules.aliasAttributes]
    for (const attribute of attributes) {
      const holder = this.#bySignInName.get(this.#signInKey(attribute, name))
      if (holder) return holder
    }
    return undefined
  }

  holder(attribute: string, value: string): User | undefined {
    return this.#bySignInName.get(this.#signInKey(attribute, value))
  }

  /** Users whose attribute has this value in some spelling. */
  having(attribute: string, value: string): Iterable<User> {
    return this.#byAttribute.get(attributeKey(attribute, value)) ?? []
  }

  isSearched(attribute: string): boolean {
    return SEARCHED.includes(attribute)
  }

  assertFree(user: User): void {
    if (this.byUsername(user.username)) throw usernameExists()
    for (const [attribute, key] of this.#signInKeys(user, user.attributes)) {
      const isReserved = this.#rules.usernameAttributes.includes(attribute)
      if (isReserved && this.#bySignInName.has(key)) throw usernameExists()
    }
  }

  add(user: User, onTaken: OnTakenAlias): void {
    this.assertFree(user)
    this.#claim(user, this.#signInKeys(user, user.attributes), onTaken)
    this.#byUsername.set(this.#fold(user.username), user)
    this.#bySub.set(user.sub, user)
    if (user.origin) this.#byOrigin.set(identityKey(user.origin), user)
    this.#indexAttributes(user, user.attributes, 'add')
    this.listed.add(user)
  }

  remove(user: User): void {
    this.links.removeAll(user)
    this.#byUsername.delete(this.#fold(user.username))
    this.#bySub.delete(user.sub)
    if (user.origin) this.#byOrigin.delete(identityKey(user.origin))
    this.#letGo(user, this.#signInKeys(user, user.attributes))
    this.#indexAttributes(user, user.attributes, 'delete')
    this.#actingFor.delete(user)
    this.listed.remove(user)
  }

  /** Changes everything or nothing: with `refuse`, a taken alias leaves the user unchanged. An empty value deletes the attribute. */
  change(user: User, changes: ReadonlyMap<string, string>, onTaken: OnTakenAlias, now: number): void {
    const next = new Map(user.attributes)
    for (const [name, value] of changes) {
      if (value === '') next.delete(name)
      else next.set(name, value)
    }
    this.#replace(user, next, onTaken, now)
  }

  /** To be called after a change of status or flags, so that `UserLastModifiedDate` and listings show it. */
  touch(user: User, now: number): void {
    user.modifiedAt = now
    this.listed.changed(user, now)
  }

  letActFor(source: User, destination: User): void {
    this.#actingFor.set(source, destination)
  }

  actingFor(source: User): User | undefined {
    return this.#actingFor.get(source)
  }

  stopActing(source: User): void {
    this.#actingFor.delete(source)
  }

  #replace(user: User, next: ReadonlyMap<string, string>, onTaken: OnTakenAlias, now: number): void {
    const before = this.#signInKeys(user, user.attributes)
    const after = this.#signInKeys(user, next)
    this.#claim(user, after, onTaken)
    this.#letGo(
      user,
      before.filter(([, key]) => !after.some(([, kept]) => kept === key)),
    )
    this.#indexAttributes(user, user.attributes, 'delete')
    user.attributes = next
    this.#indexAttributes(user, next, 'add')
    this.touch(user, now)
  }

  #claim(user: User, keys: readonly SignInKey[], onTaken: OnTakenAlias): void {
    for (const [attribute, key] of keys) {
      const holder = this.#bySignInName.get(key)
      if (holder && holder !== user && (onTaken === 'refuse' || !this.#canBeStolen(attribute))) {
        throw aliasExists(attribute)
      }
    }
    for (const [attribute, key] of keys) {
      const holder = this.#bySignInName.get(key)
      if (holder && holder !== user) {
        this.#replace(
          holder,
          new Map(holder.attributes).set(`${attribute}_verified`, 'false'),
          'refuse',
          user.modifiedAt,
        )
      }
      this.#bySignInName.set(key, user)
    }
  }

  // Only a verified alias moves (Developer Guide: user-pool-lambda-pre-sign-up); preferred_username has no verification.
  #canBeStolen(attribute: string): boolean {
    return this.#rules.aliasAttributes.includes(attribute) && attribute !== 'preferred_username'
  }

  #letGo(user: User, keys: readonly SignInKey[]): void {
    for (const [, key] of keys) if (this.#bySignInName.get(key) === user) this.#bySignInName.delete(key)
  }

  /** The names, beside the username, that this user signs in with. Federated profiles have none, since they have no password. */
  #signInKeys(user: User, attributes: ReadonlyMap<string, string>): readonly SignInKey[] {
    if (!user.isNative) return []
    const reserved = this.#rules.usernameAttributes
    const active = this.#rules.aliasAttributes.filter((name) => {
      return name === 'preferred_username' || attributes.get(`${name}_verified`) === 'true'
    })
    return [...reserved, ...active].flatMap((name): SignInKey[] => {
      const value = attributes.get(name)
      return value === undefined ? [] : [[name, this.#signInKey(name, value)]]
    })
  }

  #indexAttributes(user: User, attributes: ReadonlyMap<string, string>, verb: 'add' | 'delete'): void {
    for (const name of SEARCHED) {
      const value = attributes.get(name)
      if (value === undefined) continue
      const key = attributeKey(name, value)
      const users = this.#byAttribute.get(key) ?? new Set()
      users[verb](user)
      if (users.size > 0) this.#byAttribute.set(key, users)
      else this.#byAttribute.delete(key)
    }
  }

  #localBySub(sub: string): User | undefined {
    const user = this.#bySub.get(sub)
    return user?.isNative ? user : undefined
  }

  #signInKey(attribute: string, value: string): string {
    return `${attribute}\n${this.#fold(value)}`
  }

  #fold(text: string): string {
    return this.#rules.isCaseSensitive ? text : text.toLowerCase()
  }
}

type SignInKey = readonly [attribute: string, key: string]

const attributeKey = (attribute: string, value: string) => `${attribute}\n${value.toLowerCase()}`
