/** What `/oauth2/authorize` was asked, kept while the user is at the provider. */
export interface AuthorizeRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly codeChallenge: string | undefined
  readonly responseType: 'code' | 'token'
}
