import { refuseUnknown } from '../core/options.ts'
import { type RememberingOptions, remembering } from './remembering.ts'
import { type Identified, type TokenCheckOptions, tokenCheck } from './token-check.ts'

export interface IdentityVerifierOptions extends TokenCheckOptions, RememberingOptions {}

export const OPTIONS: Readonly<Record<keyof IdentityVerifierOptions, true>> = {
  pools: true,
  tokenUse: true,
  clock: true,
  dangerouslyTrustEmulator: true,
  cacheBytes: true,
}

/** Throws `TOKEN_INVALID` (401) or `TOKEN_KEYS_UNREACHABLE` (503). */
export type IdentityVerifier = ((token: string) => Promise<Identified>) & {
  /** Which tokens it takes: `createAccountService` refuses one of the other kind. */
  readonly tokenUse: 'access' | 'id'
}

/**
 * From a bearer token to the identity that it was issued for, with every check, whether or not that identity belongs to a person yet. For the page
 * where a user links a sign-in method; use `createPersonVerifier` everywhere else, since one human has many identities.
 */
export function createIdentityVerifier(options: IdentityVerifierOptions): IdentityVerifier {
  refuseUnknown({ ...options }, OPTIONS)
  const check = tokenCheck(options)
  const verify = remembering(options, async (token) => {
    const { identity, claims, expires } = await check(token)
    return { value: Object.freeze({ identity, claims }), until: expires }
  })
  return Object.assign(verify, { tokenUse: options.tokenUse ?? 'access' })
}
