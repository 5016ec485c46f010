import { createAccountService } from '../../packages/onesub/src/account/account.ts'
import { OnesubError } from '../../packages/onesub/src/core/errors.ts'
import { COGNITO, parsePersonId } from '../../packages/onesub/src/core/person.ts'
import type { Policy } from '../../packages/onesub/src/core/policy.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import { createMemoryRegistry } from '../../packages/onesub/src/registry/memory/index.ts'
import { createTriggerHandler } from '../../packages/onesub/src/triggers/every-trigger.ts'
import { createUserPoolAdapter } from '../../packages/onesub/src/user-pool/adapter.ts'
import type { CognitoApi } from '../../packages/onesub/src/user-pool/operations.ts'
import { watched } from './committed-rows.ts'
import { type Lease, Leases } from './leases.ts'
import { apiOver, CLIENT, CognitoFault, POOL, Pool, type PoolUser } from './pool.ts'
import type { Chooser } from './random.ts'
import { Invocation, type Scheduler, type Throttle } from './scheduler.ts'
import { stale } from './stale.ts'

const TRIES = 3
const ODDS_OF_A_SECOND_RUN = 12
/** Milliseconds by which a function's clock is off. */
const SKEWS = [0, 600_000, -600_000]
const registryIsBusy: Throttle = () => new OnesubError('TRY_AGAIN', { detail: 'simulated' })
const cognitoIsBusy: Throttle = () => new CognitoFault('TooManyRequestsException')

export type TriggerAnswer =
  | { readonly ok: true; readonly response: unknown }
  | { readonly ok: false; readonly code: string }

export interface TriggerInput {
  readonly source: string
  readonly userName: string
  readonly attributes: Readonly<Record<string, string>>
  readonly version?: '1' | '2'
  readonly clientMetadata?: object
  /** Asked for by an administrator's call, which has no client. */
  readonly byAdministrator?: boolean
  /** What a provider answered, for the trigger that sees it first. */
  readonly inbound?: { readonly providerName: string; readonly attributes: object }
}

export interface SimulatedPoolOptions {
  readonly scheduler: Scheduler
  readonly chooser: Chooser
  readonly policy: Partial<Policy>
  readonly byAddress: boolean
  readonly lease?: Lease
  /** Whether the functions' clocks differ, by up to twenty minutes (T97). */
  readonly isSkewed?: boolean
  /** Whether the store may answer as of an earlier moment. */
  readonly isStale?: boolean
  readonly onTrigger?: (source: string, claim: ClaimState) => void
}

/** How the claim on an address stands: `vouched`, its user has not come yet; `owned`, there is a person behind it. */
export const CLAIM_STATES = ['free', 'held', 'lapsed', 'vouched', 'owned'] as const
export type ClaimState = (typeof CLAIM_STATES)[number]

/** How far a flow has come: how many triggers it has had run. */
export interface Progress {
  readonly flow: string
  triggers: number
}

/** What a function works with while it runs. */
interface Served {
  readonly registry: Registry
  readonly api: CognitoApi
  /** Milliseconds by which its clock is off. */
  readonly skew: number
}

/** A function that has been set up, and serves one event after the other. */
interface Container {
  serves: Served | undefined
  readonly handler: ReturnType<typeof createTriggerHandler>
}

/** A pool with the production triggers on it, over the production registry; every call of theirs goes through the scheduler. */
export class SimulatedPool {
  readonly pool: Pool
  readonly #watched = watched(createMemoryRegistry())
  readonly registry = this.#watched.registry
  /** Epoch milliseconds; each trigger run reads its own clock, and clocks differ. */
  now = Date.UTC(2026, 0, 1)
  /** Nothing goes wrong any more. */
  isLivenessPhase = false
  readonly #options: SimulatedPoolOptions
  /** What Cognito has asked so far. It may ask the same again, much later. */
  readonly asked: TriggerInput[] = []
  readonly #leases: Leases
  readonly #warm: Container[] = []
  #minted = 0
  #scheduler: Scheduler

  constructor(options: SimulatedPoolOptions) {
    this.#options = options
    this.#scheduler = options.scheduler
    this.pool = new Pool(options.byAddress, () => this.now)
    this.#leases = new Leases(options.lease ?? 'kept', () => this.now)
  }

