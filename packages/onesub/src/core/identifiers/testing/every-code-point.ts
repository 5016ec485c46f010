// What the tests say of "each code point" they say of all 1,114,112, lone surrogates among them.
export const LAST_CODE_POINT = 0x10ffff

/** The code points for which something holds, as U+0041; a failing test then names them. */
export function codePointsWhere(holds: (character: string, codePoint: number) => boolean, from = 0): string[] {
  const found: string[] = []
  for (let codePoint = from; codePoint <= LAST_CODE_POINT; codePoint += 1) {
    if (holds(String.fromCodePoint(codePoint), codePoint)) found.push(written(codePoint))
  }
  return found
}

/** What comes out for each code point, made once for several questions. */
export function forEveryCodePoint(make: (character: string) => string): readonly string[] {
  return Array.from({ length: LAST_CODE_POINT + 1 }, (_, codePoint) => make(String.fromCodePoint(codePoint)))
}

/** As U+0041. */
export function written(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
}
