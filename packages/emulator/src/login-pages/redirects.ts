import type { CognitoFault } from '../faults.ts'

type Parameter = readonly [name: string, value: string | undefined]

/** Order is kept: Cognito puts `error_description` first, and clients have been written against that. */
export function withQuery(url: string, parameters: readonly Parameter[]): string {
  const query = new URLSearchParams()
  for (const [name, value] of parameters) if (value !== undefined) query.append(name, value)
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}

interface Refusal {
  readonly redirectUri: string
  readonly state: string | undefined
  readonly error: string
  readonly description: string
}

export function refusalUrl({ redirectUri, state, error, description }: Refusal): string {
  return withQuery(redirectUri, [
    ['error_description', description],
    ['state', state],
    ['error', error],
  ])
}

const TRIGGER_FAULTS = ['UserLambdaValidationException', 'UnexpectedLambdaException', 'InvalidLambdaResponseException']

/** Captured callbacks show a space after a trigger's text (amazon-archives/amazon-cognito-auth-js#159). */
export function callbackText(fault: CognitoFault): string {
  return TRIGGER_FAULTS.includes(fault.type) ? `${fault.message} ` : fault.message
}
