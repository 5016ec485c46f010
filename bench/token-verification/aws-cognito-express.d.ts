/** The package brings no types; this much of it is used here. */
declare module 'aws-cognito-express' {
  export class JWTValidator {
    constructor(config: {
      region: string
      userPoolId: string
      tokenUse: readonly string[]
      audience: readonly string[]
      pems: Readonly<Record<string, string>>
    })
    validate(token: string): Promise<unknown>
  }
}
