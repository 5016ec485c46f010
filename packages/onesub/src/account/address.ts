import { addressChange } from '../core/changes/change-for.ts'
import type { ChangeContext } from '../core/changes/change-parts.ts'
import { decideAddressChange } from '../core/decisions/address-change.ts'
import { acquisitionOf } from '../core/decisions/native-sign-up.ts'
import { OnesubError } from '../core/errors.ts'
import { emailEvidence } from '../core/evidence.ts'
import { type Identifier, normaliseEmail } from '../core/identifiers/index.ts'
import { NOBODY, statusOf } from '../core/identifiers/ownership.ts'
import { configInvalid, has } from '../core/options.ts'
import { type Identity, type Person, type PersonId, sameIdentity } from '../core/person.ts'
import type { Clock, Registry } from '../core/ports.ts'
import { registryWithin } from '../core/tenant.ts'
import { sealedWith } from './seal.ts'

/** The calls that act as the signed-in user, in the API's own words; the AWS SDK's client has them. */
export interface CognitoUserApi {
  updateUserAttributes(input: {
    readonly AccessToken: string
    readonly UserAttributes: { Name: string; Value: string }[]
  }): Promise<unknown>
  verifyUserAttribute(input: {
    readonly AccessToken: string
    readonly AttributeName: string
    readonly Code: string
  }): Promise<unknown>
  getUserAttributeVerificationCode(input: {
    readonly AccessToken: string
    readonly AttributeName: string
  }): Promise<unknown>
  getUser(input: { readonly AccessToken: string }): Promise<{
    readonly UserAttributes?:
      | readonly { readonly Name: string | undefined; readonly Value?: string | undefined }[]
      | undefined
  }>
}

/** The signed-in user's own address in the pool. */
export interface UserSession {
  /** Cognito sends a code to it. */
  requestAddress(accessToken: string, address: string): Promise<void>
  /** The address that the user has, verified, once Cognito has taken the code; undefined where it is not verified. */
  verifyAddress(accessToken: string, code: string): Promise<string | undefined>
}

/** Throws `CONFIG_INVALID` for a client that lacks one of these calls. */
export function createUserSession(api: CognitoUserApi): UserSession {
  if (!has(api, 'updateUserAttributes', 'verifyUserAttribute', 'getUserAttributeVerificationCode', 'getUser'))
    throw configInvalid(
      'createUserSession needs a client that has "updateUserAttributes", "verifyUserAttribute", "getUserAttributeVerificationCode" and "getUser": new CognitoIdentityProvider() of @aws-sdk/client-cognito-identity-provider.',
    )
  return {
    async requestAddress(AccessToken, Value) {
      // An address that the user shows already is no change, and Cognito sends no code for it.
      const { UserAttributes = [] } = await api.getUser({ AccessToken }).catch(throwPlainly)
      const isShown = UserAttributes.some((one) => one.Name === 'email' && one.Value === Value)
      await api.updateUserAttributes({ AccessToken, UserAttributes: [{ Name: 'email', Value }] }).catch(throwPlainly)
      if (isShown)
        await api.getUserAttributeVerificationCode({ AccessToken, AttributeName: 'email' }).catch(throwPlainly)
    },
    async verifyAddress(AccessToken, Code) {
      await api.verifyUserAttribute({ AccessToken, AttributeName: 'email', Code }).catch((cause) => {
        throw isNamed(cause, 'InvalidParameterException') ? new OnesubError('CODE_INVALID', { cause }) : plainly(cause)
      })
      const { UserAttributes = [] } = await api.getUser({ AccessToken }).catch(throwPlainly)
      const attribute = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value
      return attribute('email_verified') === 'true' ? attribute('email') : undefined
    },
  }
}

const CODES = {
  CodeMismatchException: 'CODE_INVALID',
  ExpiredCodeException: 'CODE_INVALID',
  AliasExistsException: 'IDENTIFIER_TAKEN',
  InvalidParameterException: 'IDENTIFIER_INVALID',
  NotAuthorizedException: 'TOKEN_INVALID',
} as const

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name
}

function throwPlainly(cause: unknown): never {
  throw plainly(cause)
}

/** Cognito's own words may hold names. */
function plainly(cause: unknown): OnesubError {
  const [, code] = Object.entries(CODES).find(([name]) => isNamed(cause, name)) ?? []
  return new OnesubError(code ?? 'TRY_AGAIN', { cause })
}

