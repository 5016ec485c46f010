import { ChallengeSessions } from './authentication/challenge-session.ts'
import type { EmulatorContext } from './context.ts'
import type { StateChanges } from './control/control-api.ts'
import { messagesTo, usersOf } from './control/inspect.ts'
import { type Seed, type SeedCounts, seed } from './control/seed.ts'
import { type Persona, PersonaStore } from './federation/personas.ts'
import { ProviderVisits } from './federation/provider-visits.ts'
import { Inbox, type Message } from './messages/inbox.ts'
import { AuthorizationCodes } from './oauth/authorization-codes.ts'
import { type QuirkSettings, QuirkStore, type Quirks } from './quirks/quirks.ts'
import { type Listeners, openListeners } from './server/listeners.ts'
import { listenerOn } from './server/server.ts'
import type { Clock } from './shared/clock.ts'
import type { JsonRecord } from './shared/json.ts'
import { isLoopbackUrl, LOOPBACK_HOSTS, type LoopbackHost } from './shared/loopback.ts'
import { MovableClock } from './shared/movable-clock.ts'
import type { Autosave } from './snapshot/autosave.ts'
import { restore, type Snapshot, snapshotOf } from './snapshot/snapshot.ts'
import { Account } from './state/account.ts'
import { BrowserSessions } from './state/browser-sessions.ts'
import { Sessions } from './state/sessions.ts'
import { SigningKeys } from './tokens/signing-keys.ts'
import type { TriggerCall } from './triggers/call-log.ts'
import { TriggerRunner } from './triggers/run.ts'
import type { TriggerTarget } from './triggers/targets.ts'

export interface EmulatorOptions {
  /** @default 0, any free port */
  readonly port?: number
  /** Loopback names only. @default '127.0.0.1' */
  readonly host?: LoopbackHost
  /** The Region that pool ids and events name. @default 'us-east-1' */
  readonly region?: string
  /** What the ARNs (or function names) in LambdaConfig stand for. */
  readonly triggers?: Readonly<Record<string, TriggerTarget>>
  readonly quirks?: QuirkSettings
  readonly personas?: readonly Persona[]
  /** A second listener over TLS, with a certificate made at start, since Amplify insists on https. @default false */
  readonly https?: boolean
  /** @default 0, any free port */
  readonly httpsPort?: number
  /**
   * Loopback origins, such as `http://localhost:3000`, whose pages may show the pages of managed login in a frame. Cognito's own allow none. Use it
   * to show applications side by side. @default none
   */
  readonly frameAncestors?: readonly string[]
  /** A folder to keep the state in across restarts; made if it is not there. @default nothing is kept */
  readonly data?: string
  /** Milliseconds since the epoch. Trigger time limits always run on real time. @default Date.now */
  readonly clock?: Clock
}

export interface Emulator {
  readonly endpoint: string
  readonly port: number
  /** The same emulator over TLS; only with `https: true`. */
  readonly httpsEndpoint?: string
  /** The certificate authority in PEM, made at this start. */
  readonly ca?: string
  setTrigger(arnOrName: string, target: TriggerTarget): void
  quirks(userPoolId?: string): Quirks
  setQuirks(settings: QuirkSettings, userPoolId?: string): void
  personas(): readonly Persona[]
  setPersona(persona: Persona): void
  /** Every code and temporary password that would have been sent to the user, oldest first. */
  inbox(userPoolId: string, username: string): readonly Message[]
  /** The newest of them; undefined when nothing was sent. */
  newestCode(userPoolId: string, username: string): string | undefined
  triggerCalls(): readonly TriggerCall[]
  /** Every user of a pool, as AdminGetUser describes them. The list is always current. */
  users(userPoolId: string): readonly JsonRecord[]
  /** Puts the emulator's clock forward: codes, tokens and sessions expire without waiting. */
  advanceClock(ms: number): void
  /** Pools, users, links, groups, sessions, switches, personas: as JSON, for `restore`, here or elsewhere. */
  snapshot(): Snapshot
  /** Replaces the whole state, or changes nothing. New tokens are signed with this emulator's own keys. */
  restore(snapshot: unknown): void
  /** Adds all users or none. No trigger runs and no message is sent. */
  seed(seed: Seed): SeedCounts
  /** Deletes pools, users, sessions, messages and logs. Quirks, personas and clock are again those of the start. */
  reset(): void
  close(): Promise<void>
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  refuseProduction(process.env)
  const host = loopback(options.host ?? '127.0.0.1')
  const time = new MovableClock(options.clock ?? Date.now)
  const clock = time.now
  const quirks = new QuirkStore(options.quirks)
  let endpoint = ''
  const context: EmulatorContext = {
    clock,
    time,
    region: options.region ?? 'us-east-1',
    get endpoint() {
      return endpoint
    },
    quirks,
    account: new Account(),
    sessions: new Sessions(clock),
    challenges: new ChallengeSessions(clock),
    inbox: new Inbox(),
    triggers: new TriggerRunner(quirks, clock),
    keys: new SigningKeys(),
    personas: new PersonaStore(options.personas),
    browsers: new BrowserSessions(clock),
    codes: new AuthorizationCodes(clock),
    visits: new ProviderVisits(clock),
    frameAncestors: (options.frameAncestors ?? []).map(loopbackOrigin),
  }
  for (const [name, target] of Object.entries(options.triggers ?? {})) context.triggers.attach(name, target)
  const stateChanges = {
    reset: () => reset(context),
    restore: (given: unknown) => restore(context, given, () => reset(context)),
  }
  const autosave = await openAutosave(context, options, stateChanges)
  const listeners = await openListeners(listenerOn(context, stateChanges, autosave?.scheduleSave), host, options)
  setImmediate(() => context.keys.generateInBackground())
  endpoint = listeners.endpoint
  return handleOf(context, listeners, stateChanges, autosave)
}

