import aws4 from 'aws4'
import { OnesubError } from '../core/errors.ts'
import type { Endpoint, Service } from './endpoint.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * What Lambda puts into the environment (developer guide, "Defined runtime environment variables"). Files, profiles, containers and
 * instance roles are the SDK's to read. Throws `CONFIG_INVALID`.
 */
export function credentialsInEnvironment(): Credentials {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new OnesubError('CONFIG_INVALID', {
      detail:
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set. Lambda sets them; elsewhere use clients of the AWS SDK: onesub/registry/dynamodb/sdk for the table, new CognitoIdentityProvider() for the pool.',
    })
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  }
}

export type Headers = Readonly<Record<string, string | number>>

/** The headers of one call, signed by Signature Version 4; they count for some minutes from now. */
export function signedHeaders(
  service: Service,
  { region, url }: Endpoint,
  operation: string,
  body: string,
  credentials: Credentials,
): Headers {
  const { headers } = aws4.sign(
    {
      service: service.name,
      region,
      method: 'POST',
      path: '/',
      headers: {
        host: url.host,
        'content-type': service.contentType,
        'x-amz-target': `${service.target}.${operation}`,
      },
      body,
    },
    credentials,
  )
  // `aws4` adds strings and a length; its types speak of all that Node would take.
  return headers as Headers
}
