import type { CryptoKey, JWK } from 'jose'
import { jose } from '../shared/jose.ts'

const USES = ['id', 'access'] as const
export type TokenUse = (typeof USES)[number]

export interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly jwk: JWK
}

/**
 * RS256 keys, one for ID and one for access tokens as at AWS (Developer Guide: …-using-the-access-token). They are made
 * afresh at every start, so no token of an emulator can be valid anywhere else. Making RSA keys is slower than
 * everything else at start-up: it happens in the background, once the server already listens.
 */
export class SigningKeys {
  readonly #made = new Map<TokenUse, Promise<SigningKey>>()

  /** An error is thrown where a key is awaited, not as an unhandled rejection here. */
  generateInBackground(): void {
    for (const use of USES) this.for(use).catch(() => {})
  }

  for(use: TokenUse): Promise<SigningKey> {
    const made = this.#made.get(use) ?? makeKey()
    this.#made.set(use, made)
    return made
  }

  async jwks(): Promise<{ keys: readonly JWK[] }> {
    const keys = await Promise.all(USES.map((use) => this.for(use)))
    return { keys: keys.map((key) => key.jwk) }
  }
}

async function makeKey(): Promise<SigningKey> {
  const { exportJWK, generateKeyPair } = await jose()
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048 })
  const kid = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
  const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256', kid, use: 'sig' }
  return { kid, privateKey, publicKey, jwk }
}
