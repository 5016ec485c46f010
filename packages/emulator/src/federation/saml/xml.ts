import type { Document, Element } from '@xmldom/xmldom'

/** Loaded by the first SAML message: no other start or sign-in needs it. */
const xmldom = () => import('@xmldom/xmldom')

export class XmlError extends Error {}

/** Strict: no document type (so no entities), no repairs. */
export async function parseXml(text: string): Promise<Element> {
  const { DOMParser } = await xmldom()
  if (/<!DOCTYPE/iu.test(text)) throw new XmlError('a document type is not allowed')
  const fail = () => {
    throw new XmlError('not well-formed XML')
  }
  const root = parsed(() => new DOMParser({ onError: fail }).parseFromString(text, 'text/xml'))
  if (!root) throw new XmlError('not well-formed XML')
  return root
}

function parsed(parse: () => Document): Element | null {
  try {
    return parse().documentElement
  } catch {
    return null
  }
}

export function childrenOf(parent: Element, namespace: string, name: string): readonly Element[] {
  return [...parent.childNodes].filter((node): node is Element => {
    return node.nodeType === node.ELEMENT_NODE && node.namespaceURI === namespace && node.localName === name
  })
}

export const childOf = (parent: Element | undefined, namespace: string, name: string): Element | undefined =>
  parent && childrenOf(parent, namespace, name)[0]

/** The whole text, also after a comment inside it (parsers with CVE-2017-11427 stopped at the comment). */
export const textOf = (element: Element | undefined): string => element?.textContent?.trim() ?? ''

export function isElement(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}

export const escaped = (text: string) => text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`)
