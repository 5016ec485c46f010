import { createHash } from 'node:crypto'

/** SHA-256 over results in order, a line each; results are ASCII. */
export function digestOf(results: Iterable<string>): string {
  const hash = createHash('sha256')
  let lines: string[] = []
  for (const result of results) {
    lines.push(result)
    if (lines.length < 4_096) continue
    hash.update(`${lines.join('\n')}\n`)
    lines = []
  }
  return hash.update(lines.map((line) => `${line}\n`).join('')).digest('hex')
}
