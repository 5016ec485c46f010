import { isRecord, type JsonRecord } from '../shared/json.ts'
import type { Pool } from '../state/pool.ts'
import type { TriggersContext } from './context.ts'
import { unrecognizable } from './run.ts'
import { triggerEvent } from './trigger-event.ts'

interface Inbound {
  readonly pool: Pool
  readonly clientId: string
  readonly userName: string
  readonly providerName: string
  readonly providerType: string
  /** `tokenResponse`, `idToken` and `userInfo`, or for SAML `samlResponse`: as the provider wrote them. */
  readonly attributes: JsonRecord
}

/**
 * Developer Guide: user-pool-lambda-inbound-federation. Answers the attributes to map. Undefined for an empty map, which
 * means that everything stays as it was received.
 */
export async function runInboundFederation(
  context: TriggersContext,
  inbound: Inbound,
): Promise<JsonRecord | undefined> {
  const { pool, clientId, userName, providerName, providerType, attributes } = inbound
  const event = triggerEvent({
    pool,
    clientId,
    userName,
    triggerSource: 'InboundFederation_ExternalProvider',
    request: { providerName, providerType, attributes },
    response: { userAttributesToMap: {} },
  })
  const response = await context.triggers.run(pool, 'InboundFederation', event)
  const kept = response?.userAttributesToMap ?? {}
  if (!isRecord(kept)) throw unrecognizable()
  return Object.keys(kept).length > 0 ? kept : undefined
}
