import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const entry = (path: string) => fileURLToPath(new URL(`../../packages/onesub/src/${path}/index.ts`, import.meta.url))

/** `test/bundle-size.test.ts` holds the sizes; here, what a start does besides reading them. */
const PROBE = (path: string) => `
  import { createRequire, registerHooks } from 'node:module'
  const packages = new Set()
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const [, name] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(found.url) ?? []
      if (name) packages.add(name)
      return found
    },
  })
  let calls = 0
  const { Socket } = process.getBuiltinModule('node:net')
  const connect = Socket.prototype.connect
  Socket.prototype.connect = function (...given) { calls += 1; return connect.apply(this, given) }
  await import(${JSON.stringify(path)})
  const builtins = process.moduleLoadList.filter((name) => /undici/.test(name))
  console.log(JSON.stringify({ packages: [...packages], calls, builtins, handles: process.getActiveResourcesInfo() }))
`

it.each(['triggers', 'registry/dynamodb', 'registry/postgres', 'aws'])(
  'T113: an import of onesub/%s makes no call, loads no AWS SDK and no undici, and leaves nothing open',
  async (path) => {
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROBE(entry(path))])
    const seen: { packages: string[]; calls: number; builtins: string[]; handles: string[] } = JSON.parse(
      (await run).stdout,
    )
    expect(seen.calls).toBe(0)
    expect(seen.builtins).toEqual([])
    expect(seen.packages.filter((name) => name !== 'aws4')).toEqual([])
    expect(seen.handles.filter((name) => /Timeout|TCP|TLS|DNS|Immediate/.test(name))).toEqual([])
  },
)
