import { createAccountService } from '../../../packages/onesub/src/account/account.ts'
import { COGNITO, parsePersonId } from '../../../packages/onesub/src/core/person.ts'
import type { Policy } from '../../../packages/onesub/src/core/policy.ts'
import type { Registry } from '../../../packages/onesub/src/core/ports.ts'
import { createMemoryRegistry } from '../../../packages/onesub/src/registry/memory/index.ts'
import { createTriggerHandler } from '../../../packages/onesub/src/triggers/every-trigger.ts'
import { createUserPoolAdapter } from '../../../packages/onesub/src/user-pool/adapter.ts'
import { watched } from '../committed-rows.ts'
import { CLIENT, CognitoFault, POOL, type PoolUser } from '../pool.ts'
import type { Chooser } from '../random.ts'
import { claimIn, codeOf } from '../simulated-pool.ts'
import type { Theme } from './actions.ts'
import { apiFor, emailOf, UserPool } from './cognito.ts'
import { GroundTruth, type Human } from './ground-truth.ts'
import { Judge } from './judge.ts'
import { anyPolicy, anyPoolKind, type PoolKind } from './kinds.ts'
import { OnePersonChecker } from './one-person.ts'

export interface Code {
  readonly of: 'sign-up' | 'recovery'
  readonly sub: string
  readonly to: 'email' | 'phone_number'
  readonly address: string
  /** The human who read the mailbox, or had the number, when the message came. */
  readonly reader: Human
}

export interface Session {
  readonly human: Human
  readonly userName: string
  readonly sub: string
  /** `password` or the name of a provider's identity. */
  readonly way: string
  readonly at: number
  readonly token: string
}

export type Answer = { readonly ok: true; readonly response: unknown } | { readonly ok: false; readonly code: string }

export interface Asked {
  readonly source: string
  readonly userName: string
  readonly attributes: Readonly<Record<string, string>>
  readonly clientMetadata?: object
  readonly byAdministrator?: boolean
  readonly region?: string
  readonly client?: string
  readonly inbound?: object
}

export const OTHER_POOL = 'eu-west-1_Sim2'
const START = Date.UTC(2026, 0, 1)

/** A pool of some kind with our triggers, its users, and the judge of their sign-ins. One step happens after the other. */
export class Life {
  readonly chooser: Chooser
  readonly theme: Theme
  readonly kind: PoolKind
  readonly policy: Policy
  readonly pool: UserPool
  readonly groundTruth = new GroundTruth()
  readonly judge: Judge
  readonly trace: string[] = []
  readonly #watched = watched(createMemoryRegistry())
  readonly codes: Code[] = []
  readonly sessions: Session[] = []
  /** Names of users that were deleted. */
  readonly freed: string[] = []
  /** Addresses that somebody has typed, proven, or had written. */
  readonly touched = new Set<string>()
  /** When each address was last proven by anybody, epoch milliseconds. */
  readonly lastProof = new Map<string, number>()
  /** Who was let in at the form, since our triggers are there. */
  readonly signUps: { readonly address: string; readonly sub: string; readonly at: number }[] = []
  /** Human and address: who has asked for a user with it. */
  readonly askedFor = new Set<string>()
  /** Users by `sub`: disabled by an administrator. */
  readonly disabled = new Set<string>()
  /** Users by `sub` whose latest proof is the last one of their address: they are somebody. */
  readonly mustBeSomebody = new Set<string>()
  /** Addresses, and as whom their readers have come in by what shows them. */
  readonly personsBy = new Map<string, ReadonlySet<string>>()
  /** Users by `sub`, and what they showed before a change. */
  readonly hidden = new Map<string, ReadonlySet<string>>()
  /** Users by `sub`: who has set a new password by a code. */
  readonly recoveredBy = new Map<string, ReadonlySet<Human>>()
  /** Addresses of sign-ups that were written down before a look into Cognito refused them. */
  readonly looked = new Set<string>()
  /** Users by `sub` whom administrators have made. */
  readonly madeUsers = new Set<string>()
  /** Addresses with which administrators have made users, or tried. */
  readonly made = new Set<string>()
  /** Users by `sub` whom an administrator has invited by mail, and their addresses. */
  readonly invited = new Map<string, string>()
  readonly onePerson = new OnePersonChecker((line) => this.trace.push(line))
  now = START
  isAttached = false
  steps = 0
  #minted = 0
  #before: { readonly address: string; readonly persons: ReadonlySet<string> } | undefined
  #lostAnswers: number
  readonly #handler: ReturnType<typeof createTriggerHandler>

