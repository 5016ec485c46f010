import { readRefusal } from 'onesub/browser'

/** What the user reads when something fails, and what the page can offer then. */
export interface Problem {
  readonly says: string
  readonly code: string
}

// By the names of Cognito's errors (API reference, "Common Errors" and each operation). Which of the two was wrong is nobody's business.
const WORDS: Readonly<Record<string, string>> = {
  NotAuthorizedException: 'The address or the password is not right.',
  UserNotFoundException: 'The address or the password is not right.',
  CodeMismatchException: 'This code is not right. Look at the newest mail.',
  ExpiredCodeException: 'This code is too old or not right. Ask for a new one.',
  InvalidPasswordException: 'The password needs 8 characters or more: small and capital letters, a digit and a symbol.',
  LimitExceededException: 'That was too often. Wait a while, then try again.',
  TooManyRequestsException: 'That was too often. Wait a while, then try again.',
  UserLambdaValidationException: 'This sign-up was not accepted. The address may be taken.',
  InvalidParameterException: 'Something you typed is not in a form that can be used.',
}

/** Our own refusals first, then Cognito's errors, in our words; never text that came with an error. */
export function problemOf(error: unknown): Problem {
  const refusal = readRefusal(error)
  if (refusal) return refusal
  const name = error instanceof Error ? error.name : ''
  return { says: WORDS[name] ?? 'This did not go through. Please try again.', code: name }
}
