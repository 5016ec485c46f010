import { quirksOf } from '../quirks/quirks.ts'
import { aliasExists, CognitoFault, invalidParameter, resourceNotFound, userNotFound } from '../shared/faults.ts'
import { constraint, type Input } from '../shared/input.ts'
import { type IdentityProvider, isSocial } from '../state/identity-provider.ts'
import { SUBJECT } from '../state/link-index.ts'
import type { Pool } from '../state/pool.ts'
import type { User } from '../state/user.ts'
import type { OperationsContext } from './context.ts'
import { NOTHING, type Operation, poolOf } from './operation.ts'

interface Source {
  readonly provider: IdentityProvider
  readonly attribute: string
  readonly value: string
}

const NATIVE = 'Cognito'
// API reference: AdminLinkProviderForUser.
const MOST_LINKS_PER_USER = 5
const MOST_NAMES_PER_PROVIDER = 5
const LONGEST_IDENTITY = 128

export const adminLinkProviderForUser: Operation = (call) => {
  const { context, input } = call
  const pool = poolOf(call)
  const source = sourceIn(pool, input.needPart('SourceUser'))
  const destination = destinationIn(pool, input.needPart('DestinationUser'))
  refuseLongName(source)
  refuseKnownLink(context, pool, source, destination)
  refuseOntoImmutable(context, pool, source, destination)
  refuseForUnknownReason(context, pool)
  refuseTooMany(context, pool, source, destination)
  const existing = profileOf(pool, source)
  if (existing) return refuseMerge(context, pool, source, existing, destination)
  link(context, pool, source, destination)
  return NOTHING
}

/** A native user cannot use the password any more, an identity loses its link (API reference: AdminDisableProviderForUser). */
export const adminDisableProviderForUser: Operation = (call) => {
  const { context, input } = call
  const pool = poolOf(call)
  const given = input.needPart('User')
  const providerName = given.need('ProviderName')
  const value = given.need('ProviderAttributeValue')
  if (providerName === NATIVE) return disablePassword(pool, value)
  const attribute = given.text('ProviderAttributeName') ?? SUBJECT
  const found = pool.users.links.find(providerName, attribute, value)
  if (!found) throw invalidParameter("Account isn't linked to anyone else, verify that the account has been linked")
  pool.users.links.remove(found.user, found.link)
  const source = pool.users.byOrigin({ providerName, subject: value })
  if (source) pool.users.stopActing(source)
  pool.users.touch(found.user, context.clock())
  return NOTHING
}

function disablePassword(pool: Pool, username: string) {
  const user = pool.users.byUsername(username)
  if (!user) throw userNotFound()
  user.canUsePassword = false
  return NOTHING
}

function sourceIn(pool: Pool, given: Input): Source {
  const name = given.need('ProviderName')
  if (name === NATIVE) {
    throw invalidParameter(
      'Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser',
    )
  }
  const provider = pool.providers.get(name)
  if (!provider) throw resourceNotFound(`Identity provider ${name} does not exist.`)
  const attribute = given.need('ProviderAttributeName')
  const isAllowed = attribute === SUBJECT || (!isSocial(provider) && Object.hasOwn(provider.mapping, attribute))
  if (!isAllowed)
    throw invalidParameter(`Invalid SourceUser: ProviderAttributeName must be ${SUBJECT} or a mapped attribute`)
  return { provider, attribute, value: given.need('ProviderAttributeValue') }
}

/** By Username, or for a federated profile by the provider's own user id. */
function destinationIn(pool: Pool, given: Input): User {
  const providerName = given.need('ProviderName')
  const value = given.need('ProviderAttributeValue')
  const user =
    providerName === NATIVE ? pool.users.byUsername(value) : pool.users.byOrigin({ providerName, subject: value })
  if (!user) throw userNotFound()
  return user
}

/** All three parts together: an undocumented limit (aws/aws-sdk-js-v3#6985). */
function refuseLongName({ provider, attribute, value }: Source): void {
  if (provider.name.length + attribute.length + value.length <= LONGEST_IDENTITY) return
  throw constraint('userName', `Member must have length less than or equal to ${LONGEST_IDENTITY}`)
}

/** "All attributes in the DestinationUser profile must be mutable", says the reference of AdminLinkProviderForUser up to 2025. */
function refuseOntoImmutable(context: OperationsContext, pool: Pool, { provider }: Source, destination: User): void {
  const { linkOntoImmutable } = quirksOf(context, pool)
  const counts = (name: string) =>
    Object.hasOwn(provider.mapping, name) || (linkOntoImmutable === 'anyCustom' && name.startsWith('custom:'))
  const fixed = [...destination.attributes.keys()].find((name) => !pool.schema.isMutable(name) && counts(name))
  if (fixed && linkOntoImmutable !== 'none') throw invalidParameter(`user.${fixed}: Attribute cannot be updated.\n`)
}

function refuseForUnknownReason(context: OperationsContext, pool: Pool): void {
  const { linkRefusal } = quirksOf(context, pool)
  if (linkRefusal === 'none') return
  throw new CognitoFault(linkRefusal, 'The identity cannot be linked to this user.')
}

function refuseKnownLink(
  context: OperationsContext,
  pool: Pool,
  { provider, attribute, value }: Source,
  destination: User,
): void {
  const known = pool.users.links.find(provider.name, attribute, value)
  if (!known) return
  const isSame = known.user === destination
  const asParameter = isSame || quirksOf(context, pool).linkedElsewhere === 'InvalidParameterException'
  if (asParameter) throw invalidParameter('SourceUser is already linked to DestinationUser')
  throw aliasExists('identity')
}

function refuseTooMany(
  context: OperationsContext,
  pool: Pool,
  { provider, attribute }: Source,
  destination: User,
): void {
  const names = new Set([...pool.users.links.namesOf(provider.name), attribute])
  const hasRoom = destination.links.length < MOST_LINKS_PER_USER && names.size <= MOST_NAMES_PER_PROVIDER
  if (hasRoom) return
  throw new CognitoFault(quirksOf(context, pool).sixthIdentity, 'The limit of linked identities is exceeded.')
}

function profileOf(pool: Pool, { provider, attribute, value }: Source): User | undefined {
  return attribute === SUBJECT ? pool.users.byOrigin({ providerName: provider.name, subject: value }) : undefined
}

/**
 * The call fails, and yet the link is there afterwards (aws/aws-sdk-net#1000); from then on admin calls on the source
 * act on the destination (aws/aws-sdk-go#4218).
 */
function refuseMerge(context: OperationsContext, pool: Pool, source: Source, existing: User, destination: User): never {
  if (quirksOf(context, pool).mergeAttempt === 'errorAndLink') {
    link(context, pool, source, destination)
    pool.users.letActFor(existing, destination)
  }
  throw invalidParameter(
    'Merging is not currently supported, provide a SourceUser that has not been signed up in order to link',
  )
}

function link(context: OperationsContext, pool: Pool, { provider, attribute, value }: Source, destination: User): void {
  const now = context.clock()
  pool.users.links.add(destination, {
    providerName: provider.name,
    providerType: provider.type,
    attributeName: attribute,
    attributeValue: value,
    dateCreated: now,
    wasUsed: false,
  })
  pool.users.touch(destination, now)
}
