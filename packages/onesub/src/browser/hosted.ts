import { configInvalid } from './config-invalid.ts'
import { isLoopback, parseUrl } from './url.ts'

/** The origin of the pool's hosted endpoints. Plain http only on this machine, for an emulator. */
export function hostedOrigin(domain: unknown): string {
  const url = typeof domain === 'string' ? parseUrl(domain.includes('://') ? domain : `https://${domain}`) : undefined
  const isPlainOrigin = url !== undefined && (url.href === `${url.origin}/` || url.href === url.origin)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (isPlainOrigin && isSafe) return url.origin
  throw configInvalid('"domain" must be the domain of the user pool and nothing else, such as auth.example.com.')
}
