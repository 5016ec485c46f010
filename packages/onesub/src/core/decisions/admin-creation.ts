import type { Evidence } from '../evidence.ts'
import type { IdentifierStatus } from '../identifiers/ownership.ts'
import type { CreatePerson, Rejected } from './decision.ts'
import { acquisitionOf, formerPersons } from './native-sign-up.ts'

export interface AdminCreationFacts {
  /** Stated, unless policy takes the administrator's `email_verified` for proof. */
  readonly identifiers: readonly { readonly evidence: Evidence; readonly status: IdentifierStatus }[]
}

/**
 * | the identifier is …                 | then |
 * | ---------------------------- | --- |
 * | free, or reserved by anybody | create person: an unproven identifier keeps nobody out |
 * | owned by a person            | IDENTIFIER_TAKEN |
 *
 * The policy plays no part: an administrator is no stranger, so there is nothing to be enumeration-safe about, and nobody signs in here to be linked.
 */
export function decideAdminCreation({ identifiers }: AdminCreationFacts): CreatePerson | Rejected {
  const statuses = identifiers.map(({ status }) => status)
  if (statuses.some(({ kind }) => kind === 'owned')) return { kind: 'refused', code: 'IDENTIFIER_TAKEN' }
  const [person = 'new'] = formerPersons(statuses)
  const acquisitions = identifiers.map(({ evidence, status }) => acquisitionOf(evidence, status, person))
  return { kind: 'create-person', person, acquisitions }
}
