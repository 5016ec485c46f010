import type {
  Acquisition,
  CreatePerson,
  Decision,
  ExistingPerson,
  LinkIdentity,
  Pending,
} from '../decisions/decision.ts'
import type { DomainEvent } from '../events.ts'
import { isHard } from '../evidence.ts'
import { normaliseEmail } from '../identifiers/index.ts'
import {
  isInDoubt,
  isProven,
  type OwnershipHolder,
  ownershipUnder,
  reservationTerms,
} from '../identifiers/ownership.ts'
import { type KnownIdentity, madeByAdministrator, type Person, sameIdentity, standsAloneFor } from '../person.ts'
import type { Attachment, Change, IdentityWrite, PersonWrite, Write } from './change.ts'
import {
  bare,
  type ChangeContext,
  change,
  History,
  identityWrite,
  ownershipWrite,
  personWrite,
  releaseWrite,
} from './change-parts.ts'

/** Who the change is about, as the pool shows them; the first is the one whose row was asked for. */
export interface ArrivedAs {
  readonly identities: readonly [KnownIdentity, ...KnownIdentity[]]
  /** Of the first identity's row; 0 where it has none. */
  readonly revision: number
}

/** What a decision about a user that Cognito has, or is about to have, writes down. */
export function changeFor(decision: Decision, arrived: ArrivedAs, context: ChangeContext): Change | undefined {
  switch (decision.kind) {
    case 'create-person':
      return createPerson(decision, arrived, context)
    case 'link-identity':
      return linkIdentity(decision, arrived, context)
    case 'existing-person':
      return updatePerson(decision, arrived, context)
    case 'pending':
      return waiting(decision, arrived, context)
    case 'refused':
      return undefined
  }
}

/** A sign-up that may never be finished: its identifiers are reserved, and no person is created yet. `made`: of the administrator's own row. */
export function reservation(
  decision: CreatePerson,
  holder: OwnershipHolder,
  { leaseMs, madeRevision = 0 }: { readonly leaseMs: number; readonly madeRevision?: number },
  context: ChangeContext,
): Change | undefined {
  const person = decision.person === 'new' ? context.mint() : decision.person
  const writes: Write[] = decision.acquisitions.map((acquisition) =>
    ownershipWrite(acquisition, person, termsOf(acquisition, holder, leaseMs, context.now), undefined, context),
  )
  // A user whom an administrator made runs no trigger on confirmation: at the first token this row distinguishes them from users from before onesub.
  if (holder.by === 'administrator') writes.push(madeWrite(holder, madeRevision, person))
  return change(person, writes, context)
}

function termsOf(acquisition: Acquisition, holder: OwnershipHolder, leaseMs: number, now: number) {
  const current = ownershipUnder(acquisition.status)
  const isKept = current !== undefined && isProven(current) && !acquisition.supersedes
  if (isHard(acquisition.evidence.rank) || isKept) return { holder: { ...holder, since: now }, leaseUntil: null }
  return reservationTerms(acquisition.status, holder, { now, leaseMs })
}

function madeWrite({ pool, userName }: OwnershipHolder, expectedRevision: number, wants: Person['id']): IdentityWrite {
  const attachment: Attachment = { status: 'waiting', wants }
  return {
    row: 'identity',
    identity: madeByAdministrator({ pool, userName }),
    expectedRevision,
    attachment,
    events: [],
  }
}

/** The user exists: the person is created, with the identifiers and the identities of the event. */
function createPerson(
  decision: CreatePerson,
  { identities, revision }: ArrivedAs,
  context: ChangeContext,
): Change | undefined {
  const id = decision.person === 'new' ? context.mint() : decision.person
  const history = new History(id, 0, context.now)
  const created = [history.record('person.created', {})]
  const attached = identities.map((identity, at) => identityWrite(identity, id, history, at === 0 ? revision : 0))
  const claimed = decision.acquisitions.map((acquisition) =>
    ownershipWrite(
      acquisition,
      id,
      { holder: awaited(acquisition, identities) ?? prover(acquisition, context), leaseUntil: null },
      history,
      context,
    ),
  )
  const person: PersonWrite = {
    row: 'person',
    id,
    expectedRevision: 0,
    person: { ...UNTOUCHED, identities, address: addressIn(decision.acquisitions, context), version: history.version },
    events: created,
  }
  return change(id, [person, ...attached, ...claimed], context)
}

