import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type OutputChunk, rolldown } from 'rolldown'
import { minify } from 'rolldown/utils'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGE = join(ROOT, 'packages/onesub')

export interface Bundle {
  readonly code: string
  /** Bytes, minified. */
  readonly minified: number
  /** Bytes, of the minified. */
  readonly gzip: number
  /** The modules in it, heaviest first, in minified bytes; shared names and wrappers are not counted. */
  readonly modules: readonly { readonly module: string; readonly bytes: number }[]
}

export interface BundleOptions {
  /** What a user's bundler sees, or what a test sees without building first. @default 'dist' */
  readonly from?: 'dist' | 'src'
  /** Left to be read from `node_modules` at start. */
  readonly external?: RegExp
}

/** One file for Lambda's Node, as bundlers make it: ES module, tree-shaken, minified. */
export async function bundle(source: string, { from = 'dist', external }: BundleOptions = {}): Promise<Bundle> {
  const entry = join(ROOT, 'handler.mjs')
  const built = await rolldown({
    input: entry,
    cwd: ROOT,
    platform: 'node',
    ...(external && { external }),
    plugins: [
      {
        name: 'handler',
        resolveId: (id) => (id === entry ? id : ours(id, from)),
        load: (id) => (id === entry ? source : null),
      },
    ],
  })
  const { output } = await built.generate({ format: 'esm', minify: true, codeSplitting: false })
  await built.close()
  const [chunk] = output
  return {
    code: chunk.code,
    minified: Buffer.byteLength(chunk.code),
    gzip: gzipSync(chunk.code, { level: 9 }).byteLength,
    modules: await weights(chunk),
  }
}

/** `onesub/…` is the package in this repository, whatever is installed. */
function ours(id: string, from: 'dist' | 'src'): string | null {
  if (!id.startsWith('onesub/')) return null
  const { exports }: { exports: Record<string, Record<string, string>> } = JSON.parse(
    readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
  )
  const file = exports[id.replace('onesub', '.')]?.[from === 'src' ? '@onesub/source' : 'default']
  return file === undefined ? null : join(PACKAGE, file)
}

// A module alone uses nothing of what it gives to others, so that compressing would take all of it for dead.
const ALONE = { module: true, compress: false, mangle: { toplevel: true } } as const

async function weights({ modules }: OutputChunk): Promise<Bundle['modules']> {
  const weighed = Object.entries(modules).map(async ([id, { code }]) => {
    const module = id.replace(`${PACKAGE}/`, '').replace(`${ROOT}/`, '').replace('node_modules/', '')
    return { module, bytes: code ? Buffer.byteLength((await minify(`${id}.mjs`, code, ALONE)).code) : 0 }
  })
  return (await Promise.all(weighed)).filter(({ bytes }) => bytes > 0).sort((left, right) => right.bytes - left.bytes)
}
