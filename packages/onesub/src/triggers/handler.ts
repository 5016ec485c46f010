import type { Decision } from '../core/decision.ts'
import { isOnesubError, nameOf, OnesubError, withoutDetail } from '../core/errors.ts'
import type { Verdict } from '../core/observe.ts'
import { registryWithin } from '../core/tenant.ts'
import { budget, type LambdaContext, type WithDeadline } from './deadline.ts'
import { parseEvent, type TriggerEvent } from './event.ts'
import { federation, inboundFederation } from './federation.ts'
import { isMarked } from './identifiers-in-event.ts'
import { NO_CLIENT } from './native-evidence.ts'
import { confirmation } from './post-confirmation.ts'
import { adminCreation, nativeSignUp } from './pre-sign-up.ts'
import { missingAttributes } from './provider-sign-in.ts'
import type { Report } from './report.ts'
import { repairAddress } from './restore-address.ts'
import { parseSettings, type Settings, type TriggerOptions } from './settings.ts'
import { withTenant } from './tenant.ts'
import { personForToken } from './token-generation.ts'
import { responseWithPerson } from './token-response.ts'
import { TRIGGER_SOURCES, type TriggerPhase } from './trigger-sources.ts'

/** Attach it to any trigger slot of the pool: it knows by the event what is asked. */
export type TriggerHandler = <Event>(event: Event, context?: LambdaContext) => Promise<Event>

/**
 * The Lambda handler for a pool's triggers. Settings are checked here, once: a wrong one throws `CONFIG_INVALID` or `POLICY_INVALID`
 * at start. The handler gives the event back with nothing changed but `response`, or throws an error whose message is
 * `onesub/<CODE>: <public text>`, which Cognito hands to the client.
 */
export function createTriggerHandler(options: TriggerOptions): TriggerHandler {
  const settings = parseSettings(options)
  const told = new Set<string>()
  return async (raw, context) => {
    const event = admitted(raw, settings)
    if (!event) return raw
    const run = budget(settings.time, context)
    const handle = HANDLERS[TRIGGER_SOURCES[event.source]]
    const { response } = await reported(event, settings, async () => {
      // A registry is one pool's, unless the operator says otherwise (T168). It is asked once in a process.
      const { registry, userPoolId } = settings
      if (handle !== HANDLERS.passes && registry.admit) await run(async () => registry.admit?.(userPoolId))
      const handled = await handle(event, { ...settings, registry: registryWithin(registry, event.within) }, run)
      // Once in a process: a mapping that is missing is missing at every sign-in (T171).
      const missing = missingAttributes(event, settings.policy).filter((name) => !told.has(name))
      for (const name of missing) told.add(name)
      return missing.length > 0 ? { ...handled, detail: `not among the attributes: ${missing.join(', ')}` } : handled
    })
    // Cognito reads nothing but `response`, so nothing else is ever changed.
    return response === undefined ? raw : { ...raw, response }
  }
}

/** What a handler came to, for the report, and the response that Cognito is to read; none leaves the event as it came. */
interface Handled {
  readonly outcome: Report['outcome']
  readonly would?: Report['would']
  readonly about?: Report['about']
  readonly detail?: string
  readonly response?: Readonly<Record<string, unknown>>
}

type Handler = (event: TriggerEvent, settings: Settings, run: WithDeadline) => Promise<Handled>

const UNCONFIRMED = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }

const HANDLERS: Readonly<Record<TriggerPhase, Handler>> = {
  'native-sign-up': async (event, settings, run) => {
    const handled = outcomeOf(await nativeSignUp(event, settings, run))
    // A self sign-up is never confirmed or verified without proof, whoever asked for it.
    const flags = settings.policy.signUpProof === 'code' ? UNCONFIRMED : {}
    return { ...handled, response: { ...event.response, ...flags } }
  },
  'admin-creation': async (event, settings, run) => {
    const verdict = await adminCreation(event, settings, run)
    return verdict ? outcomeOf(verdict) : { outcome: 'passes', detail: 'a user has the name' }
  },
  federation: async (event, settings, run) => {
    const verdict = await federation(event, settings, run)
    return verdict ? outcomeOf(verdict) : { outcome: 'passes', detail: 'the user name tells no subject for certain' }
  },
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
    const { person, verdict } = await personForToken(event, settings, run)
    const response = responseWithPerson(event, settings.personClaim, person)
    // After the naming, which has what time there is: the sign-in that makes a link runs no PostAuthentication, and the mark shows it.
    if (event.source === 'TokenGeneration_HostedAuth' && !isMarked(event, 'email_verified'))
      await mended(event, settings, run)
    const { would, about } = verdict ?? {}
    return {
      outcome: person === undefined ? 'unnamed' : 'named',
      response,
      ...(would && { would }),
      ...(about && { about }),
    }
  },
  passes: async () => ({ outcome: 'passes' }),
}

