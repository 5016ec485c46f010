import type { User, UserStatus } from './user.ts'

/** A user as a listing shows it. */
export interface ListedUser {
  readonly user: User
  readonly attributes: ReadonlyMap<string, string>
  readonly status: UserStatus
  readonly enabled: boolean
  readonly modifiedAt: number
}

interface Row {
  readonly place: number
  /** Older states, kept while a lagging listing may show them. */
  readonly past: ListedUser[]
}

const LONGEST_MEMORY_MS = 60_000

/** The users in the order of their creation, as ListUsers sees them: possibly some time ago. */
export class ListedUsers {
  readonly #order = new Map<User, Row>()
  readonly #places: (User | undefined)[] = []
  #next = 0
  isRemembering = false

  add(user: User): void {
    this.#order.set(user, { place: this.#next, past: [] })
    this.#places[this.#next] = user
    this.#next += 1
    this.changed(user, user.createdAt)
  }

  remove(user: User): void {
    const row = this.#order.get(user)
    if (row) this.#places[row.place] = undefined
    this.#order.delete(user)
  }

  changed(user: User, now: number): void {
    if (!this.isRemembering) return
    const past = this.#order.get(user)?.past
    past?.push(snapshot(user))
    while (past?.[1] && past[1].modifiedAt < now - LONGEST_MEMORY_MS) past.shift()
  }

  placeOf(user: User): number {
    return this.#order.get(user)?.place ?? -1
  }

  *from(place: number): Iterable<User> {
    for (let at = place; at < this.#next; at += 1) {
      const user = this.#places[at]
      if (user) yield user
    }
  }

  /** The user as it was at `moment`, or nothing if it did not exist yet. */
  asOf(user: User, moment: number): ListedUser | undefined {
    if (user.createdAt > moment) return undefined
    if (user.modifiedAt <= moment) return snapshot(user)
    const past = this.#order.get(user)?.past ?? []
    return past.findLast((state) => state.modifiedAt <= moment) ?? snapshot(user)
  }
}

function snapshot(user: User): ListedUser {
  const { attributes, status, enabled, modifiedAt } = user
  return { user, attributes, status, enabled, modifiedAt }
}
