import type { Identity } from './person.ts'

export interface LinkedIdentity {
  readonly provider: string
  readonly subject: string
  /** The profile's own; a link that was made later is not primary. */
  readonly primary: boolean
}

/**
 * The `identities` attribute, a JSON list in a string (developer guide, "Linking federated users to an existing user profile"), or the same
 * list as an ID token has it. What is not such a list names nobody.
 */
export function linkedIdentities(identities: unknown): readonly LinkedIdentity[] {
  const list = typeof identities === 'string' ? parsed(identities) : identities
  return (Array.isArray(list) ? list : []).flatMap((one: unknown): LinkedIdentity[] => {
    if (typeof one !== 'object' || one === null) return []
    const { providerName, userId, primary }: { providerName?: unknown; userId?: unknown; primary?: unknown } = one
    if (typeof providerName !== 'string' || typeof userId !== 'string') return []
    return [{ provider: providerName, subject: userId, primary: primary === true || primary === 'true' }]
  })
}

export function isLinked({ provider, subject }: Identity, links: readonly LinkedIdentity[]): boolean {
  return links.some((link) => link.provider === provider && link.subject === subject)
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
