import { randomBytes } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { ClockContext } from '../../shared/clock.ts'
import { MINUTE } from '../../shared/clock.ts'
import { isText } from '../../shared/json.ts'
import type { EndpointContext } from '../../state/issuer.ts'
import { type Certified, selfSigned } from '../../tls/certificates.ts'
import type { Persona } from '../personas.ts'
import { claimsOf } from '../simulated-answer.ts'
import { REDIRECT_BINDING, SAML, SAML_METADATA, SAML_PROTOCOL, SUCCESS, XML_SIGNATURE } from './saml-names.ts'
import { childOf, escaped, parseXml, textOf } from './xml.ts'

const LARGEST_REQUEST = 64 * 1024
const entityIdOf = (context: EndpointContext) => `${context.endpoint}/simulated-saml`
const minutes = (context: ClockContext, count: number) => new Date(context.clock() + count * MINUTE).toISOString()

let identity: Promise<Certified> | undefined
/** One key for all emulators of this process, made when SAML is first used. */
const signer = () => {
  identity ??= selfSigned('Simulated SAML provider')
  return identity
}

export async function metadataXml(context: EndpointContext): Promise<string> {
  const { certificate } = await signer()
  const base64 = certificate.replace(/-----[^-]+-----|\s/gu, '')
  return [
    `<md:EntityDescriptor xmlns:md="${SAML_METADATA}" entityID="${entityIdOf(context)}">`,
    `<md:IDPSSODescriptor protocolSupportEnumeration="${SAML_PROTOCOL}"><md:KeyDescriptor use="signing">`,
    `<ds:KeyInfo xmlns:ds="${XML_SIGNATURE}"><ds:X509Data><ds:X509Certificate>${base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    `</md:KeyDescriptor><md:SingleSignOnService Binding="${REDIRECT_BINDING}" Location="${entityIdOf(context)}/sso"/>`,
    '</md:IDPSSODescriptor></md:EntityDescriptor>',
  ].join('')
}

export interface SamlRequest {
  readonly id: string
  readonly audience: string
  readonly consumerUrl: string
}

export async function readSamlRequest(encoded: string): Promise<SamlRequest> {
  const bytes = inflateRawSync(Buffer.from(encoded, 'base64'), { maxOutputLength: LARGEST_REQUEST })
  const request = await parseXml(bytes.toString('utf8'))
  return {
    id: request.getAttribute('ID') ?? '',
    audience: textOf(childOf(request, SAML, 'Issuer')),
    consumerUrl: request.getAttribute('AssertionConsumerServiceURL') ?? '',
  }
}

/** A response whose assertion is signed; base64, as the POST binding carries it. */
export async function signedResponse(
  context: ClockContext & EndpointContext,
  request: SamlRequest,
  persona: Persona,
): Promise<string> {
  const { SignedXml } = await import('xml-crypto')
  const { key } = await signer()
  const signature = new SignedXml({
    privateKey: key,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  })
  signature.addReference({
    xpath: "//*[local-name(.)='Assertion']",
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    transforms: [`${XML_SIGNATURE}enveloped-signature`, 'http://www.w3.org/2001/10/xml-exc-c14n#'],
  })
  const location = { reference: "//*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: 'after' } as const
  signature.computeSignature(responseXml(context, request, persona), { prefix: 'ds', location })
  return Buffer.from(signature.getSignedXml()).toString('base64')
}

/** The user cancelled (SAML 2.0 Core, section 3.2.2.2). */
export function cancelledResponse(context: ClockContext & EndpointContext, { id, consumerUrl }: SamlRequest): string {
  const status = 'urn:oasis:names:tc:SAML:2.0:status:Responder'
  const xml = [
    `<samlp:Response xmlns:samlp="${SAML_PROTOCOL}" xmlns:saml="${SAML}" ID="_${randomBytes(16).toString('hex')}"`,
    ` Version="2.0" IssueInstant="${minutes(context, 0)}" InResponseTo="${escaped(id)}" Destination="${escaped(consumerUrl)}">`,
    `<saml:Issuer>${entityIdOf(context)}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${status}"/></samlp:Status>`,
    '</samlp:Response>',
  ].join('')
  return Buffer.from(xml).toString('base64')
}

function responseXml(context: ClockContext & EndpointContext, request: SamlRequest, persona: Persona): string {
  const issuer = `<saml:Issuer>${entityIdOf(context)}</saml:Issuer>`
  const id = () => `_${randomBytes(16).toString('hex')}`
  return [
    `<samlp:Response xmlns:samlp="${SAML_PROTOCOL}" xmlns:saml="${SAML}" ID="${id()}" Version="2.0"`,
    ` IssueInstant="${minutes(context, 0)}" InResponseTo="${escaped(request.id)}" Destination="${escaped(request.consumerUrl)}">`,
    `${issuer}<samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>`,
    `<saml:Assertion ID="${id()}" Version="2.0" IssueInstant="${minutes(context, 0)}">${issuer}`,
    subjectXml(context, request, persona),
    `<saml:Conditions NotBefore="${minutes(context, -1)}" NotOnOrAfter="${minutes(context, 5)}"><saml:AudienceRestriction>`,
    `<saml:Audience>${escaped(request.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AttributeStatement>${attributesXml(persona)}</saml:AttributeStatement></saml:Assertion></samlp:Response>`,
  ].join('')
}

function subjectXml(
  context: ClockContext & EndpointContext,
  { id, consumerUrl }: SamlRequest,
  { sub }: Persona,
): string {
  const until = minutes(context, 5)
  return [
    `<saml:Subject><saml:NameID>${escaped(sub)}</saml:NameID>`,
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<saml:SubjectConfirmationData InResponseTo="${escaped(id)}" NotOnOrAfter="${until}" Recipient="${escaped(consumerUrl)}"/>`,
    '</saml:SubjectConfirmation></saml:Subject>',
  ].join('')
}

function attributesXml(persona: Persona): string {
  const { sub: _, ...claims } = claimsOf(persona)
  const written = Object.entries(claims).map(([name, value]) => {
    const values = (Array.isArray(value) ? value : [value]).map((one: unknown) => {
      return `<saml:AttributeValue>${escaped(isText(one) ? one : JSON.stringify(one))}</saml:AttributeValue>`
    })
    return `<saml:Attribute Name="${escaped(name)}">${values.join('')}</saml:Attribute>`
  })
  return written.join('')
}
