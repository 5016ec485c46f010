import type { ScenarioOptions } from './scenarios.ts'

/** A search, and what it has to show. */
export interface Search extends ScenarioOptions {
  readonly expects: 'nothing' | 'a violation'
}

const DEATHS = ['dies before', 'dies after'] as const
const nothing = { expects: 'nothing' } as const

const twoFlows = { ...nothing, crashes: 2, kinds: DEATHS, leaps: 1, federatedSignUp: 'profile-only' } as const
const delayed = { ...nothing, crashes: 1, kinds: ['late'], leaps: 1, federatedSignUp: 'profile-only' } as const
const linking = { ...nothing, crashes: 1, kinds: DEATHS, leaps: 0, federatedSignUp: 'native-user' } as const
const threeFlows = { ...nothing, crashes: 1, kinds: DEATHS, leaps: 0, federatedSignUp: 'profile-only' } as const

/** All that the product does with one address, two or three at a time. */
export const PLAN: readonly Search[] = [
  { ...twoFlows, flows: ['signs up', 'Google'] },
  { ...twoFlows, flows: ['Google', 'Okta'], crashes: 1 },
  { ...twoFlows, flows: ['signs up', 'signs up in capitals'] },
  { ...twoFlows, flows: ['signs up', 'Eve squats'] },
  { ...twoFlows, flows: ['Google', 'Eve squats'] },
  { ...twoFlows, flows: ['administrator', 'Google'] },
  { ...twoFlows, flows: ['signs up', 'Eve’s Facebook'] },
  { ...delayed, flows: ['signs up', 'Google'] },
  { ...delayed, flows: ['Google', 'Eve squats'] },
  { ...linking, flows: ['signs up', 'Google'] },
  { ...linking, flows: ['Google', 'Eve squats'] },
  { ...threeFlows, flows: ['signs up', 'Google', 'Eve squats'] },
  { ...threeFlows, flows: ['signs up', 'signs up in capitals', 'Google'] },
  { ...threeFlows, flows: ['Google', 'administrator', 'Eve squats'] },
]

/** What becomes of a claim when its lease is over (T89): the product's way is the first line of the plan. */
export const LEASE_VARIANTS: readonly Search[] = [
  { ...twoFlows, flows: ['signs up', 'Google'], lease: 'deleted', expects: 'a violation' },
  { ...twoFlows, flows: ['signs up', 'Google'], lease: 'deleted once nobody is alive', expects: 'a violation' },
]