/** The user who has proven it; a provider that joins leaves the native user named there, which is checked first. */
function prover(
  acquisition: Acquisition,
  { operation: { pool, userName }, sub, now, doubtful = false }: ChangeContext,
): OwnershipHolder {
  const before =
    acquisition.status.kind === 'owned' && !acquisition.supersedes ? acquisition.status.ownership.holder : null
  const arrived = { pool, userName, ...(sub !== undefined && { sub }) }
  const user = { ...(before ? named(before) : arrived), since: now }
  return doubtful ? { ...user, contested: true } : user
}

/** The user who has entered a code, also where another user of the person had proven the address before. */
function proverByCode({ operation: { pool, userName }, sub, now }: ChangeContext): OwnershipHolder {
  return { pool, userName, ...(sub !== undefined && { sub }), since: now, byCode: true }
}

function named({ pool, userName, sub, byCode }: OwnershipHolder): OwnershipHolder {
  return { pool, userName, ...(sub !== undefined && { sub }), ...(byCode && { byCode }) }
}

/** A user that an administrator, or we, have made, and that has not come yet, stays named in the ownership: it is recognised by it when it comes. */
function awaited({ status, supersedes }: Acquisition, arrived: readonly KnownIdentity[]): OwnershipHolder | null {
  const holder = status.kind === 'free' || supersedes ? null : status.ownership.holder
  if (holder?.by === undefined) return null
  return arrived.some(({ userName }) => userName === holder.userName) ? null : holder
}

const UNTOUCHED = { notBefore: 0, mergedInto: null } as const

function addressIn(acquisitions: readonly Acquisition[], { address }: ChangeContext): string | null {
  return acquisitions.some(({ evidence }) => evidence.kind === 'proven') ? address : null
}

function linkIdentity(
  { person, acquisitions }: LinkIdentity,
  { identities, revision }: ArrivedAs,
  context: ChangeContext,
): Change | undefined {
  const unknown = identities.filter((identity) => !isAmong(person.identities, identity))
  // Somebody who knows the password in doubt may have signed in with it: those sessions end with it.
  const isDoubtful = acquisitions.some(({ status }) => isInDoubt(status))
  const spelled = person.address ?? context.address
  return additionTo(
    person,
    { added: unknown, proves: acquisitions, endsSessions: isDoubtful, revision },
    // What is proven once more stays as its owner has spelled it: in a pool that keeps case they sign in by it.
    { ...context, address: spelled },
  )
}

/** What a known person's return leaves behind: nothing, a recovery, more proof of an identifier, or an identity that had no row yet. */
function updatePerson(
  { person, recovered, proves }: ExistingPerson,
  { identities, revision }: ArrivedAs,
  context: ChangeContext,
): Change | undefined {
  const unknown = identities.filter((identity) => !isAmong(person.identities, identity))
  const said = identities.filter(({ said }) => said !== undefined)
  const hasNewWord = said.some((one) =>
    person.identities.some(
      (known) => sameIdentity(known, one) && (known.said !== one.said || known.within !== one.within),
    ),
  )
  if (unknown.length === 0 && recovered === false && proves.length === 0 && !hasNewWord) return undefined
  const isFirstKnown = identities[0] !== undefined && isAmong(person.identities, identities[0])
  const address = followsRename(person, identities) ? context.address : person.address
  return additionTo(
    person,
    { added: unknown, said, recovered, proves, revision: isFirstKnown ? 0 : revision },
    { ...context, address },
  )
}

/**
 * A provider that is renamed takes the person's address along only where this provider had sent it, and no other provider of theirs still sends it.
 * Otherwise the new address is owned, and the user recovers by the former one.
 */
function followsRename(person: Person, arrived: readonly KnownIdentity[]): boolean {
  const providers = arrived.filter(({ native }) => !native)
  const read = normaliseEmail(person.address ?? '')
  if (providers.length === 0 || !read.ok) return true
  return standsAloneFor(person, read.identifier.value, (one) => isAmong(providers, one))
}

/** The user that a person who came by a provider has in the pool. */
export function attachNativeUser(person: Person, native: KnownIdentity, context: ChangeContext): Change | undefined {
  return additionTo(person, { added: [native] }, context)
}

/** A known identity without a person: its tokens have no person until there is proof. */
function waiting(
  { wants, since }: Pending,
  { identities: [identity], revision }: ArrivedAs,
  context: ChangeContext,
): Change | undefined {
  if (since === 'still') return undefined
  const attachment: Attachment = { status: 'waiting', wants }
  const events: readonly DomainEvent[] = [
    { type: 'identity.pending', person: wants, version: 0, at: context.now, detail: { provider: identity.provider } },
  ]
  return change(
    wants,
    [{ row: 'identity', identity: bare(identity), expectedRevision: revision, attachment, events }],
    context,
  )
}

