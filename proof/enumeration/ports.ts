/** Notes each call to a port, and lets it take its time. */
export class Counted {
  /** In the order in which they were made, as `registry.commit`. */
  #calls: string[] = []
  /** Before each call; stands for the way to a store. */
  wait: () => Promise<unknown> = async () => {}

  through<Port extends object>(name: string, port: Port): Port {
    return new Proxy(port, {
      get: (target, member) => {
        const found: unknown = Reflect.get(target, member)
        if (typeof found !== 'function') return found
        return async (...given: unknown[]) => {
          this.#calls.push(`${name}.${String(member)}`)
          await this.wait()
          return Reflect.apply(found, target, given)
        }
      },
    })
  }

  /** What was called since it was asked last. */
  taken(): string {
    const calls = this.#calls.join(', ')
    this.#calls = []
    return calls
  }
}
