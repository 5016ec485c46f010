import { CONTESTED_MARKER } from '../core/names.ts'
import { isRegion, regionOfUserPool, serviceHost } from '../core/user-pool-id.ts'
import { configInvalid } from './config-invalid.ts'
import { type Refusal, readRefusal, refusalOf } from './refusal.ts'
import { isLoopback, parseUrl } from './url.ts'

export interface ResumeOptions {
  readonly userPoolId: string
  /** An app client without a secret. */
  readonly clientId: string
  /**
   * What the user signed up with: the address or phone number where the pool takes those as user names, else the user name. A pool with aliases
   * knows an unfinished sign-up by its user name alone, so keep it.
   */
  readonly userName: string
  /** Plain http on loopback, for an emulator. @default the Region of the pool, at AWS */
  readonly endpoint?: string | undefined
}

export type ResumeResult =
  /**
   * A code is on its way. `sentTo` is how Cognito writes it, such as `a***@e***`. The same where nobody has signed up: the caller learns
   * nothing, and no code will be right.
   */
  | { readonly kind: 'code-sent'; readonly sentTo: string | undefined; confirm(code: string): Promise<ConfirmResult> }
  /** The user has entered a code before: lead to the sign-in. */
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export type ConfirmResult =
  | { readonly kind: 'confirmed' }
  /** Not that code: ask for it once more. */
  | { readonly kind: 'wrong-code' }
  /** It has run out: resume once more. */
  | { readonly kind: 'expired-code' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** The page cannot tell whose sign-up it is: somebody else may have begun it, with a password that they know. */
const ClientMetadata = { [CONTESTED_MARKER]: 'true' }

/**
 * For a user who left before the code: sends a new one, and takes it. The password from before may be replaced by one that nobody knows
 * (`passwordBeforeProof`), so lead to the reset of the password afterwards, or to a provider. Never takes an address from whoever holds it
 * confirmed (`ForceAliasCreation` stays off).
 *
 * @throws `CONFIG_INVALID` for options that cannot be used.
 */
export async function resumeSignUp(options: ResumeOptions): Promise<ResumeResult> {
  const { clientId: ClientId, userName: Username } = options
  const url = apiOf(options)
  const sent = await call(url, 'ResendConfirmationCode', { ClientId, Username })
  if (sent.error === 'UserNotFoundException' || sent.error === undefined) {
    const confirm = async (code: string): Promise<ConfirmResult> => {
      const ConfirmationCode = String(code).trim()
      // Cognito would call it a wrong parameter (API reference, "ConfirmSignUp": no spaces).
      if (!/^\S+$/.test(ConfirmationCode)) return { kind: 'wrong-code' }
      return confirmed(await call(url, 'ConfirmSignUp', { ClientId, Username, ConfirmationCode, ClientMetadata }))
    }
    return { kind: 'code-sent', sentTo: sent.destination, confirm }
  }
  return isConfirmed(sent) ? { kind: 'confirmed' } : refused(sent)
}

function confirmed(answer: Answer): ConfirmResult {
  if (answer.error === undefined || isConfirmed(answer)) return { kind: 'confirmed' }
  switch (answer.error) {
    case 'CodeMismatchException':
    case 'UserNotFoundException':
      return { kind: 'wrong-code' }
    case 'ExpiredCodeException':
      return { kind: 'expired-code' }
    default:
      return refused(answer)
  }
}

/** Cognito has no error of its own for it, and two texts. */
function isConfirmed({ error, message }: Answer): boolean {
  return (
    (error === 'InvalidParameterException' && /already confirmed/i.test(message)) ||
    (error === 'NotAuthorizedException' && /Current status is CONFIRMED\b/i.test(message))
  )
}

// What these two say is in the settings of the app client or of the call, and no second try helps.
const SETTINGS = /^(?:ResourceNotFoundException|NotAuthorizedException)$/

function refused(answer: Answer): { kind: 'refused'; refusal: Refusal } {
  const read = readRefusal(answer.message) ?? readRefusal({ name: answer.error })
  const code = SETTINGS.test(answer.error ?? '') ? 'CONFIG_INVALID' : 'TRY_AGAIN'
  return { kind: 'refused', refusal: read ?? refusalOf(code) }
}

interface Answer {
  /** The exception's name without its namespace; undefined where the call went through. */
  readonly error: string | undefined
  readonly message: string
  readonly destination: string | undefined
}

/** Both operations take no signature, and browsers of any origin may call them (API reference, "ConfirmSignUp"). */
async function call(url: string, operation: string, input: object): Promise<Answer> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
  }
  try {
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input), credentials: 'omit' })
    const answer = Object(await response.json())
    const type = textIn(answer, '__type')?.replace(/^.*#/, '')
    const delivery = Object(Reflect.get(answer, 'CodeDeliveryDetails'))
    return {
      error: response.ok ? undefined : (type ?? ''),
      message: textIn(answer, 'message') ?? '',
      destination: textIn(delivery, 'Destination'),
    }
  } catch {
    return { error: '', message: '', destination: undefined }
  }
}

function textIn(value: object, name: string): string | undefined {
  const text: unknown = Reflect.get(value, name)
  return typeof text === 'string' ? text : undefined
}

function apiOf({ userPoolId, userName, endpoint }: ResumeOptions): string {
  if (typeof userName !== 'string' || userName === '') throw configInvalid('"userName" is missing.')
  const region = regionOfUserPool(userPoolId)
  if (region === undefined)
    throw configInvalid('"userPoolId" is not the id of a user pool, such as eu-west-1_AbCdEf123.')
  if (endpoint === undefined) {
    if (!isRegion(region)) throw configInvalid('"userPoolId" names a pool of an emulator: say its "endpoint".')
    return `https://${serviceHost('cognito-idp', region)}/`
  }
  const url = parseUrl(endpoint)
  const isPlainOrigin = url !== undefined && url.href === `${url.origin}/`
  if (isPlainOrigin && url.protocol === 'http:' && isLoopback(url.hostname)) return url.href
  throw configInvalid('"endpoint" is not an emulator on loopback, such as http://127.0.0.1:9229.')
}
