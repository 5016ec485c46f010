import { isRecord, isText, type JsonRecord } from '../shared/json.ts'

/** A user of the simulated provider: an id to choose by, and the claims that the provider sends. */
export interface Persona extends JsonRecord {
  readonly id: string
  /** The subject, exactly as the provider writes it; other providers call it `id` or `user_id`. */
  readonly sub: string
}

export function parsePersona(value: unknown): Persona {
  if (!isRecord(value)) throw new TypeError('A persona is an object with at least id and sub.')
  const { id, sub } = value
  if (!isText(id) || id === '' || !isText(sub) || sub === '') {
    throw new TypeError('A persona needs id and sub, both non-empty texts.')
  }
  return { ...value, id, sub }
}

export class PersonaStore {
  readonly #initial: readonly Persona[]
  readonly #personas = new Map<string, Persona>()
  readonly #visits = new Map<string, number>()

  constructor(initial: readonly Persona[] = []) {
    this.#initial = initial.map(parsePersona)
    this.reset()
  }

  all(): readonly Persona[] {
    return [...this.#personas.values()]
  }

  /** A persona with a known id replaces the earlier one, for example with another address. */
  set(persona: Persona): void {
    const parsed = parsePersona(persona)
    this.#personas.set(parsed.id, parsed)
  }

  remove(id: string): void {
    this.#personas.delete(id)
  }

  byId(id: string): Persona | undefined {
    return this.#personas.get(id)
  }

  /** The persona at this sign-in: `changes` lists what differs at the first, second, … sign-in, in turn. */
  present(persona: Persona): Persona {
    const { changes } = persona
    if (!Array.isArray(changes) || changes.length === 0) return persona
    const visits = this.#visits.get(persona.id) ?? 0
    this.#visits.set(persona.id, visits + 1)
    const change: unknown = changes[visits % changes.length]
    return parsePersona({ ...persona, ...(isRecord(change) ? change : {}) })
  }

  /** `login_hint` is an id or an address. */
  byHint(hint: string): Persona | undefined {
    return this.byId(hint) ?? this.all().find((persona) => persona.email === hint)
  }

  replaceAll(personas: readonly Persona[]): void {
    this.#personas.clear()
    this.#visits.clear()
    for (const persona of personas) this.set(persona)
  }

  reset(): void {
    this.replaceAll(this.#initial)
  }
}
