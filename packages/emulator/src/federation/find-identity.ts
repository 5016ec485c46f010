import type { QuirksContext } from '../quirks/quirks.ts'
import { quirksOf } from '../quirks/quirks.ts'
import { invalidParameter } from '../shared/faults.ts'
import type { IdentityProvider } from '../state/identity-provider.ts'
import { SUBJECT } from '../state/link-index.ts'
import type { Pool } from '../state/pool.ts'
import type { Link, User } from '../state/user.ts'

export interface Sought {
  readonly provider: IdentityProvider
  /** As the provider wrote it: subjects stay case-sensitive in every pool (Developer Guide: user-pool-case-sensitivity). */
  readonly subject: string
  readonly mapped: ReadonlyMap<string, string>
}

export interface Found {
  readonly user: User
  /** Unset for the identity's own profile. */
  readonly link?: Link
}

/**
 * Links come before the identity's own profile: both exist only after a refused merge, and from then on the source acts
 * for its destination (aws/aws-sdk-go#4218).
 */
export function findIdentity(context: QuirksContext, pool: Pool, sought: Sought): Found | undefined {
  const { provider, subject } = sought
  const own = pool.users.byOrigin({ providerName: provider.name, subject })
  return linkOf(pool, sought) ?? (own && { user: own }) ?? foldedLink(context, pool, sought)
}

export function linkOf(pool: Pool, { provider, subject, mapped }: Sought): Found | undefined {
  const bySubject = pool.users.links.find(provider.name, SUBJECT, subject)
  if (bySubject) return bySubject
  for (const attribute of pool.users.links.namesOf(provider.name)) {
    const value = mapped.get(attribute)
    const byAttribute = value === undefined ? undefined : pool.users.links.find(provider.name, attribute, value)
    if (byAttribute) return byAttribute
  }
  return undefined
}

/** A link with a lowercased subject is accepted, and then every sign-in fails (awslabs/service-workbench-on-aws#605). */
function foldedLink(context: QuirksContext, pool: Pool, { provider, subject }: Sought): Found | undefined {
  const found = pool.users.links.findWhateverCase(provider.name, SUBJECT, subject)
  if (found && quirksOf(context, pool).linkedIdentityLookup === 'caseSensitive') throw wrongCombination()
  return found
}

export const wrongCombination = () => invalidParameter('Invalid ProviderName/Username combination. Please check again')
