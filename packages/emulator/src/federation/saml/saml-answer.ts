import type { Element } from '@xmldom/xmldom'
import type { ClockContext } from '../../shared/clock.ts'
import { MINUTE } from '../../shared/clock.ts'
import { invalidParameter } from '../../shared/faults.ts'
import type { JsonRecord } from '../../shared/json.ts'
import type { IdentityProvider } from '../../state/identity-provider.ts'
import type { FederationContext } from '../context.ts'
import type { ProviderAnswer } from '../provider-answer.ts'
import type { ProviderVisit } from '../provider-visits.ts'
import { metadataOf } from './metadata.ts'
import { audienceOf, consumerUrl, requestIdOf, SAML } from './saml-names.ts'
import { signedAssertion } from './signed-assertion.ts'
import { childOf, childrenOf, textOf, XmlError } from './xml.ts'

// Developer Guide: cognito-user-pools-saml-idp-things-to-know.
const LONGEST_RESPONSE = 100_000
const CLOCK_SKEW = MINUTE

/** Reads a SAML response after checks of its signer, its audience, its request, and that it was not used before. */
export async function samlAnswer(
  context: FederationContext,
  provider: IdentityProvider,
  visit: ProviderVisit,
  encoded: string,
): Promise<ProviderAnswer> {
  if (encoded.length > LONGEST_RESPONSE) throw invalidParameter('The SAML response exceeds 100,000 characters')
  try {
    const { entityId, certificates } = await metadataOf(provider)
    const assertion = await signedAssertion(Buffer.from(encoded, 'base64').toString('utf8'), certificates)
    if (textOf(childOf(assertion, SAML, 'Issuer')) !== entityId) throw new XmlError('the issuer is not the provider')
    checkConditions(context, visit, assertion)
    checkConfirmation(context, visit, assertion)
    refuseReplay(context, assertion)
    return answerIn(assertion)
  } catch (error) {
    if (error instanceof XmlError) throw invalidParameter(`Invalid SAML response received: ${error.message}`)
    throw error
  }
}

function isInTime(context: ClockContext, element: Element | undefined): boolean {
  const notBefore = Date.parse(element?.getAttribute('NotBefore') || '1970-01-01T00:00:00Z')
  const notOnOrAfter = Date.parse(element?.getAttribute('NotOnOrAfter') || '9999-01-01T00:00:00Z')
  const now = context.clock()
  return now + CLOCK_SKEW >= notBefore && now - CLOCK_SKEW < notOnOrAfter
}

function checkConditions(context: FederationContext, { poolId }: ProviderVisit, assertion: Element): void {
  const conditions = childOf(assertion, SAML, 'Conditions')
  if (!isInTime(context, conditions)) throw new XmlError('the assertion is too old or not yet valid')
  const restriction = childOf(conditions, SAML, 'AudienceRestriction')
  const audiences = restriction ? childrenOf(restriction, SAML, 'Audience').map(textOf) : []
  if (!audiences.includes(audienceOf(poolId))) throw new XmlError('Audience restriction does not match')
}

function checkConfirmation(context: FederationContext, { key }: ProviderVisit, assertion: Element): void {
  const confirmation = childOf(childOf(assertion, SAML, 'Subject'), SAML, 'SubjectConfirmation')
  const data = childOf(confirmation, SAML, 'SubjectConfirmationData')
  const isOurs = data?.getAttribute('Recipient') === consumerUrl(context) && isInTime(context, data)
  if (!isOurs || data?.getAttribute('InResponseTo') !== requestIdOf(key)) {
    throw new XmlError('the assertion answers another request')
  }
}

/** Remembered longer than any assertion may be valid. */
function refuseReplay(context: FederationContext, assertion: Element): void {
  const id = assertion.getAttribute('ID')
  if (!id || !context.visits.isFirstUse(id)) throw new XmlError('the assertion was used before')
}

function answerIn(assertion: Element): ProviderAnswer {
  const subject = textOf(childOf(childOf(assertion, SAML, 'Subject'), SAML, 'NameID'))
  if (subject === '') throw new XmlError('the NameID is missing')
  const claims = { NameID: subject, ...attributesIn(assertion) }
  return { subject, claims, received: { samlResponse: claims } }
}

/** Several values of one attribute, or one attribute written several times, become a list. */
function attributesIn(assertion: Element): JsonRecord {
  const values = new Map<string, string[]>()
  const statements = childrenOf(assertion, SAML, 'AttributeStatement')
  for (const attribute of statements.flatMap((statement) => childrenOf(statement, SAML, 'Attribute'))) {
    const name = attribute.getAttribute('Name') ?? ''
    values.set(name, [...(values.get(name) ?? []), ...childrenOf(attribute, SAML, 'AttributeValue').map(textOf)])
  }
  refuseWideCharacters(values)
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? all[0] : all]))
}

/** Same guide page: no character that takes four bytes in UTF-8. */
function refuseWideCharacters(values: ReadonlyMap<string, readonly string[]>): void {
  const isWide = [...values.values()].flat().some((value) => /[\u{10000}-\u{10ffff}]/u.test(value))
  if (isWide) throw new XmlError('an attribute has a character of four bytes')
}
