import type { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'
import type { PostConfirmationTriggerHandler, PreSignUpTriggerHandler } from 'aws-lambda'
import { expect, it } from 'vitest'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import type { CognitoApi } from '../user-pool/operations.ts'
import { createTriggerHandler } from './every-trigger.ts'

it('fits the types that people already have: Lambda’s handlers and the AWS SDK’s client', () => {
  const handler = createTriggerHandler({
    userPoolId: 'eu-west-1_Test1',
    clientIds: null,
    registry: createMemoryRegistry(),
  })
  const preSignUp: PreSignUpTriggerHandler = handler
  const postConfirmation: PostConfirmationTriggerHandler = handler
  const takesTheSdk = (client: CognitoIdentityProvider): CognitoApi => client
  expect([preSignUp, postConfirmation, takesTheSdk]).toHaveLength(3)
})
