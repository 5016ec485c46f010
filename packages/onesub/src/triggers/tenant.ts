import type { Policy } from '../core/policy.ts'
import type { ProviderTrust } from '../core/provider-trust.ts'
import type { TriggerEvent } from './event.ts'
import { isFederated } from './identifiers-in-event.ts'
import { parseFederatedName, statedIdentity } from './provider-user-name.ts'

/**
 * The event with its user's tenant (T178). A native user's is an attribute that no user can write. A provider's profile may show anything there that the
 * provider maps to it, so that its tenant is the one which the policy names.
 */
export function withTenant(event: TriggerEvent, policy: Policy): TriggerEvent {
  const { uniqueWithin } = policy
  if (uniqueWithin === null) return event
  const isProfile = event.inbound !== undefined || event.source === 'PreSignUp_ExternalProvider' || isFederated(event)
  const named = isProfile ? providerOf(event, policy)?.within : event.attributes.get(uniqueWithin)
  return named ? { ...event, within: named } : event
}

function providerOf(event: TriggerEvent, { providers }: Policy): ProviderTrust | undefined {
  const { inbound, attributes, userName } = event
  const name = (inbound ?? statedIdentity(attributes))?.provider?.toLowerCase()
  if (name === undefined) return parseFederatedName(userName, providers, attributes)?.trust
  return Object.entries(providers).find(([listed]) => listed.toLowerCase() === name)?.[1]
}