  constructor(chooser: Chooser, theme: Theme) {
    this.chooser = chooser
    this.theme = theme
    this.kind = anyPoolKind(chooser)
    this.policy = anyPolicy(chooser)
    this.pool = new UserPool(this.kind, () => this.now)
    this.judge = new Judge((line) => this.trace.push(line))
    this.#lostAnswers = Number(chooser.oneIn(4))
    this.trace.push(
      `about ${theme}`,
      JSON.stringify(this.kind),
      JSON.stringify({ ...this.policy, providers: undefined }),
    )
    this.#handler = this.#triggersOf(POOL, this.policy)
  }

  #triggersOf(userPoolId: string, policy: Policy) {
    return createTriggerHandler({
      userPoolId,
      clientIds: [CLIENT],
      registry: this.#losing(this.#watched.registry),
      userPool: createUserPoolAdapter(this.#api()),
      policy,
      mintPersonId: () => this.#mint(),
      report: () => {},
      time: { now: () => this.now, after: () => () => {} },
    })
  }

  /** The store does what it is asked, and its answer is lost on the way (T162). */
  #losing(registry: Registry): Registry {
    return {
      ...registry,
      commit: async (change) => {
        const result = await registry.commit(change)
        if (this.#lostAnswers === 0 || !this.chooser.oneIn(4)) return result
        this.#lostAnswers -= 1
        this.trace.push('  an answer of the store is lost')
        throw Object.assign(new Error('no answer'), { name: 'TimeoutError' })
      },
    }
  }

