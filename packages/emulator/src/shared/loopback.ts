import type { IncomingMessage } from 'node:http'

export const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '::1'] as const
export type LoopbackHost = (typeof LOOPBACK_HOSTS)[number]

const NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/**
 * A web page that rebinds its own name to 127.0.0.1 still sends that name as Host; a page from elsewhere sends its
 * Origin (CVE-2025-66414 shows what happens without these two checks).
 */
export function complaintAbout(request: IncomingMessage, port: number): string | undefined {
  const { host, origin } = request.headers
  if (!NAMES.some((name) => host === `${name}:${port}`)) return 'The Host header must be a loopback name with our port.'
  if (origin !== undefined && !isLoopbackUrl(origin)) return 'Only pages served from this machine may call.'
  return undefined
}

export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/u.test(url.protocol) && NAMES.includes(url.hostname)
}

/** For pages of the developer's own application, which run on another loopback port. */
export function corsHeaders(origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'x-amzn-requestid,x-amzn-errortype,x-amzn-errormessage',
    vary: 'Origin',
  }
}

export function preflightHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  return {
    ...corsHeaders(request.headers.origin),
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': String(request.headers['access-control-request-headers'] ?? 'content-type'),
    'access-control-max-age': '600',
  }
}
