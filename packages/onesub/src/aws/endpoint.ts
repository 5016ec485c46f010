import { configInvalid as invalid } from '../core/options.ts'
import { isRegion, serviceHost } from '../core/user-pool-id.ts'

export interface HttpsOptions {
  /** @default AWS_REGION, which Lambda sets */
  readonly region?: string
  /**
   * Where to call instead of AWS: `https://…`, or plain `http://` on loopback, for `@onesub/emulator` and DynamoDB Local.
   * @default the variable that AWS SDKs read: AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER
   */
  readonly endpoint?: string
  /** For one attempt: to connect, to be answered and to read the answer, in milliseconds. @default 800; for Cognito 2,500 */
  readonly timeoutMs?: number
}

/** A service of AWS that speaks JSON (Smithy, "AWS JSON 1.0 protocol" and "1.1"). */
export interface Service {
  /** In the host name and in the signature. */
  readonly name: string
  /** Before the operation, in `x-amz-target`. */
  readonly target: string
  readonly contentType: string
  /** AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
  readonly endpointVariable: string
  /** For one attempt, where the options name none. */
  readonly timeoutMs: number
}

export interface Endpoint {
  readonly region: string
  readonly url: URL
}

/** Throws `CONFIG_INVALID`. */
export function endpointOf(service: Service, options: HttpsOptions): Endpoint {
  const { region = process.env.AWS_REGION ?? '', endpoint = process.env[service.endpointVariable] } = options
  // The region becomes part of a host name, to which signed requests are sent.
  if (!isRegion(region))
    throw invalid('The region is missing or is none: set AWS_REGION, or the option "region", such as eu-west-1.')
  const url = endpoint === undefined ? new URL(`https://${serviceHost(service.name, region)}`) : checked(endpoint)
  return { region, url }
}

function checked(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || url.href !== `${url.origin}/` || !isPrivate(url))
    throw invalid('"endpoint" is neither https://<host> nor http:// on loopback, such as http://127.0.0.1:8000.')
  return url
}

/** Requests carry addresses, and signatures that count for minutes. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
}
