/** An error as the API returns it: the exception's name, the text a client sees, the HTTP status. */
export class CognitoFault extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, message: string, status = 400) {
    super(message)
    this.name = 'CognitoFault'
    this.type = type
    this.status = status
  }
}

export const invalidParameter = (message: string) => new CognitoFault('InvalidParameterException', message)
export const notAuthorized = (message: string) => new CognitoFault('NotAuthorizedException', message)
export const resourceNotFound = (message: string) => new CognitoFault('ResourceNotFoundException', message)
export const userNotFound = () => new CognitoFault('UserNotFoundException', 'User does not exist.')
export const usernameExists = (message = 'User already exists') => new CognitoFault('UsernameExistsException', message)
export const aliasExists = (attribute: string) =>
  new CognitoFault('AliasExistsException', `An account with the ${attribute} already exists.`)

/** A default answer to an unknown call would let a test pass that fails at AWS. */
export const notEmulated = (what: string) =>
  new CognitoFault('NotEmulatedException', `${what} is not emulated by onesub-emulator.`, 501)
