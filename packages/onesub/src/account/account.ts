import { identitiesIn, linking, type Moving, separatePersonChange } from '../core/changes/change-for-account.ts'
import type { ChangeContext } from '../core/changes/change-parts.ts'
import { decideLink, type Links } from '../core/decisions/link.ts'
import { decideUnlink } from '../core/decisions/unlink.ts'
import { isOnesubError, OnesubError } from '../core/errors.ts'
import { freshProof, isFromBefore, type SignIn } from '../core/fresh-proof.ts'
import { type Identifier, normaliseEmail } from '../core/identifiers/index.ts'
import { isProvenBy } from '../core/identifiers/ownership.ts'
import { mintUuidV7 } from '../core/mint.ts'
import { configInvalid, has, isRecord, notARegistry, refuseUnknown } from '../core/options.ts'
import { COGNITO, type Identity, type KnownIdentity, type Person, type PersonId, sameIdentity } from '../core/person.ts'
import type { Clock, Facts, MintPersonId, Registry, UserPool } from '../core/ports.ts'
import { registriesOf } from '../core/tenant.ts'
import { withTimeout } from '../core/time.ts'
import { addressChanging, type UserSession } from './address.ts'
import { type LinkOffer, linkOffers, OFFER_LASTS_MS } from './link-offer.ts'
import { signInOf } from './sign-in.ts'
import { unify } from './unify.ts'
import { type NativeUsers, nativeUsersOf, unlink, withForeignLinks } from './unlink.ts'

/** Gives the claims of a verified token, and throws for any other: `createIdentityVerifier` of `onesub/verify`. */
type Verify = ((
  token: string,
) => Promise<{ readonly identity: Identity; readonly claims: Readonly<Record<string, unknown>> }>) & {
  readonly tokenUse?: 'access' | 'id'
}

/** All that an account page does in the user pool; `permissionsFor(ACCOUNT_CALLS)` of `onesub/user-pool` gives the IAM actions. */
export const ACCOUNT_CALLS = [
  'find',
  'link',
  'unlink',
  'removeProfile',
  'removePlaceholderUser',
  'restoreAddress',
  'unverifyAddress',
  'signOut',
] as const satisfies readonly (keyof UserPool)[]

export interface AccountOptions {
  /** `createIdentityVerifier({ …, tokenUse: 'access' })` */
  readonly verifyAccess: Verify
  /** `createIdentityVerifier({ …, tokenUse: 'id' })`: an ID token names the provider that its user came by. */
  readonly verifyId: Verify
  readonly registry: Registry
  readonly userPool: Pick<UserPool, (typeof ACCOUNT_CALLS)[number]>
  /** For `changeAddress`; without it that call throws `CONFIG_INVALID`. */
  readonly userSession?: UserSession
  /** Of yours, 32 characters or more, the same in all processes: it seals what was offered. */
  readonly secret: string
  /** The same as the triggers'. @default UUID version 7 */
  readonly mintPersonId?: MintPersonId
  /** @default the system's */
  readonly clock?: Clock
}

/** A sign-in method, as an account page lists it. */
export interface SignInMethod {
  /** `Cognito` for the user name and password. */
  readonly provider: string
  readonly subject: string
  /** Whether it can be taken off now. */
  readonly removable: boolean
}

export interface SignInMethods {
  readonly person: PersonId
  /** `resettable`: there is none yet; a reset with a code to the proven address sets one. */
  readonly password: 'set' | 'resettable' | 'none'
  readonly ways: readonly SignInMethod[]
}

export interface Offer {
  /** For `acceptLink`, within ten minutes. It belongs on the page that asks "do you want to link these two?", and nowhere else. */
  readonly proof: string
  /** Epoch milliseconds. */
  readonly expires: number
  /** The providers of the sign-in methods that would be added. */
  readonly providers: readonly string[]
  /** The address that the new side shows, for the page that names both accounts. Proves nothing. */
  readonly label: string | null
  /** The person whose sign-in method it is so far. The application names that person in `acceptLink`, to say that it will move the person's rows. Null where it belongs to no person. */
  readonly merges: PersonId | null
}

