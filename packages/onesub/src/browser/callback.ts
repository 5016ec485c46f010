import { type App, authorize, redirectUriOf } from './authorize.ts'
import { callbackParameters, cleanAddress } from './callback-parameters.ts'
import { exchange, isNobody, nonceIn, type Tokens } from './exchange.ts'
import { isFirstLinkError, wantsClick } from './first-link-error.ts'
import { type Flow, type Purpose, takeFlow } from './flow.ts'
import { type Refusal, readRefusal, refusalOf } from './refusal.ts'
import { safeReturnTo } from './return-to.ts'
import { rememberSignInMethod } from './sign-in-method.ts'

/** `returnTo` is safe to navigate to. `purpose` is what `start` was called with. */
export type CallbackResult =
  /** The user is signed in. With purpose `link` these are the tokens of the second sign-in method; the first session is unchanged. */
  | { readonly kind: 'signed-in'; readonly tokens: Tokens; readonly returnTo: string; readonly purpose: Purpose }
  /** The page is about to go: the same sign-in once more, as Cognito wants after it has linked. Show nothing. */
  | { readonly kind: 'retrying' }
  /** The same, but the provider wants a person to ask for it: call `again` from a button. */
  | { readonly kind: 'retry-by-click'; readonly again: () => Promise<void> }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly returnTo: string; readonly purpose: Purpose }
  /** The user turned back at the provider's page. */
  | { readonly kind: 'cancelled'; readonly returnTo: string; readonly purpose: Purpose }
  /** An answer to nothing that was asked in this tab. It was not used, and nothing was changed (RFC 9700, section 4.7). */
  | { readonly kind: 'foreign' }
  /** Just a page. */
  | { readonly kind: 'none' }

/** The answer of the authorisation server, from the address of the page to a result. */
export async function finish(app: App, url: URL): Promise<CallbackResult> {
  const parameters = callbackParameters(url)
  if (!parameters || new URL(redirectUriOf(app)).pathname !== url.pathname) return { kind: 'none' }
  cleanAddress()
  const flow = takeFlow(app.clientId, parameters.state)
  if (!flow) return { kind: 'foreign' }
  const { code, error, description } = parameters
  if (error !== undefined || code === undefined) return failed(app, flow, error ?? '', description)

  const exchanged = await exchange(app.domain, app.clientId, flow, code)
  if (exchanged.kind === 'refused') return failed(app, flow, exchanged.error, exchanged.description)
  const { tokens } = exchanged
  if (nonceIn(tokens.idToken) !== flow.nonce) return { kind: 'foreign' }
  if (await isNobody(app.domain, tokens.accessToken)) return startOver(app, flow, { fresh: true })
  if (app.rememberSignInMethod && flow.provider) rememberSignInMethod(flow.provider)
  return { kind: 'signed-in', tokens, ...ending(app, flow) }
}

// What these two say is in the settings of the app client, and no second try helps (RFC 6749, sections 4.1.2.1 and 5.2).
const SETTINGS = /^(?:unauthorized_client|invalid_client|invalid_scope|unsupported_response_type)$/

async function failed(app: App, flow: Flow, error: string, description: string): Promise<CallbackResult> {
  if (isFirstLinkError(description)) return startOver(app, flow, { description })
  const refusal = readRefusal(description)
  if (!refusal && error === 'access_denied') return { kind: 'cancelled', ...ending(app, flow) }
  const code = SETTINGS.test(error) ? 'CONFIG_INVALID' : 'TRY_AGAIN'
  return { kind: 'refused', refusal: refusal ?? refusalOf(code), ...ending(app, flow) }
}

/** Once in a flow; a second failure is shown, instead of an endless loop. */
async function startOver(app: App, flow: Flow, { description = '', fresh = false }): Promise<CallbackResult> {
  if (flow.again) return { kind: 'refused', refusal: refusalOf('TRY_AGAIN'), ...ending(app, flow) }
  const { provider, purpose, returnTo } = flow
  const again = () => authorize(app, { provider, purpose, returnTo, again: true, fresh: fresh || flow.fresh })
  if (wantsClick(`${provider} ${description}`)) return { kind: 'retry-by-click', again }
  await again()
  return { kind: 'retrying' }
}

function ending({ returnPaths }: App, { returnTo, purpose }: Flow) {
  return { returnTo: safeReturnTo(returnTo, returnPaths), purpose }
}