interface Addition {
  readonly added?: readonly KnownIdentity[]
  /** Known identities with what their provider says now, and the tenant that the policy names for it. */
  readonly said?: readonly KnownIdentity[]
  readonly recovered?: ExistingPerson['recovered']
  readonly endsSessions?: boolean
  readonly proves?: readonly Acquisition[]
  /** Of the first added identity's row. */
  readonly revision?: number
}

function additionTo(
  before: Person,
  { added = [], said = [], recovered = false, endsSessions = recovered !== false, proves = [], revision = 0 }: Addition,
  context: ChangeContext,
): Change | undefined {
  const history = new History(before.id, before.version, context.now)
  const recovery = recovered === 'now' ? [history.record('recovery.completed', {})] : []
  const attached = added.map((identity, at) => identityWrite(identity, before.id, history, at === 0 ? revision : 0))
  const claimed = proves.map((acquisition) =>
    ownershipWrite(
      acquisition,
      before.id,
      { holder: prover(acquisition, context), leaseUntil: null },
      history,
      context,
    ),
  )
  const known = before.identities.map((one) => withWord(recovered === false ? one : opened(one, context), said))
  const after = {
    identities: [...known, ...added],
    notBefore: endsSessions ? context.now : before.notBefore,
    address: addressIn(proves, context) ?? before.address,
    version: history.version,
  }
  return change(before.id, [personWrite(before, after, recovery), ...attached, ...claimed], context)
}

function withWord(known: KnownIdentity, said: readonly KnownIdentity[]): KnownIdentity {
  const arrived = said.find((one) => sameIdentity(one, known))
  if (arrived?.said === undefined) return known
  const { within: _former, ...rest } = known
  return { ...rest, said: arrived.said, ...(arrived.within !== undefined && { within: arrived.within }) }
}

/** A reset of a placeholder user has set a password. */
function opened(known: KnownIdentity, { operation, marksUnknown }: ChangeContext): KnownIdentity {
  const { placeholder: _ended, ...theirs } = known
  if (known.pool !== operation.pool) return known
  if (known.userName !== operation.userName) return known
  return marksUnknown ? { ...theirs, marksUnknown } : theirs
}

function isAmong(identities: readonly KnownIdentity[], identity: KnownIdentity): boolean {
  return identities.some((known) => sameIdentity(known, identity))
}

/**
 * A known identity is of another tenant now, or of one at all: what its user shows there was proven elsewhere, so that no mark counts as an entered
 * code (T178).
 */
export function tenantChange(
  person: Person,
  moved: KnownIdentity,
  within: string | undefined,
  context: ChangeContext,
): Change | undefined {
  const identities = person.identities.map((one): KnownIdentity => {
    if (!sameIdentity(one, moved)) return one
    const { within: _former, ...rest } = one
    return { ...rest, ...(within !== undefined && { within }), ...(one.native && { marksUnknown: true }) }
  })
  return change(person.id, [personWrite(person, { identities }, [])], context)
}

/** A user whom we made has a password that somebody knows: it is a sign-in method of its own from now on. */
export function passwordKnown(person: Person, user: KnownIdentity, context: ChangeContext): Change | undefined {
  const { placeholder: _ended, ...known } = user
  const identities = person.identities.map((one) => (sameIdentity(one, user) ? known : one))
  return change(person.id, [personWrite(person, { identities }, [])], context)
}

/** What a person's user shows in the pool has changed: see `decide-address-change.ts`. */
export function addressChange(
  person: Person,
  {
    acquisitions,
    releases,
  }: { readonly acquisitions: readonly Acquisition[]; readonly releases: readonly Acquisition[] },
  context: ChangeContext,
): Change | undefined {
  const history = new History(person.id, person.version, context.now)
  const taken = acquisitions.map((acquisition) =>
    ownershipWrite(acquisition, person.id, { holder: proverByCode(context), leaseUntil: null }, history, context),
  )
  const released = releases.flatMap(({ evidence: { identifier }, status }) => {
    const current = ownershipUnder(status)
    return current ? [releaseWrite(identifier, current, history, context.now)] : []
  })
  const kept = releases.length === 0 ? person.address : null
  const address = addressIn(acquisitions, context) ?? kept
  return change(
    person.id,
    [personWrite(person, { address, version: history.version }, []), ...taken, ...released],
    context,
  )
}
