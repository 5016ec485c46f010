import { configInvalid } from './config-invalid.ts'

/** 32 random bytes, as text for a URL: state, nonce, or a code verifier (RFC 7636, section 4.1). */
export function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)))
}

/** RFC 7636, section 4.2. */
export async function challengeOf(verifier: string): Promise<string> {
  if (!crypto.subtle) {
    throw configInvalid(
      'This page is not a secure context, so its browser can prove nothing. Serve it by https, or on localhost.',
    )
  }
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
