import type { DomainEvent } from '../../packages/onesub/src/core/events.ts'
import { type Lane, OPENERS, type OpenStore, type StoreName } from './adapters.ts'
import { type Place, placeIn } from './compare.ts'
import { type Difference, type Played, play } from './world.ts'

export interface Order {
  readonly store: StoreName
  readonly commands: number
  /** Of the first world; the next ones count up. */
  readonly seed: number
}

export interface StoreResult {
  readonly store: StoreName
  readonly commands: number
  readonly worlds: number
  /** How often the reference gave each kind of answer. */
  readonly answers: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
  /** By a stream, at the end; an outbox is paged through command by command instead. */
  readonly eventsHeard: number
  /** Of those, how many were told too seldom or too often. */
  readonly eventsAstray: number
}

/** After so many commands everybody has met everybody, and a new world begins. */
export const COMMANDS_A_WORLD = 300
/** Then the lane is closed: a store of one's own does not grow without end. */
const WORLDS_A_LANE = 100
/** More of them tell nothing new, and each is shortened, which takes its time. */
const MOST_DIFFERENCES = 3

/** Rejects where the store cannot be started. */
export async function verifyStore(
  { store, ...order }: Order,
  onProgress: (line: string) => void,
): Promise<StoreResult> {
  const open = await OPENERS[store]()
  try {
    const lanes = await playAll(open, order, (line) => onProgress(`${store}: ${line}`))
    const played = lanes.flatMap((lane) => lane.played)
    return {
      store,
      commands: sum(played.map((world) => world.commands)),
      worlds: played.length,
      answers: counted(played.map(({ answers }) => Object.fromEntries(answers))),
      differences: played.flatMap(({ difference }) => difference ?? []),
      eventsHeard: sum(lanes.map(({ heard }) => heard)),
      eventsAstray: sum(lanes.map(({ astray }) => astray)),
    }
  } finally {
    await open.close()
  }
}

interface LanePlayed {
  readonly played: readonly Omit<Played, 'events'>[]
  readonly heard: number
  readonly astray: number
}

/** Worlds are independent: as many at once as the store has lanes, each one's commands one after another. */
async function playAll(
  open: OpenStore,
  { commands, seed }: Omit<Order, 'store'>,
  onProgress: (line: string) => void,
): Promise<readonly LanePlayed[]> {
  const all: LanePlayed[] = []
  let [left, worlds, differences, lanes] = [commands, 0, 0, 0]
  const isOver = () => left === 0 || differences >= MOST_DIFFERENCES

  const playWorld = async ({ keepsAddresses }: Lane, place: Place): Promise<Played> => {
    const order = { seed: seed + worlds, commands: Math.min(left, COMMANDS_A_WORLD), commits: open.commits }
    worlds += 1
    left -= order.commands
    if (worlds % 200 === 0) onProgress(`${commands - left} of ${commands} commands, ${differences} differences`)
    const result = await play({ ...order, place, keepsAddresses })
    if (result.difference) differences += 1
    return result
  }

  const playLane = async (): Promise<void> => {
    const lane = await open.lane(lanes++)
    const place = placeIn(lane.store)
    const played: Omit<Played, 'events'>[] = []
    const expected: DomainEvent[] = []
    while (played.length < WORLDS_A_LANE && !isOver()) {
      const { events, ...world } = await playWorld(lane, place)
      played.push(world)
      if (lane.heard && !world.difference) expected.push(...events)
    }
    const heard = differences === 0 ? ((await lane.heard?.()) ?? []) : expected
    all.push({ played, heard: heard.length, astray: unequal(expected, heard) })
    await lane.close()
  }
  const playOn = async (): Promise<void> => {
    while (!isOver()) await playLane()
  }

  const lanesWanted = Math.min(open.lanes, Math.ceil(commands / COMMANDS_A_WORLD))
  await Promise.all(Array.from({ length: lanesWanted }, playOn))
  return all
}

/** How many are on one side only. */
function unequal(expected: readonly DomainEvent[], heard: readonly DomainEvent[]): number {
  const count = new Map<string, number>()
  const note = (event: DomainEvent, by: number) => {
    const text = JSON.stringify(event)
    count.set(text, (count.get(text) ?? 0) + by)
  }
  for (const event of expected) note(event, 1)
  for (const event of heard) note(event, -1)
  return sum([...count.values()].map(Math.abs))
}

/** Counts of the same names, added up. */
export function counted(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const all: Record<string, number> = {}
  for (const [name, times] of counts.flatMap(Object.entries<number>)) all[name] = (all[name] ?? 0) + times
  return all
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}
