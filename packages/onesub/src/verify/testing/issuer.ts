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

function signed(header: object | string, claims: object | string, key: KeyObject): string {
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${encode(sign('RSA-SHA256', Buffer.from(body), key))}`
}

export function hmacSigned(header: object, claims: object, secret: string | Buffer): string {
  const body = `${encode(header)}.${encode(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

/** A pool's key set on loopback, counted, with a key to sign by. */
export async function startIssuer(modulusLength?: number) {
  let signing = newKey('k1', modulusLength)
  /** `body`: what is answered instead of the key set. `pending`: how long each answer takes, in milliseconds. */
  const served = {
    status: 200,
    fetches: 0,
    waits: 0,
    body: undefined as string | Buffer | undefined,
    keys: [signing.jwk],
  }
  const server = createServer((_, response) => {
    served.fetches += 1
    const body = served.body ?? JSON.stringify({ keys: served.keys })
    setTimeout(() => response.writeHead(served.status, { 'content-type': 'application/json' }).end(body), served.waits)
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
    auth_time: now,
    iat: now,
    exp: now + 600,
    person_id: '00000000-0000-7000-8000-000000000001',
  }
  return {
    endpoint,
    served,
    publicKey: signing.publicKey,
    header,
    claims,
    token: (change: object = {}, head: object = {}, key: KeyObject = signing.privateKey) =>
      signed({ ...header, kid: signing.jwk.kid, ...head }, { ...claims, ...change }, key),
    /** A token whose parts are these texts, letter for letter. */
    tokenOf: (head: string, body: string) => signed(head, body, signing.privateKey),
    /** Signs with a new key from now on, and publishes that one alone. */
    rotate() {
      signing = newKey(`k${Number(signing.jwk.kid.slice(1)) + 1}`, modulusLength)
      served.keys = [signing.jwk]
    },
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function newKey(kid: string, modulusLength?: number) {
  const { publicKey, privateKey } = rsaKey(modulusLength)
  return { publicKey, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } }
}
