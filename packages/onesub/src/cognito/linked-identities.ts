import type { Identity } from '../core/person.ts'

export interface LinkedIdentity {
  readonly provider: string
  readonly subject: string
  /** The profile's own; a link that was made later is not primary. */
  readonly primary: boolean
}

/**
 * The `identities` attribute: a JSON list in a string (developer guide, "Linking federated users to an existing user profile").
 * Text that is not such a list names nobody.
 */
export function linkedIdentities(json: string | undefined): readonly LinkedIdentity[] {
  return parsedList(json).flatMap((one): LinkedIdentity[] => {
    if (typeof one !== 'object' || one === null) return []
    const { providerName, userId, primary }: { providerName?: unknown; userId?: unknown; primary?: unknown } = one
    if (typeof providerName !== 'string' || typeof userId !== 'string') return []
    return [{ provider: providerName, subject: userId, primary: primary === true || primary === 'true' }]
  })
}

export function isLinked({ provider, subject }: Identity, links: readonly LinkedIdentity[]): boolean {
  return links.some((link) => link.provider === provider && link.subject === subject)
}

function parsedList(json: string | undefined): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(json ?? '[]')
    return Array.isArray(list) ? list : []
  } catch {
    return []
  }
}
