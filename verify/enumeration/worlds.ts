import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Choice } from '../../packages/onesub/src/core/keys/testing/seeded.ts'
import { type Desk, openWorld, type World, type WorldOptions } from '../../test/world/world.ts'
import { Counted } from './ports.ts'
import { askAsStranger, type Seen, signUpInput } from './stranger.ts'

/** Where people have their address as an alias, which Cognito does not look at before it is proven: silence is possible. */
const POOL = { AliasAttributes: ['email' as const], UsernameConfiguration: { CaseSensitive: false } }
/** One trip to a store nearby. */
const STORE_LATENCY_MS = 1
const AT_ONCE = 32

export type Through = NonNullable<WorldOptions['through']>

export interface CountedWorld {
  readonly world: World
  readonly ports: Counted
}

/** `registry`: what stands between onesub and the counted registry. */
export async function openCounted(desk: Desk, registry: Through['registry'] = (it) => it): Promise<CountedWorld> {
  const ports = new Counted()
  const world = await openWorld(desk, {
    settings: POOL,
    policy: { knownKey: 'quiet' },
    through: {
      registry: (real) => registry(ports.through('registry', real)),
      cognito: (api) => ports.through('cognito', api),
    },
  })
  return { world, ports }
}

export interface Observed {
  readonly seen: Seen
  /** To the ports, in order. */
  readonly calls: string
  readonly milliseconds: number
}

export interface Measure {
  readonly registered: readonly Observed[]
  readonly free: readonly Observed[]
}

/**
 * The same strangers sign up in both worlds with the same addresses, which are registered in one of them; in the other as many people are, by
 * other addresses. Which world is asked first is drawn for each.
 */
export async function measure(
  desk: Desk,
  [known, blank]: readonly [CountedWorld, CountedWorld],
  { tag, signUps, choose }: { readonly tag: string; readonly signUps: number; readonly choose: Choice },
): Promise<Measure> {
  const numbers = Array.from({ length: signUps }, (_, at) => at)
  await Promise.all([
    registerAll(desk, known.world, tag, numbers),
    registerAll(desk, blank.world, `not-${tag}`, numbers),
  ])
  const registered: Observed[] = []
  const free: Observed[] = []
  for (const number of numbers) {
    const comes = { name: `stranger-${tag}-${number}`, email: addressOf(tag, number) }
    const visits = [
      async () => void registered.push(await visit(desk, known, comes)),
      async () => void free.push(await visit(desk, blank, comes)),
    ]
    for (const ask of choose.below(2) === 0 ? visits : visits.toReversed()) await ask()
  }
  return { registered, free }
}

async function visit(
  { emulator }: Desk,
  { world, ports }: CountedWorld,
  { name, email }: { readonly name: string; readonly email: string },
): Promise<Observed> {
  const input = signUpInput(world.clientId, name, email)
  ports.taken()
  ports.wait = () => sleep(STORE_LATENCY_MS)
  const began = performance.now()
  const seen = await askAsStranger(emulator.endpoint, 'SignUp', input)
  const milliseconds = performance.now() - began
  ports.wait = async () => {}
  return { seen, calls: ports.taken(), milliseconds }
}

/** Three of four have entered their code, the fourth has not. */
async function registerAll(
  { emulator }: Desk,
  { clientId, userPoolId }: World,
  tag: string,
  numbers: readonly number[],
): Promise<void> {
  const waiting = [...numbers]
  const ask = async (operation: string, input: object) => {
    const { status } = await askAsStranger(emulator.endpoint, operation, { ClientId: clientId, ...input })
    if (status !== 200) throw new Error(`${operation}: ${status}`)
  }
  const next = async () => {
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const Username = `owner-${tag}-${number}`
      await ask('SignUp', signUpInput(clientId, Username, addressOf(tag, number)))
      if (number % 4 === 0) continue
      await ask('ConfirmSignUp', { Username, ConfirmationCode: emulator.newestCode(userPoolId, Username) })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

function addressOf(tag: string, number: number): string {
  return `person-${tag}-${number}@example.com`
}
