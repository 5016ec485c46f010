import { isOnesubError, nameOf, OnesubError, withoutDetail } from '../core/errors.ts'
import { registryWithin } from '../core/tenant.ts'
import { deadlineOf, type LambdaContext } from './deadline.ts'
import { parseEvent, type TriggerEvent } from './event.ts'
import { NO_CLIENT } from './native-evidence.ts'
import type { Handled, Phase } from './phase.ts'
import { parseSettings, type Settings, type TriggerOptions } from './settings.ts'
import { withTenant } from './tenant.ts'
import { TRIGGER_SOURCES, type TriggerPhase } from './trigger-sources.ts'

export type TriggerHandler = <Event>(event: Event, context?: LambdaContext) => Promise<Event>

/** The phases that one function handles. A function that handles fewer of them carries less code. */
export type Phases = { readonly [Name in Exclude<TriggerPhase, 'passes'>]?: Phase }

/**
 * A Lambda handler for these phases. Settings are checked here, once: a wrong one throws `CONFIG_INVALID` or `POLICY_INVALID`
 * at start. The handler gives the event back with nothing changed but `response`, or throws an error whose message is
 * `onesub/<CODE>: <public text>`, which Cognito hands to the client.
 */
export function handlerOf(phases: Phases, options: TriggerOptions): TriggerHandler {
  const settings = parseSettings(options)
  return async (raw, context) => {
    const event = admitted(raw, settings)
    if (!event) return raw
    const withDeadline = deadlineOf(settings.time, context)
    const { response } = await reported(event, settings, phaseOf(event, phases), async (phase) => {
      // A registry is one pool's, unless the operator says otherwise (T168). It is asked once in a process.
      const { registry, userPoolId } = settings
      if (registry.admit) await withDeadline(async () => registry.admit?.(userPoolId))
      return phase.handle(event, { ...settings, registry: registryWithin(registry, event.within) }, withDeadline)
    })
    // Cognito reads nothing but `response`, so nothing else is ever changed.
    return response === undefined ? raw : { ...raw, response }
  }
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

function phaseOf({ source }: TriggerEvent, phases: Phases): Phase | 'passes' | undefined {
  const name = TRIGGER_SOURCES[source]
  return name === 'passes' ? name : phases[name]
}

async function reported(
  event: TriggerEvent,
  settings: Settings,
  phase: Phase | 'passes' | undefined,
  handle: (phase: Phase) => Promise<Handled>,
): Promise<Handled> {
  const { source } = event
  const { mode } = settings.policy
  try {
    if (!phase) throw new OnesubError('EVENT_FOREIGN', { detail: 'a trigger that this function does not handle' })
    const handled: Handled = phase === 'passes' ? { outcome: 'passes' } : await handle(phase)
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
    // While existing users are still being loaded, nobody is kept out, not even by a fault of ours.
    const answered = phase === 'passes' ? undefined : phase?.afterFault?.(event, settings, refused)
    if (answered) return answered
    if (mode !== 'enforce') return { outcome: 'passes' }
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
