/** A Lambda function as a user writes it. Within one of them, only the way to AWS varies, so that its weight is what is compared. */

/** What a handler needs of AWS, as import lines and as expressions. */
interface Way {
  readonly imports: string
  readonly transport: string
  readonly cognito: string
}

const SMALL: Way = {
  imports: `import { createCognitoHttpsClient, createDynamoDbHttpsTransport } from 'onesub/aws'`,
  transport: 'createDynamoDbHttpsTransport()',
  cognito: 'createCognitoHttpsClient()',
}

const SDK_FOR_DYNAMODB: Way = {
  imports: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createDynamoDbSdkTransport } from 'onesub/registry/dynamodb/sdk'`,
  transport: 'createDynamoDbSdkTransport(new DynamoDBClient())',
  cognito: '',
}

const SDK_FOR_BOTH: Way = {
  imports: `${SDK_FOR_DYNAMODB.imports}
import { CognitoIdentityProvider } from '@aws-sdk/client-cognito-identity-provider'`,
  transport: SDK_FOR_DYNAMODB.transport,
  cognito: 'new CognitoIdentityProvider()',
}

const registry = ({ transport }: Way) => `await openDynamoDbRegistry({
  transport: ${transport},
  table: process.env.ONESUB_TABLE,
  pepper: process.env.ONESUB_PEPPER,
})`

const CLAIMS = `import { createNativePreSignUpHandler } from 'onesub/triggers/native-pre-sign-up'`
const NAMES = `import { createPreTokenGenerationHandler } from 'onesub/triggers/pre-token-generation'`

const LINKS = `import { createPreSignUpHandler } from 'onesub/triggers/pre-sign-up'`
const ALL = `import { createTriggerHandler } from 'onesub/triggers'`

const nameIn = (importing: string) => /\{ (\w+) \}/.exec(importing)?.[1]

const registering = (way: Way, importing: string) => `${way.imports}
${importing}
import { openDynamoDbRegistry } from 'onesub/registry/dynamodb'

export const handler = ${nameIn(importing)}({
  userPoolId: process.env.USER_POOL_ID,
  clientIds: [process.env.CLIENT_ID],
  registry: ${registry(way)},
})
`

const linking = (way: Way, importing: string) => `${way.imports}
${importing}
import { createUserPoolAdapter } from 'onesub/user-pool'
import { openDynamoDbRegistry } from 'onesub/registry/dynamodb'

export const handler = ${nameIn(importing)}({
  userPoolId: process.env.USER_POOL_ID,
  clientIds: [process.env.CLIENT_ID],
  registry: ${registry(way)},
  userPool: createUserPoolAdapter(${way.cognito}),
  policy: { providers: { Google: { kind: 'google', hostedDomainAttribute: 'custom:hd' } } },
})
`

const authorizing = (imports: string, registry: string) => `${imports}
import { createPersonVerifier } from 'onesub/verify'
import { httpApiAuthorizer } from 'onesub/verify/api-gateway'

export const handler = httpApiAuthorizer(
  createPersonVerifier({
    pools: [{ userPoolId: process.env.USER_POOL_ID, clientIds: [process.env.CLIENT_ID] }],
    registry: ${registry},
    dangerouslyTrustEmulator: process.env.ISSUER,
  }),
)
`

export const HANDLERS = {
  'pre-sign-up, claims': { small: registering(SMALL, CLAIMS), sdk: registering(SDK_FOR_DYNAMODB, CLAIMS) },
  'pre-sign-up, links': { small: linking(SMALL, LINKS), sdk: linking(SDK_FOR_BOTH, LINKS) },
  'pre-token-generation': { small: registering(SMALL, NAMES), sdk: registering(SDK_FOR_DYNAMODB, NAMES) },
  'every trigger': { small: linking(SMALL, ALL), sdk: linking(SDK_FOR_BOTH, ALL) },
  // With the claim in the token there is no call to AWS; what stands beside it looks each person up, as one must without the claim.
  authorizer: {
    small: authorizing('', 'null'),
    sdk: authorizing(
      `${SDK_FOR_DYNAMODB.imports}\nimport { openDynamoDbRegistry } from 'onesub/registry/dynamodb'`,
      registry(SDK_FOR_DYNAMODB),
    ),
  },
} as const

export type HandlerName = keyof typeof HANDLERS

/** The same requests as the handler beside it makes, the first at start, none signed: nothing that asks AWS can be quicker. */
export const FLOOR = `import https from 'node:https'

const http = process.getBuiltinModule('node:http')
const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }

const ask = ({ url, method, headers, body }) =>
  new Promise((resolve, reject) => {
    const { protocol } = new URL(url)
    const { request } = protocol === 'http:' ? http : https
    request(url, { method, headers, agent: agents[protocol] }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
    })
      .on('error', reject)
      .end(body)
  })

const { atStart, atCall } = JSON.parse(process.env.REQUESTS)
for (const request of atStart) await ask(request)

export const handler = async (event) => {
  for (const request of atCall) await ask(request)
  return event
}
`

export const BARE = 'export const handler = async (event) => event\n'
