import { databases, type KeyValues, pageDocument, pageLocation, storeOfBrowser, storeOfTab } from './host.ts'
import { SIGN_IN_METHOD_KEY } from './sign-in-method.ts'

/**
 * What a session of this app client leaves behind in script's reach, by the beginning of its name: ours; tokens, device and user data of
 * Amplify and amazon-cognito-identity-js; Amplify's identity ids, cache and half-finished sign-ins (aws-amplify/amplify-js, packages/auth
 * and packages/core: TokenStore.ts, IdentityIdStore.ts, signInStore.ts, Cache/constants.ts).
 */
function isTrace(clientId: string, name: string): boolean {
  const beginnings = [
    `onesub.${clientId}.`,
    `CognitoIdentityServiceProvider.${clientId}.`,
    'CognitoSignInState.',
    'com.amplify',
    'amplify-',
    'aws-amplify-',
  ]
  return beginnings.some((beginning) => name.startsWith(beginning))
}

/** From both stores and from the cookies that scripts can see. */
export function clearTraces(clientId: string, keepSignInMethod: boolean): void {
  const isGoing = (name: string) => isTrace(clientId, name) || (name === SIGN_IN_METHOD_KEY && !keepSignInMethod)
  for (const store of [storeOfBrowser, storeOfTab]) attempt(() => clearStore(store(), isGoing))
  attempt(() => clearCookies(isGoing))
}

/** One place that a browser forbids must not keep the others from being cleared. */
function attempt(clear: () => void): void {
  try {
    clear()
  } catch {}
}

function clearStore(store: KeyValues, isGoing: (name: string) => boolean): void {
  const names = Array.from({ length: store.length }, (_, at) => store.key(at) ?? '')
  for (const name of names.filter(isGoing)) store.removeItem(name)
}

/** A cookie goes only by the domain, path and secrecy it was set with, and none of them can be read: each that is possible here is tried. */
function clearCookies(isGoing: (name: string) => boolean): void {
  const { hostname, pathname } = pageLocation()
  const labels = hostname.split('.')
  const domains = ['', ...labels.map((_, at) => `; domain=${labels.slice(at).join('.')}`)]
  const steps = pathname.split('/')
  const paths = [
    '/',
    ...steps.flatMap((_, at) => [steps.slice(0, at + 1).join('/'), `${steps.slice(0, at + 1).join('/')}/`]),
  ]
  const page = pageDocument()
  const names = page.cookie.split('; ').map((cookie) => cookie.split('=')[0] ?? '')
  for (const name of names.filter(isGoing)) {
    for (const domain of domains) {
      for (const path of paths) page.cookie = `${name}=; max-age=0; path=${path}${domain}`
    }
  }
}

/** Resolves also where another tab holds the database open: it goes when that tab lets go. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((done) => {
    const request = databases().deleteDatabase(name)
    request.onsuccess = request.onerror = request.onblocked = () => done()
  })
}
