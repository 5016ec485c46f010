import type { AppClient, ClientSecret, ClientSettings } from '../state/app-client.ts'
import { anyRecord, flag, list, number, optional, record, type Shape, text } from './shape.ts'

const SETTINGS: Shape<ClientSettings> = record({
  name: text,
  authFlows: list(text),
  readAttributes: optional(list(text)),
  writeAttributes: optional(list(text)),
  hidesUserExistence: flag,
  accessTokenLifetime: number,
  idTokenLifetime: number,
  refreshTokenLifetime: number,
  authSessionLifetime: number,
  canRevokeTokens: flag,
  rotation: optional(record({ graceMs: number })),
  callbackUrls: list(text),
  logoutUrls: list(text),
  oauthFlows: list(text),
  oauthScopes: list(text),
  isOauthClient: flag,
  identityProviders: list(text),
  described: anyRecord,
})

const SECRET: Shape<ClientSecret> = record({ id: text, value: text, createdAt: number })

export const CLIENT = record({
  id: text,
  secrets: list(SECRET),
  settings: SETTINGS,
  createdAt: number,
  modifiedAt: number,
})

export type ClientRecord = NonNullable<(typeof CLIENT)['type']>

export function recordOfClient({ id, secrets, settings, createdAt, modifiedAt }: AppClient): ClientRecord {
  return { id, secrets, settings, createdAt, modifiedAt }
}
