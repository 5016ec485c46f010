import type { Change } from '../../packages/onesub/src/core/changes/change.ts'
import {
  type ArrivedAs,
  addressChange,
  attachNativeUser,
  changeFor,
  reservation,
} from '../../packages/onesub/src/core/changes/change-for.ts'
import {
  identitiesIn,
  linking,
  separatePersonChange,
  unlinking,
} from '../../packages/onesub/src/core/changes/change-for-account.ts'
import type { ChangeContext } from '../../packages/onesub/src/core/changes/change-parts.ts'
import type { Acquisition, CreatePerson, ExistingPerson } from '../../packages/onesub/src/core/decisions/decision.ts'
import type { Links } from '../../packages/onesub/src/core/decisions/link.ts'
import { decideLeftAddress, type Unlinks } from '../../packages/onesub/src/core/decisions/unlink.ts'
import { emailEvidence, type Rank } from '../../packages/onesub/src/core/evidence.ts'
import { freshProof } from '../../packages/onesub/src/core/fresh-proof.ts'
import type { Identifier } from '../../packages/onesub/src/core/identifiers/index.ts'
import {
  type IdentifierStatus,
  isProven,
  type Ownership,
} from '../../packages/onesub/src/core/identifiers/ownership.ts'
import {
  type Identity,
  type KnownIdentity,
  madeByAdministrator,
  type Person,
} from '../../packages/onesub/src/core/person.ts'
import { among, type Chooser } from '../sim/random.ts'
import { revisionOf } from './revisions.ts'
import { address, maybe, operationOf, type Scenario, some } from './scenario.ts'

// The decisions are random; the product's own code makes the changes from them. So every kind of change is made that a store can receive, also
// changes that no policy would decide.

/** Undefined where the round has no person to whom it could happen. */
type Recipe = (scenario: Scenario, context: ChangeContext) => Promise<Change | undefined>

const RECIPES: readonly [Recipe, ...Recipe[]] = [
  reserves,
  invites,
  createsPerson,
  waitsForProof,
  linksIdentity,
  signsIn,
  attachesPrimaryUser,
  changesAddress,
  startsSeparatePerson,
  unlinks,
  links,
]
const LEASE_MS = 10_000

export async function productChange(scenario: Scenario): Promise<Change | undefined> {
  const { chooser, actors } = scenario
  const recipe = among(chooser, RECIPES)
  const change = await recipe(scenario, {
    operation: operationOf(scenario, recipe.name),
    now: chooser.pick(100_000),
    mint: () => among(chooser, actors.persons),
    address: address(scenario),
  })
  return change && isSound(change) ? change : undefined
}

/** A change writes a row at most once; a random decision may link an identity to a person who already has it. */
function isSound({ writes }: Change): boolean {
  const subjects = writes.flatMap((write) => (write.row === 'identity' ? [write.identity.subject] : []))
  return new Set(subjects).size === subjects.length
}

async function reserves(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const { pool, userName } = context.operation
  return reservation(await personCreation(scenario), { pool, userName }, { leaseMs: LEASE_MS }, context)
}

async function invites(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const { pool, userName } = context.operation
  const by = among(scenario.chooser, ['administrator', 'onesub'] as const)
  const identity = madeByAdministrator({ pool, userName })
  const madeRevision = await revisionOf(scenario.reference, { row: 'identity', identity })
  return reservation(
    await personCreation(scenario),
    { pool, userName, by },
    { leaseMs: LEASE_MS, madeRevision },
    context,
  )
}

async function createsPerson(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const arrived = await identitiesOfUser(scenario, 2)
  return arrived && changeFor(await personCreation(scenario), arrived, context)
}

async function waitsForProof(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const wants = among(scenario.chooser, scenario.actors.persons)
  const arrived = await identitiesOfUser(scenario, 1)
  return arrived && changeFor({ kind: 'pending', wants, since: 'now' }, arrived, context)
}

async function linksIdentity(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const person = await somebody(scenario)
  const because = { kind: 'proven', identifier: among(scenario.chooser, scenario.actors.emails), rank: 3 } as const
  const acquisitions = await acquisitionsOf(scenario, 1, 0)
  const arrived = await identitiesOfUser(scenario, 1)
  return person && arrived && changeFor({ kind: 'link-identity', person, because, acquisitions }, arrived, context)
}

async function signsIn(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const person = await somebody(scenario)
  const proves = await acquisitionsOf(scenario, 2, 0)
  const recovered = among<ExistingPerson['recovered']>(scenario.chooser, ['now', 'told already', false])
  const arrived = await identitiesOfUser(scenario, 1)
  return person && arrived && changeFor({ kind: 'existing-person', person, recovered, proves }, arrived, context)
}

async function changesAddress(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const person = await somebody(scenario)
  const [first, ...rest] = await acquisitionsOf(scenario, 2)
  return person && first && addressChange(person, { acquisitions: [first], releases: rest }, context)
}

