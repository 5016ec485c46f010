import { OnesubError } from '../core/errors.ts'
import { CONTESTED_MARKER, PLACEHOLDER_MARKER } from '../core/names.ts'
import { isTriggerSource, type TriggerSource } from './trigger-sources.ts'

/** A trigger event, read once: what we use of it, in types; the whole of it is kept to be given back. */
export interface TriggerEvent {
  readonly version: '1' | '2' | '3'
  readonly source: TriggerSource
  readonly pool: string
  readonly region: string
  readonly client: string
  readonly userName: string
  readonly attributes: ReadonlyMap<string, string>
  /** The response as it came: other handlers may have written to it before us. */
  readonly response: Readonly<Record<string, unknown>>
  /** At token generation: the user's groups as Cognito would put them into the tokens. */
  readonly groups: unknown
  /** At admin creation: what our own call said; see `PLACEHOLDER_MARKER`. Anybody may write anything here. */
  readonly marker: string | undefined
  /** At the confirmation: the user who has entered the code asks that the password from before is replaced; see `CONTESTED_MARKER`. */
  readonly isContested: boolean
  /** At inbound federation: what the provider answered, untouched. */
  readonly inbound: Inbound | undefined
  /** The user's tenant, by policy; see `withTenant`. */
  readonly within?: string
}

export interface Inbound {
  readonly provider: string
  readonly idToken: ReadonlyMap<string, unknown>
  readonly userInfo: ReadonlyMap<string, unknown>
}

const VERSIONS = ['1', '2', '3'] as const

export function parseEvent(raw: unknown): TriggerEvent {
  const event = record(raw, 'event')
  const request = record(own(event, 'request'), 'request')
  const source = text(own(event, 'triggerSource'), 'triggerSource')
  if (!isTriggerSource(source)) throw new OnesubError('EVENT_UNKNOWN_SOURCE')
  const version = VERSIONS.find((known) => known === own(event, 'version'))
  if (version === undefined) throw malformed('version')
  return {
    version,
    source,
    pool: text(own(event, 'userPoolId'), 'userPoolId'),
    region: text(own(event, 'region'), 'region'),
    client: text(own(record(own(event, 'callerContext'), 'callerContext'), 'clientId'), 'clientId'),
    userName: text(own(event, 'userName'), 'userName'),
    attributes: attributes(own(request, 'userAttributes')),
    response: record(own(event, 'response') ?? {}, 'response'),
    groups: own(request, 'groupConfiguration'),
    marker: metadataIn(request, PLACEHOLDER_MARKER),
    isContested: metadataIn(request, CONTESTED_MARKER) === 'true',
    inbound: source === 'InboundFederation_ExternalProvider' ? inboundIn(request) : undefined,
  }
}

function metadataIn(request: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const metadata = own(request, 'clientMetadata')
  const value = isRecord(metadata) ? own(metadata, name) : undefined
  return typeof value === 'string' ? value : undefined
}

function inboundIn(request: Readonly<Record<string, unknown>>): Inbound {
  const answered = record(own(request, 'attributes') ?? {}, 'attributes')
  return {
    provider: text(own(request, 'providerName'), 'providerName'),
    idToken: claimsIn(own(answered, 'idToken')),
    userInfo: claimsIn(own(answered, 'userInfo')),
  }
}

function claimsIn(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(isRecord(value) ? value : {}))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Own members only: `__proto__` in a parsed body must not lend us members that nobody sent. */
function own(of: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name] : undefined
}

function record(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw malformed(name)
  return value
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Array.isArray(value)
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length === 0) throw malformed(name)
  return value
}

/** Cognito sends every attribute as a string; anything else is not from Cognito. */
function attributes(value: unknown): ReadonlyMap<string, string> {
  const read = new Map<string, string>()
  for (const [name, content] of Object.entries(record(value ?? {}, 'userAttributes'))) {
    if (typeof content !== 'string') throw malformed('userAttributes')
    read.set(name, content)
  }
  return read
}

function malformed(what: string): OnesubError {
  return new OnesubError('EVENT_MALFORMED', { detail: what })
}
