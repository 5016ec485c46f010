import { equal, existing, fails, isTrue } from './assertions.ts'
import type { Demand, TestedRegistry } from './description.ts'
import { agreementsOf } from './outcomes.ts'

const [A, B, C] = ['eu-west-1_Aaaaaaaaa', 'eu-west-1_Bbbbbbbbb', 'eu-west-1_Ccccccccc'] as const
const REFUSED = { code: 'CONFIG_INVALID', retry: false } as const

/** A store belongs to one user pool, or to those that were named together. */
export const POOL_DEMANDS: readonly Demand[] = [
  {
    name: 'T168: belongs to the first user pool, and refuses another one',
    async run({ open }) {
      const registry = await open()
      await admit(registry, A)
      await fails(admit(registry, B), REFUSED)
      await admit(registry, A)
    },
  },
  {
    name: 'T168: belongs to the first user pool; another one is refused with advice, also after both have restarted',
    needs: ['reopening'],
    async run({ open }) {
      const first = await open()
      await admit(first, A)
      await admit(first, A)
      for (const registry of [first, await open()]) {
        const error = await fails(admit(registry, B), { ...REFUSED, message: /another user pool.*"sharedBy"/ })
        isTrue(!String(error).includes(A), 'The error names the other pool.')
        await fails(admit(registry, B), REFUSED)
      }
      await admit(await open(), A)
    },
  },
  ...(
    [
      [A, B],
      [B, A],
    ] as const
  ).map(
    ([one, other]): Demand => ({
      name: `T168: is shared by the pools that the operator names, in either order: ${one} first`,
      needs: ['reopening'],
      async run({ open }) {
        await admit(await open(), one)
        await fails(
          open({ sharedBy: [other] }).then((registry) => admit(registry, other)),
          REFUSED,
        )
        await fails(
          open({ sharedBy: [one] }).then((registry) => admit(registry, other)),
          REFUSED,
        )
        await admit(await open({ sharedBy: [A, B] }), other)
        await admit(await open(), one)
        await fails(
          open({ sharedBy: [A, C] }).then((registry) => admit(registry, C)),
          REFUSED,
        )
      },
    }),
  ),
  {
    name: 'T168: of two pools that come first at the same time, one gets it',
    needs: ['reopening'],
    async run({ open }) {
      const registries = await Promise.all(Array.from({ length: 6 }, () => open()))
      const outcomes = await Promise.allSettled(registries.map((registry, at) => admit(registry, at % 2 ? A : B)))
      equal(agreementsOf(outcomes), [false, true])
    },
  },
  {
    name: 'T168: asks the store once in a process, and not at all where the pool is known when it is opened',
    needs: ['reopening', 'call-count'],
    async run({ open, ...store }) {
      const calls = existing(store.calls, 'function "calls" in the description')
      const registry = await open()
      await Promise.all([admit(registry, A), admit(registry, A)])
      const before = calls()
      isTrue(before > 0, 'No call was counted.')
      await admit(registry, A)
      equal(calls(), before)
      const again = await open()
      const opened = calls()
      await admit(again, A)
      equal(calls(), opened)
    },
  },
  ...['nonsense', ['nonsense'], [7], { 0: A }].map(
    (sharedBy): Demand => ({
      name: `T168: "sharedBy" is a list of pool ids: ${JSON.stringify(sharedBy)} is none`,
      async run({ open }) {
        const options: { sharedBy: readonly string[] } = JSON.parse(JSON.stringify({ sharedBy }))
        await fails(open(options), REFUSED)
      },
    }),
  ),
]

async function admit(registry: TestedRegistry, userPoolId: string): Promise<void> {
  await existing(registry.admit?.bind(registry), 'method "admit": the store does not keep its user pools')(userPoolId)
}
