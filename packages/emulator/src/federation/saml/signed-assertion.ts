import type { Element } from '@xmldom/xmldom'
import { SAML, SAML_PROTOCOL, SUCCESS, XML_SIGNATURE } from './saml-names.ts'
import { childOf, childrenOf, isElement, parseXml, XmlError } from './xml.ts'

/**
 * The one assertion that the provider has signed, parsed again from exactly the bytes that the signature covers:
 * whatever else stands in the document, before, after or around it, is never read (signature wrapping, USENIX Security
 * 2012, "On Breaking SAML").
 */
export async function signedAssertion(xml: string, certificates: readonly string[]): Promise<Element> {
  const response = await parseXml(xml)
  if (!isElement(response, SAML_PROTOCOL, 'Response')) throw new XmlError('not a SAML response')
  const status = childOf(childOf(response, SAML_PROTOCOL, 'Status'), SAML_PROTOCOL, 'StatusCode')
  if (status?.getAttribute('Value') !== SUCCESS) throw new XmlError('the status is not Success')
  const signed = await firstSigned(xml, signaturesIn(response), certificates)
  if (!signed) throw new XmlError('Invalid SAML response signature')
  return await assertionIn(signed)
}

/** A signature counts only where SAML places it: directly inside the response or the assertion. */
function signaturesIn(response: Element): readonly Element[] {
  const holders = [response, ...childrenOf(response, SAML, 'Assertion')]
  return holders.flatMap((holder) => childrenOf(holder, XML_SIGNATURE, 'Signature'))
}

async function firstSigned(
  xml: string,
  signatures: readonly Element[],
  certificates: readonly string[],
): Promise<string | undefined> {
  const { SignedXml } = await import('xml-crypto')
  for (const signature of signatures) {
    for (const publicCert of certificates) {
      // The key is the configured one, never a key from the document.
      const check = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
      const signed = signedBy(check, signature.toString(), xml)
      if (signed !== undefined) return signed
    }
  }
  return undefined
}

interface SignatureCheck {
  loadSignature(signature: string): void
  checkSignature(xml: string): boolean
  getSignedReferences(): string[]
}

function signedBy(check: SignatureCheck, signature: string, xml: string): string | undefined {
  try {
    check.loadSignature(signature)
    const references = check.checkSignature(xml) ? check.getSignedReferences() : []
    return references.length === 1 ? references[0] : undefined
  } catch {
    return undefined
  }
}

async function assertionIn(signed: string): Promise<Element> {
  const root = await parseXml(signed)
  if (isElement(root, SAML, 'Assertion')) return root
  const [assertion, another] = isElement(root, SAML_PROTOCOL, 'Response') ? childrenOf(root, SAML, 'Assertion') : []
  if (!assertion || another) throw new XmlError('exactly one signed assertion is needed')
  return assertion
}
