import { callbackParameters, cleanAddress } from './callback-parameters.ts'
import { isFirstLinkError, wantsClick } from './first-link-error.ts'
import { storeOfBrowser, storeOfTab } from './host.ts'
import { type Refusal, refusalOf } from './refusal.ts'

export interface FirstLinkOptions {
  /** The page's address as it was loaded. */
  readonly url: string | URL
  readonly clientId: string
  /** The names of the pool's providers: Cognito's answer contains which of them it was. */
  readonly providers: readonly string[]
  /** Begins the same sign-in once more: `Amplify.configure(…)`, then `signInWithRedirect`. */
  readonly again: (provider: string | undefined) => unknown
}

export type FirstLinkResult =
  /** Nothing for us to do: let Amplify go on. */
  | { readonly kind: 'none' }
  | { readonly kind: 'retrying' }
  /** The provider wants a person to ask for it: call `again` from a button. */
  | { readonly kind: 'retry-by-click'; readonly again: () => Promise<void> }
  /** It was tried once more already. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/**
 * For apps that sign in by Amplify: after Cognito has linked an identity, the very sign-in that did it ends with an error, and the next one
 * succeeds (aws-amplify/amplify-flutter#1716). This starts that next one, once. Call it before `Amplify.configure`, which would take the
 * answer for a failure. `createSignIn` does the same by itself.
 */
export async function retryFirstLink(options: FirstLinkOptions): Promise<FirstLinkResult> {
  const { clientId, providers } = options
  const parameters = callbackParameters(new URL(options.url))
  const mark = `onesub.${clientId}.again`
  const isRetry = storeOfTab().getItem(mark) !== null
  if (parameters && isAmplifys(clientId, parameters.state)) storeOfTab().removeItem(mark)
  if (!parameters || !isFirstLinkError(parameters.description)) return { kind: 'none' }
  if (!isAmplifys(clientId, parameters.state)) return { kind: 'none' }

  cleanAddress()
  // Otherwise Amplify, once configured, takes the missing code for a cancelled sign-in, and forgets the one that has just started.
  for (const name of IN_FLIGHT) storeOfBrowser().removeItem(amplifyKey(clientId, name))
  if (isRetry) return { kind: 'refused', refusal: refusalOf('TRY_AGAIN') }
  const provider = providerIn(parameters.description, providers)
  const again = async () => {
    storeOfTab().setItem(mark, '')
    await options.again(provider)
  }
  if (wantsClick(parameters.description)) return { kind: 'retry-by-click', again }
  await again()
  return { kind: 'retrying' }
}

// Amplify 6: packages/auth/src/providers/cognito/utils/types.ts, OAuthStorageKeys.
const IN_FLIGHT = ['inflightOAuth', 'inflightOAuthDeadline', 'oauthPKCE', 'oauthState'] as const
const amplifyKey = (clientId: string, name: string) => `CognitoIdentityServiceProvider.${clientId}.${name}`

/** Anybody can write a link with an error in it; only Amplify's own state makes it the answer to something that was asked. */
function isAmplifys(clientId: string, state: string | undefined): boolean {
  return state !== undefined && storeOfBrowser().getItem(amplifyKey(clientId, 'oauthState')) === state
}

/** The user name in the answer is `<Provider>_<subject>`, folded where the pool folds; the longest name that fits is meant. */
function providerIn(description: string, providers: readonly string[]): string | undefined {
  const userName = /for username (\S+)/i.exec(description)?.[1]?.toLowerCase() ?? ''
  const fitting = providers.filter((name) => userName.startsWith(`${name.toLowerCase()}_`))
  return fitting.sort((a, b) => b.length - a.length)[0]
}
