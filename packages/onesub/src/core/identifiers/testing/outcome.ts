import { normaliseDomain } from '../domain.ts'
import { normaliseEmail } from '../email.ts'
import type { IdentifierKind, Normalised } from '../identifier.ts'
import { normalisePhone } from '../phone.ts'
import { normaliseUsername } from '../username.ts'

// For the tests: one word for what came out, so that whole tables of spellings read as two columns.

export function outcome(result: Normalised<IdentifierKind>): string {
  return result.ok ? result.identifier.value : result.fault
}

export const email = (input: string): string => outcome(normaliseEmail(input))
export const phone = (input: string): string => outcome(normalisePhone(input))
export const username = (input: string): string => outcome(normaliseUsername(input))

/** The identifier of an address at this domain, without its local part. */
export function domain(input: string): string {
  return email(`x@${input}`).replace(/^x@/, '')
}

/** The same without an address around it: for loops over all code points. */
export function bareDomain(input: string): string {
  const result = normaliseDomain(input)
  return result.ok ? result.name : result.fault
}

const FAULT = /^[A-Z][A-Z_]+$/
export const isFault = (result: string): boolean => FAULT.test(result)
