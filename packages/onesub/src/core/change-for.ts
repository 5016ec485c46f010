import type { Attachment, Change, IdentityWrite, PersonWrite, Write } from './change.ts'
import { bare, change, claimWrite, History, identityWrite, type Making, personWrite } from './change-parts.ts'
import { type Claimant, claimUnder, isInDoubt, isOwned, reservationTerms } from './claim.ts'
import type { Begins, Decision, Joins, Returns, Take, Waits } from './decision.ts'
import type { DomainEvent } from './events.ts'
import { isHard } from './evidence.ts'
import { type KnownIdentity, madeByAdministrator, type Person, sameIdentity } from './person.ts'

/** Who the change is about, as the pool shows them; the first is the one whose row was asked for. */
export interface ArrivedAs {
  readonly identities: readonly [KnownIdentity, ...KnownIdentity[]]
  /** Of the first identity's row; 0 where it has none. */
  readonly revision: number
}

/** What a decision about a user that Cognito has, or is about to have, writes down. */
export function changeFor(decision: Decision, arrived: ArrivedAs, making: Making): Change | undefined {
  switch (decision.kind) {
    case 'begins':
      return beginning(decision, arrived, making)
    case 'joins':
      return joining(decision, arrived, making)
    case 'returns':
      return homecoming(decision, arrived, making)
    case 'waits':
      return waiting(decision, arrived, making)
    case 'refused':
      return undefined
  }
}

/** A sign-up that may never be finished: its keys are reserved, and no person is created yet. `made`: of the administrator's own row. */
export function reservation(
  decision: Begins,
  claimant: Claimant,
  { leaseMs, madeRevision = 0 }: { readonly leaseMs: number; readonly madeRevision?: number },
  making: Making,
): Change | undefined {
  const person = decision.person === 'new' ? making.mint() : decision.person
  const writes: Write[] = decision.takes.map((take) =>
    claimWrite(take, person, termsOf(take, claimant, leaseMs, making.now), undefined, making),
  )
  // Who was made by an administrator runs no trigger on confirmation: at the first token this row tells them from users of before our time.
  if (claimant.by === 'administrator') writes.push(madeWrite(claimant, madeRevision, person))
  return change(person, writes, making)
}

function termsOf(take: Take, claimant: Claimant, leaseMs: number, now: number) {
  const over = claimUnder(take.standing)
  const isKept = over !== undefined && isOwned(over) && !take.preempts
  if (isHard(take.evidence.rank) || isKept) return { holder: { ...claimant, since: now }, leaseUntil: null }
  return reservationTerms(take.standing, claimant, { now, leaseMs })
}

function madeWrite({ pool, userName }: Claimant, over: number, wants: Person['id']): IdentityWrite {
  const attachment: Attachment = { standing: 'waiting', wants }
  return { row: 'identity', identity: madeByAdministrator({ pool, userName }), over, attachment, tells: [] }
}

/** A user stands behind it: the person is created, with the keys and the identities it came by. */
function beginning(decision: Begins, { identities, revision }: ArrivedAs, making: Making): Change | undefined {
  const id = decision.person === 'new' ? making.mint() : decision.person
  const history = new History(id, 0, making.now)
  const created = [history.tell('person.created', {})]
  const attached = identities.map((identity, at) => identityWrite(identity, id, history, at === 0 ? revision : 0))
  const claimed = decision.takes.map((take) =>
    claimWrite(
      take,
      id,
      { holder: awaited(take, identities) ?? prover(take, making), leaseUntil: null },
      history,
      making,
    ),
  )
  const person: PersonWrite = {
    row: 'person',
    id,
    over: 0,
    person: { ...UNTOUCHED, identities, address: addressIn(decision.takes, making), version: history.version },
    tells: created,
  }
  return change(id, [person, ...attached, ...claimed], making)
}

/** Whoever has proven it; a provider that joins leaves the native user named there, which is asked about first. */
function prover(take: Take, { operation: { pool, userName }, sub, now, doubtful = false }: Making): Claimant {
  const before = take.standing.is === 'owned' && !take.preempts ? take.standing.claim.holder : null
  const arrived = { pool, userName, ...(sub !== undefined && { sub }) }
  const user = { ...(before ? named(before) : arrived), since: now }
  return doubtful ? { ...user, contested: true } : user
}

function named({ pool, userName, sub }: Claimant): Claimant {
  return { pool, userName, ...(sub !== undefined && { sub }) }
}

/** A user that an administrator, or we, have made, and that has not come yet, stays named in the claim: it is known by it when it comes. */
function awaited({ standing, preempts }: Take, arrived: readonly KnownIdentity[]): Claimant | null {
  const holder = standing.is === 'free' || preempts ? null : standing.claim.holder
  if (holder?.by === undefined) return null
  return arrived.some(({ userName }) => userName === holder.userName) ? null : holder
}

const UNTOUCHED = { notBefore: 0, mergedInto: null } as const

function addressIn(takes: readonly Take[], { address }: Making): string | null {
  return takes.some(({ evidence }) => evidence.kind === 'proven') ? address : null
}

function joining({ person, takes }: Joins, { identities, revision }: ArrivedAs, making: Making): Change | undefined {
  const unknown = identities.filter((identity) => !isAmong(person.identities, identity))
  // Whoever knows the password that is in doubt may have signed in with it: what it opened ends with it.
  const isDoubtful = takes.some(({ standing }) => isInDoubt(standing))
  const spelled = person.address ?? making.address
  return additionTo(
    person,
    { added: unknown, proves: takes, endsSessions: isDoubtful, revision },
    // What is proven once more stays as its owner has spelled it: in a pool that keeps case they sign in by it.
    { ...making, address: spelled },
  )
}

