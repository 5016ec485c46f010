import { createServer } from 'node:net'
import type { Plugin, UserConfig } from 'vite'
import { configInvalid } from '../browser/config-invalid.ts'
import { parseAllowed } from '../browser/redirect-uris.ts'
import { isLoopback } from '../browser/url.ts'

export interface RedirectsOptions {
  /** The list that the app gives to `createSignIn`, or to Amplify. */
  readonly redirectUris: readonly string[]
}

/**
 * Vite takes the next port when its own is taken, and Cognito refuses the redirect URI of that one. This takes a port from the list
 * instead, the configured one first, and ends with what to register where none is free. For `vite` and `vite preview`; a build is left alone.
 */
export function onesubRedirects({ redirectUris }: RedirectsOptions): Plugin {
  const uris = redirectUris.map(parseAllowed)
  const here = uris.filter(({ host }) => isLoopback(host))
  return {
    name: 'onesub-redirects',
    apply: 'serve',
    async config(config, { isPreview }): Promise<UserConfig> {
      const part = isPreview ? 'preview' : 'server'
      const wanted = config[part]?.port ?? config.server?.port
      const scheme = (config[part]?.https ?? config.server?.https) ? 'https' : 'http'
      const fitting = here.filter((uri) => uri.scheme === scheme)
      const path = (fitting[0] ?? uris[0])?.path ?? '/callback'
      if (fitting.length === 0) throw configInvalid(register(`${scheme}://localhost:${wanted ?? 5173}${path}`))
      // Any port fits the app's own list; at Cognito the one that is used must stand, so it had better stay the same.
      const open = fitting.find(({ port }) => port === '*')
      const listed = fitting.map(({ host, port }) => ({ host, port: Number(port) })).filter(({ port }) => port > 0)
      const places = [...(open ? [{ host: open.host, port: wanted ?? 5173 }] : []), ...listed]
      const inOrder = [...places.filter(({ port }) => port === wanted), ...places.filter(({ port }) => port !== wanted)]
      for (const { host, port } of inOrder) {
        if (await isFree(port)) return { [part]: { port, strictPort: true, host: config[part]?.host ?? bare(host) } }
      }
      const taken = inOrder.map(({ port }) => port)
      throw configInvalid(
        `${taken.length === 1 ? `Port ${taken[0]} is` : `The ports ${taken.join(', ')} are`} taken. End what listens there, or choose a free port. ${register(`${scheme}://localhost:${Math.max(...taken) + 1}${path}`)}`,
      )
    },
  }
}

const register = (uri: string) => `Register ${uri} as a callback URL of the app client, and add it to "redirectUris".`

const bare = (host: string) => host.replace(/^\[|\]$/g, '')

/** `localhost` is one address or the other, and a browser may try both: whoever holds one would get the sign-ins of the other. */
async function isFree(port: number): Promise<boolean> {
  const tried = await Promise.all(['127.0.0.1', '::1'].map((host) => canListen(port, host)))
  return tried.every(Boolean)
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    // A machine without IPv6 has nobody there either.
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code !== 'EADDRINUSE'))
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(true)))
  })
}