/** Nobody is kept out because an address could not be put back: the next sign-in tries again. */
async function mended(event: TriggerEvent, settings: Settings, run: WithDeadline): Promise<'repaired' | 'passes'> {
  try {
    return (await repairAddress(event, settings, run)) ? 'repaired' : 'passes'
  } catch (error) {
    settings.report({ source: event.source, mode: settings.policy.mode, outcome: 'passes', detail: nameOf(error) })
    return 'passes'
  }
}

function outcomeOf({ decision, would, about }: Verdict<Decision>): Handled {
  if (decision.kind === 'refused') throw new OnesubError(decision.code)
  return { outcome: decision.kind, ...(would && { would }), ...(about && { about }) }
}

/** An event that is not for us is refused before anything is asked of a store; undefined in the modes that refuse nothing. */
function admitted(raw: unknown, settings: Settings): TriggerEvent | undefined {
  let event: TriggerEvent | undefined
  try {
    event = parseEvent(raw)
    refuseForeign(event, settings)
    return withTenant(event, settings.policy)
  } catch (error) {
    const refused = refusal(error, event ?? { source: 'unknown' }, settings)
    if (settings.policy.mode === 'enforce') throw refused
    return undefined
  }
}

function refuseForeign({ pool, region, client, source }: TriggerEvent, settings: Settings): void {
  const isOurs = pool === settings.userPoolId && settings.regions.includes(region)
  // Cognito has recovered the account by now, through whatever client: the registry has to know.
  const isDone = TRIGGER_SOURCES[source] === 'recovery-confirmed'
  const { clientIds } = settings
  const isKnownClient = isDone || clientIds === null || client === NO_CLIENT || clientIds.includes(client)
  if (isOurs && isKnownClient) return
  // The values that came may be anything, and are not repeated.
  const detail =
    pool !== settings.userPoolId
      ? `another pool than ${settings.userPoolId}`
      : isOurs
        ? `a client that is none of ${clientIds?.join(', ')}`
        : `a Region that is none of ${settings.regions.join(', ')}`
  throw new OnesubError('EVENT_FOREIGN', { detail })
}

async function reported(event: TriggerEvent, settings: Settings, handle: () => Promise<Handled>): Promise<Handled> {
  const { source } = event
  const { mode } = settings.policy
  try {
    const handled = await handle()
    const { outcome, would, about, detail } = handled
    const user = would && event.attributes.get('sub')
    settings.report({
      source,
      mode,
      outcome,
      ...(detail !== undefined && { detail }),
      ...(would && { would }),
      ...(user !== undefined && { user }),
      ...(about && { about }),
    })
    return handled
  } catch (error) {
    const refused = refusal(error, event, settings)
    // While existing users are still being loaded, nobody is kept out, not even by a fault of ours. And who is signed in stays so:
    // a token without the claim is still somebody's, by a look-up; and InboundFederation sees everybody, also who is long settled,
    // while PreSignUp decides again, and fails closed, for those who are new.
    const moment = TRIGGER_SOURCES[source]
    // Another handler's word for who somebody is must not outlive a fault of ours (T163).
    if (moment === 'token-generation')
      return { outcome: 'unnamed', response: responseWithPerson(event, settings.personClaim, undefined) }
    const isDecidedLater = moment === 'inbound-federation' && refused.retry
    // PostAuthentication decides nothing: whoever comes there is signed in, and an error would keep them out.
    const decidesNothing = moment === 'signed-in'
    if (mode !== 'enforce' || isDecidedLater || decidesNothing) return { outcome: 'passes' }
    throw refused
  }
}

/** A fault of a store or of Cognito becomes a plain "try again": its own words may hold names and addresses. */
function refusal(
  error: unknown,
  event: TriggerEvent | { readonly source: 'unknown' },
  { report, policy: { mode } }: Settings,
): OnesubError {
  const refused = isOnesubError(error) ? error : new OnesubError('TRY_AGAIN', { detail: nameOf(error), cause: error })
  const { code, detail } = refused
  const { source } = event
  if (mode === 'enforce') report({ source, mode, outcome: 'refused', code, ...(detail !== undefined && { detail }) })
  else {
    const user = 'attributes' in event ? event.attributes.get('sub') : undefined
    report({
      source,
      mode,
      outcome: 'passes',
      would: code,
      ...(detail !== undefined && { detail }),
      ...(user !== undefined && { user }),
    })
  }
  return withoutDetail(refused)
}
