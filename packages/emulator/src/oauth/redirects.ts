import type { CognitoFault } from '../shared/faults.ts'
import type { AuthorizeRequest } from '../state/authorize-request.ts'

type Parameter = readonly [name: string, value: string | undefined]
type CheckedRequest = Pick<AuthorizeRequest, 'redirectUri' | 'state' | 'responseType'>

function encoded(parameters: readonly Parameter[]): string {
  const query = new URLSearchParams()
  for (const [name, value] of parameters) if (value !== undefined) query.append(name, value)
  return query.toString()
}

/** The order is kept: Cognito puts `error_description` first, and clients rely on it. */
export function withQuery(url: string, parameters: readonly Parameter[]): string {
  return `${url}${url.includes('?') ? '&' : '?'}${encoded(parameters)}`
}

/** In the query for the code flow, in the fragment for the implicit one (OAuth 2.0 Multiple Response Type Encoding). */
export function withParameters(
  { redirectUri, responseType }: CheckedRequest,
  parameters: readonly Parameter[],
): string {
  return responseType === 'code' ? withQuery(redirectUri, parameters) : `${redirectUri}#${encoded(parameters)}`
}

export interface Refused {
  readonly error: string
  readonly description: string
}

export function refusalUrl(asked: CheckedRequest, { error, description }: Refused): string {
  return withParameters(asked, [
    ['error_description', description],
    ['state', asked.state],
    ['error', error],
  ])
}

const TRIGGER_FAULTS = ['UserLambdaValidationException', 'UnexpectedLambdaException', 'InvalidLambdaResponseException']

/** Captured callbacks show a space after a trigger's text (amazon-archives/amazon-cognito-auth-js#159). */
export function callbackText(fault: CognitoFault): string {
  return TRIGGER_FAULTS.includes(fault.type) ? `${fault.message} ` : fault.message
}