  #claimOn(address: string | undefined): ClaimState {
    const write = this.#watched.rows.get(`claim email ${address?.toLowerCase()}`)?.write
    if (write?.row !== 'ownership') return 'free'
    const { leaseUntil, person } = write.ownership
    if (leaseUntil !== null) return leaseUntil > this.now ? 'held' : 'lapsed'
    return this.#watched.rows.has(`person ${person}`) ? 'owned' : 'vouched'
  }

  /** Whose an identity is, by its row. */
  memberBy(provider: string, subject: string): string | undefined {
    return this.#watched.memberBy(POOL, provider, subject)
  }

  /** All that what comes next depends on. */
  state(): readonly (readonly unknown[])[] {
    const users = [...this.pool.users.values()].map((user) => [user, [...user.attributes], [...user.links]])
    return [[this.now], users, [...this.#watched.rows], this.#leases.state()]
  }

  /** From now on another scheduler says what happens when. */
  setScheduler(scheduler: Scheduler): void {
    this.#scheduler = scheduler
  }

  /** Cognito runs a trigger: again when it has died, three times at most (developer guide, Lambda triggers). */
  async trigger(input: TriggerInput, by: Progress | Invocation): Promise<TriggerAnswer> {
    if (!(by instanceof Invocation)) {
      this.asked.push(input)
      by.triggers += 1
    }
    this.#options.onTrigger?.(input.source, this.#claimOn(input.attributes.email))
    const asked = by instanceof Invocation ? by : { ...by }
    // A second run for one and the same sign-in, whose answer counts (aws-amplify/amplify-js#13334).
    if (this.#options.chooser.oneIn(ODDS_OF_A_SECOND_RUN)) void this.#runOnce(input, new Invocation(input.source))
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const answer = await this.#runOnce(input, new Invocation(input.source, [asked, attempt, input]))
      if (answer !== 'died') return answer
    }
    return { ok: false, code: 'TIMEOUT' }
  }

  async #runOnce(input: TriggerInput, invocation: Invocation): Promise<TriggerAnswer | 'died'> {
    // A warm container is used first, as Lambda does; one whose function died is not used again.
    const container = this.#warm.pop() ?? this.#container()
    container.serves = {
      registry: this.#registryFor(invocation),
      api: this.apiFor(invocation),
      skew: this.#options.isSkewed ? (SKEWS[this.#options.chooser.pick(SKEWS.length)] ?? 0) : 0,
    }
    const { source, userName, attributes, version = '1', clientMetadata, inbound } = input
    const isByAdministrator = input.byAdministrator ?? source.includes('Admin')
    const event = {
      version,
      region: 'eu-west-1',
      userPoolId: POOL,
      userName,
      callerContext: { awsSdkVersion: 'x', clientId: isByAdministrator ? 'CLIENT_ID_NOT_APPLICABLE' : CLIENT },
      triggerSource: source,
      request: inbound ?? { userAttributes: attributes, ...(clientMetadata && { clientMetadata }) },
      response: {},
    }
    const ended = (answer: TriggerAnswer): TriggerAnswer => {
      this.#leases.ended(invocation, answer.ok)
      if (!invocation.isDead) this.#warm.push(container)
      return answer
    }
    const ran = container.handler(event).then(
      ({ response }) => ended({ ok: true, response }),
      (error: unknown) => ended({ ok: false, code: codeOf(error) }),
    )
    return Promise.race([ran, invocation.death])
  }

  #container(): Container {
    const served = (): Served => {
      if (!container.serves) throw new Error('A function runs for nobody.')
      return container.serves
    }
    const container: Container = {
      serves: undefined,
      handler: createTriggerHandler({
        userPoolId: POOL,
        clientIds: [CLIENT],
        registry: registryIn(() => served().registry),
        userPool: createUserPoolAdapter(apiIn(() => served().api)),
        policy: this.#options.policy,
        mintPersonId: () => this.#mint(),
        report: () => {},
        time: { now: () => this.now + served().skew, after: () => () => {} },
      }),
    }
    return container
  }

  #registryFor(invocation: Invocation): Registry {
    const scheduler = () => this.#scheduler
    const through =
      <Input, Output>(label: string, call: (input: Input) => Promise<Output>) =>
      (input: Input) =>
        scheduler().call(invocation, `${invocation.source} registry.${label}`, registryIsBusy, () => call(input))
    const { isStale, chooser } = this.#options
    const store =
      isStale && !this.isLivenessPhase ? stale(this.registry, this.#watched.changes, chooser) : this.registry
    const registry = this.#leases.over(store, invocation)
    return {
      facts: through('facts', registry.facts),
      commit: through('commit', registry.commit),
      resolve: through('resolve', registry.resolve),
      person: through('person', registry.person),
    }
  }

  apiFor(invocation: Invocation): CognitoApi {
    const scheduler = () => this.#scheduler
    const api = apiOver(this.pool, async ({ userName, attributes, clientMetadata }) => {
      const nested = { source: 'PreSignUp_AdminCreateUser', userName, attributes, clientMetadata }
      const answer = await this.trigger(nested, invocation)
      if (!answer.ok) throw new CognitoFault('UserLambdaValidationException')
    })
    const through = <Name extends keyof CognitoApi>(name: Name): CognitoApi[Name] => {
      const call: (input: never) => Promise<unknown> = api[name]
      const scheduled = (input: never) =>
        scheduler().call(invocation, `${invocation.source} cognito.${name}`, cognitoIsBusy, () => call(input))
      return scheduled as CognitoApi[Name]
    }
    return {
      adminLinkProviderForUser: through('adminLinkProviderForUser'),
      adminDisableProviderForUser: through('adminDisableProviderForUser'),
      adminGetUser: through('adminGetUser'),
      adminCreateUser: through('adminCreateUser'),
      adminSetUserPassword: through('adminSetUserPassword'),
      adminUpdateUserAttributes: through('adminUpdateUserAttributes'),
      adminDeleteUser: through('adminDeleteUser'),
      adminUserGlobalSignOut: through('adminUserGlobalSignOut'),
      describeUserPool: through('describeUserPool'),
    }
  }

  /** The account page of an application, in a process of its own. A token of this simulation is its content, without a signature. */
  accountFor(invocation: Invocation) {
    const verify = async (token: string) => {
      const claims: Record<string, unknown> = JSON.parse(token)
      return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
    }
    return createAccountService({
      verifyAccess: verify,
      verifyId: verify,
      registry: this.#registryFor(invocation),
      userPool: createUserPoolAdapter(this.apiFor(invocation)),
      secret: 'a secret of thirty-two characters or more',
      mintPersonId: () => this.#mint(),
      clock: () => this.now,
    })
  }

  /** The token of a user who has just signed in, with the person that the trigger adds. */
  async token(
    user: PoolUser,
    source: string,
    by: Progress,
  ): Promise<{ readonly token: string; readonly person: string | undefined }> {
    const attributes = { ...this.pool.attributesOf(user), 'cognito:user_status': user.status }
    const answer = await this.trigger({ source, userName: user.userName, attributes, version: '2' }, by)
    const person = answer.ok ? claimIn(answer.response) : undefined
    const identities: unknown = JSON.parse(this.pool.identitiesOf(user) ?? '[]')
    const claims = {
      sub: user.sub,
      'cognito:username': user.userName,
      identities,
      auth_time: this.now / 1_000,
      email: user.attributes.get('email'),
    }
    return { token: JSON.stringify(claims), person }
  }

  #mint() {
    this.#minted += 1
    const id = parsePersonId(`00000000-0000-7000-8000-${String(this.#minted).padStart(12, '0')}`)
    if (!id) throw new Error('no person id')
    return id
  }
}

