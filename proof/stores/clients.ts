import { randomUUID } from 'node:crypto'
import type { Change, Write } from '../../packages/onesub/src/core/changes/change.ts'
import { type Identifier, normaliseEmail } from '../../packages/onesub/src/core/identifiers/index.ts'
import { operationId } from '../../packages/onesub/src/core/operation.ts'
import { type Identity, type PersonId, parsePersonId } from '../../packages/onesub/src/core/person.ts'
import type { CommitResult, EventFeed, Registry } from '../../packages/onesub/src/core/ports.ts'
import { type Chooser, seeded } from '../sim/random.ts'
import type { Attempt, History, Read, Sighting, ToldEvent } from './history.ts'
import { maybe, some } from './scenario.ts'

/** A row that clients contend for. */
type Register = { readonly name: string } & (
  | { readonly row: 'ownership'; readonly identifier: Identifier }
  | { readonly row: 'identity'; readonly identity: Identity }
)

const POOL = 'eu-west-1_kill'
const RUNS_OF_AN_OPERATION = 4
const PAGE = 200

type Outcome = Attempt['answer']

/** Clients of one registry that contend for the same rows, and record every call and every answer. */
export class Clients {
  readonly #registry: Registry & EventFeed
  /** Resolves when the store is up. Never rejects. */
  readonly #isUp: () => Promise<void>
  readonly #registers = new Map<string, Register>()
  readonly #attempts: Attempt[] = []
  readonly #reads: Read[] = []
  readonly #followed: ToldEvent[] = []
  #contended: readonly Register[] = []
  /** How many commits have been answered. */
  answered = 0
  #moment = 0
  #ended = false

  constructor(registry: Registry & EventFeed, isUp: () => Promise<void>) {
    this.#registry = registry
    this.#isUp = isUp
  }

  /** From now on the clients also contend for new rows that do not exist yet. */
  contendFor(round: number): void {
    const lasting = registersOf('lasting')
    const fresh = registersOf(`round-${round}`)
    this.#contended = [...lasting, ...fresh]
    for (const register of this.#contended) this.#registers.set(register.name, register)
  }

  /** Runs until `end`. */
  async run(count: number, seed: number): Promise<void> {
    const working = Array.from({ length: count }, (_, at) => this.#work(`client-${at}`, seeded(seed + at)))
    await Promise.all([...working, this.#follow()])
  }

  end(): void {
    this.#ended = true
  }

  /** Call it when no client writes any more: it reads all rows and all events. */
  async history(): Promise<History> {
    const status: Sighting[] = []
    for (const register of this.#registers.values()) status.push(...(await this.#look([register])))
    const told = (await this.#registry.told(0, Number.MAX_SAFE_INTEGER)).map(toldEvent)
    return { attempts: this.#attempts, reads: this.#reads, status, told, followed: this.#followed }
  }

  async #work(name: string, chooser: Chooser): Promise<void> {
    for (let operation = 0; !this.#ended; operation += 1) {
      await this.#isUp()
      const wanted = distinctIdentity(some(chooser, this.#contended, 3))
      const sightings = await this.#read(wanted)
      if (!sightings || maybe(chooser, 5)) continue
      const overs = wanted.map(({ name: register }) => revisionIn(sightings, register))
      const opId = operationId({
        pool: POOL,
        source: 'kill',
        userName: `${name} ${operation}`,
        client: '',
        expectedRevisions: overs,
      })
      await this.#commit(wanted, overs, opId)
      if (maybe(chooser, 4)) await this.#resolve(wanted)
    }
  }

  /** Repeats the commit while its result is unknown, as Cognito runs a trigger again that has failed. */
  async #commit(wanted: readonly Register[], overs: readonly number[], opId: Change['opId']): Promise<void> {
    for (let run = 0; run < RUNS_OF_AN_OPERATION; run += 1) {
      const person = freshPerson()
      const [first, ...rest] = wanted.map((register, at) => writeOf(register, overs[at] ?? 0, person))
      if (!first) return
      const writes = wanted.map(({ name: register }, at) => ({ register, expectedRevision: overs[at] ?? 0 }))
      const began = this.#next()
      const answer = await this.#registry.commit({ opId, person, writes: [first, ...rest] }).then(
        (result) => outcomeOf(result, wanted),
        (): Outcome => ({ kind: 'unknown' }),
      )
      this.#attempts.push({ began, ended: this.#next(), opId, person, writes, answer })
      if (answer.kind !== 'unknown') {
        this.answered += 1
        return
      }
      await this.#isUp()
    }
  }

  async #read(wanted: readonly Register[]): Promise<readonly Sighting[] | undefined> {
    const began = this.#next()
    const sightings = await this.#look(wanted).catch(() => undefined)
    if (sightings) this.#reads.push({ began, ended: this.#next(), sightings })
    return sightings
  }

  async #look(wanted: readonly Register[]): Promise<readonly Sighting[]> {
    const identity = wanted.find((one) => one.row === 'identity')
    const ownerships = wanted.filter((one) => one.row === 'ownership')
    const facts = await this.#registry.facts({
      identity: identity?.identity,
      identifiers: ownerships.map(({ identifier }) => identifier),
    })
    const ofClaims = ownerships.map(({ name: register }, at): Sighting => {
      const ownership = facts.identifiers[at]?.ownership
      return { register, revision: ownership?.revision ?? 0, writer: ownership?.person }
    })
    const ofIdentity = identity
      ? [{ register: identity.name, revision: facts.identityRevision, writer: undefined }]
      : []
    return [...ofClaims, ...ofIdentity]
  }

  async #resolve(wanted: readonly Register[]): Promise<void> {
    const found = wanted.find((one) => one.row === 'identity')
    if (!found) return
    const began = this.#next()
    const writer = await this.#registry.resolve(found.identity).catch(() => null)
    if (writer === null) return
    const revision = writer === undefined ? 0 : undefined
    this.#reads.push({ began, ended: this.#next(), sightings: [{ register: found.name, revision, writer }] })
  }

  async #follow(): Promise<void> {
    while (!this.#ended) {
      await this.#isUp()
      const page = await this.#registry.told(this.#followed.at(-1)?.position, PAGE).catch(() => [])
      this.#followed.push(...page.map(toldEvent))
    }
  }