/** Some identities of one user; the revision is that of the first one's row. */
async function identitiesOfUser(
  { chooser, actors, reference }: Scenario,
  most: number,
): Promise<ArrivedAs | undefined> {
  const [first, ...rest] = some(chooser, actors.identities, most)
  if (!first) return undefined
  return { identities: [first, ...rest], revision: await revisionOf(reference, { row: 'identity', identity: first }) }
}

async function attachesPrimaryUser(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const person = await somebody(scenario)
  const placeholder = scenario.actors.identities.find((one) => one.placeholder)
  return person && placeholder && attachNativeUser(person, placeholder, context)
}

async function startsSeparatePerson(
  { chooser, actors, reference }: Scenario,
  context: ChangeContext,
): Promise<Change | undefined> {
  const identities = some(chooser, actors.identities, 2)
  return separatePersonChange(identities, await revisionsOf(reference, identities), context)
}

async function unlinks(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const { chooser, reference } = scenario
  const person = await somebody(scenario)
  const [first, ...rest] = some(chooser, person?.identities ?? [], 2)
  if (!person || !first) return undefined
  const removes = [first, ...rest] as const
  const unlinks: Unlinks = { kind: 'unlinks', person, removes }
  const asked = { identity: undefined, identifiers: [among(chooser, scenario.actors.emails)] }
  const [said] = (await reference.facts(asked)).identifiers
  const left = decideLeftAddress({
    unlinks,
    factOf: (one) => (one === first ? said : undefined),
    addressFact: undefined,
  })
  return unlinking(unlinks, left, await revisionsOf(reference, removes), context)
}

async function links(scenario: Scenario, context: ChangeContext): Promise<Change | undefined> {
  const { chooser, actors, reference } = scenario
  const [person, other] = [await somebody(scenario), await somebody(scenario)]
  if (!person) return undefined
  const merges = other?.id === person.id ? undefined : other
  const shows = among(chooser, actors.identities)
  const because = freshProof(signIn(among(chooser, actors.identities)), signIn(shows), 0)
  if (!because) return undefined
  const decided: Links = { kind: 'links', person, merges, because }
  const { identifiers } = await reference.facts({ identity: undefined, identifiers: actors.identifiers })
  const theirs = identifiers.flatMap(({ identifier, ownership }) =>
    ownership && ownership.person === merges?.id ? [{ identifier, ownership }] : [],
  )
  return linking(
    decided,
    { revisionOf: await revisionsOf(reference, identitiesIn(decided)), ownerships: theirs },
    context,
  )
}

function signIn(user: KnownIdentity) {
  return { user, shows: [user] as const, at: 0 }
}

async function personCreation(scenario: Scenario): Promise<CreatePerson> {
  const acquisitions = await acquisitionsOf(scenario, 2)
  const before = acquisitions.flatMap(({ status, supersedes }) =>
    status.kind === 'free' || supersedes ? [] : [status.ownership.person],
  )[0]
  return { kind: 'create-person', person: before ?? 'new', acquisitions }
}

async function acquisitionsOf(scenario: Scenario, most: number, least = 1): Promise<readonly Acquisition[]> {
  const { chooser, actors, reference } = scenario
  const chosen = some(chooser, actors.identifiers, most, least)
  const { identifiers } = await reference.facts({ identity: undefined, identifiers: chosen })
  return identifiers.map(({ identifier, ownership }) => ({
    evidence: evidenceFor(chooser, actors.emails, identifier),
    status: statusOf(chooser, ownership),
    supersedes: ownership !== undefined && maybe(chooser, 3),
  }))
}

function statusOf(chooser: Chooser, ownership: Ownership | undefined): IdentifierStatus {
  if (!ownership) return { kind: 'free' }
  const kind = isProven(ownership)
    ? (['owned', 'abandoned', 'mine'] as const)
    : (['mine', 'reserved', 'lapsed'] as const)
  return { kind: among(chooser, kind), ownership }
}

const RANKS: readonly [Rank, ...Rank[]] = [0, 1, 2, 3, 4]

function evidenceFor(
  chooser: Chooser,
  emails: readonly Identifier<'email'>[],
  identifier: Identifier,
): Acquisition['evidence'] {
  const email = emails.find((one) => one.value === identifier.value)
  return email
    ? emailEvidence(email, among(chooser, RANKS))
    : { kind: 'stated', identifier, rank: among(chooser, [0, 1, 2]) }
}

function somebody({ chooser, actors, reference }: Scenario): Promise<Person | undefined> {
  return reference.person(among(chooser, actors.persons))
}

async function revisionsOf(reference: Scenario['reference'], identities: readonly KnownIdentity[]) {
  const known = await Promise.all(identities.map((identity) => revisionOf(reference, { row: 'identity', identity })))
  return (identity: Identity): number => known[identities.findIndex((one) => one.subject === identity.subject)] ?? 0
}
