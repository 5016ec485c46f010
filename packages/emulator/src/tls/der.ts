type Bytes = Uint8Array

/** The types of DER that a certificate needs (ITU-T X.690). */
function tagged(tag: number, ...contents: readonly Bytes[]): Bytes {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(length: number): Bytes {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

export const sequence = (...contents: readonly Bytes[]) => tagged(0x30, ...contents)
export const set = (...contents: readonly Bytes[]) => tagged(0x31, ...contents)
export const text = (value: string) => tagged(0x0c, Buffer.from(value, 'utf8'))
export const nothing = () => tagged(0x05)
export const truth = () => tagged(0x01, Buffer.from([0xff]))
export const octets = (value: Bytes) => tagged(0x04, value)
export const bits = (value: Bytes, unused = 0) => tagged(0x03, Buffer.from([unused]), value)
/** For numbers whose first bit is not set; a set bit would mean a negative number. */
export const integer = (...value: readonly number[]) => tagged(0x02, Buffer.from(value))
/** Explicit tagging: `[n]` around a whole value. */
export const explicit = (number: number, content: Bytes) => tagged(0xa0 | number, content)
/** Implicit tagging: `[n]` instead of the value's own tag. */
export const implicit = (number: number, content: Bytes) => tagged(0x80 | number, content)

export function time(moment: Date): Bytes {
  const digits = moment.toISOString().replace(/[-:T]|\.\d+/gu, '')
  return tagged(0x18, Buffer.from(digits, 'ascii'))
}

export function oid(dotted: string): Bytes {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f]
  for (let left = value >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80)
  return bytes
}
