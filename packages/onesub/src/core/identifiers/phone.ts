import { accepted, type Normalised, rejected } from './identifier.ts'

// E.164 as Cognito asks for it: `+` and at most 15 digits (Cognito developer guide, "Working with user attributes").
const STRICT = /^\+[1-9][0-9]{7,14}$/
const LONGEST = 16

/**
 * Accepts a phone number in its one strict form and gives it back as it came.
 * `0044…`, `+44 (0)20…` and full-width digits are refused: to rewrite them is to guess a country, and a wrong guess
 * joins two humans.
 */
export function normalisePhone(input: string): Normalised<'phone'> {
  if (input === '') return rejected('IDENTIFIER_EMPTY')
  if (input.length > LONGEST) return rejected('IDENTIFIER_TOO_LONG')
  return STRICT.test(input) ? accepted('phone', input) : rejected('PHONE_FORMAT')
}
