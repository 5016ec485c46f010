import type { Decision } from '../core/decision.ts'
import { isOnesubError, OnesubError } from '../core/errors.ts'
import type { Verdict } from '../core/observe.ts'
import { type Budget, budget, type LambdaContext } from './budget.ts'
import { parseEvent, type TriggerEvent } from './event.ts'
import { federation, inboundFederation } from './federation.ts'
import { confirmation } from './post-confirmation.ts'
import { adminCreation, nativeSignUp } from './pre-sign-up.ts'
import { repairAddress } from './repair.ts'
import type { Report } from './report.ts'
import { parseSettings, type Settings, type TriggerOptions } from './settings.ts'
import { personForToken } from './token-generation.ts'
import { responseWithPerson } from './token-response.ts'
import { type Moment, TRIGGER_SOURCES } from './trigger-sources.ts'

/** Attach it to any trigger slot of the pool: it knows by the event what is asked. */
export type TriggerHandler = <Event>(event: Event, context?: LambdaContext) => Promise<Event>

/**
 * The Lambda handler for a pool's triggers. Settings are checked here, once: a wrong one throws `CONFIG_INVALID` or `POLICY_INVALID`
 * at start. The handler gives the event back with nothing changed but `response`, or throws an error whose message is
 * `onesub/<CODE>: <public text>`, which Cognito hands to the client.
 */
export function createTriggers(options: TriggerOptions): TriggerHandler {
  const settings = parseSettings(options)
  return async (raw, context) => {
    const event = admitted(raw, settings)
    const run = budget(settings.time, context)
    const handle = HANDLERS[TRIGGER_SOURCES[event.source]]
    const { response } = await reported(event, settings, () => handle(event, settings, run))
    // Cognito reads nothing but `response`, so nothing else is ever changed.
    return response === undefined ? raw : { ...raw, response }
  }
}

/** What a handler came to, for the report, and the response that Cognito is to read; none leaves the event as it came. */
interface Handled {
  readonly outcome: Report['outcome']
  readonly would?: Report['would']
  readonly response?: Readonly<Record<string, unknown>>
}

type Handler = (event: TriggerEvent, settings: Settings, run: Budget) => Promise<Handled>

const HANDLERS: Readonly<Record<Moment, Handler>> = {
  'native-sign-up': async (event, settings, run) => {
    const handled = outcomeOf(await nativeSignUp(event, settings, run))
    // A self sign-up is never confirmed or verified without proof, whoever asked for it.
    return {
      ...handled,
      response: { ...event.response, autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
    }
  },
  'admin-creation': async (event, settings, run) => outcomeOf(await adminCreation(event, settings, run)),
  federation: async (event, settings, run) => outcomeOf(await federation(event, settings, run)),
  'sign-up-confirmed': async (event, settings, run) => {
    const handled = outcomeOf(await confirmation(event, 'sign-up', settings, run))
    // The first sign-in through a link that was there before may run as a first one, without PostAuthentication.
    await mended(event, settings, run)
    return handled
  },
  'recovery-confirmed': async (event, settings, run) => outcomeOf(await confirmation(event, 'recovery', settings, run)),
  'inbound-federation': async (event, settings, run) => {
    const verdict = await inboundFederation(event, settings, run)
    // An empty map keeps every attribute as it was received (developer guide, "Inbound federation Lambda trigger").
    return verdict ? outcomeOf(verdict) : { outcome: 'passes' }
  },
  'signed-in': async (event, settings, run) => ({ outcome: await mended(event, settings, run) }),
  'token-generation': async (event, settings, run) => {
    if (event.source === 'TokenGeneration_HostedAuth' && isUnmarked(event)) await mended(event, settings, run)
    const person = await personForToken(event, settings, run)
    const response = responseWithPerson(event, settings.personClaim, person)
    return { outcome: person === undefined ? 'unnamed' : 'named', response }
  },
  passes: async () => ({ outcome: 'passes' }),
}

/** The sign-in that makes a link runs no PostAuthentication: what it has spoilt is mended here, where the mark shows it. */
function isUnmarked({ attributes }: TriggerEvent): boolean {
  return attributes.get('email_verified') !== 'true'
}

/** Nobody is kept out because her address could not be put back: her next sign-in tries again. */
async function mended(event: TriggerEvent, settings: Settings, run: Budget): Promise<'repaired' | 'passes'> {
  try {
    return (await repairAddress(event, settings, run)) ? 'repaired' : 'passes'
  } catch (error) {
    settings.report({ source: event.source, mode: settings.policy.mode, outcome: 'passes', detail: nameOf(error) })
    return 'passes'
  }
}

function outcomeOf({ decision, would }: Verdict<Decision>): Handled {
  if (decision.kind === 'refused') throw new OnesubError(decision.code)
  return { outcome: decision.kind, ...(would && { would }) }
}

/** An event that is not for us is refused before anything is asked of a store. */
function admitted(raw: unknown, settings: Settings): TriggerEvent {
  try {
    const event = parseEvent(raw)
    refuseForeign(event, settings)
    return event
  } catch (error) {
    throw refusal(error, 'unknown', settings)
  }
}

/** What Cognito puts in place of a client where an administrator acts (real event quoted in localstack/localstack#2964). */
const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE'

function refuseForeign({ pool, region, client }: TriggerEvent, settings: Settings): void {
  const isOurs = pool === settings.userPoolId && region === settings.region
  const isKnownClient = settings.clientIds === null || client === NO_CLIENT || settings.clientIds.includes(client)
  if (!isOurs || !isKnownClient)
    throw new OnesubError('EVENT_FOREIGN', { detail: isOurs ? 'client' : 'pool or region' })
}

async function reported(
  { source }: TriggerEvent,
  settings: Settings,
  handle: () => Promise<Handled>,
): Promise<Handled> {
  const { mode } = settings.policy
  try {
    const handled = await handle()
    const { outcome, would } = handled
    settings.report({ source, mode, outcome, ...(would && { would }) })
    return handled
  } catch (error) {
    const refused = refusal(error, source, settings)
    // While existing users are still being loaded, nobody is kept out, not even by a fault of ours. And who is signed in stays so:
    // a token without the claim is still somebody's, by a look-up; and InboundFederation sees everybody, also who is long settled,
    // while PreSignUp decides again, and fails closed, for those who are new.
    const moment = TRIGGER_SOURCES[source]
    const isDecidedLater = moment === 'inbound-federation' && refused.retry
    if (mode === 'observe' || moment === 'token-generation' || isDecidedLater) return { outcome: 'passes' }
    throw refused
  }
}

/** A fault of a store or of Cognito becomes a plain "try again": its own words may hold names and addresses. */
function refusal(error: unknown, source: Report['source'], { report, policy: { mode } }: Settings): OnesubError {
  const refused = isOnesubError(error) ? error : new OnesubError('TRY_AGAIN', { detail: nameOf(error), cause: error })
  const { code, detail } = refused
  report({ source, mode, outcome: 'refused', code, ...(detail !== undefined && { detail }) })
  return refused
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
