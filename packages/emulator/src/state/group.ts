import type { User } from './user.ts'

export interface GroupSettings {
  readonly description: string | undefined
  readonly roleArn: string | undefined
  readonly precedence: number | undefined
}

export interface Group extends GroupSettings {
  readonly name: string
  readonly createdAt: number
  readonly modifiedAt: number
}

/** Groups of a pool and who is in them; indexed in both directions, so that no look-up reads all users. */
export class Groups {
  readonly #groups = new Map<string, Group>()
  readonly #members = new Map<string, Set<User>>()

  get all(): readonly Group[] {
    return [...this.#groups.values()]
  }

  get(name: string): Group | undefined {
    return this.#groups.get(name)
  }

  set(group: Group): void {
    this.#groups.set(group.name, group)
  }

  delete(name: string): void {
    for (const user of this.membersOf(name)) user.groups.delete(name)
    this.#groups.delete(name)
    this.#members.delete(name)
  }

  membersOf(name: string): readonly User[] {
    return [...(this.#members.get(name) ?? [])]
  }

  join(user: User, name: string): void {
    user.groups.add(name)
    this.#members.set(name, (this.#members.get(name) ?? new Set()).add(user))
  }

  leave(user: User, name: string): void {
    user.groups.delete(name)
    this.#members.get(name)?.delete(user)
  }

  of(user: User): readonly Group[] {
    return [...user.groups].flatMap((name) => this.get(name) ?? [])
  }

  /** Developer Guide: cognito-user-pools-user-groups; the lowest precedence wins, and only if it is the only one. */
  rolesOf(user: User): { readonly roles: readonly string[]; readonly preferred: string | undefined } {
    const withRole = this.of(user).filter((group) => group.roleArn !== undefined)
    const least = Math.min(...withRole.map((group) => group.precedence ?? Number.POSITIVE_INFINITY))
    const first = withRole.filter((group) => group.precedence === least)
    const preferred = new Set(first.map((group) => group.roleArn))
    return {
      roles: withRole.flatMap((group) => group.roleArn ?? []),
      preferred: preferred.size === 1 ? first[0]?.roleArn : undefined,
    }
  }
}
