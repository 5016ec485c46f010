import type { PersonId } from '../core/person.ts'
import type { TriggerEvent } from './event.ts'

type Details = Readonly<Record<string, unknown>>

/**
 * The response that puts the person into the tokens, in the form of the event's version: V1 shapes the ID token only, V2 and V3 the access
 * token too (developer guide, "Pre token generation Lambda trigger"). Whatever stood under the claim's name is overwritten, or suppressed
 * where there is no person: nobody but us says who somebody is. Everything that other handlers have set remains.
 */
export function responseWithPerson(event: TriggerEvent, claim: string, person: PersonId | undefined): Details {
  const { response, version } = event
  if (version === '1') {
    const before = detailsIn(response.claimsOverrideDetails)
    return { ...response, claimsOverrideDetails: { ...named(before, claim, person), ...groupsOf(before, event) } }
  }
  const before = detailsIn(response.claimsAndScopeOverrideDetails)
  return {
    ...response,
    claimsAndScopeOverrideDetails: {
      ...before,
      idTokenGeneration: named(detailsIn(before.idTokenGeneration), claim, person),
      accessTokenGeneration: named(detailsIn(before.accessTokenGeneration), claim, person),
      ...groupsOf(before, event),
    },
  }
}

function named(before: Details, claim: string, person: PersonId | undefined): Details {
  const { [claim]: _overwritten, ...others } = detailsIn(before.claimsToAddOrOverride)
  const suppressed = listIn(before.claimsToSuppress).filter((name) => name !== claim)
  // Cognito lets suppressing win over adding, so the claim is in one of the two lists only.
  return person === undefined
    ? { ...before, claimsToAddOrOverride: others, claimsToSuppress: [...suppressed, claim] }
    : { ...before, claimsToAddOrOverride: { ...others, [claim]: person }, claimsToSuppress: suppressed }
}

/** Empty group details would take the user's groups away, so their own groups are given back, unless another handler has decided. */
function groupsOf(before: Details, { groups }: TriggerEvent): Details {
  const kept = before.groupOverrideDetails ?? groups
  return kept === undefined || kept === null ? {} : { groupOverrideDetails: kept }
}

function detailsIn(value: unknown): Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
