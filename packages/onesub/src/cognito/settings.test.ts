import { expect, it } from 'vitest'
import { memoryRegistry } from '../registry/memory.ts'
import type { TriggerOptions } from './settings.ts'
import { createTriggers } from './triggers.ts'

const right = { userPoolId: 'eu-west-1_Test1', clientIds: ['web'], registry: memoryRegistry() }

it.each([
  ['no pool', { ...right, userPoolId: undefined }, /"userPoolId" is not the id/],
  ['a pool’s name for its id', { ...right, userPoolId: 'customers' }, /"userPoolId" is not the id/],
  [
    'a pool’s ARN for its id',
    { ...right, userPoolId: 'arn:aws:cognito-idp:eu-west-1:1:userpool/eu-west-1_A' },
    /"userPoolId"/,
  ],
  ['clients left out', { ...right, clientIds: undefined }, /"clientIds" must be a list .*, or null/],
  ['no client', { ...right, clientIds: [] }, /"clientIds"/],
  ['an empty client', { ...right, clientIds: [''] }, /none of them empty/],
  ['an option that is none', { ...right, personclaim: 'id' }, /There is no option "personclaim"\.$/],
  [
    'a setting beside the policy',
    { ...right, knownKey: 'link' },
    /There is no option "knownKey": it belongs into "policy"/,
  ],
  [
    'a registry that was not awaited',
    { ...right, registry: Promise.resolve(right.registry) },
    /is a promise: await it/,
  ],
  ['a client in place of the pool', { ...right, userPool: { send() {} } }, /wrap the client of the AWS SDK/],
  ['no registry', { ...right, registry: undefined }, /"registry" is missing/],
  [
    'providers, and nothing to link with',
    { ...right, policy: { providers: { Google: { kind: 'google' } } } },
    /"userPool" is missing/,
  ],
])('T112: is refused at start, not at first use: %s', (_, options, message) => {
  // A JavaScript user has no compiler to stop her.
  const given = Object.assign(Object.create(null), options) as TriggerOptions
  expect(() => createTriggers(given)).toThrow(message)
  expect(() => createTriggers(given)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})

it('T112: says so where there are no options', () => {
  const withNothing: (options?: TriggerOptions) => unknown = createTriggers as never
  expect(() => withNothing()).toThrow(/createTriggers needs its options/)
})

it('takes any client of the pool when told so aloud', () => {
  expect(createTriggers({ ...right, clientIds: null })).toBeTypeOf('function')
})
