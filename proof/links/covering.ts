import {
  AWAY_FROM_DEFAULT,
  type Cell,
  DEFAULTS,
  EVIDENCE,
  type Evidence,
  FEDERATED_SIGN_UP,
  KINDS,
  nameOfPool,
  ORDER_NAMES,
  type Order,
  POLICIES,
  PROVIDERS,
  type Provider,
  positionsIn,
  type Trust,
} from './coordinates.ts'

interface SignUpCase {
  readonly provider: Provider
  readonly evidence: Evidence
  readonly order: Order
}

const SIGN_UP_CASES: readonly SignUpCase[] = PROVIDERS.flatMap((provider) =>
  EVIDENCE[provider].flatMap((evidence) => ORDER_NAMES.map((order) => ({ provider, evidence, order }))),
)
const MODES = POLICIES.flatMap((policy) => FEDERATED_SIGN_UP.map((federatedSignUp) => ({ policy, federatedSignUp })))
const POOL_KINDS = KINDS.flatMap((kind) => [false, true].map((inbound) => ({ kind, inbound })))

/**
 * The full product is half a million sign-up cases, nearly all of them equal. It is covered in this way:
 *
 * - With all switches at their defaults, the full product of (provider, evidence, order) × (policy, federatedSignUp) × squatted: what onesub's
 *   own rules depend on. The pool's kind and InboundFederation rotate, so that each case meets each.
 * - Away from the defaults, one switch position at a time and the hostile ones together, every (provider, evidence, order); policy,
 *   federatedSignUp, kind, InboundFederation and the squatter go round beside it, by strides that have no common divisor with their number, so
 *   that every pair of values occurs. A case with an address in which Cognito acts between our answers is the same under each policy
 *   that lets it go on.
 * - Where nobody has mapped the subject (`bare`), all cases of the two providers with mixed-case subjects that can prove an address, in
 *   each kind of pool, with and without InboundFederation.
 *
 * `gaps` holds it to that.
 */
export function covering(): readonly Cell[] {
  const cells: Omit<Cell, 'tag'>[] = []
  SIGN_UP_CASES.forEach((signUpCase, at) => {
    MODES.forEach((mode, turn) => {
      for (const squatted of [false, true]) {
        const poolKind = around(POOL_KINDS, at * 5 + turn * 7 + (squatted ? 1 : 0))
        cells.push({ ...signUpCase, ...mode, ...poolKind, squatted, position: DEFAULTS, trust: trustFor(signUpCase) })
      }
    })
  })
  AWAY_FROM_DEFAULT.forEach((position, row) => {
    SIGN_UP_CASES.forEach((signUpCase, at) => {
      const mode = around(MODES, at * 3 + row + Math.floor(at / MODES.length))
      // A pool for each mode and position, of one of two kinds.
      const poolKind = around(POOL_KINDS, MODES.indexOf(mode) * 5 + row * 7 + (at % 2) * 6)
      cells.push({
        ...signUpCase,
        ...mode,
        ...poolKind,
        squatted: (at + row) % 3 === 0,
        position,
        trust: trustFor(signUpCase),
      })
    })
  })
  SIGN_UP_CASES.filter(({ provider }) => provider === 'Okta' || provider === 'Corp').forEach((signUpCase, at) => {
    POOL_KINDS.forEach((poolKind, turn) => {
      const mode = around(MODES, at + turn)
      cells.push({
        ...signUpCase,
        ...mode,
        ...poolKind,
        squatted: (at + turn) % 4 === 0,
        position: DEFAULTS,
        trust: 'bare',
      })
    })
  })
  return cells.filter(isPossible).map((cell, at) => ({ ...cell, tag: String(880_000_000 + at) }))
}

/** A bare E2 would take a third way of trust and tells nothing that the raised one does not. */
function isPossible({ trust, evidence }: Omit<Cell, 'tag'>): boolean {
  return trust !== 'bare' || evidence !== 'E2'
}

function trustFor({ provider, evidence }: SignUpCase): Trust {
  const vouches = provider === 'Google' || provider === 'SignInWithApple'
  return evidence === 'E2' && !vouches ? 'raised' : 'plain'
}

function around<T>(values: readonly T[], at: number): T {
  const value = values[at % values.length]
  if (value === undefined) throw new TypeError('nothing to choose from')
  return value
}

/** The values and pairs of values that no cell has, in words. */
export function gaps(cells: readonly Cell[]): readonly string[] {
  const met = new Set(cells.flatMap(pairsIn))
  const positions = [...new Set([DEFAULTS, ...AWAY_FROM_DEFAULT].flatMap(positionsIn)), 'hostile']
  const wanted = [
    ...PROVIDERS.flatMap((provider) => [
      ...EVIDENCE[provider].flatMap((evidence) => [
        ...positions.map((position) => `${provider} ${evidence} × ${position}`),
        ...ORDER_NAMES.flatMap((order) =>
          POLICIES.flatMap((policy) =>
            FEDERATED_SIGN_UP.map((first) => `${provider} ${evidence} × ${order} × ${policy} × ${first}`),
          ),
        ),
      ]),
      ...KINDS.flatMap(({ name }) => ['true', 'false'].map((inbound) => `${provider} × ${name} × inbound ${inbound}`)),
      ...ORDER_NAMES.flatMap((order) => positions.map((position) => `${provider} × ${order} × ${position}`)),
    ]),
    ...positions.flatMap((position) => [
      ...POLICIES.flatMap((policy) => FEDERATED_SIGN_UP.map((first) => `${policy} × ${first} × ${position}`)),
      ...KINDS.map(({ name }) => `${name} × ${position}`),
      ...['true', 'false'].flatMap((yes) => [`inbound ${yes} × ${position}`, `squatted ${yes} × ${position}`]),
    ]),
  ]
  return wanted.filter((pair) => !met.has(pair))
}

function pairsIn(cell: Cell): readonly string[] {
  const { provider, evidence, order, policy, federatedSignUp, kind, inbound, squatted, position } = cell
  const positions = [...positionsIn(position), position.name]
  return [
    `${provider} ${evidence} × ${order} × ${policy} × ${federatedSignUp}`,
    `${provider} × ${kind.name} × inbound ${inbound}`,
    ...positions.flatMap((at) => [
      `${provider} ${evidence} × ${at}`,
      `${provider} × ${order} × ${at}`,
      `${policy} × ${federatedSignUp} × ${at}`,
      `${kind.name} × ${at}`,
      `inbound ${inbound} × ${at}`,
      `squatted ${squatted} × ${at}`,
    ]),
  ]
}

/** Cells that share a pool, in one list each. */
export function byPool(cells: readonly Cell[]): readonly (readonly [Cell, ...Cell[]])[] {
  const pools = new Map<string, [Cell, ...Cell[]]>()
  for (const cell of cells) {
    const others = pools.get(nameOfPool(cell))
    if (others) others.push(cell)
    else pools.set(nameOfPool(cell), [cell])
  }
  return [...pools.values()]
}
