import { type App, authorize } from './authorize.ts'
import { type CallbackResult, finish } from './callback.ts'
import { configInvalid } from './config-invalid.ts'
import type { Purpose } from './flow.ts'
import { pageLocation } from './host.ts'
import { hostedOrigin } from './hosted.ts'
import { parseAllowed } from './redirect-uris.ts'

export interface SignInOptions {
  /** The user pool's domain, such as `auth.example.com`. */
  readonly domain: string
  readonly clientId: string
  /** Those registered as callback URLs of the app client; the one of the page's own origin is used. See `redirectUriFor`. */
  readonly redirectUris: readonly string[]
  /** `openid` must be among them. @default those that the app client allows */
  readonly scopes?: readonly string[]
  /** Where `returnTo` may lead: paths and what lies below them. @default ['/'], any path of this origin */
  readonly returnPaths?: readonly string[]
  /** Remember on this browser which provider was used, for `lastSignInMethod`; your privacy rules decide. @default false */
  readonly rememberSignInMethod?: boolean
  /**
   * For pools with authentication levels (Essentials or Plus), such as `['urn:cognito:loa:1']`: a sign-in that has to be fresh is then asked for by
   * `max_age=0` and these levels, beside `prompt=login`. @default none
   */
  readonly acrValues?: readonly string[]
}

export interface StartOptions {
  /** A provider of the pool by its exact name, `COGNITO` for a password. @default the user chooses on the hosted page */
  readonly provider?: string | undefined
  /** A path of this origin to go to afterwards. @default '/' */
  readonly returnTo?: string | undefined
  /** `link`: the user is signed in already and proves that a second sign-in method is theirs too; always a fresh sign-in. @default 'sign-in' */
  readonly purpose?: Purpose | undefined
  /** The user has to sign in again, whatever session there is: before an account page links or removes a sign-in method. @default false */
  readonly fresh?: boolean | undefined
  /** Handed on to the provider, and kept nowhere here. */
  readonly loginHint?: string | undefined
}

export interface SignIn {
  /** Sends the browser to sign in; the page is about to go when this resolves. */
  start(options?: StartOptions): Promise<void>
  /**
   * To be called where the redirect URI leads to, or on every page: `none` says that there was nothing to do. Codes, states and errors
   * leave the address bar at once. Called twice at once (React's StrictMode does), both get one result.
   */
  callback(url?: string | URL): Promise<CallbackResult>
}

/**
 * Authorisation code flow with PKCE at the pool's hosted endpoints, without any other library (RFC 9700; developer guide, "Authorize
 * endpoint"). State, nonce and verifier are for one use in this tab; tokens are given to you and kept nowhere.
 *
 * @throws `CONFIG_INVALID` for options that cannot be used.
 */
export function createSignIn(options: SignInOptions): SignIn {
  checkNames(options)
  const { clientId, redirectUris, scopes, returnPaths = ['/'], rememberSignInMethod = false, acrValues } = options
  const domain = hostedOrigin(options.domain)
  for (const uri of redirectUris) parseAllowed(uri)
  if (scopes?.includes('openid') === false) {
    throw configInvalid('"scopes" must hold openid: without an ID token there is no nonce to compare.')
  }
  if (acrValues?.every(isAcrValue) === false || acrValues?.length === 0) {
    throw configInvalid('"acrValues" must be a list of authentication levels, such as ["urn:cognito:loa:1"].')
  }
  const app: App = { domain, clientId, redirectUris, scopes, returnPaths, rememberSignInMethod, acrValues }
  let underWay: Promise<CallbackResult> | undefined
  return {
    start: ({ provider = '', returnTo = '/', purpose = 'sign-in', fresh = false, loginHint } = {}) =>
      // The session at the hosted pages is the first account's: it must not answer for the second.
      authorize(app, { provider, returnTo, purpose, again: false, fresh: fresh || purpose === 'link', loginHint }),
    callback: (url = pageLocation().href) => {
      underWay ??= finish(app, new URL(url, pageLocation().href)).finally(() => {
        underWay = undefined
      })
      return underWay
    },
  }
}

/** A JavaScript user has no compiler. */
function checkNames(options: SignInOptions): void {
  const { clientId, redirectUris } = options ?? {}
  if (typeof clientId !== 'string' || clientId === '')
    throw configInvalid('"clientId" is missing: the id of the app client.')
  if (!Array.isArray(redirectUris) || redirectUris.length === 0)
    throw configInvalid('"redirectUris" must list the callback URLs of the app client.')
}

/** They are sent as one list, with spaces between (OpenID Connect Core §3.1.2.1). */
const isAcrValue = (value: unknown) => typeof value === 'string' && /^\S+$/.test(value)
