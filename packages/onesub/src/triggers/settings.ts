import type { ChangeContext } from '../core/changes/change-parts.ts'
import { isFreeClaimName } from '../core/claim-name.ts'
import { mintUuidV7 } from '../core/mint.ts'
import { PERSON_CLAIM } from '../core/names.ts'
import { has, configInvalid as invalid, isRecord, notARegistry, unknownName } from '../core/options.ts'
import { DEFAULT_POLICY, type Policy, parsePolicy } from '../core/policy.ts'
import type { MintPersonId, Registry, UserPool } from '../core/ports.ts'
import type { Time } from '../core/time.ts'
import { isRegion, regionOfUserPool } from '../core/user-pool-id.ts'
import { isPermanent } from '../user-pool/faults.ts'
import type { WithDeadline } from './deadline.ts'
import type { TriggerEvent } from './event.ts'
import { type Reporter, reportToLog } from './report.ts'
import { systemTime } from './system-time.ts'

export interface TriggerOptions {
  /** The one pool whose events are handled, such as `eu-west-1_AbCdEf123`. */
  readonly userPoolId: string
  /** The app clients whose events are handled; `null` says aloud that any client of the pool may. */
  readonly clientIds: readonly string[] | null
  readonly registry: Registry
  /**
   * Further Regions that the pool is replicated to; their events are the same pool's.
   * @default []
   */
  readonly regions?: readonly string[]
  /** For linking; without one, whoever would be linked is asked to try again, so leave it out only where no provider is set up. */
  readonly userPool?: UserPool
  readonly policy?: Partial<Policy>
  /**
   * The token claim that carries the person id: none that Cognito sets itself, or a user or a provider could fill. `createPersonVerifier` is given the
   * same. @default 'person_id'
   */
  readonly personClaim?: string
  /**
   * Returns the id of a new person: another lower-case UUID at each call (`parsePersonId` of `onesub` makes a `PersonId` of one), and at
   * once, no promise. An id may stay unused, where another run was faster.
   * @default UUID version 7; give your own to use the application's ids.
   */
  readonly mintPersonId?: MintPersonId
  /**
   * Gets what each run came to, before Cognito has the answer: once, and once more where a link or a repair failed in it. It is not awaited and
   * must not throw. docs/guide/triggers.md says what an entry holds.
   * @default one JSON line on standard output, `{"onesub":{…}}`
   */
  readonly report?: Reporter
  /** @default the system's */
  readonly time?: Time
}

/** What a phase does in Cognito: the permissions of its function follow from it (`triggers/permissions.ts`). */
export type PoolCall = keyof UserPool

/** The settings as a function sees them that makes these calls to the user pool and no other. */
export type Settings<Calls extends PoolCall = PoolCall> = CommonSettings &
  AskedOnceOf<Calls> & { readonly userPool: Pick<UserPool, Calls> | undefined }

type AskedOnceOf<Calls extends PoolCall> = ('namesAreChosen' extends Calls
  ? Pick<AskedSettings, 'areNamesChosen'>
  : unknown) &
  ('keepsOriginal' extends Calls ? Pick<AskedSettings, 'keepsEmail' | 'keepsPhone'> : unknown)

interface CommonSettings extends Required<Omit<TriggerOptions, 'policy' | 'userPool'>> {
  readonly policy: Policy
  /** The pool's home Region, and those it is replicated to. */
  readonly regions: readonly string[]
}

interface AskedSettings {
  /** Whether users choose their names, which never changes for a pool: asked once. */
  readonly areNamesChosen: AskedOnce
  /** Whether a user's former address stays until the new one is confirmed; asked once in a process. */
  readonly keepsEmail: AskedOnce
  readonly keepsPhone: AskedOnce
}

/** In `dry-run` nothing is written. */
export function writes({ policy: { mode } }: Settings<never>): boolean {
  return mode !== 'dry-run'
}

/** Every call to Cognito except reads. */
export function actsInCognito({ policy: { mode } }: Settings<never>): boolean {
  return mode === 'enforce'
}

type AskedOnce = (pool: string, withDeadline: WithDeadline) => Promise<boolean>

