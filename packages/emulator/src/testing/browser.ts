/** The part of a browser that a sign-in needs: cookies per origin, and redirects. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>()

  async open(url: string, options: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', ...options, headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value === '' || /max-age=0/iu.test(line)) jar.delete(pair.slice(0, pair.indexOf('=')))
      else jar.set(pair.slice(0, pair.indexOf('=')), value)
    }
    return answer
  }

  /** Follows redirects for as long as `isStation` says that the next address is one of the servers under test. */
  async travel(url: string, isStation: (url: URL) => boolean, options: RequestInit = {}): Promise<Arrival> {
    let at = new URL(url)
    let answer = await this.open(at.href, options)
    for (let step = 0; step < 20; step += 1) {
      const next = answer.headers.get('location')
      if (next === null) return { url: at, page: await answer.text(), status: answer.status }
      at = new URL(next, at)
      if (!isStation(at)) return { url: at, page: '', status: 0 }
      answer = await this.open(at.href)
    }
    throw new Error('too many redirects')
  }
}

export interface Arrival {
  readonly url: URL
  readonly page: string
  readonly status: number
}
