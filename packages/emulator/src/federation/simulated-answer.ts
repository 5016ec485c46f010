import { randomBytes } from 'node:crypto'
import type { ClockContext } from '../shared/clock.ts'
import { isRecord, type JsonRecord } from '../shared/json.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import type { FederationContext } from './context.ts'
import type { Persona } from './personas.ts'
import { oauthAnswer, type ProviderAnswer, providerError } from './provider-answer.ts'
import { PROVIDER_KINDS, type ProviderKind } from './provider-kinds.ts'
import type { ProviderVisit } from './provider-visits.ts'

const HOUR_IN_SECONDS = 3_600

/** The answer of a simulated provider about a persona, in the provider's own claim names, after Cognito's checks. */
export function simulatedAnswer(
  context: FederationContext,
  provider: IdentityProvider,
  visit: ProviderVisit,
  persona: Persona,
): ProviderAnswer {
  const kind = PROVIDER_KINDS[provider.type]
  const profile = ownWords(kind, claimsOf(persona), context.visits.isFirstConsent(visit.request.clientId, persona.sub))
  const idToken = kind.hasIdToken
    ? idTokenOf(context, provider, visit, { ...profile, ...overrides(persona.idToken) })
    : {}
  if (kind.hasIdToken) checkIdToken(provider, visit, idToken)
  return oauthAnswer(provider, {
    tokenResponse: { access_token: randomBytes(16).toString('hex'), token_type: 'Bearer', expires_in: HOUR_IN_SECONDS },
    idToken,
    userInfo: { ...profile, ...overrides(persona.userInfo) },
  })
}

/** `id` is for choosing, the others are about how to answer; all else are claims. */
export function claimsOf({
  id: _,
  changes: _changes,
  idToken: _idToken,
  userInfo: _userInfo,
  ...claims
}: Persona): JsonRecord {
  return claims
}

const overrides = (value: unknown): JsonRecord => (isRecord(value) ? value : {})

function ownWords(kind: ProviderKind, claims: JsonRecord, isFirst: boolean): JsonRecord {
  const renamed = Object.entries(claims).map(([name, value]): [string, unknown] => [kind.ownNames[name] ?? name, value])
  const said = renamed.filter(([name]) => !kind.neverSays.includes(name) && (isFirst || !kind.saysOnce.includes(name)))
  const written = said.map(([name, value]) => [
    name,
    kind.writesBooleansAsText && typeof value === 'boolean' ? String(value) : value,
  ])
  return Object.fromEntries(written)
}

function idTokenOf(
  context: ClockContext,
  provider: IdentityProvider,
  { nonce }: ProviderVisit,
  claims: JsonRecord,
): JsonRecord {
  const now = Math.floor(context.clock() / 1_000)
  const { issuer } = PROVIDER_KINDS[provider.type]
  return { iss: issuer, aud: provider.details.client_id, iat: now, exp: now + HOUR_IN_SECONDS, nonce, ...claims }
}

/** A token that was issued to another application must be refused (OpenID Connect Core 1.0, section 3.1.3.7). */
function checkIdToken(provider: IdentityProvider, { nonce }: ProviderVisit, idToken: JsonRecord): void {
  if (idToken.aud !== provider.details.client_id) throw providerError(provider, 'the ID token is for another audience')
  if (idToken.nonce !== nonce) throw providerError(provider, 'the ID token has another nonce')
}
