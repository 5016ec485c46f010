import { QUIRKS } from '@onesub/emulator'
import type { Actors, Visitor } from './actors.ts'
import { type Cell, ORDERS, type Step } from './coordinates.ts'

/** Persons are named by their first sign-in method. */
export type Who = Step

/** What must come of one step, as the one who does it would notice. */
export type Expected =
  /** `ownUser`: the same person, with a user beside the first one. */
  | { readonly kind: 'person'; readonly who: Who; readonly ownUser?: true }
  /** Signed in, but the tokens name no person: pending until there is proof. */
  | { readonly kind: 'nobody' }
  | { readonly kind: 'refused'; readonly saying: RegExp }
  /** Turned away at the form before, and does not come by it again. */
  | { readonly kind: 'skipped' }

export interface ExpectedOutcomes {
  readonly steps: readonly { readonly step: Step; readonly expected: Expected }[]
  /** Whose address it is afterwards; `squatter` for a claim that nobody has finished. */
  readonly owner: Who | 'squatter' | 'nobody'
  readonly persons: number
  readonly users: number
}

/** A user of the pool's own who shows the address. */
interface Shows {
  readonly spelled: string
  readonly isVerified: boolean
}

interface Scenario {
  /** Whose address it is, by proof. */
  owner: Who | undefined
  /** Somebody else may know the password of the native user: it is replaced when a provider is joined. */
  isDoubtful: boolean
  isReplaced: boolean
  readonly known: Map<Step, Who | 'nobody' | 'turned away'>
  /** Sign-in methods that have a user beside the first one of their person. */
  readonly apart: Set<Step>
  readonly shows: Shows[]
  users: number
}

/**
 * The rules as they are documented (README, "How it decides"; docs/decisions/0010), written a second time and without the code that
 * decides: what must come of each step, in the order of the cell.
 */
export function expectedOutcomes(cell: Cell, actors: Actors): ExpectedOutcomes {
  const scenario: Scenario = {
    owner: undefined,
    isDoubtful: false,
    isReplaced: false,
    known: new Map(),
    apart: new Set(),
    shows: [],
    users: 0,
  }
  if (cell.squatted) {
    scenario.shows.push({ spelled: actors.plain, isVerified: false })
    scenario.users += 1
  }
  const steps = ORDERS[cell.order].map((step) => ({
    step,
    expected: step === 'native' ? byForm(cell, actors, scenario) : byProvider(cell, actors, step, scenario),
  }))
  const persons = new Set([...scenario.known.values()].filter((who) => who !== 'nobody' && who !== 'turned away'))
  return {
    steps,
    owner: scenario.owner ?? (cell.squatted ? 'squatter' : 'nobody'),
    persons: persons.size,
    users: scenario.users,
  }
}

const ALREADY = 'already exists'
const REFUSAL = {
  refuse: 'onesub/IDENTIFIER_TAKEN',
  link: 'onesub/IDENTIFIER_TAKEN',
  ask: 'onesub/LINK_NEEDS_PROOF',
} as const

/** Ada fills in the form, enters the code from the mailbox and signs in; after that Ada only signs in. */
function byForm(cell: Cell, { typed }: Actors, scenario: Scenario): Expected {
  const before = scenario.known.get('native')
  if (before === 'turned away') return { kind: 'skipped' }
  if (before) return scenario.isReplaced ? refused('Incorrect username or password') : whoIs(before)
  const expected = signsUp(cell, typed, scenario)
  if (expected.kind === 'refused') scenario.known.set('native', 'turned away')
  return expected
}

function signsUp({ kind, policy, squatted }: Cell, typed: string, scenario: Scenario): Expected {
  const others = scenario.shows.filter(({ spelled }) => isOne(kind.folds, spelled, typed))
  // Where addresses are user names, there is one user for each (developer guide, "Customizing sign-in attributes").
  const isTakenInPool = kind.email === 'user name' && others.length > 0
  if (scenario.owner && policy !== 'enumeration-safe')
    return refused(REFUSAL[policy], ...(isTakenInPool ? [ALREADY] : []))
  if (isTakenInPool) return refused(ALREADY)
  scenario.users += 1
  // A verified address is one user's alias; ConfirmSignUp is refused to the next (API reference, "ConfirmSignUp").
  if (kind.email === 'alias' && others.some(({ isVerified }) => isVerified)) return refused(ALREADY)
  scenario.shows.push({ spelled: typed, isVerified: true })
  // The first proof wins over any earlier sign-up; the second proof is a new person, who owns the address (T160, T183).
  scenario.isDoubtful = squatted || scenario.owner !== undefined
  scenario.owner = 'native'
  return begins(scenario, 'native', 'native')
}

function byProvider(cell: Cell, actors: Actors, step: 'first' | 'second', scenario: Scenario): Expected {
  const before = scenario.known.get(step)
  const visitor = actors[step]
  const expected =
    before && before !== 'turned away' ? again(before, step, scenario) : arrives(cell, visitor, step, scenario)
  if (expected.kind === 'person') scenario.known.set(step, expected.who)
  return isStoodInTheWay(cell, visitor, expected, scenario) ? refused(ALREADY) : expected
}

function again(who: Who | 'nobody', step: Step, { apart }: Scenario): Expected {
  return who !== 'nobody' && apart.has(step) ? { kind: 'person', who, ownUser: true } : whoIs(who)
}

