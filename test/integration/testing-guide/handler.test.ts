import { createMemoryRegistry } from 'onesub/registry/memory'
import { createFailingRegistry, createTriggerEvents } from 'onesub/testing'
import { createTriggerHandler } from 'onesub/triggers'
import { expect, test } from 'vitest'

const userPoolId = 'eu-west-1_Example01'
const clientId = 'web'
const event = createTriggerEvents({ userPoolId, clientId })

test('a sign-up is written once, though an answer of the store is lost', async () => {
  const registry = createFailingRegistry(createMemoryRegistry())
  const handler = createTriggerHandler({ userPoolId, clientIds: [clientId], registry, report: () => {} })
  const userAttributes = { email: 'ada@example.com' }
  const signUp = (userName: string) => handler(event('PreSignUp_SignUp', { userName, userAttributes }))

  registry.fail('commit', { kind: 'lose-answer', times: 1 })
  await expect(signUp('ada')).resolves.toMatchObject({ userName: 'ada' })

  registry.fail('commit', { kind: 'throw' })
  await expect(signUp('eve')).rejects.toThrow('onesub/REGISTRY_UNREACHABLE')
  registry.recover()
  await expect(signUp('eve')).rejects.toThrow('onesub/SIGN_UP_UNFINISHED')
})
