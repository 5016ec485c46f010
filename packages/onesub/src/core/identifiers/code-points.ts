import { DELETE, FIRST_BEYOND_ASCII, lowerAscii, lowerAsciiCode, SPACE } from './ascii.ts'
import { CodePointClass } from './code-point-class.ts'
import { CLASS_RUNS, LOWER_RUNS } from './idna-table.ts'
import { lastAtMost, readNumbers } from './runs.ts'

const VISIBLE_ASCII = /^[!-~]*$/

/** Composes, folds case by the pinned table, composes again. `undefined` if a code point is refused on the way. */
export function folded(text: string): string | undefined {
  if (VISIBLE_ASCII.test(text)) return lowerAscii(text)
  if ([...text].some(isRefused)) return undefined
  const lower = composed([...composed(text)].map(lowerCharacter).join(''))
  return [...lower].some(isRefused) ? undefined : lower
}

// `normalize` comes from the runtime and is pinned all the same: the table holds only code points of Unicode 16, and the
// NFC of assigned code points never changes (Unicode Character Encoding Stability Policies, "Normalization Stability").
// A text with any other code point is refused, whatever a newer or an older runtime makes of it.
export function composed(text: string): string {
  return text.normalize('NFC')
}

export function classOf(codePoint: number): number {
  classes ??= readClasses()
  return classes.values[lastAtMost(classes.starts, codePoint)] ?? CodePointClass.refused
}

function isRefused(character: string): boolean {
  const codePoint = lowerOf(codeOf(character))
  if (codePoint < FIRST_BEYOND_ASCII) return codePoint <= SPACE || codePoint === DELETE
  return classOf(codePoint) === CodePointClass.refused
}

function lowerCharacter(character: string): string {
  return String.fromCodePoint(lowerOf(codeOf(character)))
}

function lowerOf(codePoint: number): number {
  if (codePoint < FIRST_BEYOND_ASCII) return lowerAsciiCode(codePoint)
  letters ??= readLetters()
  const run = letters.values[lastAtMost(letters.starts, codePoint)]
  if (!run) return codePoint
  const offset = codePoint - run.first
  return offset <= run.length && offset % run.step === 0 ? codePoint + run.shift : codePoint
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

interface Runs<T> {
  readonly starts: readonly number[]
  readonly values: readonly T[]
}

interface UpperCaseRun {
  readonly first: number
  readonly length: number
  readonly step: number
  readonly shift: number
}

// Read at the first code point beyond ASCII: most cold starts never see one.
let classes: Runs<number> | undefined
let letters: Runs<UpperCaseRun> | undefined

function readClasses(): Runs<number> {
  const starts: number[] = []
  const values: number[] = []
  let start = FIRST_BEYOND_ASCII
  for (const run of readNumbers(CLASS_RUNS)) {
    starts.push(start)
    values.push(run % 8)
    start += Math.floor(run / 8)
  }
  return { starts, values }
}

function readLetters(): Runs<UpperCaseRun> {
  const starts: number[] = []
  const values: UpperCaseRun[] = []
  const numbers = readNumbers(LOWER_RUNS)
  let first = 0
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    const [distance = 0, size = 0, shift = 0] = numbers.slice(at, at + 3)
    first += distance
    const step = (size % 2) + 1
    starts.push(first)
    values.push({ first, length: (Math.floor(size / 2) - 1) * step, step, shift: signed(shift) })
  }
  return { starts, values }
}

function signed(number: number): number {
  return number % 2 === 0 ? number / 2 : -(number - 1) / 2
}
