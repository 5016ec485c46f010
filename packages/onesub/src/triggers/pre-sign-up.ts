import { reservation } from '../core/changes/change-for.ts'
import { decideAdminCreation } from '../core/decisions/admin-creation.ts'
import type { CreatePerson, Decision, Pending, Rejected } from '../core/decisions/decision.ts'
import { decideNativeSignUp } from '../core/decisions/native-sign-up.ts'
import { inMode, type Verdict } from '../core/decisions/observe.ts'
import { OnesubError } from '../core/errors.ts'
import type { Evidence, StatedIdentifier } from '../core/evidence.ts'
import type { OwnershipHolder } from '../core/identifiers/ownership.ts'
import { madeByAdministrator, parsePersonId } from '../core/person.ts'
import type { Facts, FactsQuery } from '../core/ports.ts'
import { withoutAbandoned } from './abandoned-identifiers.ts'
import type { WithDeadline } from './deadline.ts'
import { type DecidedAndCommitted, decideAndCommit } from './decide-and-commit.ts'
import type { TriggerEvent } from './event.ts'
import {
  administeredIdentifiers,
  holderOf,
  type IdentifierWithStatus,
  isEmail,
  statuses,
  typedIdentifiers,
} from './identifiers-in-event.ts'
import { looksFederated } from './provider-user-name.ts'
import { changeContextOf, type Settings, writes } from './settings.ts'

/** A user fills in the sign-up form: the identifiers are reserved for seconds, or the sign-up is refused because they are taken. */
export async function nativeSignUp(
  event: TriggerEvent,
  settings: Settings<'find' | 'hasAddress' | 'namesAreChosen'>,
  withDeadline: WithDeadline,
): Promise<Verdict<CreatePerson | Pending | Rejected>> {
  const { policy } = settings
  if (policy.signUpProof === 'code') refuseFlagsWithoutProof(event)
  await refuseReservedName(event, settings, withDeadline)
  const typed = typedIdentifiers(event, policy)
  const isQuiet = policy.existingAccount === 'enumeration-safe'
  const { verdict, committed } = await reserve(
    {
      holder: holderOf(event),
      evidence: typed,
      query: { identity: undefined, identifiers: typed.map(({ identifier }) => identifier) },
      optimistic: !isQuiet,
      // Where policy is enumeration-safe nobody is refused, and the time of a read would show that somebody owns the identifier.
      refine: async (facts) => (isQuiet ? facts : withoutAbandoned(facts, settings, withDeadline)),
      decide: (identifiers) => decideNativeSignUp({ identifiers, policy: policy.existingAccount }),
    },
    event,
    settings,
    withDeadline,
  )
  if (isQuiet && committed === undefined) await writeInVain(event, typed, settings, withDeadline)
  return unseen(event, verdict, typed, settings, withDeadline)
}

/** Until the existing users are loaded, Cognito may have somebody whom the registry does not know (T167). */
async function unseen<D extends Decision>(
  event: TriggerEvent,
  verdict: Verdict<D>,
  typed: readonly StatedIdentifier[],
  { policy, userPool, userPoolId }: Settings<'hasAddress'>,
  withDeadline: WithDeadline,
): Promise<Verdict<D | Rejected>> {
  if (policy.unseenUsers === 'ignore' || !userPool || policy.existingAccount === 'enumeration-safe') return verdict
  if (verdict.decision.kind !== 'create-person') return verdict
  for (const { identifier } of typed) {
    const spelled = event.attributes.get('email') ?? ''
    if (!isEmail(identifier) || !(await withDeadline(() => userPool.hasAddress(userPoolId, identifier, spelled))))
      continue
    const code = policy.existingAccount === 'ask' ? 'LINK_NEEDS_PROOF' : 'IDENTIFIER_TAKEN'
    return policy.mode === 'enforce'
      ? { decision: { kind: 'refused', code }, would: undefined }
      : { decision: verdict.decision, would: code }
  }
  return verdict
}

/**
 * Where policy is enumeration-safe the store is asked the same whoever holds an identifier: one look, one write. For an identifier that is somebody's it is the write
 * for a free one, and the rows that stand there refuse it.
 */
async function writeInVain(
  event: TriggerEvent,
  typed: readonly StatedIdentifier[],
  settings: Settings<never>,
  withDeadline: WithDeadline,
) {
  const acquisitions = typed.map((evidence) => ({ evidence, status: { kind: 'free' } as const, supersedes: false }))
  const terms = { leaseMs: settings.policy.leaseMs }
  const change = reservation(
    { kind: 'create-person', person: 'new', acquisitions },
    holderOf(event),
    terms,
    changeContextOf(event, settings),
  )
  if (change && writes(settings)) await withDeadline(() => settings.registry.commit(change))
}