export interface Linked {
  readonly person: PersonId
  /** Whose rows your application has to move to `person`, now. From the offer as we sealed it: what the page sends proves nothing. */
  readonly merged: PersonId | null
}

export interface Account {
  signInMethods(accessToken: string): Promise<SignInMethods>
  /**
   * Both signed in with less than five minutes ago: the account by its access token, the sign-in method to be added by the ID token of a second
   * sign-in. Changes nothing. Throws `LINK_PROOF_INVALID` where one of them is older, `LINK_NEEDS_RECOVERY` where somebody else may know the
   * password of one of the two.
   */
  offerLink(of: { readonly accessToken: string; readonly additionIdToken: string }): Promise<Offer | 'linked'>
  /** After the user has agreed. `merges`: the id in the offer, where there is one; without it `LINK_NEEDS_MERGE`. */
  acceptLink(of: {
    readonly accessToken: string
    readonly proof: string
    readonly merges?: PersonId | null
  }): Promise<Linked>
  /** Throws `LAST_SIGN_IN_METHOD`, `LINK_IS_PRIMARY_USER`, `LINK_UNKNOWN`, or `LINK_PROOF_INVALID` where the sign-in is older than five minutes. */
  unlink(of: {
    readonly accessToken: string
    readonly provider: string
    readonly subject: string
  }): Promise<{ readonly person: PersonId }>
  /** With the user's consent: creates a person of its own, without any identifier, for a sign-in method that belongs to nobody (it was unlinked, or is waiting for proof). */
  startSeparatePerson(idToken: string): Promise<{ readonly person: PersonId }>
  /**
   * Has Cognito send a code to the new address of a user who has signed in less than five minutes ago. The access token needs the scope
   * `aws.cognito.signin.user.admin`. Throws `IDENTIFIER_INVALID`, `LINK_PROOF_INVALID`, `TRY_AGAIN`.
   */
  changeAddress(of: { readonly accessToken: string; readonly address: string }): Promise<AddressRequest>
  /**
   * Gives Cognito the code; from then on the person owns the new address, and the former one is free. Throws `CODE_INVALID`, `IDENTIFIER_TAKEN`
   * where another user of the pool has the address as an alias, `LINK_PROOF_INVALID`, `TRY_AGAIN`.
   */
  confirmAddress(of: {
    readonly accessToken: string
    readonly proof: string
    readonly code: string
  }): Promise<{ readonly person: PersonId }>
}

export interface AddressRequest {
  /** For `confirmAddress`, within ten minutes. */
  readonly proof: string
  /** Epoch milliseconds. */
  readonly expires: number
}

/**
 * What an account page does: list the sign-in methods, link one, unlink one. Linking rests on fresh proof of both sides (E4), never on an address.
 * Throws `CONFIG_INVALID` at start.
 */
