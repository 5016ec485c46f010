import { exceedsOctets, lowerAscii, withoutOuterSpaces } from './ascii.ts'
import { normaliseDomain } from './domain.ts'
import { accepted, type Identifier, type IdentifierFault, type Normalised, rejected } from './identifier.ts'
import { PLACEHOLDERS } from './placeholder.ts'

// RFC 5321 §4.5.3.1: 64 octets before the @; a path of 256 with its brackets leaves 254.
const LONGEST_ADDRESS = 254
const LONGEST_LOCAL_PART = 64

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
// The atext of RFC 5322 without `%` and `!`, which some relays read as a route.
const ATOM = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+$/

export interface EmailOptions {
  /** Words (before the @) or whole addresses in normal form that stand for "no address" in this project. */
  readonly placeholders?: ReadonlySet<string>
}

/**
 * The identifier of an e-mail address. Only the case is folded: tags and dots mean what the receiving host says (RFC 5321
 * §2.3.11), and a quoted or commented form that two programs read differently is refused.
 * Mail goes to the address as it was given, never to the identifier.
 */
export function normaliseEmail(input: string, options: EmailOptions = {}): Normalised<'email'> {
  if (exceedsOctets(input, LONGEST_ADDRESS)) return rejected('IDENTIFIER_TOO_LONG')
  const address = withoutOuterSpaces(input)
  if (address === '') return rejected('IDENTIFIER_EMPTY')
  const isPlaceholder = (word: string) => PLACEHOLDERS.has(word) || options.placeholders?.has(word) === true
  if (isPlaceholder(lowerAscii(address))) return rejected('IDENTIFIER_PLACEHOLDER')

  const [local, domain, ...more] = address.split('@')
  if (!local || !domain || more.length > 0) return rejected('EMAIL_SYNTAX')
  const fault = faultOfLocalPart(local)
  if (fault) return rejected(fault)
  const host = normaliseDomain(domain)
  if (!host.ok) return rejected(host.fault)

  const mailbox = lowerAscii(local)
  const value = `${mailbox}@${host.name}`
  if (value.length > LONGEST_ADDRESS) return rejected('IDENTIFIER_TOO_LONG')
  if (isPlaceholder(mailbox) || isPlaceholder(value)) return rejected('IDENTIFIER_PLACEHOLDER')
  return accepted('email', value, address !== input)
}

/** Looked at as it came, before any composing: SES takes 7-bit ASCII here, and NFC makes ASCII of U+212A. */
function faultOfLocalPart(local: string): IdentifierFault | undefined {
  if (exceedsOctets(local, LONGEST_LOCAL_PART)) return 'IDENTIFIER_TOO_LONG'
  if (!PRINTABLE_ASCII.test(local)) return 'EMAIL_CHARACTERS'
  const isEncodedWord = local.includes('=?')
  return !isEncodedWord && local.split('.').every((atom) => ATOM.test(atom)) ? undefined : 'EMAIL_LOCAL_PART'
}

/** Whether this is a spelling of that address; nothing is nobody's. */
export function isAddressOf(key: Identifier<'email'>, spelled: string | null | undefined): boolean {
  const read = normaliseEmail(spelled ?? '')
  return read.ok && read.identifier.value === key.value
}

/** To compare what was said with what is shown: the normal form, or the text itself where it is no identifier. */
export function comparableAddress(spelled: string): string {
  const read = normaliseEmail(spelled)
  return read.ok ? read.identifier.value : spelled
}