/**
 * An administrator makes a user: the identifiers name it until it signs in. Or it is the user that our own PreSignUp run is making for somebody
 * who came by a provider: it names the operation that holds the address, and is spent by the holder that is written here.
 * Undefined where a user has the name already: Cognito asks us before it refuses, and what is written for the one who never comes to be
 * would be the other's, who has that name (T155).
 */
export async function adminCreation(
  event: TriggerEvent,
  settings: Settings<'find'>,
  withDeadline: WithDeadline,
): Promise<Verdict<CreatePerson | Rejected> | undefined> {
  const { userPool, policy } = settings
  const looked =
    event.marker === undefined ? withDeadline(async () => userPool?.find(holderOf(event)), { half: true }) : undefined
  // Where no statement counts as proof, a wrong row costs evidence only, and the read may fail.
  const isTaken = await (policy.trustAdminVerified ? looked : looked?.catch(() => undefined))
  if (isTaken) return undefined
  const evidence = administeredIdentifiers(event, settings.policy)
  const { verdict } = await reserve(
    {
      holder: { ...holderOf(event), by: event.marker === undefined ? 'administrator' : 'onesub' },
      evidence,
      query: {
        identity: madeByAdministrator(holderOf(event)),
        identifiers: evidence.map(({ identifier }) => identifier),
      },
      optimistic: true,
      // The user that we are making is not there yet, and its person may have no other.
      refine: (facts) =>
        withoutAbandoned(facts, settings, withDeadline, ({ ownership }) => ownership?.opId !== event.marker),
      decide: (identifiers) =>
        decideAdminCreation({ identifiers: identifiers.map((identifier) => ownAnchor(identifier, event.marker)) }),
    },
    event,
    settings,
    withDeadline,
  )
  return verdict
}

/** Anybody who may create users can write a marker; only the one that the registry holds for this very address is ours. */
function ownAnchor<E extends Evidence>(
  identifier: IdentifierWithStatus<E>,
  marker: string | undefined,
): IdentifierWithStatus<E> {
  const { status } = identifier
  const isOurs = status.kind === 'owned' && status.ownership.opId === marker
  return isOurs ? { ...identifier, status: { kind: 'mine', ownership: status.ownership } } : identifier
}

interface Reserving<E extends Evidence, D extends Decision> {
  readonly holder: OwnershipHolder
  readonly evidence: readonly E[]
  readonly query: FactsQuery
  /** Most sign-ups are by people nobody knows, and one conditional write is all they need. */
  readonly optimistic: boolean
  refine(facts: Facts): Promise<Facts>
  decide(identifiers: ReadonlyArray<IdentifierWithStatus<E>>): D
}

async function reserve<E extends Evidence, D extends Decision>(
  { holder, evidence, query, optimistic, refine, decide }: Reserving<E, D>,
  event: TriggerEvent,
  settings: Settings<never>,
  withDeadline: WithDeadline,
): Promise<DecidedAndCommitted<Verdict<D | CreatePerson>>> {
  const { mode, leaseMs } = settings.policy
  const context = changeContextOf(event, settings)
  const arriving = { holder: holderOf(event), now: context.now }
  return decideAndCommit(
    {
      query,
      // Where nothing is written no refusal of the store shows who owns an identifier.
      optimistic: optimistic && writes(settings),
      refine,
      decide: (facts) => {
        const decision = decide(statuses(evidence, facts, arriving))
        // Let in, and somebody once the code is entered: where policy is enumeration-safe that is so in every mode.
        return decision.kind === 'pending' ? { decision, would: undefined } : inMode(mode, decision)
      },
      changeFor: ({ decision }, { identityRevision }) =>
        decision.kind === 'create-person' && writes(settings)
          ? reservation(decision, holder, { leaseMs, madeRevision: identityRevision }, context)
          : undefined,
    },
    settings.registry,
    withDeadline,
  )
}

const FLAGS = ['autoConfirmUser', 'autoVerifyEmail', 'autoVerifyPhone'] as const

/** A handler that ran before us and confirmed the user anyway: anybody who types an address would own it. */
function refuseFlagsWithoutProof({ response }: TriggerEvent): void {
  if (FLAGS.some((flag) => response[flag] === true || response[flag] === 'true')) {
    throw new OnesubError('AUTO_VERIFY_FORBIDDEN')
  }
}

/** Names that Cognito gives to profiles, and ids that we give to persons, are not for anybody to choose (T16, T161). */
async function refuseReservedName(
  { userName, pool }: TriggerEvent,
  settings: Settings<'namesAreChosen'>,
  withDeadline: WithDeadline,
): Promise<void> {
  const { policy } = settings
  if (looksFederated(userName, policy.providers)) throw new OnesubError('USERNAME_RESERVED')
  if (parsePersonId(userName.toLowerCase()) === undefined) return
  // Where addresses are the user names Cognito makes a UUID of its own for each user.
  if (await settings.areNamesChosen(pool, withDeadline)) throw new OnesubError('USERNAME_RESERVED')
}