/** What a known person's return leaves behind: nothing, a recovery, more proof of a key, or an identity that had no row yet. */
function homecoming(
  { person, recovered, proves }: Returns,
  { identities, revision }: ArrivedAs,
  making: Making,
): Change | undefined {
  const unknown = identities.filter((identity) => !isAmong(person.identities, identity))
  const said = identities.filter(({ said }) => said !== undefined)
  const hasNewWord = said.some((one) =>
    person.identities.some((known) => sameIdentity(known, one) && known.said !== one.said),
  )
  const isNewlyUnknown = making.marksUnknown === true && person.identities.some((one) => isUnmarked(one, making))
  if (unknown.length === 0 && !recovered && proves.length === 0 && !hasNewWord && !isNewlyUnknown) return undefined
  const isFirstKnown = identities[0] !== undefined && isAmong(person.identities, identities[0])
  return additionTo(person, { added: unknown, said, recovered, proves, revision: isFirstKnown ? 0 : revision }, making)
}

/** The user that a person who came by a provider has in the pool. */
export function anchoring(person: Person, native: KnownIdentity, making: Making): Change | undefined {
  return additionTo(person, { added: [native] }, making)
}

/** Known to be there, and nobody's: its tokens carry no person until there is proof. */
function waiting(
  { wants, since }: Waits,
  { identities: [identity], revision }: ArrivedAs,
  making: Making,
): Change | undefined {
  if (since === 'still') return undefined
  const attachment: Attachment = { standing: 'waiting', wants }
  const tells: readonly DomainEvent[] = [
    { type: 'identity.pending', person: wants, version: 0, at: making.now, detail: { provider: identity.provider } },
  ]
  return change(wants, [{ row: 'identity', identity: bare(identity), over: revision, attachment, tells }], making)
}

interface Addition {
  readonly added?: readonly KnownIdentity[]
  /** Known identities with what their provider says now. */
  readonly said?: readonly KnownIdentity[]
  readonly recovered?: boolean
  readonly endsSessions?: boolean
  readonly proves?: readonly Take[]
  /** Of the first added identity's row. */
  readonly revision?: number
}

function additionTo(
  before: Person,
  { added = [], said = [], recovered = false, endsSessions = recovered, proves = [], revision = 0 }: Addition,
  making: Making,
): Change | undefined {
  const history = new History(before.id, before.version, making.now)
  const recovery = recovered ? [history.tell('recovery.completed', {})] : []
  const attached = added.map((identity, at) => identityWrite(identity, before.id, history, at === 0 ? revision : 0))
  const claimed = proves.map((take) =>
    claimWrite(take, before.id, { holder: prover(take, making), leaseUntil: null }, history, making),
  )
  const isReset = recovered || making.marksUnknown === true
  const known = before.identities.map((one) => withWord(isReset ? opened(one, making) : one, said))
  const after = {
    identities: [...known, ...added],
    notBefore: endsSessions ? making.now : before.notBefore,
    address: addressIn(proves, making) ?? before.address,
    version: history.version,
  }
  return change(before.id, [personWrite(before, after, recovery), ...attached, ...claimed], making)
}

function withWord(known: KnownIdentity, said: readonly KnownIdentity[]): KnownIdentity {
  const word = said.find((one) => sameIdentity(one, known))?.said
  return word === undefined ? known : { ...known, said: word }
}

function isUnmarked({ pool, userName, marksUnknown }: KnownIdentity, { operation }: Making): boolean {
  return pool === operation.pool && userName === operation.userName && !marksUnknown
}

/** Whoever has reset the password of a user that we made has given it one. */
function opened(known: KnownIdentity, { operation, marksUnknown }: Making): KnownIdentity {
  const { shell: _ended, ...theirs } = known
  if (known.pool !== operation.pool) return known
  if (known.userName !== operation.userName) return known
  return marksUnknown ? { ...theirs, marksUnknown } : theirs
}

function isAmong(identities: readonly KnownIdentity[], identity: KnownIdentity): boolean {
  return identities.some((known) => sameIdentity(known, identity))
}

/** What a person's user shows in the pool has changed: see `decide-address-change.ts`. */
export function addressChange(
  person: Person,
  { takes, releases }: { readonly takes: readonly Take[]; readonly releases: readonly Take[] },
  making: Making,
): Change | undefined {
  const history = new History(person.id, person.version, making.now)
  const taken = takes.map((take) =>
    claimWrite(take, person.id, { holder: prover(take, making), leaseUntil: null }, history, making),
  )
  const released = releases.flatMap((take) => releaseWrite(take, history, making))
  const kept = releases.length === 0 ? person.address : null
  const address = addressIn(takes, making) ?? kept
  return change(
    person.id,
    [personWrite(person, { address, version: history.version }, []), ...taken, ...released],
    making,
  )
}

function releaseWrite({ evidence: { key }, standing }: Take, history: History, { now }: Making): Write[] {
  const over = claimUnder(standing)
  if (!over) return []
  const { person, epoch, revision } = over
  const tells = [history.tell('identifier.released', { key: key.kind })]
  const claim = { person, rank: 0, epoch: epoch + 1, holder: null, leaseUntil: now } as const
  return [{ row: 'claim', key, over: revision, claim, tells }]
}