/**
 * False without the right to look, or without `userPool`: names are taken for Cognito's own then, and marks prove nothing. A passing fault is thrown: it
 * is no answer.
 */
function askedOnce(ask: ((pool: string) => Promise<boolean>) | undefined): AskedOnce {
  let known: boolean | undefined
  return async (pool, withDeadline) => {
    if (known !== undefined || !ask) return known ?? false
    try {
      known = await withDeadline(() => ask(pool))
    } catch (error) {
      if (!isPermanent(error)) throw error
      known = false
    }
    return known
  }
}

/** Everything that can be found wrong without an event is found here, at start. */
export function parseSettings(options: TriggerOptions): Settings {
  refuseUnknown(options)
  const { userPoolId, clientIds, registry, userPool, time = systemTime, regions = [] } = options
  const { mintPersonId = mintUuidV7(() => time.now()), report = reportToLog, personClaim = PERSON_CLAIM } = options
  const region = regionOfUserPool(userPoolId)
  if (region === undefined) throw invalid('"userPoolId" is not the id of a user pool, such as eu-west-1_AbCdEf123.')
  if (clientIds !== null && !isListOfNames(clientIds))
    throw invalid('"clientIds" must be a list of app client ids, none of them empty, or null for any.')
  if (!has(registry, 'commit', 'facts')) throw notARegistry(registry)
  if (userPool !== undefined && !has(userPool, 'find', 'link'))
    throw invalid('"userPool" is not one: wrap a client, createUserPoolAdapter(client).')
  const called = { report, mintPersonId, 'time.now': time?.now, 'time.after': time?.after }
  const uncalled = Object.entries(called).find(([, value]) => typeof value !== 'function')
  if (uncalled) throw invalid(`"${uncalled[0]}" is not a function: leave it out for the default.`)
  const policy = parsePolicy(options.policy)
  if (!userPool && Object.keys(policy.providers).length > 0) {
    throw invalid('"userPool" is missing: providers are configured, and linking needs it.')
  }
  return {
    userPoolId,
    clientIds,
    registry,
    userPool,
    regions: [region, ...regionsIn(regions)],
    policy,
    time,
    areNamesChosen: askedOnce(userPool && ((pool) => userPool.namesAreChosen(pool))),
    keepsEmail: askedOnce(userPool && ((pool) => userPool.keepsOriginal(pool, 'email'))),
    keepsPhone: askedOnce(userPool && ((pool) => userPool.keepsOriginal(pool, 'phone_number'))),
    personClaim: parseClaimName(personClaim),
    mintPersonId,
    report,
  }
}

const OPTIONS: Readonly<Record<keyof TriggerOptions, true>> = {
  userPoolId: true,
  clientIds: true,
  registry: true,
  regions: true,
  userPool: true,
  policy: true,
  personClaim: true,
  mintPersonId: true,
  report: true,
  time: true,
}

function refuseUnknown(options: unknown): void {
  if (!isRecord(options)) throw invalid('createTriggerHandler needs its options.')
  const settings = Object.keys(DEFAULT_POLICY).map((name) => `policy.${name}`)
  const unknown = unknownName(options, [...Object.keys(OPTIONS), ...settings])
  if (unknown !== undefined) throw invalid(`There is no option ${unknown}`)
}

function regionsIn(regions: readonly unknown[]): readonly string[] {
  if (!Array.isArray(regions) || !regions.every(isRegion)) throw invalid('"regions" must be a list of AWS Regions.')
  return regions
}

function parseClaimName(name: unknown): string {
  if (isFreeClaimName(name)) return name
  throw invalid(
    '"personClaim" is not the name of a claim that a trigger can set and a user cannot: leave it out, or take one such as "personId".',
  )
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string' && name.length > 0)
}

/** What a change made on behalf of this event is made with: the same on each run of the same event, but for the clock and the new id. */
export function changeContextOf(event: TriggerEvent, { time, mintPersonId }: Settings<never>): ChangeContext {
  const { pool, source, userName, client, attributes } = event
  const address = attributes.get('email') ?? null
  const sub = attributes.get('sub')
  return { operation: { pool, source, userName, client }, sub, now: time.now(), mint: mintPersonId, address }
}
