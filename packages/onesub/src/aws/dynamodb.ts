import { jsonCalls } from './call.ts'
import type { HttpsOptions, Service } from './endpoint.ts'

const DYNAMODB: Service = {
  name: 'dynamodb',
  target: 'DynamoDB_20120810',
  contentType: 'application/x-amz-json-1.0',
  endpointVariable: 'AWS_ENDPOINT_URL_DYNAMODB',
  timeoutMs: 800,
}

type Item = Readonly<Record<string, unknown>>

interface DynamoDbAnswer {
  readonly Item?: Item
  readonly Responses?: Readonly<Record<string, readonly Item[]>>
  readonly UnprocessedKeys?: Item
  readonly Table?: Item
}

/**
 * DynamoDB without the AWS SDK, for `openDynamoDbRegistry({ transport })`: a fraction of its weight in a Lambda function. It signs with
 * the function's role from the environment; elsewhere use `createDynamoDbSdkTransport`. Throws `CONFIG_INVALID`.
 */
export function createDynamoDbHttpsTransport(options: HttpsOptions = {}) {
  const call = jsonCalls(DYNAMODB, options)
  // The registry believes no item before it has read it.
  return (operation: string, input: object) => call(operation, input) as Promise<DynamoDbAnswer>
}