/**
 * A limit of today's product (README, "removal of squatters' users"): Ada has been linked, and at the sign-in Cognito writes the provider's
 * spelling of the address onto Ada's user, and another user of the pool has it for its name: the squatter's, which nobody has removed.
 */
function isStoodInTheWay(
  { kind, squatted }: Cell,
  { persona }: Visitor,
  expected: Expected,
  scenario: Scenario,
): boolean {
  const isLinked = expected.kind === 'person' && expected.who === 'native' && !expected.ownUser
  const isAnothersName = scenario.shows.some(({ spelled, isVerified }) => !isVerified && spelled === persona.email)
  return squatted && isLinked && kind.email === 'user name' && !kind.folds && isAnothersName
}

function arrives(cell: Cell, visitor: Visitor, step: 'first' | 'second', scenario: Scenario): Expected {
  const worth = WORTH[visitor.evidence]
  const isKnown = isSubjectKnown(cell, visitor)
  // No address, or one that Apple relays to one app only: nothing to be known by (T27).
  if (worth === undefined) return beginsApart(scenario, step)
  if (scenario.owner) return meetsOwner(cell, { worth, isKnown }, step, scenario.owner, scenario)
  // What is not proven claims nothing, and keeps nobody out (T5, T23, T26, T160).
  if (worth < 3) return beginsApart(scenario, step)
  scenario.owner = step
  // A profile that is there already is not given a user beside it.
  if (isKnown && takesLinks(cell)) showPlaceholderUser(cell, visitor, scenario)
  return beginsApart(scenario, step)
}

const WORTH = { E3: 3, E2: 2, E1: 1, none: undefined, relay: undefined } as const

interface Comes {
  readonly worth: 1 | 2 | 3
  /** Whether its subject is known before Cognito makes a profile. */
  readonly isKnown: boolean
}

/** Proven on both sides (T1: only then): one person, unless policy wants to be asked first. */
function meetsOwner(
  cell: Cell,
  { worth, isKnown }: Comes,
  step: 'first' | 'second',
  owner: Who,
  scenario: Scenario,
): Expected {
  const { policy } = cell
  if (policy === 'refuse' || policy === 'ask') {
    // A user who already has a profile can no longer be refused (T174).
    return isKnown ? asksFirst(policy, step, scenario) : beginsApart(scenario, step)
  }
  if (worth < 3) return beginsApart(scenario, step)
  if (owner === 'native' && scenario.isDoubtful) scenario.isReplaced = true
  scenario.isDoubtful = false
  if (isKnown && takesLinks(cell)) return { kind: 'person', who: owner }
  // Cognito takes a link with a folded subject and never finds it again (awslabs/service-workbench-on-aws#605): a profile, and the same person.
  scenario.users += 1
  scenario.apart.add(step)
  return { kind: 'person', who: owner, ownUser: true }
}

/** In some positions Cognito refuses every link, for a reason of its own (T174): a profile, and the same person. */
function takesLinks({ position }: Cell): boolean {
  return (position.quirks.linkRefusal ?? 'none') === 'none'
}

/** Under `ask` the user is let in and is nobody yet: they can sign in with both, and then say that they are one (E4). */
function asksFirst(policy: 'refuse' | 'ask', step: Who, scenario: Scenario): Expected {
  if (policy === 'refuse') return refused(REFUSAL.refuse)
  scenario.users += 1
  return begins(scenario, step, 'nobody')
}

/** The user that onesub makes for who has proven an address and comes by a provider first (docs/decisions/0010) shows the address. */
function showPlaceholderUser({ federatedSignUp, kind }: Cell, { persona }: Visitor, scenario: Scenario): void {
  const spelled = String(persona.email)
  const isTaken =
    kind.email === 'user name' && scenario.shows.some((shown) => isOne(kind.folds, shown.spelled, spelled))
  if (federatedSignUp === 'native-user' && !isTaken) scenario.shows.push({ spelled, isVerified: true })
}

/**
 * Case-insensitive pools fold a federated user name with the subject in it (developer guide, "Specifying identity provider attribute
 * mappings"). As the provider wrote it, it is known from a mapped attribute, or from InboundFederation, which for SAML names no subject.
 */
function isSubjectKnown({ kind, position, inbound, trust }: Cell, { provider }: Visitor): boolean {
  const folding = position.quirks.federatedUsernameCase ?? QUIRKS.federatedUsernameCase.default
  if (!kind.folds || folding === 'preserved' || !MIXED.has(provider)) return true
  const isMapped = trust !== 'bare' && provider !== 'LoginWithAmazon'
  return isMapped || (inbound && provider !== 'Corp')
}

/** Whose subjects may have capitals. */
const MIXED: ReadonlySet<string> = new Set(['LoginWithAmazon', 'Okta', 'Corp'])

function beginsApart(scenario: Scenario, step: Who): Expected {
  scenario.users += 1
  return begins(scenario, step, step)
}

function begins(scenario: Scenario, step: Step, who: Who | 'nobody'): Expected {
  scenario.known.set(step, who)
  return whoIs(who)
}

function whoIs(who: Who | 'nobody'): Expected {
  return who === 'nobody' ? { kind: 'nobody' } : { kind: 'person', who }
}

function refused(...sayings: readonly string[]): Expected {
  return { kind: 'refused', saying: new RegExp(sayings.join('|')) }
}

function isOne(folds: boolean, one: string, other: string): boolean {
  return folds ? one.toLowerCase() === other.toLowerCase() : one === other
}
