export function parseUrl(text: string, base?: string): URL | undefined {
  // URL.parse is younger than some browsers that are in use.
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

export const isLoopback = (hostname: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