export function createAccountService(options: AccountOptions): Account {
  checkOptions(options)
  const { registry, userPool, clock = Date.now, mintPersonId = mintUuidV7(clock) } = options
  const { seal, open } = linkOffers(options.secret)

  const signedIn = async (verify: Verify, token: string) => {
    const { identity, claims } = await verify(token)
    const signIn = signInOf(identity, claims)
    if (!signIn) throw new OnesubError('TOKEN_INVALID', { detail: 'auth_time' })
    return { signIn, claims }
  }

  const personOf = async (identity: Identity): Promise<Person> => {
    const id = await registry.resolve(identity)
    const person = id && (await registry.person(id))
    if (!person) throw new OnesubError('PERSON_UNKNOWN')
    return person
  }

  /** The account of a sign-in that a recovery has not ended since (T158). */
  const accountOfSignIn = async (signIn: SignIn): Promise<Person> => {
    const account = await personOf(signIn.user)
    refuseOlder(signIn, account)
    return account
  }

  const factsOf = async (identities: readonly KnownIdentity[]) => {
    const facts = await Promise.all(identities.map((identity) => registry.facts({ identity, identifiers: [] })))
    return { facts, revisionOf: revisionsIn(identities, facts) }
  }

  /** A user who may only know a password from before the proof of the address must not link or unlink anything (T157). */
  const refuseInDoubt = async (persons: readonly (Person | undefined)[]) => {
    for (const person of persons) {
      const read = normaliseEmail(person?.address ?? '')
      if (!person || !read.ok) continue
      for (const tenant of registriesOf(person, registry)) {
        const [fact] = (await tenant.facts({ identity: undefined, identifiers: [read.identifier] })).identifiers
        if (isProvenBy(fact?.ownership, person.id) && fact?.ownership?.holder?.contested)
          throw new OnesubError('LINK_NEEDS_RECOVERY')
      }
    }
  }

  /** The person whom a sign-in method belongs to. The provider's identity and its profile in the pool may have been seen one without the other. */
  const ownerOf = (facts: readonly Facts[]): Person | undefined => facts.find(({ owner }) => owner)?.owner

  /** An account's operations are named by the account's revision: the same one twice is one. */
  const changeContextOf = (source: string, user: Identity, userName: string = user.subject): ChangeContext => ({
    operation: { pool: user.pool, source, userName, client: '' },
    sub: user.subject,
    now: clock(),
    mint: mintPersonId,
    address: null,
  })

  const commit = async (change: ReturnType<typeof linking>) => {
    const result = change && (await registry.commit(change))
    if (result?.outcome === 'overtaken') throw new OnesubError('LINK_PROOF_INVALID', { detail: 'changed in between' })
    return result
  }

  const addresses = addressChanging({ registry, session: options.userSession, secret: options.secret, clock })

  return guarded({
    async signInMethods(accessToken) {
      const { identity } = await options.verifyAccess(accessToken)
      const account = await personOf(identity)
      // The list is for display only: an unlink reads the identity again.
      const none = { gone: [], closed: [], links: [] }
      const looking = nativeUsersOf(account, identity.pool, userPool).catch((): NativeUsers => none)
      const { gone, closed, links } = await withTimeout(SOON_MS, looking, () => none)
      const seen = withForeignLinks(account, identity.pool, links)
      const resettable = account.address !== null
      return {
        person: account.id,
        password: passwordOf(account, gone, resettable),
        ways: seen.identities
          .filter((way) => isListed(way) && !isAmong(gone, way))
          .map((way) => ({
            provider: way.provider,
            subject: way.subject,
            removable: decideUnlink({ account: seen, identity: way, gone, closed, resettable }).kind === 'unlinks',
          })),
      }
    },

    async offerLink({ accessToken, additionIdToken }) {
      const [{ signIn }, addition] = await Promise.all([
        signedIn(options.verifyAccess, accessToken),
        signedIn(options.verifyId, additionIdToken),
      ])
      const account = await accountOfSignIn(signIn)
      const because = fresh(signIn, addition.signIn)
      const { facts } = await factsOf(because.adds)
      const owner = ownerOf(facts)
      if (owner) refuseOlder(addition.signIn, owner)
      const decision = decideLink({ account, owner, because })
      if (decision.kind === 'already') return 'linked'
      await refuseInDoubt([account, owner])
      const expires = clock() + OFFER_LASTS_MS
      const merges = decision.merges?.id ?? null
      const proof = seal({
        account: account.id,
        revision: account.revision,
        because,
        merges,
        mergesRevision: decision.merges?.revision ?? null,
        until: expires,
        email: emailIn(addition.claims),
      })
      const providers = identitiesIn(decision)
        .filter(isListed)
        .map(({ provider }) => provider)
      return { proof, expires, providers, label: emailIn(addition.claims), merges }
    },

    async acceptLink({ accessToken, proof, merges = null }) {
      const { signIn } = await signedIn(options.verifyAccess, accessToken)
      const identity = signIn.user
      const offer = open(proof, clock())
      const account = await accountOfSignIn(signIn)
      if (account.id !== offer.account) throw new OnesubError('LINK_PROOF_INVALID', { detail: 'another account' })
      if (offer.merges !== merges) throw new OnesubError('LINK_NEEDS_MERGE')
      const { adds } = offer.because
      const added = await factsOf(adds)
      const owner = ownerOf(added.facts)
      const linked = { person: account.id, merged: offer.merges }
      // The same offer accepted twice is one link: a double click, or an answer that was lost.
      if (owner?.id === account.id && account.revision === offer.revision + 1) return linked
      checkUnchanged(offer, account, owner)
      await refuseInDoubt([account, owner])
      const links: Links = { kind: 'links', person: account, merges: owner, because: offer.because }
      // The rows of the added identities expect the revision that was read with their owner. The other identities are the merged person's for as long as that person's own row is unchanged.
      const rest = await factsOf(identitiesIn(links).filter((one) => !isAmong(adds, one)))
      const revisionOf = (one: Identity) => (isAmong(adds, one) ? added : rest).revisionOf(one)
      const moving = { revisionOf, ownerships: owner ? await ownershipsOf(owner, offer, registry) : [] }
      await commit(linking(links, moving, changeContextOf('link', identity)))
      const ownerships = moving.ownerships.map(({ ownership }) => ownership)
      await unify(links, ownerships, userPool)
      return linked
    },

    async unlink({ accessToken, provider, subject }) {
      const { signIn } = await signedIn(options.verifyAccess, accessToken)
      fresh(signIn, signIn)
      const account = await accountOfSignIn(signIn)
      if (typeof provider !== 'string' || typeof subject !== 'string') throw new OnesubError('LINK_UNKNOWN')
      const { user } = signIn
      const contextOf = (source: string) => changeContextOf(source, user)
      await unlink(account, { pool: user.pool, provider, subject }, { registry, userPool, contextOf })
      return { person: account.id }
    },

    async startSeparatePerson(idToken) {
      const { signIn } = await signedIn(options.verifyId, idToken)
      fresh(signIn, signIn)
      const { facts, revisionOf } = await factsOf(signIn.shows)
      const owner = ownerOf(facts)
      if (owner) return { person: owner.id }
      const result = await commit(
        separatePersonChange(signIn.shows, revisionOf, changeContextOf('start-separate-person', signIn.user)),
      )
      return result?.outcome === 'committed' ? { person: result.person } : { person: (await personOf(signIn.user)).id }
    },

    async changeAddress({ accessToken, address }) {
      const { signIn } = await signedIn(options.verifyAccess, accessToken)
      fresh(signIn, signIn)
      const account = await accountOfSignIn(signIn)
      await refuseInDoubt([account])
      return addresses.request({ accessToken, account, user: signIn.user, address })
    },

    async confirmAddress({ accessToken, proof, code }) {
      const { signIn } = await signedIn(options.verifyAccess, accessToken)
      const account = await accountOfSignIn(signIn)
      return addresses.confirm(
        { accessToken, account, user: signIn.user, proof, code },
        changeContextOf('change-address', signIn.user, userNameOf(account, signIn.user)),
      )
    },
  })

  function fresh(account: SignIn, addition: SignIn) {
    const proof = freshProof(account, addition, clock())
    if (!proof) throw new OnesubError('LINK_PROOF_INVALID', { detail: 'sign in again first' })
    return proof
  }
}

