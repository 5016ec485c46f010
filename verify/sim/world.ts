import { accountOf } from '../../packages/onesub/src/account/account.ts'
import { createTriggers } from '../../packages/onesub/src/cognito/triggers.ts'
import { type CognitoApi, cognitoUserPool } from '../../packages/onesub/src/cognito/user-pool.ts'
import { OnesubError } from '../../packages/onesub/src/core/errors.ts'
import { COGNITO, parsePersonId } from '../../packages/onesub/src/core/person.ts'
import type { Policy } from '../../packages/onesub/src/core/policy.ts'
import type { Registry } from '../../packages/onesub/src/core/ports.ts'
import { memoryRegistry } from '../../packages/onesub/src/registry/memory.ts'
import { apiOver, CLIENT, CognitoFault, POOL, Pool, type PoolUser } from './pool.ts'
import type { Chooser } from './random.ts'
import { Invocation, type Scheduler, type Throttle } from './scheduler.ts'

const TRIES = 3
const ODDS_OF_A_SECOND_RUN = 12
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
  /** What a provider answered, for the trigger that sees it first. */
  readonly inbound?: { readonly providerName: string; readonly attributes: object }
}

export interface WorldOptions {
  readonly scheduler: Scheduler
  readonly chooser: Chooser
  readonly policy: Partial<Policy>
  readonly byAddress: boolean
}

/** A pool with the production triggers on it, over the production registry; every call of theirs goes through the scheduler. */
export class World {
  readonly pool: Pool
  readonly registry = memoryRegistry()
  /** Epoch milliseconds; each trigger run reads its own clock, and clocks differ. */
  now = Date.UTC(2026, 0, 1)
  readonly #options: WorldOptions
  #minted = 0
  #scheduler: Scheduler

  constructor(options: WorldOptions) {
    this.#options = options
    this.#scheduler = options.scheduler
    this.pool = new Pool(options.byAddress)
  }

  /** From now on another scheduler says what happens when. */
  hands(scheduler: Scheduler): void {
    this.#scheduler = scheduler
  }

  /** Cognito runs a trigger: again when it has died, three times at most (developer guide, Lambda triggers). */
  async trigger(input: TriggerInput): Promise<TriggerAnswer> {
    // A second run for one and the same sign-in, whose answer counts (aws-amplify/amplify-js#13334).
    if (this.#options.chooser.pick(ODDS_OF_A_SECOND_RUN) === 0) void this.#runOnce(input)
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      const answer = await this.#runOnce(input)
      if (answer !== 'died') return answer
    }
    return { ok: false, code: 'TIMEOUT' }
  }

  async #runOnce(input: TriggerInput): Promise<TriggerAnswer | 'died'> {
    const invocation = new Invocation(input.source)
    const skew = (this.#options.chooser.pick(3) - 1) * 600_000
    const triggers = createTriggers({
      userPoolId: POOL,
      clientIds: [CLIENT],
      registry: this.#registryFor(invocation),
      userPool: cognitoUserPool(this.apiFor(invocation)),
      policy: this.#options.policy,
      mintPersonId: () => this.#mint(),
      report: () => {},
      time: { now: () => this.now + skew, after: () => () => {} },
    })
    const { source, userName, attributes, version = '1', clientMetadata, inbound } = input
    const event = {
      version,
      region: 'eu-west-1',
      userPoolId: POOL,
      userName,
      callerContext: { awsSdkVersion: 'x', clientId: source.includes('Admin') ? 'CLIENT_ID_NOT_APPLICABLE' : CLIENT },
      triggerSource: source,
      request: inbound ?? { userAttributes: attributes, ...(clientMetadata && { clientMetadata }) },
      response: {},
    }
    const ran = triggers(event).then(
      ({ response }): TriggerAnswer => ({ ok: true, response }),
      (error: unknown): TriggerAnswer => ({ ok: false, code: codeOf(error) }),
    )
    return Promise.race([ran, invocation.death])
  }

  #registryFor(invocation: Invocation): Registry {
    const scheduler = () => this.#scheduler
    const through =
      <Input, Output>(label: string, call: (input: Input) => Promise<Output>) =>
      (input: Input) =>
        scheduler().call(invocation, `${invocation.source} registry.${label}`, registryIsBusy, () => call(input))
    const { registry } = this
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
      const answer = await this.trigger({ source: 'PreSignUp_AdminCreateUser', userName, attributes, clientMetadata })
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
    }
  }

  /** The account page of an application, in a process of its own. Tokens of this world are what they say. */
  accountFor(invocation: Invocation) {
    const verify = async (token: string) => {
      const claims: Record<string, unknown> = JSON.parse(token)
      return { identity: { pool: POOL, provider: COGNITO, subject: String(claims.sub) }, claims }
    }
    return accountOf({
      verifyAccess: verify,
      verifyId: verify,
      registry: this.#registryFor(invocation),
      userPool: cognitoUserPool(this.apiFor(invocation)),
      secret: 'a secret of thirty-two characters or more',
      mintPersonId: () => this.#mint(),
      clock: () => this.now,
    })
  }

  /** The token of a user who has just signed in, with what the trigger says of her person. */
  async token(
    user: PoolUser,
    source: string,
  ): Promise<{ readonly token: string; readonly person: string | undefined }> {
    const attributes = { ...this.pool.attributesOf(user), 'cognito:user_status': user.status }
    const answer = await this.trigger({ source, userName: user.userName, attributes, version: '2' })
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

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function claimIn(response: unknown): string | undefined {
  const details: { idTokenGeneration?: { claimsToAddOrOverride?: { person_id?: unknown } } } =
    Object(response).claimsAndScopeOverrideDetails ?? {}
  const person = details.idTokenGeneration?.claimsToAddOrOverride?.person_id
  return typeof person === 'string' ? person : undefined
}
