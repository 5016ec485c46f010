import { QUIRKS } from '@onesub/emulator'
import type { Cast, Visitor } from './cast.ts'
import { type Cell, ORDERS, type Step } from './coordinates.ts'

/** Persons are called by the way in that they began with. */
export type Who = Step

/** What must come of one step, as the one who does it would notice. */
export type Expected =
  | { readonly is: 'person'; readonly who: Who }
  /** Signed in, but her tokens name no person: she waits for proof. */
  | { readonly is: 'nobody' }
  | { readonly is: 'refused'; readonly saying: RegExp }
  /** She was turned away at the form before, and does not come by it again. */
  | { readonly is: 'skipped' }

export interface Prophecy {
  readonly steps: readonly { readonly step: Step; readonly expected: Expected }[]
  /** Whose address it is afterwards; `squatter` for a claim that nobody has finished. */
  readonly owner: Who | 'squatter' | 'nobody'
  readonly persons: number
  readonly users: number
}

/** 0 typed, 1 said, 2 vouched for, 3 proven. */
type Worth = 0 | 1 | 2 | 3

/** A user of the pool's own who shows the address. */
interface Shows {
  readonly spelled: string
  readonly isVerified: boolean
}

interface Scene {
  held: { readonly by: Who | 'squatter'; readonly worth: Worth } | undefined
  readonly known: Map<Step, Who | 'nobody' | 'turned away'>
  readonly shows: Shows[]
  users: number
}

/**
 * The rules as they are documented (README, "How it decides"; docs/decisions/0010), written a second time and without the code that
 * decides: what must come of each step, in the order of the cell.
 */
export function prophecy(cell: Cell, cast: Cast): Prophecy {
  const scene: Scene = { held: undefined, known: new Map(), shows: [], users: 0 }
  if (cell.squatted) {
    scene.held = { by: 'squatter', worth: 0 }
    scene.shows.push({ spelled: cast.plain, isVerified: false })
    scene.users += 1
  }
  const steps = ORDERS[cell.order].map((step) => ({
    step,
    expected: step === 'native' ? byForm(cell, cast, scene) : byProvider(cell, cast, step, scene),
  }))
  const persons = new Set([...scene.known.values()].filter((who) => who !== 'nobody' && who !== 'turned away'))
  return { steps, owner: scene.held?.by ?? 'nobody', persons: persons.size, users: scene.users }
}

const ALREADY = 'already exists'
const REFUSAL = { refuse: 'onesub/KEY_TAKEN', link: 'onesub/KEY_TAKEN', explicit: 'onesub/LINK_NEEDS_PROOF' } as const

/** She fills in the form, enters the code from her mailbox and signs in; later she just signs in. */
function byForm(cell: Cell, { typed }: Cast, scene: Scene): Expected {
  const before = scene.known.get('native')
  if (before === 'turned away') return { is: 'skipped' }
  if (before) return whoIs(before)
  const expected = signsUp(cell, typed, scene)
  if (expected.is === 'refused') scene.known.set('native', 'turned away')
  return expected
}

function signsUp({ kind, policy }: Cell, typed: string, scene: Scene): Expected {
  const others = scene.shows.filter(({ spelled }) => isOne(kind.folds, spelled, typed))
  // Where addresses are user names, there is one user for each (developer guide, "Customizing sign-in attributes").
  const isTakenInPool = kind.email === 'user name' && others.length > 0
  if (scene.held && policy !== 'quiet') return refused(REFUSAL[policy], ...(isTakenInPool ? [ALREADY] : []))
  if (isTakenInPool) return refused(ALREADY)
  scene.users += 1
  // A verified address is one user's alias; ConfirmSignUp is refused to the next (API reference, "ConfirmSignUp").
  if (kind.email === 'alias' && others.some(({ isVerified }) => isVerified)) return refused(ALREADY)
  scene.shows.push({ spelled: typed, isVerified: true })
  // Proven by another: a mailbox may have changed hands, and nobody is joined by it alone (T29).
  if (scene.held?.worth === 3) return begins(scene, 'native', 'nobody')
  scene.held = { by: 'native', worth: 3 }
  return begins(scene, 'native', 'native')
}

