import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const POOL_ID = 'eu-west-1_Test1'
export const CLIENT_ID = '7webclient'

export const encode = (value: object | string | Buffer) =>
  Buffer.from(typeof value === 'object' && !Buffer.isBuffer(value) ? JSON.stringify(value) : value).toString(
    'base64url',
  )

export function rsaKey(modulusLength = 2048) {
  return generateKeyPairSync('rsa', { modulusLength })
}

function signed(header: object, claims: object, key: KeyObject): string {
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${encode(sign('RSA-SHA256', Buffer.from(body), key))}`
}

export function hmacSigned(header: object, claims: object, secret: string | Buffer): string {
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

/** A pool's key set on loopback, counted, with a key to sign by. */
export async function startIssuer(modulusLength?: number) {
  const { publicKey, privateKey } = rsaKey(modulusLength)
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }
  const served = { status: 200, fetches: 0 }
  const server = createServer((_, response) => {
    served.fetches += 1
    response.writeHead(served.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const now = Math.floor(Date.now() / 1000)
  const header = { alg: 'RS256', kid: 'k1' }
  const claims = {
    iss: `${endpoint}/${POOL_ID}`,
    sub: 'sub-of-ada',
    client_id: CLIENT_ID,
    token_use: 'access',
    iat: now,
    exp: now + 600,
    person_id: '00000000-0000-7000-8000-000000000001',
  }
  return {
    endpoint,
    served,
    publicKey,
    header,
    claims,
    token: (change: object = {}, head: object = {}, key: KeyObject = privateKey) =>
      signed({ ...header, ...head }, { ...claims, ...change }, key),
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
