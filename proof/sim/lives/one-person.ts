import { COGNITO } from '../../../packages/onesub/src/core/person.ts'
import type { PoolUser } from '../pool.ts'
import { emailOf, isVerified } from './cognito.ts'
import type { Account } from './ground-truth.ts'
import type { Life } from './life.ts'

interface IdentifierStatus {
  /** The pool user, by its `sub`, that has proven the address by an event which docs/evidence.md names. */
  readonly users: Set<string>
  readonly accounts: Set<Account>
  /** Why one human may be several persons here; the first reason is kept. */
  spoilt: string | undefined
}

/**
 * Of which addresses one human proves to be one person, by all that proves them (I5). Where the documents say that a later proof is a new person,
 * or where the human has decided otherwise, the address is spoilt for that question.
 */
export class OnePersonChecker {
  readonly #tell: (line: string) => void
  readonly #byAddress = new Map<string, IdentifierStatus>()
  /** Users whose marks count no more, by `sub`. */
  readonly #unsettled = new Set<string>()
  /** What each user has confirmed by a code that went past our triggers, and who is from before them with a mark. */
  readonly #marked = new Map<string, { readonly address: string; readonly by: 'code' | 'before us' | 'invitation' }>()

  constructor(record: (line: string) => void) {
    this.#tell = record
  }

  #of(address: string): IdentifierStatus {
    const key = address.toLowerCase()
    const status = this.#byAddress.get(key) ?? { users: new Set(), accounts: new Set(), spoilt: undefined }
    this.#byAddress.set(key, status)
    return status
  }

  spoils(address: string | undefined, why: string): void {
    if (address === undefined) return
    const status = this.#of(address)
    if (status.spoilt === undefined) this.#tell(`  (${address} may be of several: ${why})`)
    status.spoilt ??= why
  }

  /** This user has proven this address, after all that came before. */
  stands(user: PoolUser, address: string, isBefore = false): void {
    const status = this.#of(address)
    if (status.users.has(user.sub)) return
    if (status.users.size > 0) this.spoils(address, 'two users have proven it')
    if (status.accounts.size > 0 && !isBefore) this.spoils(address, 'a provider has proven it before the user')
    status.users.add(user.sub)
    this.#tell(`  (${user.userName} stands for ${address})`)
  }

  /** Made by an administrator, and invited by mail: the reader of the mailbox is this user, by the mailed password or by a provider (T177). */
  invites(user: PoolUser, address: string, isLater: boolean): void {
    const isInvited = [...this.#marked.values()].some((one) => one.by === 'invitation' && one.address === address)
    if (isLater || isInvited || this.#of(address).accounts.size + this.#of(address).users.size > 0)
      this.spoils(address, 'invited after somebody has proven it')
    this.#marked.set(user.sub, { address, by: 'invitation' })
  }

  /** Users that are expected by an invitation. */
  get invited(): readonly string[] {
    return [...this.#marked].flatMap(([sub, { by }]) => (by === 'invitation' ? [sub] : []))
  }

  isSpoilt(address: string): boolean {
    return this.#of(address).spoilt !== undefined
  }

  marks(user: PoolUser, address: string, by: 'code' | 'before us' | 'invitation'): void {
    this.#marked.set(user.sub, { address, by })
  }

  /** A native sign-in shows us what the user has proven since. */
  cameIn(
    { policy, isEnforced, pool, madeUsers }: Life,
    user: PoolUser,
    { isInvited, wasKnown }: { readonly isInvited: boolean; readonly wasKnown: boolean },
  ): void {
    const mark = this.#marked.get(user.sub)
    if (!isEnforced || !mark || emailOf(user) !== mark.address.toLowerCase() || !isVerified(user, 'email')) return
    const isMade = madeUsers.has(user.sub)
    const isLone = user.links.size === 0 && !this.#unsettled.has(user.sub)
    const counts = {
      // A mark that a user comes with is from before us, whatever set it.
      // Of a user whom an administrator has made, the first token takes what was invited, and nothing else.
      code: wasKnown
        ? policy.flagsOnlyByCode && pool.kind.keepsOriginal
        : policy.existingUsers === 'verified-by-code' && !isMade,
      'before us': policy.existingUsers === 'verified-by-code',
      invitation: policy.invitations === 'generated' && isInvited,
    }
    const isExpected = (mark.by === 'before us' && isOnlyOne(pool, user)) || mark.by === 'invitation'
    // Who has come by the provider first is linked to the invited user.
    const isHeld = isLone || mark.by === 'invitation'
    if (isHeld && counts[mark.by]) this.stands(user, mark.address, isExpected)
    else this.spoils(mark.address, 'nobody has seen the proof')
    this.#marked.delete(user.sub)
  }

  /** A recovery proves nothing new; what the user shows and has not proven to us counts no more (T182). */
  recovered(user: PoolUser): void {
    const address = emailOf(user)
    if (address !== undefined && this.#of(address).users.has(user.sub)) return
    this.#unsettled.add(user.sub)
    this.spoils(address, 'recovered before it was proven')
  }

  uses({ isEnforced, groundTruth }: Life, account: Account): void {
    if (!account.isAuthority) return
    if (!isEnforced) this.spoils(account.address, 'a provider’s user from before us')
    if (groundTruth.hasPassed(account.address)) this.spoils(account.address, 'the mailbox has changed hands')
    const { accounts, users } = this.#of(account.address)
    if (account.wasRenamed && !accounts.has(account) && accounts.size + users.size > 0)
      this.spoils(account.address, 'renamed to what others have proven')
    if ([...accounts].some((one) => one !== account && one.provider === account.provider))
      this.spoils(account.address, 'two accounts of one provider')
    accounts.add(account)
  }

  provenBy(user: PoolUser): readonly string[] {
    return [...this.#byAddress].flatMap(([address, { users }]) => (users.has(user.sub) ? [address] : []))
  }

  /** Somebody has decided by hand what belongs together. */
  get hasDecided(): boolean {
    return [...this.#byAddress.values()].some(
      ({ spoilt }) => spoilt !== undefined && /by hand|separate person/.test(spoilt),
    )
  }

  /** At the end: all that stands for an address is one person. */
  judge(life: Life): void {
    const { policy, groundTruth } = life
    if (!life.isEnforced || !(policy.existingAccount === 'link' || policy.existingAccount === 'enumeration-safe'))
      return
    for (const [address, { users, accounts, spoilt }] of this.#byAddress) {
      if (spoilt !== undefined || groundTruth.hasPassed(address)) continue
      const persons = new Set<string>()
      for (const sub of users) {
        const user = life.userBy(sub)
        const shows = user && emailOf(user) === address && isVerified(user, 'email')
        const person = shows && life.memberBy(COGNITO, sub)
        if (person) persons.add(person)
      }
      for (const { provider, subject, address: said } of accounts) {
        const person = said === address ? life.memberBy(provider, subject) : undefined
        if (person !== undefined) persons.add(person)
      }
      if (users.size + accounts.size > 1) life.judge.asked.addresses += 1
      if (persons.size > 1) life.judge.violated(`I5: who proves one address is ${persons.size} persons`)
    }
  }
}

/** No other user of the pool's own shows the address. */
function isOnlyOne({ users }: Life['pool'], user: PoolUser): boolean {
  return [...users.values()].every((one) => one === user || one.own !== undefined || emailOf(one) !== emailOf(user))
}
