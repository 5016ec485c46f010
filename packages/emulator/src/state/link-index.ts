import type { Link, User } from './user.ts'

interface Entry {
  readonly user: User
  readonly link: Link
}

const key = (provider: string, attribute: string, value: string) => JSON.stringify([provider, attribute, value])
const folded = (provider: string, attribute: string, value: string) => key(provider, attribute, value.toLowerCase())

export const SUBJECT = 'Cognito_Subject'

/** Finds the user of an external identity without reading all users. */
export class LinkIndex {
  readonly #exact = new Map<string, Entry>()
  readonly #folded = new Map<string, Entry>()
  /** How often each attribute name is used in links to a provider: Cognito allows five names per provider. */
  readonly #names = new Map<string, Map<string, number>>()

  find(provider: string, attribute: string, value: string): Entry | undefined {
    return this.#exact.get(key(provider, attribute, value))
  }

  findWhateverCase(provider: string, attribute: string, value: string): Entry | undefined {
    return this.#folded.get(folded(provider, attribute, value))
  }

  namesOf(provider: string): readonly string[] {
    return [...(this.#names.get(provider)?.keys() ?? [])]
  }

  add(user: User, link: Link): void {
    const entry = { user, link }
    this.#exact.set(key(link.providerName, link.attributeName, link.attributeValue), entry)
    this.#folded.set(folded(link.providerName, link.attributeName, link.attributeValue), entry)
    this.#count(link, 1)
    user.links = [...user.links, link]
  }

  remove(user: User, link: Link): void {
    this.#exact.delete(key(link.providerName, link.attributeName, link.attributeValue))
    this.#folded.delete(folded(link.providerName, link.attributeName, link.attributeValue))
    this.#count(link, -1)
    user.links = user.links.filter((other) => other !== link)
  }

  removeAll(user: User): void {
    for (const link of user.links) this.remove(user, link)
  }

  #count(link: Link, step: number): void {
    const names = this.#names.get(link.providerName) ?? new Map<string, number>()
    const count = (names.get(link.attributeName) ?? 0) + step
    if (count > 0) names.set(link.attributeName, count)
    else names.delete(link.attributeName)
    this.#names.set(link.providerName, names)
  }
}
