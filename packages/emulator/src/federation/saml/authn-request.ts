import { deflateRawSync } from 'node:zlib'
import type { IdentityProvider } from '../../state/identity-provider.ts'
import type { FederationContext } from '../context.ts'
import type { ProviderVisit } from '../provider-visits.ts'
import { metadataOf } from './metadata.ts'
import { audienceOf, consumerUrl, requestIdOf, SAML, SAML_PROTOCOL } from './saml-names.ts'
import { escaped } from './xml.ts'

/** SP-initiated sign-in by the redirect binding (SAML 2.0 Bindings, section 3.4); the visit's key is the RelayState. */
export async function samlRequestUrl(
  context: FederationContext,
  provider: IdentityProvider,
  { key, poolId }: ProviderVisit,
): Promise<string> {
  const { signInUrl } = await metadataOf(provider)
  const xml = [
    `<samlp:AuthnRequest xmlns:samlp="${SAML_PROTOCOL}" xmlns:saml="${SAML}" ID="${requestIdOf(key)}" Version="2.0"`,
    ` IssueInstant="${new Date(context.clock()).toISOString()}" Destination="${escaped(signInUrl)}"`,
    ` AssertionConsumerServiceURL="${consumerUrl(context)}"`,
    ' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">',
    `<saml:Issuer>${audienceOf(poolId)}</saml:Issuer></samlp:AuthnRequest>`,
  ].join('')
  const url = new URL(signInUrl)
  url.searchParams.set('SAMLRequest', deflateRawSync(xml).toString('base64'))
  url.searchParams.set('RelayState', key)
  return url.href
}
