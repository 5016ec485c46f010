export function isOneOf(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name)
}

/** What may pass when it is tried again (API reference, "Common errors"; declared errors of the operations). */
const PASSING = [
  'TooManyRequestsException',
  'ThrottlingException',
  'InternalErrorException',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'RequestTimeout',
  'ConcurrentModificationException',
]

/** A refusal under a name of Cognito's own that no other try will change; network faults and time-outs have other names. */
export function isPermanent(error: unknown): boolean {
  return error instanceof Error && /Exception$/.test(error.name) && !isOneOf(error, PASSING)
}
