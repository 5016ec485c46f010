import { writeFileSync } from 'node:fs'
import { NORMALISER_VERSION } from '../identifier.ts'
import { goldenDigest, goldenVectors } from './golden-vectors.ts'

// Writes golden.json: the digest of all vectors, and every fortieth to read. Run it only together with a new
// NORMALISER_VERSION, with: node packages/onesub/src/core/identifiers/testing/write-golden.ts
const vectors = goldenVectors()
const readable = vectors.filter((_, index) => index % 40 === 0).map(({ kind, input, output }) => [kind, input, output])
const lines = readable.map((row) => `    ${escaped(JSON.stringify(row))}`).join(',\n')

writeFileSync(
  new URL('golden.json', import.meta.url),
  `{
  "version": ${NORMALISER_VERSION},
  "sha256": "${goldenDigest(vectors)}",
  "every40th": [
${lines}
  ]
}
`,
)

function escaped(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