  #next(): number {
    this.#moment += 1
    return this.#moment
  }
}

/** A query for facts has one identity at most. */
function distinctIdentity(registers: readonly Register[]): readonly Register[] {
  const first = registers.find(({ row }) => row === 'identity')
  return registers.filter((one) => one.row === 'ownership' || one === first)
}

function registersOf(round: string): readonly Register[] {
  const ownerships = [0, 1, 2, 3].map((at): Register => {
    const normalised = normaliseEmail(`${round}-${at}@example.com`)
    if (!normalised.ok) throw new Error(normalised.fault)
    return { row: 'ownership', name: `claim ${round} ${at}`, identifier: normalised.identifier }
  })
  const identities = [0, 1].map((at): Register => {
    const identity = { pool: POOL, provider: 'Cognito', subject: `${round}-${at}` }
    return { row: 'identity', name: `identity ${round} ${at}`, identity }
  })
  return [...ownerships, ...identities]
}

function writeOf(register: Register, expectedRevision: number, person: PersonId): Write {
  const told = { person, version: expectedRevision + 1, at: 0, detail: { provider: register.name } }
  const common = { expectedRevision, events: [{ type: 'identity.pending', ...told }] } as const
  if (register.row === 'identity') {
    return { row: 'identity', identity: register.identity, attachment: { status: 'member', person }, ...common }
  }
  const ownership = { person, rank: 0, epoch: expectedRevision + 1, holder: null, leaseUntil: null } as const
  return { row: 'ownership', identifier: register.identifier, ownership, ...common }
}

function outcomeOf(result: CommitResult, wanted: readonly Register[]): Outcome {
  if (result.outcome === 'committed') return { kind: 'committed', person: result.person, replayed: result.replayed }
  const [only, another] = wanted
  if (only?.row !== 'ownership' || another) return { kind: 'overtaken', winner: undefined }
  const { winner } = result
  return { kind: 'overtaken', winner: { register: only.name, revision: winner?.revision ?? 0, writer: winner?.person } }
}

function revisionIn(sightings: readonly Sighting[], register: string): number {
  return sightings.find((one) => one.register === register)?.revision ?? 0
}

function toldEvent({ position, event }: Awaited<ReturnType<EventFeed['told']>>[number]): ToldEvent {
  const register = event.type === 'identity.pending' ? event.detail.provider : ''
  return { position, person: event.person, register }
}

function freshPerson(): PersonId {
  const id = parsePersonId(randomUUID())
  if (!id) throw new Error('not a UUID')
  return id
}