const SOON_MS = 1_000

/** A fault of the store is a plain "try again": its own words may hold names and addresses. */
function guarded(service: Account): Account {
  const plainly =
    <Given, Answer>(call: (given: Given) => Promise<Answer>) =>
    async (given: Given): Promise<Answer> => {
      // Every call begins with a token.
      if (typeof given !== 'string' && !isRecord(given)) throw new OnesubError('TOKEN_INVALID', { detail: 'missing' })
      return call(given).catch((cause: unknown) => {
        throw isOnesubError(cause) ? cause : new OnesubError('TRY_AGAIN', { cause })
      })
    }
  return {
    signInMethods: plainly(service.signInMethods),
    offerLink: plainly(service.offerLink),
    acceptLink: plainly(service.acceptLink),
    unlink: plainly(service.unlink),
    startSeparatePerson: plainly(service.startSeparatePerson),
    changeAddress: plainly(service.changeAddress),
    confirmAddress: plainly(service.confirmAddress),
  }
}

const OPTIONS: Readonly<Record<keyof AccountOptions, true>> = {
  verifyAccess: true,
  verifyId: true,
  registry: true,
  userPool: true,
  userSession: true,
  secret: true,
  mintPersonId: true,
  clock: true,
}

/** A JavaScript user has no compiler, and would notice at the first call that needs what is missing. */
function checkOptions(options: unknown): void {
  if (!isRecord(options)) throw configInvalid('createAccountService needs its options.')
  refuseUnknown(options, OPTIONS)
  const { registry, userPool, userSession } = options
  if (!has(registry, 'facts', 'commit', 'resolve', 'person')) throw notARegistry(registry)
  if (!has(userPool, 'find', 'link', 'unlink'))
    throw configInvalid('"userPool" is none: wrap a client, createUserPoolAdapter(client) of onesub/user-pool.')
  if (userSession !== undefined && !has(userSession, 'requestAddress', 'verifyAddress'))
    throw configInvalid('"userSession" is none: wrap a client, createUserSession(client).')
  const functions = ['verifyAccess', 'verifyId', 'mintPersonId', 'clock']
  const fault = functions.find((name, at) => !(has(options, name) || (at > 1 && options[name] === undefined)))
  if (fault !== undefined) throw configInvalid(`"${fault}" is not a function.`)
  // Either would sign in by the other's token: an ID token holds what its user may edit.
  for (const [name, use] of [
    ['verifyAccess', 'access'],
    ['verifyId', 'id'],
  ] as const) {
    const verify = options[name]
    const taken = typeof verify === 'function' && 'tokenUse' in verify ? verify.tokenUse : use
    if (taken !== use) throw configInvalid(`"${name}" must be made with tokenUse: '${use}'.`)
  }
}

