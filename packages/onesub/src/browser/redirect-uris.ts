import { configInvalid } from './config-invalid.ts'
import { isLoopback } from './url.ts'

interface Allowed {
  /** As written. */
  readonly text: string
  readonly scheme: string
  readonly host: string
  /** Digits, `*`, or nothing for the scheme's own. */
  readonly port: string
  /** Path and query. */
  readonly path: string
}

/**
 * The redirect URI for a page of this origin, out of those that the app has listed: exact, as Cognito compares them.
 *
 * Two wildcards may be written, `*` for the port of a loopback name, and `*` within the first label of an https host, for previews, as in
 * `https://shop-*.preview.example.com/callback`; it never reaches over a dot. Cognito itself has no wildcards: each URI that is really used
 * must be registered there. Anybody who can get a host that fits a pattern gets your sign-ins, so write one only for hosts that are all yours.
 *
 * @throws `CONFIG_INVALID`, naming the origin and what to register, where nothing fits or an entry cannot be used.
 */
export function redirectUriFor(origin: string, allowed: readonly string[]): string {
  const uris = allowed.map(parseAllowed)
  const fitting = uris.find((uri) => fits(origin, uri))
  if (fitting) return fitting.text.includes('*') ? `${origin}${fitting.path}` : fitting.text
  throw configInvalid(
    `No redirect URI is listed for ${origin}. Add ${origin}${uris[0]?.path ?? '/callback'} to the redirect URIs of the app and to the callback URLs of the app client.`,
  )
}

const FORM = /^(https?):\/\/(\[::1\]|[a-z\d*.-]+)(?::(\d+|\*))?(\/[^#*\\\s]*)$/i

export function parseAllowed(text: string): Allowed {
  const [, scheme = '', host = '', port = '', path = ''] = FORM.exec(text) ?? []
  const isUsable = scheme === 'https' ? port !== '*' || isLoopback(host) : scheme === 'http' && isLoopback(host)
  // One star, in the first label, with a domain of two labels behind it at least: `*.app` would be everybody's.
  const isKnownHost = !host.includes('*') || (scheme === 'https' && /^[^.*]*\*[^.*]*(?:\.[^.*]+){2,}$/.test(host))
  if (isUsable && isKnownHost) return { text, scheme, host, port, path }
  throw configInvalid(
    `The redirect URI ${JSON.stringify(text)} cannot be used. Write it whole, https or on localhost, with a path and without a fragment; "*" may stand for the port of localhost, or within the first label of a host of three labels or more.`,
  )
}

const OWN_PORT: Readonly<Record<string, string>> = { http: '80', https: '443' }

function fits(origin: string, { scheme, host, port }: Allowed): boolean {
  const [, theirScheme = '', theirHost = '', theirPort = ''] =
    /^(https?):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?$/.exec(origin) ?? []
  const isPort = port === '*' || (port || OWN_PORT[scheme]) === (theirPort || OWN_PORT[theirScheme])
  const [before = '', after] = host.toLowerCase().split('*')
  const middle = theirHost.slice(before.length, theirHost.length - (after ?? '').length)
  const isHost =
    after === undefined
      ? theirHost === before
      : theirHost.startsWith(before) && theirHost.endsWith(after) && /^[a-z\d-]+$/.test(middle)
  return scheme === theirScheme && isPort && isHost
}
