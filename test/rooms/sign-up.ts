import { fileURLToPath } from 'node:url'
import { tracing } from './tracing.ts'

/** Prints, as JSON, each call from one file of onesub to another while the triggers handle one sign-up form and its confirmation. */
const trace = tracing(fileURLToPath(new URL('../../packages/onesub/src/', import.meta.url)))
const { createMemoryRegistry } = await import('../../packages/onesub/src/registry/memory/index.ts')
const { createTriggerHandler } = await import('../../packages/onesub/src/triggers/index.ts')
const { createTriggerEvents } = await import('../../packages/onesub/src/testing/index.ts')

const [userPoolId, clientId] = ['us-east-1_AbCdEfGhI', 'a-client']
const registry = createMemoryRegistry()
const handler = createTriggerHandler({ userPoolId, clientIds: [clientId], registry, report: () => {} })
const event = createTriggerEvents({ userPoolId, clientId })
const of = { userName: 'ada', userAttributes: { sub: 'sub-ada', email: 'ada@example.com', email_verified: 'true' } }
const signsUp = event('PreSignUp_SignUp', of)
const confirms = event('PostConfirmation_ConfirmSignUp', of)
const calls = [await trace.calls(() => handler(signsUp, {})), await trace.calls(() => handler(confirms, {}))]
console.log(JSON.stringify(calls))
