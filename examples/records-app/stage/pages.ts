import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Env, Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const FROM_SOURCE = {
  'onesub/browser': fileURLToPath(new URL('../../../packages/onesub/src/browser/index.ts', import.meta.url)),
}

type Files = ReadonlyMap<string, string | Uint8Array<ArrayBuffer>>

/**
 * React is built for production where NODE_ENV says so. Vite would leave it at that, and neither the emulator nor a verifier that trusts it
 * runs in production.
 */
export async function forProduction<Result>(action: () => Promise<Result>): Promise<Result> {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  try {
    return await action()
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}

/** Builds a page as it would be shipped, into memory. `root` is a folder with an `index.html`. */
export async function buildPage(root: string): Promise<Files> {
  const { build } = await import('vite')
  return filesIn(await build({ root, logLevel: 'error', resolve: { alias: FROM_SOURCE }, build: { write: false } }))
}

type Built = Awaited<ReturnType<typeof import('vite').build>>

function filesIn(built: Built): Files {
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  return new Map(
    outputs.map((file) => [file.fileName, file.type === 'chunk' ? file.code : textOrBytes(file.source)] as const),
  )
}

const textOrBytes = (source: string | Uint8Array) => (typeof source === 'string' ? source : new Uint8Array(source))

interface Frames {
  /** Whom the page's scripts may call, beside its own origin. */
  readonly connect?: readonly string[]
  /** What the page shows in frames. */
  readonly frame?: readonly string[]
  /** Who may show the page in a frame. */
  readonly ancestors?: readonly string[]
}

/** Serves what was built: the files by name, and the page for each path that is none. */
export function servePage<E extends Env>(app: Hono<E>, files: Files, allowed: Frames): void {
  const { connect = [], frame = [], ancestors = [] } = allowed
  const contentSecurityPolicy = {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'", ...connect],
    frameSrc: frame.length > 0 ? [...frame] : ["'none'"],
    frameAncestors: ancestors.length > 0 ? [...ancestors] : ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  }
  // X-Frame-Options knows no list; frame-ancestors says it. Transport security is for names that have a certificate.
  const headers = secureHeaders({ contentSecurityPolicy, xFrameOptions: false, strictTransportSecurity: false })
  app.get('*', headers, (c) => {
    const path = c.req.path.slice(1)
    const name = extname(path) === '' ? 'index.html' : path
    const content = files.get(name)
    if (content === undefined) return c.notFound()
    // A user's page must not be shown from a cache after the sign-out; files with a hash in their name never change.
    const cache = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store'
    const type = TYPES[extname(name)] ?? 'application/octet-stream'
    return c.body(content, 200, { 'content-type': type, 'cache-control': cache })
  })
}
