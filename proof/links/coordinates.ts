import { HOSTILE_QUIRKS, QUIRKS, type QuirkSettings } from '@onesub/emulator'
import type { ExistingAccountPolicy, Policy } from 'onesub'
import { TRUST } from '../../test/environment/providers.ts'
import type { PoolSettings } from '../../test/environment/test-pool.ts'

export const POLICIES = [
  'refuse',
  'link',
  'ask',
  'enumeration-safe',
] as const satisfies readonly ExistingAccountPolicy[]
export const FEDERATED_SIGN_UP = ['native-user', 'profile-only'] as const

/** What a provider can show of an address, at its best (`core/provider-trust.ts`). E2 of those who send no flag takes `raiseTo`. */
export const EVIDENCE = {
  Google: ['E3', 'E2', 'E1', 'none'],
  Facebook: ['E2', 'E1', 'none'],
  SignInWithApple: ['E3', 'E2', 'E1', 'none', 'relay'],
  LoginWithAmazon: ['E2', 'E1', 'none'],
  Okta: ['E3', 'E2', 'E1', 'none'],
  Corp: ['E3', 'E2', 'E1', 'none'],
} as const satisfies Record<string, readonly Evidence[]>
export type Evidence = 'E3' | 'E2' | 'E1' | 'none' | 'relay'
export type Provider = keyof typeof EVIDENCE
export const PROVIDERS: readonly Provider[] = [
  'Google',
  'Facebook',
  'SignInWithApple',
  'LoginWithAmazon',
  'Okta',
  'Corp',
]

/** `first`: the provider of the cell; `second`: another one, whose word is worth most for the same address. */
export type Step = 'native' | 'first' | 'second'
export const ORDERS = {
  'native, social': ['native', 'first', 'first', 'native'],
  'social, native': ['first', 'native', 'first', 'native'],
  'social, social': ['first', 'second', 'first', 'second'],
  'native, social, social, and all again': ['native', 'first', 'second', 'first', 'native', 'second'],
} as const satisfies Record<string, readonly Step[]>
export type Order = keyof typeof ORDERS
export const ORDER_NAMES: readonly Order[] = [
  'native, social',
  'social, native',
  'social, social',
  'native, social, social, and all again',
]

export interface Kind {
  readonly name: string
  readonly settings: PoolSettings
  readonly folds: boolean
  readonly email: 'attribute' | 'alias' | 'user name'
}

const CASE_INSENSITIVE = { UsernameConfiguration: { CaseSensitive: false } } as const
const ALIAS = { AliasAttributes: ['email'] } satisfies PoolSettings
const NAME = { UsernameAttributes: ['email'] } satisfies PoolSettings

export const KINDS: readonly Kind[] = [
  { name: 'user names, case-sensitive', settings: {}, folds: false, email: 'attribute' },
  { name: 'user names, case-insensitive', settings: CASE_INSENSITIVE, folds: true, email: 'attribute' },
  { name: 'e-mail as alias, case-sensitive', settings: ALIAS, folds: false, email: 'alias' },
  {
    name: 'e-mail as alias, case-insensitive',
    settings: { ...ALIAS, ...CASE_INSENSITIVE },
    folds: true,
    email: 'alias',
  },
  { name: 'e-mail as user name, case-sensitive', settings: NAME, folds: false, email: 'user name' },
  {
    name: 'e-mail as user name, case-insensitive',
    settings: { ...NAME, ...CASE_INSENSITIVE },
    folds: true,
    email: 'user name',
  },
]

export interface Position {
  readonly name: string
  readonly quirks: QuirkSettings
}

export const DEFAULTS: Position = { name: 'defaults', quirks: {} }

/** Each switch in each position that is not its default, one at a time, and the hostile ones together. */
export const AWAY_FROM_DEFAULT: readonly Position[] = [
  ...Object.entries(QUIRKS).flatMap(([name, { positions, default: standard }]) =>
    positions === 'milliseconds'
      ? []
      : positions
          .filter((position) => position !== standard)
          .map((position) => ({ name: `${name}: ${position}`, quirks: { [name]: position } })),
  ),
  { name: 'hostile', quirks: HOSTILE_QUIRKS },
]

/** Every switch position that a pool stands in, those it leaves at their defaults among them. */
export function positionsIn({ quirks }: Position): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(quirks))
  return Object.entries(QUIRKS).flatMap(([name, { positions, default: standard }]) =>
    positions === 'milliseconds' ? [] : [`${name}: ${String(given.get(name) ?? standard)}`],
  )
}

type Trusts = Policy['providers']
const raised = Object.fromEntries(
  Object.entries(TRUST).map(([name, trust]) => [
    name,
    trust.kind === 'google' || trust.kind === 'apple' ? trust : { ...trust, raiseTo: 'E2' as const },
  ]),
)
const bare = Object.fromEntries(Object.entries(TRUST).map(([name, { subjectAttribute: _, ...trust }]) => [name, trust]))

/** `raised`: providers without a flag count as E2. `bare`: nobody has mapped the subject to an attribute. */
export const TRUSTS: Readonly<Record<'plain' | 'raised' | 'bare', Trusts>> = { plain: TRUST, raised, bare }
export type Trust = keyof typeof TRUSTS

/** Cells of one pool: whatever they must not share is equal. */
export interface PoolPlace {
  readonly kind: Kind
  readonly policy: ExistingAccountPolicy
  readonly federatedSignUp: (typeof FEDERATED_SIGN_UP)[number]
  readonly inbound: boolean
  readonly position: Position
  readonly trust: Trust
}

export interface Cell extends PoolPlace {
  /** Nine digits that no other cell has: part of every name, subject and address in it. */
  readonly tag: string
  readonly provider: Provider
  readonly evidence: Evidence
  readonly order: Order
  /** Somebody has typed Ada's address into the sign-up form before, and never entered a code. */
  readonly squatted: boolean
}

export function nameOfPool({ kind, policy, federatedSignUp, inbound, position, trust }: PoolPlace): string {
  const at = inbound ? 'inbound' : 'no inbound'
  return [kind.name, policy, federatedSignUp, at, position.name, `trust ${trust}`].join(' | ')
}

export function nameOf(cell: Cell): string {
  const { provider, evidence, order, squatted } = cell
  return [provider, evidence, order, squatted ? 'squatted' : 'not squatted', nameOfPool(cell)].join(' | ')
}
