import { invalidParameter } from '../shared/faults.ts'
import { isText, type JsonRecord } from '../shared/json.ts'
import { type IdentityProvider, subjectClaim } from '../state/identity-provider.ts'

/** The verified answer of an identity provider about a user. */
export interface ProviderAnswer {
  readonly subject: string
  readonly claims: JsonRecord
  /** The same source by source, as the InboundFederation trigger sees it. */
  readonly received: JsonRecord
}

interface OauthAnswer {
  readonly tokenResponse: JsonRecord
  readonly idToken: JsonRecord
  readonly userInfo: JsonRecord
}

/** Claims of the ID token win over those of userInfo (Developer Guide: …-identity-federation-consolidate-users). */
export function oauthAnswer(provider: IdentityProvider, { tokenResponse, idToken, userInfo }: OauthAnswer) {
  const claims = { ...userInfo, ...idToken }
  const subject = claims[subjectClaim(provider.type)]
  if (!isText(subject) || subject === '') throw providerError(provider, 'the subject is missing')
  return { subject, claims, received: { tokenResponse, idToken, userInfo } } satisfies ProviderAnswer
}

/** `<IdP> Error - …` (Developer Guide: authorization-endpoint, "identity provider errors"). */
export function providerError(provider: IdentityProvider, text: string) {
  return invalidParameter(`${provider.name} Error - ${text}`)
}
