/**
 * The token claim that carries the person id, unless another name is configured. Plain, without a namespace, so that AppSync owner rules,
 * row-level security and mapping templates can use it.
 */
export const PERSON_CLAIM = 'person_id'

/**
 * In the `ClientMetadata` of the user that our PreSignUp trigger makes: the operation that holds the address, by which the nested run of the
 * trigger knows that it was sent by us. It is spent by being used.
 */
export const PLACEHOLDER_MARKER = 'onesub-placeholder'

/**
 * In the `ClientMetadata` of ConfirmSignUp, `true`: the browser was told that the user name is taken, and has asked for a new code. Whoever
 * signed up before may know the password. Anybody who has a code may say so; it only takes away a password.
 */
export const CONTESTED_MARKER = 'onesub-contested'
