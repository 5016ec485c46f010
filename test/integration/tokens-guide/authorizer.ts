import { createPersonVerifier } from 'onesub/verify'
import { restApiAuthorizer } from 'onesub/verify/api-gateway'

const { USER_POOL_ID: userPoolId = '', CLIENT_ID: clientId = '' } = process.env

export const handler = restApiAuthorizer(
  createPersonVerifier({ pools: [{ userPoolId, clientIds: [clientId], regions: ['us-west-2'] }], registry: null }),
  { acceptRawToken: true, onRefused: ({ code, detail }) => console.warn('refused', code, detail) },
)
