import { createHmac } from 'node:crypto'
import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
  ListUserPoolClientSecretsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { openPool, refusal } from '../testing/open-pool.ts'

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
})
afterAll(() => emulator.close())

it('a client secret can be exchanged: two are good at once, the last one stays (API reference)', async () => {
  const { sdk, UserPoolId, ClientId, secret, signUp } = await openPool(emulator, { client: { GenerateSecret: true } })
  const hash = (key: string, name: string) => createHmac('sha256', key).update(`${name}${ClientId}`).digest('base64')
  const add = () => sdk.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }))
  const { ClientSecretDescriptor: added } = await add()
  expect(await refusal(add())).toContain('LimitExceededException')
  const newer = added?.ClientSecretValue ?? ''
  expect(await refusal(signUp('ada', {}, { SecretHash: hash(secret, 'ada') }))).toBe('no refusal')
  expect(await refusal(signUp('bob', {}, { SecretHash: hash(newer, 'bob') }))).toBe('no refusal')
  const { ClientSecrets = [] } = await sdk.send(new ListUserPoolClientSecretsCommand({ UserPoolId, ClientId }))
  expect(JSON.stringify(ClientSecrets)).not.toContain(secret)
  const remove = (ClientSecretId: string | undefined) =>
    sdk.send(new DeleteUserPoolClientSecretCommand({ UserPoolId, ClientId, ClientSecretId }))
  await remove(ClientSecrets[0]?.ClientSecretId)
  expect(await refusal(signUp('cleo', {}, { SecretHash: hash(secret, 'cleo') }))).toContain(
    'Unable to verify secret hash',
  )
  expect(await refusal(signUp('cleo', {}, { SecretHash: hash(newer, 'cleo') }))).toBe('no refusal')
  expect(await refusal(remove(ClientSecrets[1]?.ClientSecretId))).toContain('InvalidParameterException')
})

it('a public client stays a public one', async () => {
  const { sdk, UserPoolId, ClientId } = await openPool(emulator)
  const add = sdk.send(new AddUserPoolClientSecretCommand({ UserPoolId, ClientId }))
  expect(await refusal(add)).toContain('InvalidParameterException')
})
