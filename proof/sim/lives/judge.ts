import type { Human } from './ground-truth.ts'

/**
 * Judges by what customers could see: who was let in as which person, by what, and who could prove what at that moment. It knows who reads each mailbox
 * and who holds each account, and nothing of claims, rows and decisions.
 */
export class Judge {
  readonly violations: string[] = []
  readonly asked = { sightings: 0, mailboxes: 0, providers: 0, addresses: 0 }
  readonly #tell: (line: string) => void
  /** The owner of a person: the human who was signed in as it first, or who has proven the user of that sign-in. */
  readonly #ownerOf = new Map<string, Human>()
  /** Who else may be seen as this person, and why. */
  readonly #tolerated = new Map<string, Map<Human, string>>()
  /** The human who knows the password of a user that another human has proven, until that human recovers it. */
  readonly #intruders = new Map<string, Intrusion>()
  /** Users by `sub`: whose password must open them no more, since its owner has proven the address against it (T157). */
  readonly #shutOut = new Map<string, Human>()
  /** All sign-in methods that were seen, each with its last person. */
  readonly #ways = new Map<string, string>()

  constructor(record: (line: string) => void) {
    this.#tell = record
  }

  /** `user`: the `sub` of the pool user, for a sign-in by password. */
  saw(of: {
    readonly human: Human
    readonly way: string
    readonly person: string | undefined
    readonly user?: string
    /** By a provider that is the authority for an address that this human reads now. */
    readonly isProof?: boolean
    readonly mayShare: (person: string, owner: Human) => string | undefined
  }): void {
    const { human, way, person, user } = of
    this.#tell(`  ${human} is in by ${way}: ${person?.slice(-3) ?? 'nobody'}`)
    if (person === undefined) return
    this.asked.sightings += 1
    if (user !== undefined && this.#shutOut.get(user) === human)
      this.violated('I2: a password from before a contested proof opens the user')
    const isNew = !this.#ways.has(way)
    this.#ways.set(way, person)
    if (isNew && of.isProof === true) this.#joined(human, person)
    const intrusion = user === undefined ? undefined : this.#intruders.get(user)
    if (intrusion?.intruder === human) {
      if (!this.#ownerOf.has(person)) this.#ownerOf.set(person, intrusion.owner)
      this.#tolerate(person, human, 'knows the password')
    }
    const owner = this.#ownerOf.get(person)
    if (owner === undefined) {
      this.#ownerOf.set(person, human)
      return
    }
    if (owner === human || this.#tolerated.get(person)?.has(human)) {
      if (user === undefined) this.links(human, person)
      return
    }
    const why = of.mayShare(person, owner)
    if (why !== undefined) this.#tolerate(person, human, why)
    else this.violated(`I2: ${wayKind(way)} of ${human} opens the person of ${owner}`)
  }

  /** A human who has linked an own account to a person keeps it, until somebody unlinks it there (T3). */
  links(human: Human, person: string | undefined): void {
    if (person !== undefined && this.#ownerOf.get(person) !== human)
      this.#tolerate(person, human, 'has linked an account of their own')
  }

  #tolerate(person: string, human: Human, why: string): void {
    const all = this.#tolerated.get(person) ?? new Map<Human, string>()
    if (all.get(human) === why || all.get(human) === 'has linked an account of their own') return
    all.set(human, why)
    this.#tolerated.set(person, all)
    this.#tell(`  (${human} may be seen as ${person.slice(-3)}: ${why})`)
  }

  /** The password of this user is known to somebody who is not whom its address belongs to. */
  intrudes(user: string, intruder: Human, owner: Human): void {
    if (intruder !== owner) this.#intruders.set(user, { intruder, owner, isInDoubt: false })
  }

  /** What the confirmation of another's sign-up has come to: the password is replaced, or it is in doubt until a provider is joined. */
  confirmed(user: string, intruder: Human, owner: Human, password: 'replaced' | 'in doubt' | 'kept'): void {
    if (intruder === owner) return
    if (password === 'replaced') this.#shutOut.set(user, intruder)
    else this.#intruders.set(user, { intruder, owner, isInDoubt: password === 'in doubt' })
  }

  /** A provider of the human is joined to a person for the first time: whoever knew the password can no longer sign in, and had linked nothing (T157). */
  #joined(human: Human, person: string): void {
    if (this.#ownerOf.get(person) !== human) return
    for (const { intruder, owner, isInDoubt } of this.#intruders.values()) {
      if (!isInDoubt || owner !== human) continue
      const why = this.#tolerated.get(person)?.get(intruder)
      if (why === 'knows the password') this.#tolerated.get(person)?.delete(intruder)
      if (why === 'has linked an account of their own')
        this.violated('I2: a provider joins a person to whom an intruder has linked an account')
    }
  }

  /** Its owner has a new password, by a code from the mailbox: from now on the intruder is seen no more (T157, T158). */
  recovered(user: string, person: string | undefined): void {
    this.#shutOut.delete(user)
    const intrusion = this.#intruders.get(user)
    this.#intruders.delete(user)
    if (!intrusion || person === undefined) return
    const all = this.#tolerated.get(person)
    if (all?.get(intrusion.intruder) === 'knows the password') all.delete(intrusion.intruder)
    if (!this.#ownerOf.has(person)) this.#ownerOf.set(person, intrusion.owner)
  }

  violated(what: string): void {
    this.#tell(`  VIOLATED ${what}`)
    if (!this.violations.includes(what)) this.violations.push(what)
  }
}

interface Intrusion {
  readonly intruder: Human
  readonly owner: Human
  /** Others had signed up with the address before: the first provider that is joined ends what the password opens. */
  readonly isInDoubt: boolean
}

/** The same for every user of a kind, so that violations can be counted by kind. */
function wayKind(way: string): string {
  return way.replace(/\d{3,}.*$/, '…').replace(/ of .*$/, '')
}
