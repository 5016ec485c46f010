import { expect, it } from 'vitest'
import { createMemoryRegistry } from '../registry/memory/index.ts'
import { createUserPoolAdapter } from '../user-pool/adapter.ts'
import { createTriggerHandler } from './every-trigger.ts'
import type { TriggerOptions } from './settings.ts'

const right = { userPoolId: 'eu-west-1_Test1', clientIds: ['web'], registry: createMemoryRegistry() }

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
  ['an option that is none', { ...right, colour: 'red' }, /There is no option "colour"\.$/],
  ['an option in small letters', { ...right, personclaim: 'id' }, /"personclaim"\. Did you mean "personClaim"\?$/],
  [
    'a setting beside the policy',
    { ...right, existingAccount: 'link' },
    /"existingAccount"\. Did you mean "policy\.existingAccount"\?$/,
  ],
  [
    'a registry that was not awaited',
    { ...right, registry: Promise.resolve(right.registry) },
    /"registry" is a promise: await .*, or give createLazyRegistry\(/,
  ],
  [
    'a registry that was not opened',
    { ...right, registry: createMemoryRegistry },
    /"registry" is a function: .* or give createLazyRegistry\(/,
  ],
  [
    'a client in place of the pool',
    { ...right, userPool: { send() {} } },
    /wrap a client, createUserPoolAdapter\(client\)/,
  ],
  [
    'a pool that was not made',
    { ...right, userPool: createUserPoolAdapter },
    /wrap a client, createUserPoolAdapter\(client\)/,
  ],
  ['null for the pool', { ...right, userPool: null }, /wrap a client/],
  ['no registry', { ...right, registry: undefined }, /"registry" is none: await one of onesub\/registry\/…/],
  ['null for the registry', { ...right, registry: null }, /"registry" is none/],
  ['a table’s name for the registry', { ...right, registry: 'onesub' }, /"registry" is none/],
  ['null for the Regions', { ...right, regions: null }, /"regions" must be a list of AWS Regions/],
  ['a text for the Regions', { ...right, regions: 'us-east-1' }, /"regions" must be a list of AWS Regions/],
  ['null for the report', { ...right, report: null }, /"report" is not a function: leave it out/],
  ['a text for the report', { ...right, report: 'console' }, /"report" is not a function/],
  ['an id for the function that makes ids', { ...right, mintPersonId: 'id' }, /"mintPersonId" is not a function/],
  ['null for the time', { ...right, time: null }, /"time\.now" is not a function/],
  ['a clock without a timer', { ...right, time: { now: Date.now } }, /"time\.after" is not a function/],
  ['null for the claim', { ...right, personClaim: null }, /"personClaim" .*: leave it out, or take one such as/],
  ...['custom:person', 'email', 'email_verified', 'given_name', 'name', 'phone_number', 'scope', 'client_id'].map(
    (personClaim): [string, object, RegExp] => [
      `a claim that others write, ${personClaim}`,
      { ...right, personClaim },
      /leave it out, or take one such as/,
    ],
  ),
  [
    'providers, and nothing to link with',
    { ...right, policy: { providers: { Google: { kind: 'google' } } } },
    /"userPool" is missing/,
  ],
])('T112: is refused at start, not at first use: %s', (_, options, message) => {
  // A JavaScript user has no compiler that rejects it.
  const given = Object.assign(Object.create(null), options) as TriggerOptions
  expect(() => createTriggerHandler(given)).toThrow(message)
  expect(() => createTriggerHandler(given)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})

it.each([undefined, null, 'options', []])('T112: says so where there are no options: %o', (options) => {
  const withNothing: (options: unknown) => unknown = createTriggerHandler as never
  expect(() => withNothing(options)).toThrow(/createTriggerHandler needs its options/)
})

it.each([
  [null, /"policy" is not an object: leave it out/],
  ['link', /"policy" is not an object/],
  [[], /"policy" is not an object/],
  [{ modes: 'observe' }, /There is no setting "modes"\. Did you mean "mode"\?/],
  [{ mode: null }, /"mode" must be one of dry-run, observe, enforce/],
  [{ providers: { Google: { kind: 'google', claims: null } } }, /providers\.Google: "claims" is not an object/],
])('T112: refuses as a policy: %j', (policy, message) => {
  const given = Object.assign(Object.create(null), right, { policy }) as TriggerOptions
  expect(() => createTriggerHandler(given)).toThrow(message)
  expect(() => createTriggerHandler(given)).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }))
})

it('takes any client of the pool when told so aloud', () => {
  expect(createTriggerHandler({ ...right, clientIds: null })).toBeTypeOf('function')
})