  #api() {
    return apiFor(
      this.pool,
      async ({ userName, attributes, clientMetadata }) => {
        const answer = await this.ask({ source: 'PreSignUp_AdminCreateUser', userName, attributes, clientMetadata })
        if (!answer.ok) throw new CognitoFault('UserLambdaValidationException')
      },
      () => this.judge.violated('I10: an address is marked verified that nobody has proven'),
    )
  }

  /** Cognito runs a trigger of the pool, or of another one on the same table. */
  async ask(asked: Asked, pool = POOL): Promise<Answer> {
    if (!this.isAttached) return { ok: true, response: {} }
    this.steps += 1
    const { source, userName, attributes, clientMetadata, inbound, region = 'eu-west-1', client = CLIENT } = asked
    const isByAdministrator = asked.byAdministrator ?? source.includes('Admin')
    const handler = pool === POOL ? this.#handler : this.#triggersOf(pool, this.policy)
    try {
      const { response } = await handler({
        version: source.startsWith('TokenGeneration') ? '2' : '1',
        region,
        userPoolId: pool,
        userName,
        callerContext: { awsSdkVersion: 'x', clientId: isByAdministrator ? 'CLIENT_ID_NOT_APPLICABLE' : client },
        triggerSource: source,
        request: inbound ?? { userAttributes: attributes, ...(clientMetadata && { clientMetadata }) },
        response: {},
      })
      return { ok: true, response }
    } catch (error) {
      const code = codeOf(error)
      this.trace.push(`  ${source} answers ${code}`)
      if (this.policy.mode !== 'enforce') this.judge.violated(`I8: ${this.policy.mode} refuses (${source})`)
      return { ok: false, code }
    }
  }

  askAbout(user: PoolUser, source: string, of: Partial<Asked> = {}): Promise<Answer> {
    const attributes = { ...this.pool.attributesOf(user), 'cognito:user_status': user.status }
    return this.ask({ source, userName: user.userName, attributes, ...of })
  }

  /** Tokens for somebody who has just signed in, or whose session goes on. */
  async tokens(human: Human, way: string, user: PoolUser, source: string, at = this.now): Promise<string | undefined> {
    const answer = await this.askAbout(user, source)
    const person = answer.ok ? claimIn(answer.response) : undefined
    const claims = {
      sub: user.sub,
      'cognito:username': user.userName,
      identities: JSON.parse(this.pool.identitiesOf(user) ?? '[]'),
      auth_time: Math.floor(at / 1_000),
      email: user.attributes.get('email'),
    }
    const { userName, sub } = user
    this.sessions.push({ human, userName, sub, way, at, token: JSON.stringify(claims) })
    if (person !== undefined) this.#remember(human, way, user, person)
    this.judge.saw({
      human,
      way: way === 'password' ? `password of ${user.userName}` : way,
      person,
      ...(way === 'password' && { user: sub }),
      isProof: this.#isProof(human, way),
      mayShare: (shared, owner) => this.#mayShare(shared, human, owner, user),
    })
    return person
  }

  /** As whom somebody has come in by what shows an address of theirs. */
  #remember(human: Human, way: string, user: PoolUser, person: string): void {
    const account = this.groundTruth.accountNamed(way)
    const address = account ? (account.isAuthority ? account.address : undefined) : emailOf(user)
    if (this.groundTruth.readerOf(address) !== human || address === undefined) return
    this.personsBy.set(address, new Set([...(this.personsBy.get(address) ?? []), person]))
  }

  #isProof(human: Human, way: string): boolean {
    const account = this.groundTruth.accountNamed(way)
    return account?.isAuthority === true && this.groundTruth.readerOf(account.address) === human
  }

  /**
   * A mailbox that changed hands while the former reader's user still shows it joins the former reader (docs/evidence.md, "What is not known
   * from outside"); and a recovery by whoever reads a mailbox is Cognito's own.
   */
  #mayShare(person: string, human: Human, owner: Human, user: PoolUser): string | undefined {
    if (this.recoveredBy.get(user.sub)?.has(human)) return 'has recovered the user by a mailbox of theirs'
    const shows = (address: string) =>
      this.#before?.address === address ? this.#before.persons.has(person) : this.#shownBy(address).has(person)
    const isBetween = (former: Human, reader: Human) =>
      this.groundTruth
        .mailboxesOf(reader)
        .some((address) => this.groundTruth.hasRead(former, address) && shows(address))
    if (isBetween(owner, human) || isBetween(human, owner))
      return 'one of them reads the mailbox that the other has read'
    const invitedAt = this.invited.get(user.sub)
    return invitedAt !== undefined && this.groundTruth.hasRead(human, invitedAt) ? 'has read the invitation' : undefined
  }

  #shownBy(address: string): ReadonlySet<string> {
    // A change that was begun and not finished leaves the former address the user's (docs/evidence.md).
    const shows = (user: PoolUser) => emailOf(user) === address || this.hidden.get(user.sub)?.has(address) === true
    const users = [...this.pool.users.values()].filter(shows)
    const accounts = this.groundTruth.accounts.filter((account) => account.address === address)
    const byProvider = accounts.map(({ provider, subject }) => this.memberBy(provider, subject))
    return new Set([
      ...users.flatMap((user) => [...this.personsOf(user)]),
      ...byProvider.filter((one) => one !== undefined),
    ])
  }

  /** Who shows an address before a provider signs in with it, which writes it over the user that it is linked to. */
  async within<T>(address: string, work: () => Promise<T>): Promise<T> {
    this.#before = { address, persons: this.#shownBy(address) }
    try {
      return await work()
    } finally {
      this.#before = undefined
    }
  }

  /** All persons that a pool user's identities are members of. */
  personsOf(user: PoolUser): ReadonlySet<string> {
    const identities = [...user.links, ...(user.own === undefined ? [] : [user.own])]
    const accounts = identities.map((name) => this.groundTruth.accountNamed(name))
    const persons = accounts.map((account) => account && this.memberBy(account.provider, account.subject))
    const all = [this.memberBy(COGNITO, user.sub), ...persons]
    return new Set(all.filter((person) => person !== undefined))
  }

  memberBy(provider: string, subject: string): string | undefined {
    return this.#watched.memberBy(POOL, provider, subject)
  }

  get commits(): number {
    return this.#watched.changes.length
  }

  /** From now on the pool runs our triggers; the registry is this pool's from its first event on. */
  async attach(): Promise<void> {
    this.isAttached = true
    await this.#watched.registry.admit?.(POOL)
    this.trace.push('our triggers are attached')
  }

  get isEnforced(): boolean {
    return this.isAttached && this.policy.mode === 'enforce'
  }

  /** Somebody signs in at another pool on the same table. */
  async comesElsewhere(userName: string, attributes: Readonly<Record<string, string>>, pool: string): Promise<void> {
    const asked = { userName, attributes: { ...attributes, 'cognito:user_status': 'EXTERNAL_PROVIDER' } }
    await this.ask({ source: 'PostConfirmation_ConfirmSignUp', ...asked }, pool)
    const answer = await this.ask({ source: 'TokenGeneration_HostedAuth', ...asked }, pool)
    const person = answer.ok ? claimIn(answer.response) : undefined
    this.judge.saw({ human: 'eve', way: 'another pool', person, mayShare: () => undefined })
  }

  /** A message with a code. The human who reads the mailbox, or has the number, at this time gets it. */
  sends({ of, user, to }: Pick<Code, 'of' | 'to'> & { readonly user: PoolUser }) {
    const address = user.attributes.get(to)
    const reader = to === 'email' ? this.groundTruth.readerOf(address) : this.groundTruth.holderOfNumber(address)
    if (reader && address !== undefined) this.codes.push({ of, sub: user.sub, to, address, reader })
  }

  recovers(user: PoolUser, human: Human): void {
    this.recoveredBy.set(user.sub, new Set([...(this.recoveredBy.get(user.sub) ?? []), human]))
    // In mode `observe` no session is ended.
    if (this.isEnforced) this.judge.recovered(user.sub, this.memberBy(COGNITO, user.sub))
  }

  /** A change of address that is not finished: the former one is the user's still, and nobody sees it. */
  hides(user: PoolUser, former: string | undefined): void {
    this.onePerson.spoils(former, 'the user shows another one')
    if (former !== undefined) this.hidden.set(user.sub, new Set([...(this.hidden.get(user.sub) ?? []), former]))
  }

  userBy(sub: string): PoolUser | undefined {
    return [...this.pool.users.values()].find((user) => user.sub === sub)
  }

  touches(...addresses: (string | undefined)[]): void {
    for (const address of addresses) if (address !== undefined) this.touched.add(address.toLowerCase())
  }

  proves(address: string | undefined): void {
    if (address !== undefined) this.lastProof.set(address.toLowerCase(), this.now)
  }

  /** No event that could prove it has been seen, and no administrator has made a user with it. */
  isUnproven(address: string): boolean {
    const key = address.toLowerCase()
    return !this.lastProof.has(key) && !this.groundTruth.hasPassed(key) && !this.made.has(key)
  }

  passes(ms: number, says: string): void {
    this.now += ms
    this.trace.push(`${says} pass`)
  }

  account() {
    const verify = async (token: string) => {
      const claims: Record<string, unknown> = JSON.parse(token)
      return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
    }
    return createAccountService({
      verifyAccess: verify,
      verifyId: verify,
      registry: this.#watched.registry,
      userPool: createUserPoolAdapter(this.#api()),
      userSession: {
        requestAddress: async (token, address) => {
          const user = this.userBy(String(JSON.parse(token).sub))
          if (!user) throw new CognitoFault('NotAuthorizedException')
          this.pool.requestAddress(user, address)
        },
        verifyAddress: async (token, code) => {
          const user = this.userBy(String(JSON.parse(token).sub))
          if (!user) throw new CognitoFault('NotAuthorizedException')
          this.pool.verifyAddress(user, code)
          return user.attributes.get('email')
        },
      },
      secret: 'a secret of thirty-two characters or more',
      mintPersonId: () => this.#mint(),
      clock: () => this.now,
    })
  }

  #mint() {
    this.#minted += 1
    const id = parsePersonId(personNumber(this.#minted))
    if (!id) throw new Error('no person id')
    return id
  }

  /** The next person id, for an attacker who guesses it. */
  get nextPerson(): string {
    return personNumber(this.#minted + 1)
  }
}

function personNumber(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`
}