interface AddressOffer {
  readonly account: PersonId
  /** The pool user's `sub`: another user's code proves nothing here. */
  readonly user: string
  readonly address: string
  readonly until: number
}

const LASTS_MS = 10 * 60_000
const TRIES = 3

interface Parts {
  readonly registry: Registry
  readonly session: UserSession | undefined
  readonly secret: unknown
  readonly clock: Clock
}

interface Asking {
  readonly accessToken: string
  readonly account: Person
  readonly user: Identity
}

/**
 * A change of address through our own call: VerifyUserAttribute runs no trigger, so that only who gives Cognito the code knows that it was
 * entered. The address that was asked for is sealed; a code proves the address that it was sent to (aws-amplify/amplify-js#987), which is
 * read back and compared.
 */
export function addressChanging({ registry, session, secret, clock }: Parts) {
  const { seal, open } = sealedWith(secret, 'onesub address')
  const needed = (): UserSession => {
    if (!session) throw configInvalid('"userSession" is missing: changeAddress needs it, createUserSession(client).')
    return session
  }
  return {
    async request({ accessToken, account, user, address }: Asking & { readonly address: string }) {
      const identifier = identifierOf(address)
      await needed().requestAddress(accessToken, address.trim())
      const until = clock() + LASTS_MS
      const offer: AddressOffer = { account: account.id, user: user.subject, address: identifier.value, until }
      return { proof: seal(offer), expires: until }
    },

    async confirm(
      { accessToken, account, user, proof, code }: Asking & { readonly proof: string; readonly code: string },
      context: ChangeContext,
    ): Promise<{ readonly person: PersonId }> {
      const offer = open(proof, clock()) as AddressOffer
      if (offer.account !== account.id || offer.user !== user.subject)
        throw new OnesubError('LINK_PROOF_INVALID', { detail: 'another account' })
      if (typeof code !== 'string') throw new OnesubError('CODE_INVALID', { detail: 'no text' })
      const address = await needed().verifyAddress(accessToken, code)
      const shown = normaliseEmail(address ?? '')
      if (!shown.ok || shown.identifier.value !== offer.address)
        // The code belonged to a later request, and is spent: the user has that address now. One more code proves it.
        throw new OnesubError('CODE_INVALID', { detail: 'another address' })
      const { within } = account.identities.find((one) => sameIdentity(one, user)) ?? {}
      const tenant = registryWithin(registry, within)
      await written(account.id, user.subject, shown.identifier, { ...context, address: address ?? null }, tenant)
      return { person: account.id }
    },
  }
}

function identifierOf(address: unknown): Identifier<'email'> {
  if (typeof address !== 'string') throw new OnesubError('IDENTIFIER_INVALID', { detail: 'email: no text' })
  const read = normaliseEmail(address)
  if (!read.ok) throw new OnesubError('IDENTIFIER_INVALID', { detail: `email: ${read.fault}` })
  return read.identifier
}

async function written(
  id: PersonId,
  user: string,
  identifier: Identifier<'email'>,
  context: ChangeContext,
  registry: Registry,
): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const owner = await registry.person(id)
    if (!owner) throw new OnesubError('PERSON_UNKNOWN')
    const former = normaliseEmail(owner.address ?? '')
    const { identifiers } = await registry.facts({
      identity: undefined,
      identifiers: former.ok ? [identifier, former.identifier] : [identifier],
    })
    const [shown, before] = identifiers.map(({ ownership }) =>
      statusOf(ownership, { holder: NOBODY, now: context.now }),
    )
    const decided = decideAddressChange({
      owner,
      user,
      shown: shown && { evidence: emailEvidence(identifier, 3), verified: true, status: shown },
      former: former.ok && before ? { identifier: former.identifier, status: before } : undefined,
      isLinked: false,
    })
    // The person may own it by a provider's word: from now on it is proven by a code, whatever becomes of the provider.
    const isByCode = shown?.kind === 'owned' && shown.ownership.holder?.byCode === true
    if (shown && decided.acquisitions.length === 0 && isByCode && decided.releases.length === 0) return
    const proven = shown ? [acquisitionOf(emailEvidence(identifier, 3), shown, owner.id)] : []
    const change = addressChange(owner, { acquisitions: proven, releases: decided.releases }, context)
    if (change && (await registry.commit(change)).outcome === 'committed') return
  }
  throw new OnesubError('TRY_AGAIN', { detail: 'overtaken' })
}
