import { expect, it } from 'vitest'
import { emailEvidence, isEnoughToOwn, type Rank, type SoftRank } from './evidence.ts'
import type { IdentifierKind } from './identifiers/index.ts'
import { emailKey } from './testing/samples.ts'

it.each<[IdentifierKind, SoftRank[]]>([
  ['email', []],
  ['phone', [2]],
  ['username', [0, 1, 2]],
])('T30, T160: a stated key of kind %s is owned from these ranks on: %j', (kind, ranks) => {
  const identifier = { ...emailKey(), kind }
  const owned = ([0, 1, 2] as const).filter((rank) => isEnoughToOwn({ kind: 'stated', identifier, rank }))
  expect(owned).toEqual(ranks)
})

it('an address is owned from E3 on, and no sooner', () => {
  const owned = ([0, 1, 2, 3, 4] as const satisfies Rank[]).map((rank) => emailEvidence(emailKey(), rank))
  expect(owned.map(isEnoughToOwn)).toEqual([false, false, false, true, true])
  expect(owned.map(({ kind }) => kind)).toEqual(['stated', 'stated', 'stated', 'proven', 'proven'])
})
