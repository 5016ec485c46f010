import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { SECOND } from '../shared/clock.ts'

const STEP = 30 * SECOND
const DIGITS = 6
const SECRET_BYTES = 20
// RFC 4648, section 6.
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export function inventSecret(): string {
  const bits = Array.from(randomBytes(SECRET_BYTES), (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/gu) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('')
}

function bytesOf(base32: string): Buffer {
  const bits = Array.from(base32, (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/gu) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

/** RFC 6238 over RFC 4226, section 5.3: SHA-1, 30 seconds, 6 digits, as authenticator apps assume. */
export function totpAt(base32: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', bytesOf(base32)).update(counter).digest()
  const offset = digest.readUInt8(digest.length - 1) & 0xf
  const number = digest.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The time step of this code: the current one, the one before or the one after (RFC 6238, section 5.2). */
export function matchingStep(base32: string, code: string, now: number): number | undefined {
  const current = Math.floor(now / STEP)
  return [current, current - 1, current + 1].find((step) => step >= 0 && isSame(totpAt(base32, step), code))
}

function isSame(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)]
  return left.length === right.length && timingSafeEqual(left, right)
}
