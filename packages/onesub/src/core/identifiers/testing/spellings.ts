import type { Choice } from './seeded.ts'

// Spellings as people and attackers write them: mostly of one script, now and then with a stranger in it.

export function anyEmail(choose: Choice): string {
  return `${localPart(choose)}@${text(choose, 8)}.${choose.of(['test', 'com', 'DE', 'xn--p1ai', 'קום', '例え'])}`
}

export function anyUsername(choose: Choice): string {
  return text(choose, 12)
}

export function anyPhone(choose: Choice): string {
  return choose.of(['+', '+', '+', '00', '']) + digits(choose, 6 + choose.below(11))
}

function localPart(choose: Choice): string {
  const ascii = Array.from({ length: 1 + choose.below(10) }, () => choose.of([...'abcxyzABCXYZ019._+-']))
  return ascii.join('') + (choose.below(20) === 0 ? anyCharacter(choose) : '')
}

function digits(choose: Choice, length: number): string {
  return Array.from({ length }, () => String(choose.below(10))).join('')
}

// First code points and sizes of stretches that people write in, and of those that attackers do.
const STRETCHES = [
  [0x41, 26],
  [0x61, 26],
  [0x61, 26],
  [0x30, 10],
  [0x21, 94],
  [0xc0, 192],
  [0x300, 112],
  [0x370, 144],
  [0x400, 256],
  [0x5d0, 27],
  [0x620, 90],
  [0x900, 128],
  [0x10a0, 96],
  [0x1100, 256],
  [0x1e00, 512],
  [0x2000, 112],
  [0x2100, 144],
  [0x3040, 192],
  [0x4e00, 20_992],
  [0xac00, 11_172],
  [0xf900, 512],
  [0xff00, 240],
  [0x10400, 80],
  [0x1f300, 768],
] as const

function text(choose: Choice, longest: number): string {
  const [first, size] = choose.of(STRETCHES)
  const character = () =>
    choose.below(16) === 0 ? anyCharacter(choose) : String.fromCodePoint(first + choose.below(size))
  return Array.from({ length: 1 + choose.below(longest) }, character).join('')
}

function anyCharacter(choose: Choice): string {
  const [first, size] = choose.of(STRETCHES)
  return String.fromCodePoint(choose.below(8) === 0 ? choose.below(0x110000) : first + choose.below(size))
}
