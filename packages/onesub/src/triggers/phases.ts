import type { Decision } from '../core/decisions/decision.ts'
import type { Verdict } from '../core/decisions/observe.ts'
import { nameOf, OnesubError } from '../core/errors.ts'
import type { WithDeadline } from './deadline.ts'
import type { TriggerEvent } from './event.ts'
import { federation, inboundFederation } from './federation.ts'
import { isMarked } from './identifiers-in-event.ts'
import { type Handled, type Phase, phase } from './phase.ts'
import { recoveryConfirmed, signUpConfirmed } from './post-confirmation.ts'
import { adminCreation, nativeSignUp } from './pre-sign-up.ts'
import { missingAttributes } from './provider-sign-in.ts'
import { repairAddress } from './restore-address.ts'
import type { Settings } from './settings.ts'
import { personForToken } from './token-generation.ts'
import { responseWithPerson } from './token-response.ts'

const UNCONFIRMED = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false }

export const NATIVE_SIGN_UP = phase({
  calls: ['find', 'hasAddress', 'namesAreChosen'],
  async handle(event, settings, withDeadline) {
    const handled = outcomeOf(await nativeSignUp(event, settings, withDeadline))
    // A self sign-up is never confirmed or verified without proof, whatever other handler asked for it.
    const flags = settings.policy.signUpProof === 'code' ? UNCONFIRMED : {}
    return { ...handled, response: { ...event.response, ...flags } }
  },
})

export const ADMIN_CREATION = phase({
  calls: ['find'],
  async handle(event, settings, withDeadline) {
    const verdict = await adminCreation(event, settings, withDeadline)
    return verdict ? outcomeOf(verdict) : { outcome: 'passes', detail: 'a user has the name' }
  },
})

const FEDERATION_CALLS = [
  'find',
  'keepsOriginal',
  'replacePassword',
  'link',
  'unlink',
  'createPlaceholderUser',
  'findPlaceholderUser',
  'removePlaceholderUser',
] as const

/** For one function: it tells once in a process which attributes are missing, since a mapping that is missing is missing at every sign-in (T171). */
export function federationPhase(): Phase {
  const reported = new Set<string>()
  return phase({
    calls: FEDERATION_CALLS,
    async handle(event, settings, withDeadline) {
      const verdict = await federation(event, settings, withDeadline)
      const handled: Handled = verdict
        ? outcomeOf(verdict)
        : { outcome: 'passes', detail: 'the user name tells no subject for certain' }
      const missing = missingAttributes(event, settings.policy).filter((name) => !reported.has(name))
      for (const name of missing) reported.add(name)
      return missing.length > 0 ? { ...handled, detail: `not among the attributes: ${missing.join(', ')}` } : handled
    },
  })
}

export const SIGN_UP_CONFIRMED = phase({
  calls: ['find', 'keepsOriginal', 'replacePassword', 'restoreAddress', 'unverifyAddress'],
  async handle(event, settings, withDeadline) {
    const handled = outcomeOf(await signUpConfirmed(event, settings, withDeadline))
    // The first sign-in through a link that was there before may run as a first one, without PostAuthentication.
    await repair(event, settings, withDeadline)
    return handled
  },
})

export const RECOVERY_CONFIRMED = phase({
  calls: ['find', 'keepsOriginal', 'replacePassword', 'signOut'],
  handle: async (event, settings, withDeadline) => outcomeOf(await recoveryConfirmed(event, settings, withDeadline)),
})

export const INBOUND_FEDERATION = phase({
  calls: FEDERATION_CALLS,
  async handle(event, settings, withDeadline) {
    const verdict = await inboundFederation(event, settings, withDeadline)
    // An empty map keeps every attribute as it was received (developer guide, "Inbound federation Lambda trigger").
    return verdict ? outcomeOf(verdict) : { outcome: 'passes' }
  },
  // It sees everybody, also known users; PreSignUp decides again, and refuses, for those who are new.
  afterFault: (_event, _settings, { retry }) => (retry ? { outcome: 'passes' } : undefined),
})

export const SIGNED_IN = phase({
  calls: ['find', 'restoreAddress', 'unverifyAddress'],
  handle: async (event, settings, withDeadline) => ({ outcome: await repair(event, settings, withDeadline) }),
  // Nothing is decided here: the user is signed in, and an error would keep them out.
  afterFault: () => ({ outcome: 'passes' }),
})

export const TOKEN_GENERATION = phase({
  calls: ['find', 'keepsOriginal', 'restoreAddress', 'unverifyAddress'],
  async handle(event, settings, withDeadline) {
    const { person, verdict } = await personForToken(event, settings, withDeadline)
    const response = responseWithPerson(event, settings.personClaim, person)
    // After the naming, which has what time there is: the sign-in that makes a link runs no PostAuthentication, and the mark shows it.
    if (event.source === 'TokenGeneration_HostedAuth' && !isMarked(event, 'email_verified'))
      await repair(event, settings, withDeadline)
    const { would, about } = verdict ?? {}
    return {
      outcome: person === undefined ? 'unnamed' : 'named',
      response,
      ...(would && { would }),
      ...(about && { about }),
    }
  },
  // A token without the claim still leads to its person, by a look-up. The claim of another handler must not stay after a fault of ours (T163).
  afterFault: (event, { personClaim }) => ({
    outcome: 'unnamed',
    response: responseWithPerson(event, personClaim, undefined),
  }),
})

/** Nobody is kept out because an address could not be put back: the next sign-in tries again. */
async function repair(
  event: TriggerEvent,
  settings: Settings<'find' | 'restoreAddress' | 'unverifyAddress'>,
  withDeadline: WithDeadline,
): Promise<'repaired' | 'passes'> {
  try {
    return (await repairAddress(event, settings, withDeadline)) ? 'repaired' : 'passes'
  } catch (error) {
    settings.report({ source: event.source, mode: settings.policy.mode, outcome: 'passes', detail: nameOf(error) })
    return 'passes'
  }
}

function outcomeOf({ decision, would, about }: Verdict<Decision>): Handled {
  if (decision.kind === 'refused') throw new OnesubError(decision.code)
  return { outcome: decision.kind, ...(would && { would }), ...(about && { about }) }
}
