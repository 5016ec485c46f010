import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const POOL_ID = 'eu-west-1_Bench0001'
export const CLIENT_ID = '7abcdefghijklmnopqrstuvwxy'
export const AWS_ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL_ID}`

/** About what Cognito gives out for an access token of the hosted pages, with the claim that onesub adds. */
const LENGTH = 1_125

export interface Keys {
  readonly publicKey: KeyObject
  readonly pem: string
  readonly jwks: { keys: ({ kid: string; kty: string } & Record<string, string>)[] }
  token(issuer: string, claims?: object): string
}

export function makeKeys(): Keys {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const kid = 'mN0kT0dGh5mYp1jXW8b0s7Rz3oJm1u0o4Q2w6y8a0bE='
  const { kty = '', n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const header = encode({ kid, alg: 'RS256' })
  return {
    publicKey,
    pem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    jwks: { keys: [{ kty, n, e, kid, use: 'sig', alg: 'RS256' }] },
    token(issuer, claims = {}) {
      const now = Math.floor(Date.now() / 1_000)
      const payload = {
        sub: randomUUID(),
        'cognito:groups': ['customers'],
        iss: issuer,
        version: 2,
        client_id: CLIENT_ID,
        origin_jti: randomUUID(),
        event_id: randomUUID(),
        token_use: 'access',
        auth_time: now,
        exp: now + 3_600,
        iat: now,
        jti: randomUUID(),
        username: randomUUID(),
        person_id: randomUUID(),
        ...claims,
      }
      const signature = 343
      const missing = Math.floor(((LENGTH - signature - header.length - 2) * 3) / 4) - JSON.stringify(payload).length
      // Issuers differ in length, tokens then do not.
      const scope = 'openid profile email '.repeat(40).slice(0, Math.max(0, missing - '"scope":"",'.length))
      const body = `${header}.${encode({ ...payload, scope })}`
      return `${body}.${sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64url')}`
    },
  }
}

/** A pool's key set on loopback, and how often it was asked for. */
export async function serveKeys({ jwks }: Keys) {
  const served = { fetches: 0 }
  const server = createServer((_, response) => {
    served.fetches += 1
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}`, served, close: () => server.close() }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
