import type { EndpointContext } from '../../state/issuer.ts'

export const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion'
export const SAML_PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const SAML_METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
export const XML_SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'
export const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
export const REDIRECT_BINDING = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

/** Developer Guide: cognito-user-pools-saml-idp ("SP entity ID"). */
export const audienceOf = (poolId: string) => `urn:amazon:cognito:sp:${poolId}`
export const consumerUrl = (context: EndpointContext) => `${context.endpoint}/saml2/idpresponse`
/** The id of the request contains the visit's key, so that InResponseTo identifies the visit. */
export const requestIdOf = (key: string) => `_${Buffer.from(key).toString('hex')}`
