/** What this app is told by its server: which pool it runs on. */
export interface Config {
  readonly userPoolId: string
  readonly clientId: string
  /** The pool's domain, such as `auth.example.com`. */
  readonly domain: string
  /** Where the user pool API is; undefined for AWS's own. */
  readonly endpoint: string | undefined
  readonly providers: readonly string[]
  /** Whether the server has `/api/account`. */
  readonly linking: boolean
}

export async function loadConfig(): Promise<Config> {
  const response = await fetch('/config.json')
  const given: unknown = await response.json()
  const text = (name: string): string => {
    const value: unknown = Reflect.get(Object(given), name)
    if (typeof value !== 'string') throw new Error(`config.json has no "${name}".`)
    return value
  }
  const { endpoint, providers, linking }: { endpoint?: unknown; providers?: unknown; linking?: unknown } = Object(given)
  return {
    userPoolId: text('userPoolId'),
    clientId: text('clientId'),
    domain: text('domain'),
    endpoint: typeof endpoint === 'string' ? endpoint : undefined,
    providers: Array.isArray(providers) ? providers.map(String) : [],
    linking: linking === true,
  }
}