function registryIn(now: () => Registry): Registry {
  return {
    facts: (query) => now().facts(query),
    commit: (change) => now().commit(change),
    resolve: (identity) => now().resolve(identity),
    person: (id) => now().person(id),
  }
}

function apiIn(now: () => CognitoApi): CognitoApi {
  return {
    adminLinkProviderForUser: (input) => now().adminLinkProviderForUser(input),
    adminDisableProviderForUser: (input) => now().adminDisableProviderForUser(input),
    adminGetUser: (input) => now().adminGetUser(input),
    adminCreateUser: (input) => now().adminCreateUser(input),
    adminSetUserPassword: (input) => now().adminSetUserPassword(input),
    adminUpdateUserAttributes: (input) => now().adminUpdateUserAttributes(input),
    adminDeleteUser: (input) => now().adminDeleteUser(input),
    adminUserGlobalSignOut: (input) => now().adminUserGlobalSignOut(input),
    describeUserPool: (input) => now().describeUserPool(input),
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

export function claimIn(response: unknown): string | undefined {
  const details: { idTokenGeneration?: { claimsToAddOrOverride?: { person_id?: unknown } } } =
    Object(response).claimsAndScopeOverrideDetails ?? {}
  const person = details.idTokenGeneration?.claimsToAddOrOverride?.person_id
  return typeof person === 'string' ? person : undefined
}
