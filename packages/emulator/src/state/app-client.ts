import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { notAuthorized } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { STANDARD_ATTRIBUTES, VERIFIED_ATTRIBUTES } from './schema.ts'

export interface ClientSettings {
  readonly name: string
  readonly authFlows: readonly string[]
  readonly readAttributes: readonly string[] | undefined
  readonly writeAttributes: readonly string[] | undefined
  readonly hidesUserExistence: boolean
  readonly accessTokenLifetime: number
  readonly idTokenLifetime: number
  readonly refreshTokenLifetime: number
  /** AuthSessionValidity: how long a challenge waits for its answer. */
  readonly authSessionLifetime: number
  readonly canRevokeTokens: boolean
  /** RefreshTokenRotation; unset: refresh tokens stay. */
  readonly rotation: { readonly graceMs: number } | undefined
  readonly callbackUrls: readonly string[]
  readonly logoutUrls: readonly string[]
  readonly oauthFlows: readonly string[]
  readonly oauthScopes: readonly string[]
  readonly isOauthClient: boolean
  readonly identityProviders: readonly string[]
  /** The settings as they were given, for DescribeUserPoolClient. */
  readonly described: JsonRecord
}

export interface ClientSecret {
  readonly id: string
  readonly value: string
  readonly createdAt: number
}

/** The id says when the secret was made (API reference: ClientSecretDescriptorType). */
export const inventClientSecret = (
  clientId: string,
  now: number,
  value = randomBytes(38).toString('base64url'),
): ClientSecret => ({ id: `${clientId}--${now}`, value, createdAt: now })

export class AppClient {
  readonly id: string
  readonly poolId: string
  /** Empty for a public client; two while one is being exchanged. */
  readonly secrets: ClientSecret[]
  readonly createdAt: number
  settings: ClientSettings
  modifiedAt: number

  constructor(id: string, poolId: string, secret: string | undefined, settings: ClientSettings, now: number) {
    this.id = id
    this.poolId = poolId
    this.secrets = secret === undefined ? [] : [inventClientSecret(id, now, secret)]
    this.settings = settings
    this.createdAt = now
    this.modifiedAt = now
  }

  get secret(): string | undefined {
    return this.secrets[0]?.value
  }

  allows(flow: string): boolean {
    return this.settings.authFlows.includes(`ALLOW_${flow}`) || this.settings.authFlows.includes(flow)
  }

  canRead(attribute: string): boolean {
    if (attribute === 'sub' || attribute === 'identities') return true
    const readable = this.settings.readAttributes
    if (readable) return readable.includes(attribute)
    return STANDARD_ATTRIBUTES.includes(attribute) || VERIFIED_ATTRIBUTES.includes(attribute)
  }

  canWrite(attribute: string): boolean {
    return (this.settings.writeAttributes ?? STANDARD_ATTRIBUTES).includes(attribute)
  }

  assertWritable(attributes: ReadonlyMap<string, string>): void {
    for (const name of attributes.keys()) {
      if (!this.canWrite(name)) throw notAuthorized('A client attempted to write unauthorized attribute')
    }
  }

  /** SECRET_HASH = Base64(HMAC-SHA256(secret, username + client id)). Developer Guide: signing-up-users-in-your-app. */
  checkSecretHash(username: string, given: string | undefined): void {
    if (this.secrets.length === 0) {
      if (given === undefined) return
      throw notAuthorized(`Client ${this.id} is not configured for secret but SECRET_HASH was received`)
    }
    if (given === undefined) {
      throw notAuthorized(`Client ${this.id} is configured with secret but SECRET_HASH was not received`)
    }
    const hashed = (secret: string) => createHmac('sha256', secret).update(`${username}${this.id}`).digest('base64')
    if (!this.secrets.some(({ value }) => isSame(hashed(value), given)))
      throw notAuthorized(`Unable to verify secret hash for client ${this.id}`)
  }

  hasSecret(given: string | undefined): boolean {
    if (given === undefined) return this.secrets.length === 0
    return this.secrets.some(({ value }) => isSame(value, given))
  }
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}
