import { parseUrl } from './url.ts'

const BASE = 'https://app.invalid'
const HOME = '/'

// What a browser, a router or a proxy may read as another host or another path: a backslash is a slash to browsers (WHATWG URL), and
// an encoded slash, dot, backslash, percent sign or control character becomes one for whoever decodes once more.
const AMBIGUOUS = /\/\/|\\|%(?:2[ef5]|5c|[01][\da-f]|7f)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const UNPRINTABLE = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]/

/**
 * Where to go after a sign-in: a path of this origin, with query and fragment, below one of `paths` (`/orders` allows `/orders/7`, not
 * `/orders-old`). Anything else becomes `/`, so what it gives is safe to navigate to, whatever was put in (RFC 9700, section 4.11).
 */
export function safeReturnTo(wanted: unknown, paths: readonly string[] = [HOME]): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/') || wanted.length > 2048) return HOME
  if (UNPRINTABLE.test(wanted)) return HOME
  const url = parseUrl(wanted, BASE)
  if (url?.origin !== BASE || AMBIGUOUS.test(url.pathname)) return HOME
  return paths.some((path) => isBelow(url.pathname, path)) ? `${url.pathname}${url.search}${url.hash}` : HOME
}

function isBelow(path: string, allowed: string): boolean {
  return path === allowed || path.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`)
}