/** Loads the saved state; the quirks and personas of this start overwrite those in it. */
async function openAutosave(
  context: EmulatorContext,
  options: EmulatorOptions,
  stateChanges: StateChanges,
): Promise<Autosave | undefined> {
  if (options.data === undefined) return undefined
  const { Autosave } = await import('./snapshot/autosave.ts')
  const autosave = new Autosave(options.data, context)
  autosave.load(stateChanges.restore)
  context.quirks.set(options.quirks ?? {})
  for (const persona of options.personas ?? []) context.personas.set(persona)
  return autosave
}

function handleOf(
  context: EmulatorContext,
  listeners: Listeners,
  stateChanges: StateChanges,
  autosave: Autosave | undefined,
): Emulator {
  const { port, close, httpsEndpoint, ca } = listeners
  const changing = <A extends readonly unknown[], R>(change: (...given: A) => R) => {
    return (...given: A): R => {
      const result = change(...given)
      autosave?.scheduleSave()
      return result
    }
  }
  return {
    endpoint: context.endpoint,
    port,
    ...(httpsEndpoint !== undefined && { httpsEndpoint }),
    ...(ca !== undefined && { ca }),
    close: async () => {
      await close()
      autosave?.close()
    },
    inbox: (userPoolId, username) => messagesTo(context, userPoolId, username),
    newestCode: (userPoolId, username) =>
      messagesTo(context, userPoolId, username).findLast(({ code }) => code !== '')?.code,
    setTrigger: (name, target) => context.triggers.attach(name, target),
    quirks: (userPoolId) => context.quirks.get(userPoolId),
    setQuirks: changing((settings, userPoolId) => context.quirks.set(settings, userPoolId)),
    personas: () => context.personas.all(),
    setPersona: changing((persona) => context.personas.set(persona)),
    triggerCalls: () => context.triggers.log.all(),
    users: (userPoolId) => usersOf(context, userPoolId),
    advanceClock: changing((ms) => context.time.advance(ms)),
    snapshot: () => snapshotOf(context),
    restore: changing(stateChanges.restore),
    seed: changing((given) => seed(context, { ...given })),
    reset: changing(stateChanges.reset),
  }
}

function reset(context: EmulatorContext): void {
  context.account.clear()
  context.sessions.clear()
  context.challenges.clear()
  context.inbox.clear()
  context.browsers.clear()
  context.codes.clear()
  context.visits.clear()
  context.triggers.log.clear()
  context.quirks.reset()
  context.personas.reset()
  context.time.reset()
}

function loopback(host: string): LoopbackHost {
  const known = LOOPBACK_HOSTS.find((name) => name === host)
  if (!known) throw new TypeError(`The emulator listens on loopback only: host is one of ${LOOPBACK_HOSTS.join(', ')}.`)
  return known
}

/** The text is written into a header unchanged, so it must be an origin and nothing more. */
function loopbackOrigin(text: string): string {
  if (isLoopbackUrl(text) && URL.parse(text)?.origin === text) return text
  throw new TypeError('"frameAncestors" holds loopback origins only, such as http://localhost:3000.')
}

/** Passwords are hashed weakly and nobody should trust the tokens, so the emulator must not run in production. */
function refuseProduction(environment: NodeJS.ProcessEnv): void {
  const reason =
    environment.AWS_LAMBDA_FUNCTION_NAME !== undefined
      ? 'AWS_LAMBDA_FUNCTION_NAME is set'
      : environment.NODE_ENV === 'production'
        ? 'NODE_ENV is production'
        : undefined
  if (reason)
    throw new Error(`onesub-emulator refuses to start: ${reason}. It is a tool for development and tests only.`)
}
