import type { User } from './user.ts'

interface DescribedIdentity {
  readonly userId: string
  readonly providerName: string
  readonly providerType: string
  readonly issuer: null
  readonly primary: boolean
  readonly dateCreated: number
}

/** A profile's own identity is primary, linked ones are not (Developer Guide: ...-identity-federation-consolidate-users). */
export function identitiesOf(user: User): readonly DescribedIdentity[] {
  const own = user.origin && {
    userId: user.origin.subject,
    providerName: user.origin.providerName,
    providerType: user.origin.providerType,
    issuer: null,
    primary: true,
    dateCreated: user.createdAt,
  }
  const linked = user.links.map((link) => ({
    userId: link.attributeValue,
    providerName: link.providerName,
    providerType: link.providerType,
    issuer: null,
    primary: false,
    dateCreated: link.dateCreated,
  }))
  return own ? [own, ...linked] : linked
}

export function identitiesText(user: User): string | undefined {
  const identities = identitiesOf(user)
  return identities.length > 0 ? JSON.stringify(identities) : undefined
}
