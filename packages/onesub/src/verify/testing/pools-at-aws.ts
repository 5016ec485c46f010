import { type KeyObject, sign } from 'node:crypto'
import { NonRetryableFetchError } from 'aws-jwt-verify/error'
import { SimpleFetcher } from 'aws-jwt-verify/https'
import { vi } from 'vitest'
import { encode, rsaKey } from './issuer.ts'

/**
 * Key sets at the addresses where AWS publishes them. Only the fetch over the network is replaced, in the library that makes it; an
 * address where nothing is published answers as AWS does for an issuer that a pool does not have (awslabs/aws-jwt-verify#279).
 */
export function poolsAtAws() {
  const published = new Map<string, object[]>()
  const fetched: string[] = []
  let isDown = false
  const patience: unknown[] = []
  vi.spyOn(SimpleFetcher.prototype, 'fetch').mockImplementation(async function (this: SimpleFetcher, uri) {
    fetched.push(uri)
    patience.push(this.defaultRequestOptions)
    const keys = published.get(uri)
    if (isDown || !keys) throw new NonRetryableFetchError(uri, `Status code is ${isDown ? 500 : 403}, expected 200`)
    return new TextEncoder().encode(JSON.stringify({ keys })).buffer
  })
  return {
    fetched,
    /** How long each fetch would have waited. */
    patience,
    setDown(down: boolean) {
      isDown = down
    },
    /** A new key of an issuer, beside those that it has; gives what its tokens are signed with. */
    publish(issuer: string, kid: string): KeyObject {
      const { publicKey, privateKey } = rsaKey()
      const uri = `${issuer}/.well-known/jwks.json`
      const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }
      published.set(uri, [...(published.get(uri) ?? []), jwk])
      return privateKey
    },
  }
}

/** A token that is good in every respect but for what is changed. */
export function tokenAtAws(key: KeyObject, kid: string, claims: Readonly<Record<string, unknown>>): string {
  const now = Math.floor(Date.now() / 1_000)
  const whole = { sub: 'sub-of-ada', token_use: 'access', auth_time: now, iat: now, exp: now + 600, ...claims }
  const body = `${encode({ alg: 'RS256', kid })}.${encode(whole)}`
  return `${body}.${encode(sign('RSA-SHA256', Buffer.from(body), key))}`
}