function byProvider(cell: Cell, cast: Cast, step: 'first' | 'second', scene: Scene): Expected {
  const before = scene.known.get(step)
  const visitor = cast[step]
  const expected = before && before !== 'turned away' ? whoIs(before) : arrives(cell, visitor, step, scene)
  if (expected.is === 'person') scene.known.set(step, expected.who)
  return isStoodInTheWay(cell, visitor, expected, scene) ? refused(ALREADY) : expected
}

/**
 * A limit of today's product (README, "removal of squatters' users"): she has been linked, and at her sign-in Cognito writes the provider's
 * spelling of her address onto her user, which another user of the pool has for its name: the squatter's, whom nobody has removed.
 */
function isStoodInTheWay({ kind, squatted }: Cell, { persona }: Visitor, expected: Expected, scene: Scene): boolean {
  const isLinked = expected.is === 'person' && expected.who === 'native'
  const isAnothersName = scene.shows.some(({ spelled, isVerified }) => !isVerified && spelled === persona.email)
  return squatted && isLinked && kind.email === 'user name' && !kind.folds && isAnothersName
}

function arrives(cell: Cell, visitor: Visitor, step: 'first' | 'second', scene: Scene): Expected {
  const worth = WORTH[visitor.evidence]
  const { held } = scene
  // No address, or one that Apple relays to one app only: nothing to be known by (T27).
  if (worth === undefined) return beginsApart(scene, step)
  if (held?.worth === 3 && worth === 3) return meetsProven(cell, visitor, step, scene)
  // A word that vouches for nothing neither takes an address nor joins its holder (T5, T23, T26), and is asked to prove where policy asks.
  if (held && (worth <= held.worth || worth === 1)) return meetsUnproven(cell, step, scene)
  if (worth === 1) return beginsApart(scene, step)
  scene.held = { by: step, worth }
  if (worth === 3) showAnchor(cell, visitor, scene)
  return beginsApart(scene, step)
}

const WORTH = { E3: 3, E2: 2, E1: 1, none: undefined, relay: undefined } as const

/** Proven on both sides (T1: only then): one person, unless policy wants to be asked first. */
function meetsProven(cell: Cell, visitor: Visitor, step: 'first' | 'second', scene: Scene): Expected {
  const { policy } = cell
  if (policy === 'refuse' || policy === 'explicit') return asksFirst(policy, step, scene)
  // Cognito takes a link with a folded subject and never finds it again (awslabs/service-workbench-on-aws#605).
  if (!isSubjectKnown(cell, visitor)) return refused('onesub/SUBJECT_UNCERTAIN')
  const holder = scene.held?.by
  if (holder === undefined || holder === 'squatter') throw new TypeError('nobody has proven it')
  return { is: 'person', who: holder }
}

function meetsUnproven({ policy }: Cell, step: Who, scene: Scene): Expected {
  return policy === 'refuse' || policy === 'explicit' ? asksFirst(policy, step, scene) : beginsApart(scene, step)
}

/** Under `explicit` she is let in and is nobody yet: she can sign in with both, and then say that they are one (E4). */
function asksFirst(policy: 'refuse' | 'explicit', step: Who, scene: Scene): Expected {
  if (policy === 'refuse') return refused(REFUSAL.refuse)
  scene.users += 1
  return begins(scene, step, 'nobody')
}

/** The user that onesub makes for who has proven an address and comes by a provider first (docs/decisions/0010) shows the address. */
function showAnchor({ socialFirst, kind }: Cell, { persona }: Visitor, scene: Scene): void {
  const spelled = String(persona.email)
  const isTaken = kind.email === 'user name' && scene.shows.some((shown) => isOne(kind.folds, shown.spelled, spelled))
  if (socialFirst === 'anchor' && !isTaken) scene.shows.push({ spelled, isVerified: true })
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
  return who === 'nobody' ? { is: 'nobody' } : { is: 'person', who }
}

function refused(...sayings: readonly string[]): Expected {
  return { is: 'refused', saying: new RegExp(sayings.join('|')) }
}

function isOne(folds: boolean, one: string, other: string): boolean {
  return folds ? one.toLowerCase() === other.toLowerCase() : one === other
}
