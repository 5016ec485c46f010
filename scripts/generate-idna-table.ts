// Writes packages/onesub/src/core/identifiers/idna-table.ts: which code points an identifier may hold, pinned.
// The data come from the dev dependency tr46 (UTS #46 and bidi classes of Unicode 18). Run it with:
//   node scripts/generate-idna-table.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { CodePointClass } from '../packages/onesub/src/core/identifiers/code-point-class.ts'
import { FIVE_BITS, RUN_DIGITS } from '../packages/onesub/src/core/identifiers/runs.ts'

const require = createRequire(import.meta.url)
const tr46 = require('tr46/package.json')
const regexes = require('tr46/lib/regexes.js')
const mappingTable = require('tr46/lib/mappingTable.json')
const { STATUS_MAPPING } = require('tr46/lib/statusMapping.js')

export const TABLE = fileURLToPath(new URL('../packages/onesub/src/core/identifiers/idna-table.ts', import.meta.url))

const LAST_CODE_POINT = 0x10ffff
const JOINERS = new Set([0x200c, 0x200d])

const YOUNGER_RANGES = `
058b-058c 05c8-05c9 088f 0b53-0b54 0c5c 0cdc 1acf-1af0 208f 209d-209f 20c1-20c4 2b96 2e60-2e63 a7ce-a7cf a7d2 a7d4
a7dd a7e2 a7f1 ab6c-ab6d fbc3-fbd2 fd90-fd91 fdc8-fdce 107bb-107bf 10940-10959 10ec5-10ec7 10ec9-10eee 10ef0-10efb
11b0a 11b60-11b67 11db0-11ddb 11de0-11de9 11df0-11df1 1246f 12475-1247f 12550-12686 16ea0-16eb8 16ebb-16ed3
16ff2-16ff6 187f8-187ff 18cd6-18cda 18d09-18d20 18d80-18df2 18e00-19191 191a0-191d2 1b123-1b128 1b168 1ccfa-1ccfc
1ceba-1ced0 1ced2-1ced4 1cedd-1cefd 1d127-1d128 1d1eb-1d1ff 1d250-1d281 1d6a6 1db00-1db1c 1df1f-1df24 1df2b-1df81
1df90-1df96 1dfcd-1dfff 1e6c0-1e6de 1e6e0-1e6f5 1e6fe-1e6ff 1f1ae 1f6d8-1f6d9 1f777-1f77a 1f7da-1f7db 1f7f1-1f7ff
1f8d0-1f8d8 1fa54-1fa57 1fa8a-1fa8e 1fac8 1facc-1facd 1fadd 1faea-1faeb 1faef 1faf9-1fafa 1fbfa 2b73a-2b73f 2b81e
2cea2-2cead 323b0-33479 3d000-3fc3f`

/**
 * Assigned after Unicode 16.0 (DerivedAge.txt of 17.0 and 18.0). They stay out, because the oldest supported Node
 * (22.13) carries Unicode 16: its `normalize` does not know them, and NFC is stable only for what it knows.
 */
export const YOUNGER_THAN_UNICODE_16: ReadonlySet<number> = new Set(
  YOUNGER_RANGES.trim().split(/\s+/).flatMap(codePointsOf),
)

function codePointsOf(range: string): number[] {
  const [first = 0, last = first] = range.split('-').map((hex) => Number.parseInt(hex, 16))
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset)
}

interface Status {
  readonly status: number
  readonly mapping: string | undefined
}

function statuses(): Status[] {
  const all: Status[] = []
  for (const [range, status, mapping] of mappingTable) {
    const [first, last] = Array.isArray(range) ? range : [range, range]
    for (let codePoint = first; codePoint <= last; codePoint += 1) all[codePoint] = { status, mapping }
  }
  return all
}

function classFor(codePoint: number, { status }: Status): number {
  const valid = status === STATUS_MAPPING.valid || status === STATUS_MAPPING.deviation
  if (!valid || JOINERS.has(codePoint) || YOUNGER_THAN_UNICODE_16.has(codePoint)) return CodePointClass.refused
  const text = String.fromCodePoint(codePoint)
  if (regexes.combiningMarks.test(text))
    return mayStandInRightToLeft(codePoint, text) ? CodePointClass.markRightToLeft : CodePointClass.mark
  if (regexes.bidiS1RTL.test(text)) return CodePointClass.rightToLeft
  if (regexes.bidiS4AN.test(text)) return CodePointClass.arabicNumber
  return regexes.bidiS4EN.test(text) ? CodePointClass.europeanNumber : CodePointClass.plain
}

