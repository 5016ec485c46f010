import { epochSeconds } from '../shared/clock.ts'
import { CognitoFault, invalidParameter, resourceNotFound } from '../shared/faults.ts'
import type { JsonRecord } from '../shared/json.ts'
import { type ClientSecret, inventClientSecret } from '../state/app-client.ts'
import { type Call, NOTHING, type Operation } from './operation.ts'

const MOST_SECRETS = 2

/** Two secrets are valid at once, so that one can be rotated (API reference: AddUserPoolClientSecret). */
export const addUserPoolClientSecret: Operation = (call) => {
  const client = clientIn(call)
  if (client.secrets.length === 0) throw invalidParameter('The client is not a confidential one: it has no secret.')
  if (client.secrets.length >= MOST_SECRETS) {
    throw new CognitoFault('LimitExceededException', `A client has at most ${MOST_SECRETS} secrets.`)
  }
  const given = call.input.text('ClientSecret')
  if (given !== undefined && (given.length < 24 || given.length > 64 || !/^\w+$/u.test(given))) {
    throw invalidParameter('A client secret has 24 to 64 letters, digits and underscores.')
  }
  // Where the clock stands still, the second id must differ from the first too.
  const madeAt = Math.max(call.context.clock(), ...client.secrets.map(({ createdAt }) => createdAt + 1))
  const secret = inventClientSecret(client.id, madeAt, given)
  client.secrets.push(secret)
  const shown = given === undefined ? { ClientSecretValue: secret.value } : {}
  return { ClientSecretDescriptor: { ...describe(secret), ...shown } }
}

export const deleteUserPoolClientSecret: Operation = (call) => {
  const client = clientIn(call)
  const id = call.input.need('ClientSecretId')
  const clientInPool = client.secrets.findIndex((secret) => secret.id === id)
  if (clientInPool < 0) throw resourceNotFound('The client secret does not exist.')
  if (client.secrets.length === 1) throw invalidParameter('The last secret of a client cannot be deleted.')
  client.secrets.splice(clientInPool, 1)
  return NOTHING
}

/** Lists the ids of the secrets, never their values (API reference: ListUserPoolClientSecrets). */
export const listUserPoolClientSecrets: Operation = (call) => ({
  ClientSecrets: clientIn(call).secrets.map(describe),
})

function clientIn({ context, input }: Call) {
  return context.account.clientOf(input.need('UserPoolId'), input.need('ClientId')).client
}

function describe({ id, createdAt }: ClientSecret): JsonRecord {
  return { ClientSecretId: id, ClientSecretCreateDate: epochSeconds(createdAt) }
}
