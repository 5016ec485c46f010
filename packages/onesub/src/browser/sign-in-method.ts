import { storeOfBrowser } from './host.ts'

export const SIGN_IN_METHOD_KEY = 'onesub.sign-in-method'

/**
 * Remembers on this browser which provider the user chose, for the next time. Call it only where your privacy rules allow that. Say what the user
 * clicked, never what a server answered: a page that learns from a refusal which provider an address has would show it to anybody.
 */
export function rememberSignInMethod(provider: string): void {
  // A full or forbidden store costs a hint, not the sign-in.
  try {
    storeOfBrowser().setItem(SIGN_IN_METHOD_KEY, provider)
  } catch {}
}

/** The provider that was remembered, if it is among those `offered`. */
export function lastSignInMethod(offered: readonly string[]): string | undefined {
  try {
    const provider = storeOfBrowser().getItem(SIGN_IN_METHOD_KEY)
    return offered.find((name) => name === provider)
  } catch {
    return undefined
  }
}
