import { expect, it } from 'vitest'
import type { Transport } from '../registry/dynamodb/transport.ts'
import type { CognitoApi } from '../user-pool/operations.ts'
import { createCognitoHttpsClient, createDynamoDbHttpsTransport } from './index.ts'

it('fits what the registry and the triggers ask for, without knowing them', () => {
  const transport: () => Transport = createDynamoDbHttpsTransport
  const cognito: () => CognitoApi = createCognitoHttpsClient
  expect([transport, cognito]).toHaveLength(2)
})
