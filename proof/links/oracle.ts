import { QUIRKS } from '@onesub/emulator'
import type { Cast, Visitor } from './actors.ts'
import { type Cell, ORDERS, type Step } from './coordinates.ts'

/** Persons are called by the way in that they began with. */
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

export interface Prophecy {
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

interface Scene {
  /** Whose address it is, by proof. */
  owner: Who | undefined
  /** Somebody else may know the password of the native user: it is replaced when a provider is joined. */
  isDoubtful: boolean
  isReplaced: boolean
  readonly known: Map<Step, Who | 'nobody' | 'turned away'>
  /** Ways in that have a user beside the first one of their person. */
  readonly apart: Set<Step>
  readonly shows: Shows[]
  users: number
}

/**
 * The rules as they are documented (README, "How it decides"; docs/decisions/0010), written a second time and without the code that
 * decides: what must come of each step, in the order of the cell.
 */
export function prophecy(cell: Cell, cast: Cast): Prophecy {
  const scene: Scene = {
    owner: undefined,
    isDoubtful: false,
    isReplaced: false,
    known: new Map(),
    apart: new Set(),
    shows: [],
    users: 0,
  }
  if (cell.squatted) {
    scene.shows.push({ spelled: cast.plain, isVerified: false })
    scene.users += 1
  }
  const steps = ORDERS[cell.order].map((step) => ({
    step,
    expected: step === 'native' ? byForm(cell, cast, scene) : byProvider(cell, cast, step, scene),
  }))
  const persons = new Set([...scene.known.values()].filter((who) => who !== 'nobody' && who !== 'turned away'))
  return {
    steps,
    owner: scene.owner ?? (cell.squatted ? 'squatter' : 'nobody'),
    persons: persons.size,
    users: scene.users,
  }
}

const ALREADY = 'already exists'
const REFUSAL = {
  refuse: 'onesub/IDENTIFIER_TAKEN',
  link: 'onesub/IDENTIFIER_TAKEN',
  ask: 'onesub/LINK_NEEDS_PROOF',
} as const

/** She fills in the form, enters the code from her mailbox and signs in; later she just signs in. */
function byForm(cell: Cell, { typed }: Cast, scene: Scene): Expected {
  const before = scene.known.get('native')
  if (before === 'turned away') return { kind: 'skipped' }
  if (before) return scene.isReplaced ? refused('Incorrect username or password') : whoIs(before)
  const expected = signsUp(cell, typed, scene)
  if (expected.kind === 'refused') scene.known.set('native', 'turned away')
  return expected
}

function signsUp({ kind, policy, squatted }: Cell, typed: string, scene: Scene): Expected {
  const others = scene.shows.filter(({ spelled }) => isOne(kind.folds, spelled, typed))
  // Where addresses are user names, there is one user for each (developer guide, "Customizing sign-in attributes").
  const isTakenInPool = kind.email === 'user name' && others.length > 0
  if (scene.owner && policy !== 'enumeration-safe') return refused(REFUSAL[policy], ...(isTakenInPool ? [ALREADY] : []))
  if (isTakenInPool) return refused(ALREADY)
  scene.users += 1
  // A verified address is one user's alias; ConfirmSignUp is refused to the next (API reference, "ConfirmSignUp").
  if (kind.email === 'alias' && others.some(({ isVerified }) => isVerified)) return refused(ALREADY)
  scene.shows.push({ spelled: typed, isVerified: true })
  // The first proof wins whoever had typed the address; the later proof is a new person, who owns it since (T160, T183).
  scene.isDoubtful = squatted || scene.owner !== undefined
  scene.owner = 'native'
  return begins(scene, 'native', 'native')
}

function byProvider(cell: Cell, cast: Cast, step: 'first' | 'second', scene: Scene): Expected {
  const before = scene.known.get(step)
  const visitor = cast[step]
  const expected = before && before !== 'turned away' ? again(before, step, scene) : arrives(cell, visitor, step, scene)
  if (expected.kind === 'person') scene.known.set(step, expected.who)
  return isStoodInTheWay(cell, visitor, expected, scene) ? refused(ALREADY) : expected
}

function again(who: Who | 'nobody', step: Step, { apart }: Scene): Expected {
  return who !== 'nobody' && apart.has(step) ? { kind: 'person', who, ownUser: true } : whoIs(who)
}

/**
 * A limit of today's product (README, "removal of squatters' users"): she has been linked, and at her sign-in Cognito writes the provider's
 * spelling of her address onto her user, which another user of the pool has for its name: the squatter's, whom nobody has removed.
 */
function isStoodInTheWay({ kind, squatted }: Cell, { persona }: Visitor, expected: Expected, scene: Scene): boolean {
  const isLinked = expected.kind === 'person' && expected.who === 'native' && !expected.ownUser
  const isAnothersName = scene.shows.some(({ spelled, isVerified }) => !isVerified && spelled === persona.email)
  return squatted && isLinked && kind.email === 'user name' && !kind.folds && isAnothersName
}

function arrives(cell: Cell, visitor: Visitor, step: 'first' | 'second', scene: Scene): Expected {
  const worth = WORTH[visitor.evidence]
  const isKnown = isSubjectKnown(cell, visitor)
  // No address, or one that Apple relays to one app only: nothing to be known by (T27).
  if (worth === undefined) return beginsApart(scene, step)
  if (scene.owner) return meetsOwner(cell, { worth, isKnown }, step, scene.owner, scene)
  // What is not proven claims nothing, and keeps nobody out (T5, T23, T26, T160).
  if (worth < 3) return beginsApart(scene, step)
  scene.owner = step
  // A profile that is there already is not given a user beside it.
  if (isKnown && takesLinks(cell)) showAnchor(cell, visitor, scene)
  return beginsApart(scene, step)
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
  scene: Scene,
): Expected {
  const { policy } = cell
  if (policy === 'refuse' || policy === 'ask') {
    // Whoever has a profile by the time we know who it is can no longer be kept out (T174).
    return isKnown ? asksFirst(policy, step, scene) : beginsApart(scene, step)
  }
  if (worth < 3) return beginsApart(scene, step)
  if (owner === 'native' && scene.isDoubtful) scene.isReplaced = true
  scene.isDoubtful = false
  if (isKnown && takesLinks(cell)) return { kind: 'person', who: owner }
  // Cognito takes a link with a folded subject and never finds it again (awslabs/service-workbench-on-aws#605): a profile, and the same person.
  scene.users += 1
  scene.apart.add(step)
  return { kind: 'person', who: owner, ownUser: true }
}

/** In some positions Cognito refuses every link, for a reason of its own (T174): a profile, and the same person. */
function takesLinks({ position }: Cell): boolean {
  return (position.quirks.linkRefusal ?? 'none') === 'none'
}

/** Under `ask` the user is let in and is nobody yet: they can sign in with both, and then say that they are one (E4). */
function asksFirst(policy: 'refuse' | 'ask', step: Who, scene: Scene): Expected {
  if (policy === 'refuse') return refused(REFUSAL.refuse)
  scene.users += 1
  return begins(scene, step, 'nobody')
}

/** The user that onesub makes for who has proven an address and comes by a provider first (docs/decisions/0010) shows the address. */
function showAnchor({ federatedSignUp, kind }: Cell, { persona }: Visitor, scene: Scene): void {
  const spelled = String(persona.email)
  const isTaken = kind.email === 'user name' && scene.shows.some((shown) => isOne(kind.folds, shown.spelled, spelled))
  if (federatedSignUp === 'native-user' && !isTaken) scene.shows.push({ spelled, isVerified: true })
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

function beginsApart(scene: Scene, step: Who): Expected {
  scene.users += 1
  return begins(scene, step, step)
}

function begins(scene: Scene, step: Step, who: Who | 'nobody'): Expected {
  scene.known.set(step, who)
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
