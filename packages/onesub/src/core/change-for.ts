import type { Attachment, Change, PersonWrite } from './change.ts'
import { bare, change, claimWrite, History, identityWrite, type Making, rankAfter } from './change-parts.ts'
import type { Holder } from './claim.ts'
import type { Begins, Joins, Returns, Take, Waits } from './decision.ts'
import type { DomainEvent } from './events.ts'
import { isHard } from './evidence.ts'
import { type KnownIdentity, type Person, sameIdentity } from './person.ts'

/** A sign-up that may never be finished: the keys are held for its user, for a while, and no person is created yet. */
export function reservation(decision: Begins, holder: Holder, leaseMs: number, making: Making): Change | undefined {
  const person = decision.person === 'new' ? making.mint() : decision.person
  const writes = decision.takes.map((take) => {
    const leaseUntil = isHard(rankAfter(take)) ? null : making.now + leaseMs
    return claimWrite(take, person, { holder, leaseUntil }, undefined, making)
  })
  return change(person, writes, making)
}

/** A user stands behind it: the person is created, with her keys and the identities she came by. */
export function settlement(decision: Begins, identities: readonly KnownIdentity[], making: Making): Change | undefined {
  const id = decision.person === 'new' ? making.mint() : decision.person
  const history = new History(id, 0, making.now)
  const created = [history.tell('person.created', {})]
  const attached = identities.map((identity) => identityWrite(identity, id, history))
  const claimed = decision.takes.map((take) =>
    claimWrite(take, id, { holder: awaited(take, identities), leaseUntil: null }, history, making),
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

/** A user whom an administrator vouched for, and who has not come yet, keeps her claim: she is known by it when she does. */
function awaited({ over, preempts }: Take, arrived: readonly KnownIdentity[]): Holder | null {
  const holder = over && !preempts && isHard(over.rank) ? over.holder : null
  return arrived.some(({ userName }) => userName === holder?.userName) ? null : holder
}

const UNTOUCHED = { notBefore: 0, mergedInto: null } as const

function addressIn(takes: readonly Take[], { address }: Making): string | null {
  return takes.some(({ evidence }) => evidence.kind === 'proven') ? address : null
}

export function joining({ person, takes }: Joins, identity: KnownIdentity, making: Making): Change | undefined {
  return additionTo(person, [identity], { proves: takes }, making)
}

/** What a known person's return leaves behind: nothing, a recovery, more proof of a key, or an identity that had no row yet. */
export function homecoming(
  { person, recovered, proves }: Returns,
  identities: readonly KnownIdentity[],
  making: Making,
): Change | undefined {
  const unknown = identities.filter((identity) => !person.identities.some((known) => sameIdentity(known, identity)))
  if (unknown.length === 0 && !recovered && proves.length === 0) return undefined
  return additionTo(person, unknown, { recovered, proves }, making)
}

/** The user that we have made for somebody who came by a provider. */
export function anchoring(person: Person, shell: KnownIdentity, making: Making): Change | undefined {
  return additionTo(person, [shell], {}, making)
}

/** Known to be there, and nobody's: its tokens carry no person until there is proof. */
export function waiting({ wants, since }: Waits, identity: KnownIdentity, making: Making): Change | undefined {
  if (since === 'still') return undefined
  const attachment: Attachment = { standing: 'waiting', wants }
  const tells: readonly DomainEvent[] = [
    { type: 'identity.waiting', person: wants, version: 0, at: making.now, detail: { provider: identity.provider } },
  ]
  return change(wants, [{ row: 'identity', identity: bare(identity), over: 0, attachment, tells }], making)
}

function additionTo(
  before: Person,
  added: readonly KnownIdentity[],
  { recovered = false, proves = [] }: { recovered?: boolean; proves?: readonly Take[] },
  making: Making,
): Change | undefined {
  const history = new History(before.id, before.version, making.now)
  const recovery = recovered ? [history.tell('recovery.completed', {})] : []
  const attached = added.map((identity) => identityWrite(identity, before.id, history))
  const claimed = proves.map((take) => claimWrite(take, before.id, { holder: null, leaseUntil: null }, history, making))
  const person: PersonWrite = {
    row: 'person',
    id: before.id,
    over: before.revision,
    person: {
      identities: [
        ...(recovered ? before.identities.map((known) => opened(known, making)) : before.identities),
        ...added,
      ],
      notBefore: recovered ? making.now : before.notBefore,
      address: addressIn(proves, making) ?? before.address,
      mergedInto: before.mergedInto,
      version: history.version,
    },
    tells: recovery,
  }
  return change(before.id, [person, ...attached, ...claimed], making)
}

/** Whoever has reset the password of a shell has given it one. */
function opened(known: KnownIdentity, { operation }: Making): KnownIdentity {
  const { shell: _ended, ...hers } = known
  return known.userName === operation.userName ? hers : known
}
