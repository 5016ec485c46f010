export const FIRST_BEYOND_ASCII = 0x80
export const SPACE = 0x20
export const DELETE = 0x7f

/**
 * A–Z to a–z by arithmetic, everything else as it is. `toLowerCase` would turn U+212A into `k` and U+0130 into two code
 * points; by that GitHub and Django (CVE-2019-19844) sent the reset mail of one user to another.
 */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(lowerAsciiCode(letter.charCodeAt(0))))
}

export function lowerAsciiCode(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code
}

/** Takes U+0020 off both ends and nothing else: no tab, no U+00A0, no U+200B. */
export function withoutOuterSpaces(text: string): string {
  let start = 0
  let end = text.length
  while (text[start] === ' ') start += 1
  while (text[end - 1] === ' ') end -= 1
  return text.slice(start, end)
}

/** Whether the UTF-8 form is longer. No text has fewer octets than code units, so a huge one is never read to its end. */
export function exceedsOctets(text: string, limit: number): boolean {
  if (text.length > limit) return true
  let octets = 0
  for (const character of text) octets += octetsOf(character.codePointAt(0) ?? 0)
  return octets > limit
}

function octetsOf(codePoint: number): number {
  if (codePoint < FIRST_BEYOND_ASCII) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
