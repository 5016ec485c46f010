// RFC 3492, with the parameter values of its section 5. Written here because the only dependency of the package is not
// this one, and because the punycode module of Node is deprecated (Node.js documentation, DEP0040).
const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const INITIAL_BIAS = 72
const INITIAL_N = 0x80
const LAST_CODE_POINT = 0x10ffff
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The Punycode of a label, without the `xn--`. */
export function encodePunycode(label: readonly number[]): string {
  const basic = label.filter((codePoint) => codePoint < INITIAL_N)
  const beyond = [...new Set(label.filter((codePoint) => codePoint >= INITIAL_N))].sort((a, b) => a - b)
  let output = String.fromCodePoint(...basic) + (basic.length > 0 ? '-' : '')
  let n = INITIAL_N
  let delta = 0
  let bias = INITIAL_BIAS
  let handled = basic.length
  for (const next of beyond) {
    delta += (next - n) * (handled + 1)
    n = next
    for (const codePoint of label) {
      if (codePoint < n) delta += 1
      if (codePoint !== n) continue
      output += variableLength(delta, bias)
      bias = adapt(delta, handled + 1, handled === basic.length)
      delta = 0
      handled += 1
    }
    delta += 1
    n += 1
  }
  return output
}

/** The label that a Punycode (without its `xn--`, in lower case) stands for; `undefined` if it stands for none. */
export function decodePunycode(code: string): readonly number[] | undefined {
  const hyphen = code.lastIndexOf('-')
  const label = [...code.slice(0, Math.max(hyphen, 0))].map((character) => character.charCodeAt(0))
  let n = INITIAL_N
  let i = 0
  let bias = INITIAL_BIAS
  let position = hyphen > 0 ? hyphen + 1 : 0
  while (position < code.length) {
    const before = i
    let weight = 1
    for (let k = BASE; ; k += BASE) {
      const digit = DIGITS.indexOf(code.charAt(position) || ' ')
      if (digit < 0) return undefined
      position += 1
      i += digit * weight
      const threshold = thresholdAt(k, bias)
      if (digit < threshold) break
      weight *= BASE - threshold
      // Beyond this no code point can come out; it also keeps the arithmetic exact (RFC 3492 §6.4, overflow).
      if (weight > Number.MAX_SAFE_INTEGER / BASE) return undefined
    }
    const length = label.length + 1
    bias = adapt(i - before, length, before === 0)
    n += Math.floor(i / length)
    if (n > LAST_CODE_POINT) return undefined
    i %= length
    label.splice(i, 0, n)
    i += 1
  }
  return label
}

function variableLength(delta: number, bias: number): string {
  let output = ''
  let rest = delta
  for (let k = BASE; ; k += BASE) {
    const threshold = thresholdAt(k, bias)
    if (rest < threshold) return output + DIGITS.charAt(rest)
    output += DIGITS.charAt(threshold + ((rest - threshold) % (BASE - threshold)))
    rest = Math.floor((rest - threshold) / (BASE - threshold))
  }
}

function thresholdAt(k: number, bias: number): number {
  return Math.min(Math.max(k - bias, T_MIN), T_MAX)
}

function adapt(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? DAMP : 2))
  rest += Math.floor(rest / length)
  let k = 0
  while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
    rest = Math.floor(rest / (BASE - T_MIN))
    k += BASE
  }
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}
