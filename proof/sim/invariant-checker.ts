import { type DomainEvent, isPersonEvent } from '../../packages/onesub/src/core/events.ts'
/**
 * Looks at what people could see: who signed in by what, and whom the token named. Knows nothing of claims, rows and decisions; what it asks
 * is what a customer would ask. One address has one owner here, and nobody gets at another's mailbox or provider account, so that
 * one person named to two humans is a takeover, whatever led to it.
 */
export interface Sighting {
  readonly human: string
  /** One way to sign in: a user's password, or an account at a provider. */
  readonly credential: string
  /** Undefined for a token without a person. */
  readonly person: string | undefined
}

export class InvariantChecker {
  readonly violations: string[] = []
  /** Called for each observation, for the reader of a trace. */
  readonly #notes: (line: string) => void
  readonly #humanOf = new Map<string, string>()
  readonly #personBy = new Map<string, string>()
  readonly #licensed = new Set<string>()
  readonly #several = new Set<string>()
  readonly #moved = new Set<string>()
  readonly #proven = new Map<string, Set<string>>()

  constructor(notes: (line: string) => void = () => {}) {
    this.#notes = notes
  }

  saw({ human, credential, person }: Sighting): void {
    this.#notes(`  ${human} is in by ${credential}: ${person ?? 'nobody'}`)
    if (person === undefined) return
    const other = this.#humanOf.get(person) ?? human
    if (other !== human) this.#violated(`I2: ${credential} of ${human} opens the person of ${other}`)
    this.#humanOf.set(person, human)
    const before = this.#personBy.get(credential)
    if (before !== undefined && before !== person && !this.#licensed.has(human)) {
      this.#violated(`I6: ${credential} of ${human} was one person and is another`)
    }
    this.#personBy.set(credential, person)
  }

  noted(line: string): void {
    this.#notes(`  ${line}`)
  }

  /** The human linked or unlinked a sign-in method, which may change the person of the other sign-in methods. */
  changed(human: string): void {
    this.#licensed.add(human)
  }

  /** A code came back from the mailbox for this user. Who proves an address twice, by two users, may be two persons (T183). */
  proved(human: string, userName: string): void {
    const users = this.#proven.get(human) ?? new Set()
    users.add(userName)
    this.#proven.set(human, users)
    if (users.size > 1) this.#several.add(human)
  }

  hasProven(human: string, userName: string): boolean {
    return this.#proven.get(human)?.has(userName) === true
  }

  /** One human may end as several persons here, none of them anybody else's. */
  mayBeSeveral(human: string): void {
    this.#several.add(human)
  }

  /** A sign-in method that is removed; one of the same name may belong to somebody else some day. */
  gone(credential: string): void {
    this.#personBy.delete(credential)
  }

  /** Its address is another than the one that was proven when it was made. */
  moved(userName: string): void {
    this.#moved.add(userName)
  }

  hasMoved(userName: string): boolean {
    return this.#moved.has(userName)
  }

  /** At the end: the human's proven sign-in methods, each tried once more. */
  ended(human: string, persons: readonly (string | undefined)[]): void {
    const named = new Set(persons.filter((person) => person !== undefined))
    if (named.size > 1 && !this.#licensed.has(human) && !this.#several.has(human))
      this.#violated(`I5: ${human} proved one address and is ${named.size} persons`)
  }

  /** At the end: a sign-in method that must lead to a person. */
  mustBeSomebody(human: string, credential: string, person: string | undefined): void {
    if (person === undefined && !this.#licensed.has(human))
      this.#violated(`I3: ${credential} of ${human} leads to nobody`)
  }

  heard(events: readonly DomainEvent[]): void {
    const versions = new Map<string, number[]>()
    for (const { type, person, version } of events.filter(isPersonEvent)) {
      versions.set(person, [...(versions.get(person) ?? []), version])
      if (type === 'person.created' && version !== 1) this.#violated('I9: a person is created twice, or late')
    }
    for (const told of versions.values()) {
      if (told.some((version, at) => version !== at + 1)) this.#violated(`I9: a history has gaps: ${told.join(' ')}`)
    }
  }

  /** What it has seen so far, to compare two states. */
  state(): readonly (readonly unknown[])[] {
    return [
      [...this.#humanOf],
      [...this.#personBy],
      [...this.#licensed],
      [...this.#moved],
      [...this.#proven].map(([human, users]) => [human, ...users]),
    ]
  }

  disagreed(what: string): void {
    this.#violated(`I1: ${what}`)
  }

  #violated(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what)
  }
}
