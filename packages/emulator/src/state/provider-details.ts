import { invalidParameter } from '../shared/faults.ts'
import { isText } from '../shared/json.ts'
import type { IdentityProvider, ProviderType } from './identity-provider.ts'

type Alternatives = readonly string[]

const CLIENT: readonly Alternatives[] = [['client_id'], ['client_secret'], ['authorize_scopes']]

/** The required details of each type; where several names stand in one place, any of them will do (API reference: CreateIdentityProvider). */
const REQUIRED: Readonly<Record<ProviderType, readonly Alternatives[]>> = {
  Google: CLIENT,
  Facebook: CLIENT,
  LoginWithAmazon: CLIENT,
  SignInWithApple: [['client_id'], ['team_id'], ['key_id'], ['private_key'], ['authorize_scopes']],
  OIDC: [['client_id'], ['authorize_scopes'], ['oidc_issuer']],
  SAML: [['MetadataFile', 'MetadataURL']],
}

export function checkDetails({ type, details }: IdentityProvider): void {
  const isGiven = (name: string) => isText(details[name]) && details[name] !== ''
  const missing = REQUIRED[type].find((alternatives) => !alternatives.some(isGiven))
  if (missing) throw invalidParameter(`Missing required key ${missing.join(' or ')} in ProviderDetails.`)
  const unreadable = Object.keys(details).find((name) => !isText(details[name]))
  if (unreadable !== undefined) throw invalidParameter(`ProviderDetails holds texts only; ${unreadable} is none.`)
}
