/**
 * The normaliser of addresses against all of Unicode and a grammar: `npm run -s proof -- identifiers [--json] [--seed <word>] [--grammar
 * 1000000] [--renew]`. Exits with 1 where a check fails, or where a result is not what it was when this version of the normaliser was made.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { NORMALISER_VERSION } from '../../packages/onesub/src/core/identifiers/index.ts'
import { CODE_POINTS, checkCodePoints, POSITIONS } from './code-points.ts'
import { digestOf } from './digest.ts'
import { checkGrammar } from './grammar.ts'
import { checkVectors } from './vectors.ts'

export interface IdentifiersOptions {
  /** How many addresses of the grammar. @default 1000000 */
  readonly grammar?: number
  readonly seed?: string
  /** Keeps today's digests, if nothing else is wrong: for a new NORMALISER_VERSION. */
  readonly renew?: boolean
}

export interface IdentifiersResult {
  readonly codePoints: number
  readonly positions: readonly string[]
  /** Addresses of the grammar. */
  readonly grammar: number
  readonly vectors: number
  /** Of all results in order. */
  readonly digest: string
  readonly digests: Digests
  readonly failures: readonly string[]
  readonly seconds: number
}

interface Digests {
  readonly codePoints: string
  readonly vectors: string
  readonly grammar: string
}

interface Kept extends Digests {
  readonly version: number
}

const DEFAULTS = { grammar: 1_000_000, seed: 'onesub' }
const KEPT = new URL('digests.json', import.meta.url)
const HOW_TO_RENEW =
  'A key that changes is lost to whoever has it: raise NORMALISER_VERSION, then run proof/identifiers/run.ts --renew.'

export async function runIdentifiers(options: IdentifiersOptions = {}): Promise<IdentifiersResult> {
  const { grammar, seed } = options.renew ? DEFAULTS : { ...DEFAULTS, ...options }
  const began = performance.now()
  const parts = { codePoints: checkCodePoints(), vectors: checkVectors(), grammar: checkGrammar(grammar, seed) }
  const digests = {
    codePoints: digestOf(parts.codePoints.results),
    vectors: digestOf(parts.vectors.results),
    grammar: digestOf(parts.grammar.results),
  }
  const isDefault = grammar === DEFAULTS.grammar && seed === DEFAULTS.seed
  const wrong = Object.values(parts).flatMap(({ failures }) => failures)
  if (options.renew && wrong.length === 0) keep(digests)
  return {
    codePoints: CODE_POINTS,
    positions: POSITIONS.map(({ name }) => name),
    grammar,
    vectors: parts.vectors.results.length,
    digest: digestOf(Object.values(digests)),
    digests,
    failures: [...wrong, ...changesOf(digests, isDefault)],
    seconds: Math.round((performance.now() - began) / 100) / 10,
  }
}

function keep(digests: Digests): void {
  writeFileSync(KEPT, `${JSON.stringify({ version: NORMALISER_VERSION, ...digests }, null, 2)}\n`)
}

/** Other addresses than the default ones have no digest to be compared with. */
function changesOf(digests: Digests, isDefault: boolean): readonly string[] {
  const kept: Kept = JSON.parse(readFileSync(KEPT, 'utf8'))
  const changed = [
    ...(kept.version === NORMALISER_VERSION ? [] : ['version']),
    ...(kept.codePoints === digests.codePoints ? [] : ['codePoints']),
    ...(kept.vectors === digests.vectors ? [] : ['vectors']),
    ...(!isDefault || kept.grammar === digests.grammar ? [] : ['grammar']),
  ]
  return changed.map((part) => `${part}: not what digests.json says. ${HOW_TO_RENEW}`)
}

const SHOWN = 20

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      renew: { type: 'boolean', default: false },
      grammar: { type: 'string', default: String(DEFAULTS.grammar) },
      seed: { type: 'string', default: DEFAULTS.seed },
    },
  })
  const { renew, seed } = values
  const result = await runIdentifiers({ renew, seed, grammar: Number(values.grammar) })
  const { codePoints, positions, grammar, vectors, digest, failures, seconds } = result
  if (values.json) console.log(JSON.stringify({ ...result, failures: failures.slice(0, SHOWN) }))
  else {
    console.log(`${codePoints} code points in ${positions.length} positions, ${grammar} addresses, ${vectors} vectors`)
    console.log(`${seconds} s, SHA-256 of all results ${digest}`)
    for (const failure of failures.slice(0, SHOWN)) console.log(failure)
    if (failures.length > SHOWN) console.log(`… and ${failures.length - SHOWN} more`)
  }
  process.exitCode = failures.length === 0 ? 0 : 1
}