function userNameOf({ identities }: Person, user: Identity): string | undefined {
  return identities.find((one) => sameIdentity(one, user))?.userName ?? undefined
}

function refuseOlder(signIn: SignIn, person: Person): void {
  if (isFromBefore(signIn, person)) throw new OnesubError('LINK_PROOF_INVALID', { detail: 'older than a recovery' })
}

/** A profile belongs to its provider, and a placeholder user is what providers are linked to: neither is a sign-in method of its own. */
function isListed({ provider, native, placeholder }: KnownIdentity): boolean {
  return provider !== COGNITO || (native && placeholder === undefined)
}

function passwordOf({ identities }: Person, gone: readonly Identity[], resettable: boolean): SignInMethods['password'] {
  const users = identities.filter((one) => one.native && !isAmong(gone, one))
  if (users.some(({ placeholder }) => placeholder === undefined)) return 'set'
  return users.length > 0 && resettable ? 'resettable' : 'none'
}

function isAmong(identities: readonly Identity[], identity: Identity): boolean {
  return identities.some((one) => sameIdentity(one, identity))
}

function revisionsIn(identities: readonly KnownIdentity[], facts: readonly Facts[]): Moving['revisionOf'] {
  return (identity) => {
    const at = identities.findIndex((one) => sameIdentity(one, identity))
    return facts[at]?.identityRevision ?? 0
  }
}

function checkUnchanged(offer: LinkOffer, account: Person, owner: Person | undefined): void {
  const isOther = (owner?.id ?? null) !== offer.merges || (owner?.revision ?? null) !== offer.mergesRevision
  if (account.revision !== offer.revision || isOther) {
    throw new OnesubError('LINK_PROOF_INVALID', { detail: 'changed in between' })
  }
}

/** What the merged person owns becomes the survivor's: the address that they have proven, and the one that the sign-in showed. */
async function ownershipsOf(owner: Person, { email }: LinkOffer, registry: Registry): Promise<Moving['ownerships']> {
  const identifiers = new Map<string, Identifier<'email'>>()
  for (const address of [owner.address, email]) {
    const read = normaliseEmail(address ?? '')
    if (read.ok) identifiers.set(read.identifier.value, read.identifier)
  }
  const read = { identity: undefined, identifiers: [...identifiers.values()] }
  const facts = await Promise.all(registriesOf(owner, registry).map((tenant) => tenant.facts(read)))
  return facts
    .flatMap(({ identifiers }) => identifiers)
    .flatMap(({ identifier, ownership }) =>
      ownership && isProvenBy(ownership, owner.id) ? [{ identifier, ownership }] : [],
    )
}

function emailIn({ email }: Readonly<Record<string, unknown>>): string | null {
  return typeof email === 'string' ? email : null
}