/** Marks of the right-to-left blocks and the common ones; marks of Indic scripts in Hebrew text are not worth a table. */
function mayStandInRightToLeft(codePoint: number, text: string): boolean {
  const near = codePoint <= 0x8ff || (codePoint >= 0xfb1d && codePoint <= 0x10fff) || codePoint >= 0x1e800
  return near && regexes.bidiS2.test(text)
}

/** The lower case of an upper-case letter, if UTS #46 maps it to exactly that and to nothing more. */
function lowerFor(codePoint: number, { status, mapping }: Status): number | undefined {
  const text = String.fromCodePoint(codePoint)
  const isUpper = status === STATUS_MAPPING.mapped && /^\p{Lu}$/u.test(text) && !YOUNGER_THAN_UNICODE_16.has(codePoint)
  if (!isUpper || mapping === undefined || text.toLowerCase() !== mapping) return undefined
  const [lower, ...more] = [...mapping]
  if (more.length > 0 || text.normalize('NFKC') !== text.normalize('NFC')) return undefined
  return lower?.codePointAt(0)
}

function written(number: number): string {
  let text = ''
  let rest = number
  while (rest >= FIVE_BITS) {
    text += RUN_DIGITS.charAt(FIVE_BITS + (rest % FIVE_BITS))
    rest = Math.floor(rest / FIVE_BITS)
  }
  return text + RUN_DIGITS.charAt(rest)
}

/** Runs of one class from U+0080 on, each as length × 8 + class. */
function classRuns(all: readonly Status[]): string {
  let text = ''
  let start = 0x80
  let current: number = CodePointClass.refused
  for (let codePoint = 0x80; codePoint <= LAST_CODE_POINT + 1; codePoint += 1) {
    const status = all[codePoint]
    const next = status === undefined ? -1 : classFor(codePoint, status)
    if (next === current) continue
    if (codePoint > start) text += written((codePoint - start) * 8 + current)
    start = codePoint
    current = next
  }
  return text
}

interface LowerRun {
  first: number
  count: number
  step: number
  shift: number
}

/** Upper-case letters in runs of one step (1 or 2) and one distance to their lower case. */
function lowerRuns(all: readonly Status[]): LowerRun[] {
  const runs: LowerRun[] = []
  for (const [codePoint, status] of all.entries()) {
    const lower = codePoint < 0x80 ? undefined : lowerFor(codePoint, status)
    if (lower === undefined) continue
    const run = runs.at(-1)
    const shift = lower - codePoint
    const distance = run === undefined ? 0 : codePoint - (run.first + (run.count - 1) * run.step)
    const continues = run?.shift === shift && distance <= 2 && (run.count === 1 || run.step === distance)
    if (run && continues) Object.assign(run, { step: distance, count: run.count + 1 })
    else runs.push({ first: codePoint, count: 1, step: 1, shift })
  }
  return runs
}

/** Four numbers a run: distance from the run before, count, step, and the shift with its sign in the last bit. */
function writtenRuns(runs: readonly LowerRun[]): string {
  let text = ''
  let before = 0
  for (const { first, count, step, shift } of runs) {
    const signed = shift < 0 ? -shift * 2 + 1 : shift * 2
    text += written(first - before) + written(count * 2 + step - 1) + written(signed)
    before = first
  }
  return text
}

export function idnaTable(): string {
  const all = statuses()
  return `// Generated by scripts/generate-idna-table.ts from tr46 ${tr46.version} (UTS #46 of Unicode ${tr46.unicodeVersion}); do not edit.
// Only code points that Unicode 16.0 assigns are in it, so that every supported Node normalises them alike.
// A change of these bytes changes identifiers: raise NORMALISER_VERSION with it.

export const CLASS_RUNS =
  '${classRuns(all)}'

export const LOWER_RUNS =
  '${writtenRuns(lowerRuns(all))}'
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = idnaTable()
  const before = readFileSync(TABLE, { encoding: 'utf8', flag: 'a+' })
  writeFileSync(TABLE, table)
  console.log(before === table ? 'idna-table.ts: unchanged' : `idna-table.ts: ${table.length} bytes written`)
}
