import type { DomainEvent } from '../../packages/onesub/src/core/events.ts'
import type { ComparisonSizes, OwnStore, RunningStore } from '../../packages/onesub/src/registry/testing/test-store.ts'
import { STORE_NAMES, STORES, type StoreName } from '../../test/stores/stores.ts'
import { type Place, placeIn, type Store } from './compare.ts'
import { type Difference, type Played, play } from './round.ts'

export interface Order {
  readonly store: StoreName
  readonly commands: number
  /** The seed of the first round. The next rounds have the next numbers. */
  readonly seed: number
}

export interface StoreResult {
  readonly store: StoreName
  readonly commands: number
  readonly rounds: number
  /** How often the reference gave each kind of answer. */
  readonly answers: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
  /** Read from a stream at the end. Where the registry has a feed, its pages are compared command by command instead. */
  readonly eventsRead: number
  /** How many events the stream lacks or has too often. */
  readonly eventsWrong: number
}

const PEPPER = 'a pepper for comparing stores'
/** Naming and sealing by a pepper take a quarter of the time. */
const LANES_FOR_ONE_PEPPER = 4

/** The stores that are compared: all but the reference. */
export const COMPARED = STORE_NAMES.filter((name) => STORES[name].comparison)

/** Throws for the reference, which is compared with nothing. */
export function comparisonOf(name: StoreName): ComparisonSizes {
  const { comparison } = STORES[name]
  if (comparison) return comparison
  throw new Error(`${name} is the reference: it is not compared with itself.`)
}

/** After so many commands all identities and identifiers of a round have been combined, and a new round begins. */
export const COMMANDS_A_ROUND = 300
/** After so many rounds a lane gets a new store, so that no store grows without end. */
const ROUNDS_A_LANE = 100
/** More differences show nothing new, and it takes time to shorten each of them. */
const MOST_DIFFERENCES = 3

/** Sends the commands to one store. Rejects where the store cannot be started. */
export async function verifyStore(
  { store, ...order }: Order,
  onProgress: (line: string) => void,
): Promise<StoreResult> {
  const running = await STORES[store].start()
  try {
    const lanes = await playAll(running, comparisonOf(store), order, (line) => onProgress(`${store}: ${line}`))
    const played = lanes.flatMap((lane) => lane.played)
    return {
      store,
      commands: sum(played.map((round) => round.commands)),
      rounds: played.length,
      answers: counted(played.map(({ answers }) => Object.fromEntries(answers))),
      differences: played.flatMap(({ difference }) => difference ?? []),
      eventsRead: sum(lanes.map((lane) => lane.eventsRead)),
      eventsWrong: sum(lanes.map((lane) => lane.eventsWrong)),
    }
  } finally {
    await running.stop()
  }
}

/** A store of its own, in which one round after another is played. */
interface Lane {
  readonly store: Store
  /** Whether the store has a pepper, with which it seals addresses. */
  readonly keepsAddresses: boolean
  /** Reads all events so far, in any order, where the registry has no event feed. */
  readonly events: OwnStore['events']
  close(): Promise<void>
}

async function openLane(
  running: RunningStore,
  { lanesForOneWithEvents = 1 }: ComparisonSizes,
  number: number,
): Promise<Lane> {
  const keepsAddresses = number % LANES_FOR_ONE_PEPPER === 0
  const own = await running.create({ events: number % lanesForOneWithEvents === 0 })
  const store = await own.open({ pepper: keepsAddresses ? PEPPER : null })
  return { store, keepsAddresses, events: own.events, close: async () => own.remove?.() }
}

interface LanePlayed {
  readonly played: readonly Omit<Played, 'events'>[]
  readonly eventsRead: number
  readonly eventsWrong: number
}

/** Registries are independent: as many run at the same time as the store has lanes. The commands of one round run one after another. */
async function playAll(
  running: RunningStore,
  sizes: ComparisonSizes,
  { commands, seed }: Omit<Order, 'store'>,
  onProgress: (line: string) => void,
): Promise<readonly LanePlayed[]> {
  const all: LanePlayed[] = []
  let [left, rounds, differences, lanes] = [commands, 0, 0, 0]
  const isOver = () => left === 0 || differences >= MOST_DIFFERENCES

  const playRound = async ({ keepsAddresses }: Lane, place: Place): Promise<Played> => {
    const order = { seed: seed + rounds, commands: Math.min(left, COMMANDS_A_ROUND), commits: sizes.commitsOfHundred }
    rounds += 1
    left -= order.commands
    if (rounds % 200 === 0) onProgress(`${commands - left} of ${commands} commands, ${differences} differences`)
    const result = await play({ ...order, place, keepsAddresses })
    if (result.difference) differences += 1
    return result
  }

  const playLane = async (): Promise<void> => {
    const lane = await openLane(running, sizes, lanes++)
    const place = placeIn(lane.store)
    const played: Omit<Played, 'events'>[] = []
    const expected: DomainEvent[] = []
    while (played.length < ROUNDS_A_LANE && !isOver()) {
      const { events, ...round } = await playRound(lane, place)
      played.push(round)
      if (lane.events && !round.difference) expected.push(...events)
    }
    const read = differences === 0 ? ((await lane.events?.()) ?? []) : expected
    all.push({ played, eventsRead: read.length, eventsWrong: unequal(expected, read) })
    await lane.close()
  }
  const playOn = async (): Promise<void> => {
    while (!isOver()) await playLane()
  }

  const lanesWanted = Math.min(sizes.lanes, Math.ceil(commands / COMMANDS_A_ROUND))
  await Promise.all(Array.from({ length: lanesWanted }, playOn))
  return all
}

/** How many events are in only one of the two lists. */
function unequal(expected: readonly DomainEvent[], read: readonly DomainEvent[]): number {
  const count = new Map<string, number>()
  const note = (event: DomainEvent, by: number) => {
    const text = JSON.stringify(event)
    count.set(text, (count.get(text) ?? 0) + by)
  }
  for (const event of expected) note(event, 1)
  for (const event of read) note(event, -1)
  return sum([...count.values()].map(Math.abs))
}

/** Adds up the counts of each name. */
export function counted(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const all: Record<string, number> = {}
  for (const [name, times] of counts.flatMap(Object.entries<number>)) all[name] = (all[name] ?? 0) + times
  return all
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}
