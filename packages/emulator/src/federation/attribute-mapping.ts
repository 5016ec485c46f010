import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { invalidParameter } from '../shared/faults.ts'
import { isText, type JsonRecord } from '../shared/json.ts'
import type { ClientInPool } from '../state/account.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import type { Pool } from '../state/pool.ts'
import { VERIFIED_ATTRIBUTES } from '../state/schema.ts'
import { stored } from '../state/spelling.ts'
import type { User } from '../state/user.ts'

type Attributes = ReadonlyMap<string, string>

const LONGEST_VALUE = 2_048

export interface Said {
  readonly by: 'provider' | 'inboundFederation'
  readonly claims: JsonRecord
}

/**
 * What this sign-in writes onto the profile. A claim that the provider does not send leaves the old value; an empty one
 * deletes it (Developer Guide: cognito-user-pools-specifying-attribute-mapping).
 */
export function mappedAttributes(
  context: QuirksContext,
  { pool, client }: ClientInPool,
  provider: IdentityProvider,
  said: Said,
): Attributes {
  const mapped = new Map<string, string>()
  for (const [attribute, claim] of claimsByAttribute(context, pool, provider, said)) {
    const value = textOf(claim)
    if (attribute === 'username' || value === undefined || !isWritable(client.settings.writeAttributes, attribute))
      continue
    if (value.length > LONGEST_VALUE)
      throw invalidParameter(`The value of ${attribute} is longer than ${LONGEST_VALUE}.`)
    mapped.set(attribute, value)
  }
  const isUnmapped = !Object.hasOwn(provider.mapping, 'email_verified') && !mapped.has('email_verified')
  // The provider does not verify the address, so the pool writes "false", even over a "true" (aws-amplify/amplify-js#7300).
  if (isUnmapped && quirksOf(context, pool).unmappedEmailVerified === 'setFalse') mapped.set('email_verified', 'false')
  return stored(context, pool, mapped)
}

function claimsByAttribute(
  context: QuirksContext,
  pool: Pool,
  { mapping }: IdentityProvider,
  { by, claims }: Said,
): ReadonlyMap<string, unknown> {
  const translated = new Map(Object.entries(mapping).map(([attribute, claim]) => [attribute, claims[claim]]))
  if (by === 'provider' || quirksOf(context, pool).inboundFederationKeys === 'idpNamesOnly') return translated
  const byPoolName = Object.entries(claims).filter(([name]) => name !== 'sub' && pool.schema.has(name))
  return new Map([...translated, ...byPoolName])
}

// What the client may not write is skipped (same guide page). `…_verified` can never be listed as writable.
function isWritable(writable: readonly string[] | undefined, attribute: string): boolean {
  return !writable || VERIFIED_ATTRIBUTES.includes(attribute) || writable.includes(attribute)
}

function textOf(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined
  if (isText(claim)) return claim
  // Several values become one text, form-encoded in brackets (same guide page).
  if (Array.isArray(claim)) return `[${claim.map((item) => encodeURIComponent(String(item))).join(',')}]`
  return typeof claim === 'object' ? JSON.stringify(claim) : String(claim)
}

/** Immutable attributes fail the second sign-in, not the first (aws-amplify/amplify-js#3526). */
export function changeable(context: QuirksContext, { pool }: ClientInPool, user: User, mapped: Attributes): Attributes {
  const skipsEqual = quirksOf(context, pool).immutableMappedEqualValue === 'skip'
  const changes = [...mapped].filter(([name, value]) => {
    return pool.schema.isMutable(name) || !skipsEqual || user.attributes.get(name) !== value
  })
  const fixed = changes.find(([name]) => !pool.schema.isMutable(name))
  if (fixed) throw invalidParameter(`user.${fixed[0]}: Attribute cannot be updated.`)
  return new Map(changes)
}
