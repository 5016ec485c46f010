import { invalidParameter } from '../../shared/faults.ts'
import { isText } from '../../shared/json.ts'
import { isLoopbackUrl } from '../../shared/loopback.ts'
import type { IdentityProvider } from '../../state/identity-provider.ts'
import { askProvider } from '../ask-provider.ts'
import { detail } from '../oidc-endpoints.ts'
import { REDIRECT_BINDING, SAML_METADATA, XML_SIGNATURE } from './saml-names.ts'
import { childOf, childrenOf, parseXml, textOf, XmlError } from './xml.ts'

export interface SamlMetadata {
  readonly entityId: string
  readonly signInUrl: string
  /** PEM; any of them may have signed. */
  readonly certificates: readonly string[]
}

/** From MetadataFile, or from a MetadataURL on this machine. */
export async function metadataOf(provider: IdentityProvider): Promise<SamlMetadata> {
  try {
    return await parseMetadata(await metadataText(provider))
  } catch (error) {
    if (error instanceof XmlError) throw invalidParameter(`The SAML metadata cannot be used: ${error.message}.`)
    throw error
  }
}

async function metadataText(provider: IdentityProvider): Promise<string> {
  const file = detail(provider, 'MetadataFile')
  if (file) return file
  const url = detail(provider, 'MetadataURL')
  if (!isLoopbackUrl(url)) throw new XmlError('MetadataURL is not on this machine, use MetadataFile')
  const answer = await askProvider(provider, 'metadata', url)
  return isText(answer) ? answer : ''
}

async function parseMetadata(text: string): Promise<SamlMetadata> {
  const entity = await parseXml(text)
  const role = childOf(entity, SAML_METADATA, 'IDPSSODescriptor')
  const services = role ? childrenOf(role, SAML_METADATA, 'SingleSignOnService') : []
  const signInUrl = services
    .find((service) => service.getAttribute('Binding') === REDIRECT_BINDING)
    ?.getAttribute('Location')
  const entityId = entity.getAttribute('entityID')
  const keys = role ? childrenOf(role, SAML_METADATA, 'KeyDescriptor') : []
  const certificates = keys
    .filter((key) => key.getAttribute('use') !== 'encryption')
    .map((key) => childOf(childOf(key, XML_SIGNATURE, 'KeyInfo'), XML_SIGNATURE, 'X509Data'))
    .map((data) => textOf(childOf(data, XML_SIGNATURE, 'X509Certificate')))
  if (!entityId || !signInUrl || certificates.length === 0)
    throw new XmlError('entityID, redirect URL or key is missing')
  return { entityId, signInUrl, certificates: certificates.map(pem) }
}

const pem = (base64: string) =>
  `-----BEGIN CERTIFICATE-----\n${(base64.replace(/\s/gu, '').match(/.{1,64}/gu) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
