export { comparableAddress, type EmailOptions, isAddressOf, normaliseEmail } from './email.ts'
export {
  type Identifier,
  type IdentifierFault,
  type IdentifierKind,
  NORMALISER_VERSION,
  type NormalForm,
  type Normalised,
} from './identifier.ts'
export { mailboxHint } from './mailbox-hint.ts'
export { normalisePhone } from './phone.ts'
export { PLACEHOLDERS } from './placeholder.ts'
export { normaliseUsername } from './username.ts'
