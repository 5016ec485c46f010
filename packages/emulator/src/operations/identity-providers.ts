import type { Quirks } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { epochSeconds } from '../shared/clock.ts'
import { CognitoFault, invalidParameter, resourceNotFound } from '../shared/faults.ts'
import { constraint, type Input } from '../shared/input.ts'
import type { JsonRecord } from '../shared/json.ts'
import { type IdentityProvider, isSocial, PROVIDER_TYPES } from '../state/identity-provider.ts'
import type { Pool } from '../state/pool.ts'
import { checkDetails } from '../state/provider-details.ts'
import { type Call, NOTHING, type Operation, poolOf } from './operation.ts'
import { pageOf } from './paging.ts'

// Developer Guide: quotas.
const LONGEST_NAME = 32
// API reference: CreateIdentityProvider. `_` may stand in second place only.
const NAME = /^[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+$/u
const NAME_RULE = `Member must satisfy regular expression pattern: ${NAME.source.slice(1, -1)}`

export const createIdentityProvider: Operation = (call) => {
  const { context, input } = call
  const pool = poolOf(call)
  const name = input.need('ProviderName')
  const type = input.oneOf('ProviderType', PROVIDER_TYPES)
  if (!type) throw invalidParameter('ProviderType is required.')
  if (pool.providers.has(name)) {
    throw new CognitoFault('DuplicateProviderException', `A provider with the name ${name} already exists.`)
  }
  const now = context.clock()
  const provider = { name, type, ...particulars(input, pool), createdAt: now, modifiedAt: now }
  checkName(provider, quirksOf(context, pool).providerNames)
  checkDetails(provider)
  pool.providers.set(name, provider)
  return { IdentityProvider: describe(pool, provider) }
}

export const describeIdentityProvider: Operation = (call) => {
  const pool = poolOf(call)
  return { IdentityProvider: describe(pool, providerOf(pool, call)) }
}

export const listIdentityProviders: Operation = (call) => {
  const pool = poolOf(call)
  const all = [...pool.providers.values()]
  const { items, next } = pageOf(all, call.input.number('MaxResults'), call.input.text('NextToken'))
  const providers = items.map((provider) => ({
    ProviderName: provider.name,
    ProviderType: provider.type,
    ...dates(provider),
  }))
  return { Providers: providers, ...(next && { NextToken: next }) }
}

export const updateIdentityProvider: Operation = (call) => {
  const pool = poolOf(call)
  const before = providerOf(pool, call)
  const given = particulars(call.input, pool, before)
  const provider = { ...before, ...given, modifiedAt: call.context.clock() }
  checkDetails(provider)
  pool.providers.set(provider.name, provider)
  return { IdentityProvider: describe(pool, provider) }
}

export const deleteIdentityProvider: Operation = (call) => {
  const pool = poolOf(call)
  pool.providers.delete(providerOf(pool, call).name)
  return NOTHING
}

function providerOf(pool: Pool, { input }: Call): IdentityProvider {
  const name = input.need('ProviderName')
  const provider = pool.providers.get(name)
  if (!provider) throw resourceNotFound(`Identity provider ${name} does not exist.`)
  return provider
}

type Particulars = Pick<IdentityProvider, 'details' | 'mapping' | 'identifiers'>

function particulars(input: Input, pool: Pool, before?: IdentityProvider): Particulars {
  const mapping = input.texts('AttributeMapping') ?? before?.mapping ?? {}
  const unknown = Object.keys(mapping).find((name) => name !== 'username' && !pool.schema.has(name))
  if (unknown) throw invalidParameter(`Invalid attribute mapping: ${unknown} does not exist in the schema.`)
  return {
    details: input.record('ProviderDetails') ?? before?.details ?? {},
    mapping,
    identifiers: input.list('IdpIdentifiers') ?? before?.identifiers ?? [],
  }
}

/** A social provider's name is its type; others are free but must not take one of those names. */
function checkName(provider: IdentityProvider, allowed: Quirks['providerNames']): void {
  const { name, type } = provider
  if (name.length > LONGEST_NAME) throw invalidParameter(`A provider name has at most ${LONGEST_NAME} characters.`)
  if (allowed === 'apiPattern' && !NAME.test(name)) throw constraint('providerName', NAME_RULE)
  const types: readonly string[] = [...PROVIDER_TYPES, 'Cognito', 'COGNITO']
  const fits = isSocial(provider) ? name === type : !types.includes(name)
  if (!fits) throw invalidParameter(`The provider name ${name} does not fit the provider type ${type}.`)
}

function dates({ createdAt, modifiedAt }: IdentityProvider): JsonRecord {
  return { CreationDate: epochSeconds(createdAt), LastModifiedDate: epochSeconds(modifiedAt) }
}

function describe(pool: Pool, provider: IdentityProvider): JsonRecord {
  return {
    UserPoolId: pool.id,
    ProviderName: provider.name,
    ProviderType: provider.type,
    ProviderDetails: provider.details,
    AttributeMapping: provider.mapping,
    IdpIdentifiers: provider.identifiers,
    ...dates(provider),
  }
}
