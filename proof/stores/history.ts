/** When a call began and ended. All clients run in one process; time is a number that grows with each call and each answer. */
export interface Span {
  readonly began: number
  readonly ended: number
}

/** One commit, as its client saw it. A second run of an operation is another attempt, with another person. */
export interface Attempt extends Span {
  readonly opId: string
  /** Different for each attempt, so that a row shows which attempt has written it. */
  readonly person: string
  readonly writes: readonly { readonly register: string; readonly expectedRevision: number }[]
  readonly answer:
    | { readonly kind: 'committed'; readonly person: string; readonly replayed: boolean }
    | { readonly kind: 'overtaken'; readonly winner: Sighting | undefined }
    | { readonly kind: 'unknown' }
}

/** What an answer showed of one row: its revision, and the attempt that wrote it. Some answers show only one of the two. */
export interface Sighting {
  readonly register: string
  /** 0 where there is no row. */
  readonly revision: number | undefined
  readonly writer: string | undefined
}

export interface Read extends Span {
  readonly sightings: readonly Sighting[]
}

/** One event. Each write of an attempt has one, which names its row. */
export interface ToldEvent {
  readonly position: number
  readonly person: string
  readonly register: string
}

export interface History {
  readonly attempts: readonly Attempt[]
  readonly reads: readonly Read[]
  /** Every row in the store at the end, with its revision. */
  readonly status: readonly Sighting[]
  /** All events in the store at the end. */
  readonly told: readonly ToldEvent[]
  /** The events that a reader received who read page by page during the run. */
  readonly followed: readonly ToldEvent[]
}

export type AnomalyKind =
  | 'acknowledged, and lost'
  | 'two winners'
  | 'half a change'
  | 'overtaken by nobody'
  | 'overtaken, and written'
  | 'acknowledged as another’s'
  | 'a revision that nobody attempted'
  | 'seen before it was attempted'
  | 'going back'
  | 'a missing event'
  | 'an event told twice'
  | 'an event of nothing'
  | 'told out of order'
  | 'told otherwise than before'

export interface Anomaly {
  readonly kind: AnomalyKind
  readonly at: string
}

/**
 * Finds what cannot happen in a correct store: its rows are linearizable registers, each change depends on one revision, and each change has its events
 * once. Since the versions of a row are numbered, their order is known; it only has to be checked against real time (Gibbons and Korach,
 * "Testing Shared Memories": with such an order one pass is enough).
 */
export function anomaliesIn(history: History): readonly Anomaly[] {
  const attempts = new Map(history.attempts.map((attempt) => [attempt.person, attempt]))
  const ending = new Map(history.status.map(({ register, revision = 0 }) => [register, revision]))
  const found: Anomaly[] = []
  const report = (kind: AnomalyKind, at: string) => found.push({ kind, at })
  const seen = sightingsIn(history, attempts, report)
  const winners = winnersIn(seen, attempts, report)
  checkAnswers(history, attempts, ending, winners, report)
  checkWholeness(history, winners, report)
  checkRealTime(seen, report)
  checkEvents(history, ending, report)
  return found
}

type Attempts = ReadonlyMap<string, Attempt>
type Report = (kind: AnomalyKind, at: string) => void
/** For each version of a row, the attempts that were seen to have written it. */
type Winners = ReadonlyMap<string, ReadonlySet<string>>

/** At the end of the span the row had at least this revision. If `isCommit`, it did not have the revision before the span began. */
interface Seen extends Span {
  readonly register: string
  readonly revision: number
  readonly writer: string | undefined
  readonly isCommit: boolean
}

function versionOf(register: string, revision: number): string {
  return `${register}@${revision}`
}

function revisionBy(writer: Attempt | undefined, register: string): number | undefined {
  const write = writer?.writes.find((one) => one.register === register)
  return write && write.expectedRevision + 1
}

const AT_THE_END: Span = { began: Number.MAX_SAFE_INTEGER, ended: Number.MAX_SAFE_INTEGER }

function sightingsIn(history: History, attempts: Attempts, report: Report): readonly Seen[] {
  const seen: Seen[] = []

  const note = ({ register, revision, writer }: Sighting, { began, ended }: Span, isCommit = false) => {
    const written = writer === undefined ? undefined : revisionBy(attempts.get(writer), register)
    if (writer !== undefined && written === undefined) {
      report('a revision that nobody attempted', `${register} by ${writer}`)
      return
    }
    const known = revision ?? written
    if (known !== undefined) seen.push({ register, revision: known, writer, began, ended, isCommit })
  }

  const noteWrites = ({ person, writes }: Attempt, span: Span, isCommit: boolean) => {
    for (const { register, expectedRevision } of writes)
      note({ register, revision: expectedRevision + 1, writer: person }, span, isCommit)
  }

  for (const read of history.reads) for (const sighting of read.sightings) note(sighting, read)
  for (const sighting of history.status) note(sighting, AT_THE_END)
  for (const { person, register } of history.told) {
    if (revisionBy(attempts.get(person), register) === undefined)
      report('an event of nothing', `${register} by ${person}`)
    else note({ register, revision: undefined, writer: person }, AT_THE_END)
  }
  for (const attempt of history.attempts) {
    const { answer } = attempt
    if (answer.kind === 'overtaken' && answer.winner) note(answer.winner, attempt)
    if (answer.kind !== 'committed') continue
    const writer = attempts.get(answer.person)
    const isItsOwn = answer.replayed ? writer?.opId === attempt.opId : writer === attempt
    if (writer && isItsOwn) noteWrites(writer, attempt, !answer.replayed)
    else report('acknowledged as another’s', `${attempt.opId} as ${answer.person}`)
  }
  return seen
}

function winnersIn(seen: readonly Seen[], attempts: Attempts, report: Report): Winners {
  const winners = new Map<string, Set<string>>()
  for (const { register, revision, writer, ended } of seen) {
    if (writer === undefined) continue
    const version = versionOf(register, revision)
    winners.set(version, (winners.get(version) ?? new Set()).add(writer))
    const attempt = attempts.get(writer)
    if (attempt && attempt.began > ended) report('seen before it was attempted', version)
    if (revisionBy(attempt, register) !== revision) report('a revision that nobody attempted', version)
  }
  for (const [version, writers] of winners) if (writers.size > 1) report('two winners', version)
  return winners
}

function checkAnswers(
  history: History,
  attempts: Attempts,
  ending: ReadonlyMap<string, number>,
  winners: Winners,
  report: Report,
): void {
  for (const { answer, person, writes } of history.attempts) {
    if (answer.kind === 'committed') {
      const { writes: acknowledged = [] } = attempts.get(answer.person) ?? {}
      for (const { register, expectedRevision } of acknowledged) {
        if ((ending.get(register) ?? 0) <= expectedRevision)
          report('acknowledged, and lost', versionOf(register, expectedRevision + 1))
      }
    }
    if (answer.kind !== 'overtaken') continue
    const [only] = writes
    if (only && answer.winner && (answer.winner.revision ?? 0) <= only.expectedRevision) {
      report('overtaken by nobody', versionOf(only.register, only.expectedRevision))
    }
    const isWritten = writes.some(({ register, expectedRevision }) =>
      winners.get(versionOf(register, expectedRevision + 1))?.has(person),
    )
    if (isWritten) report('overtaken, and written', person)
  }
}

function checkWholeness(history: History, winners: Winners, report: Report): void {
  for (const { person, writes } of history.attempts) {
    const written = writes.filter(({ register, expectedRevision }) =>
      winners.get(versionOf(register, expectedRevision + 1))?.has(person),
    )
    if (written.length > 0 && written.length < writes.length) report('half a change', person)
  }
}

function checkRealTime(seen: readonly Seen[], report: Report): void {
  const byRegister = new Map<string, Seen[]>()
  for (const one of seen) {
    const others = byRegister.get(one.register)
    if (others) others.push(one)
    else byRegister.set(one.register, [one])
  }
  for (const [register, sightings] of byRegister) {
    const createPerson = sightings.toSorted((a, b) => a.began - b.began)
    const ending = sightings.toSorted((a, b) => a.ended - b.ended)
    let [next, floor] = [0, 0]
    for (const { began, revision, isCommit } of createPerson) {
      for (let past = ending[next]; past && past.ended < began; past = ending[next]) {
        floor = Math.max(floor, past.revision)
        next += 1
      }
      // The events that are read at the end are the whole history, with old versions in it.
      if (began === AT_THE_END.began) break
      if (revision < floor || (isCommit && revision === floor)) report('going back', versionOf(register, revision))
    }
  }
}

function checkEvents({ attempts, told, followed }: History, ending: ReadonlyMap<string, number>, report: Report): void {
  const expectedRevision = new Map(
    attempts.flatMap(({ person, writes }) => writes.map((one) => [`${one.register} ${person}`, one.expectedRevision])),
  )
  const positions = new Map<string, number>()
  const newest = new Map<string, number>()
  let last = 0
  for (const { position, person, register } of told) {
    const revision = (expectedRevision.get(`${register} ${person}`) ?? -1) + 1
    const version = versionOf(register, revision)
    if (positions.has(version)) report('an event told twice', version)
    if (revision > (ending.get(register) ?? 0)) report('an event of nothing', version)
    if (position <= last || revision < (newest.get(register) ?? 0)) report('told out of order', version)
    positions.set(version, position)
    newest.set(register, revision)
    last = position
  }
  for (const [register, revisions] of ending) {
    for (let revision = 1; revision <= revisions; revision += 1) {
      const version = versionOf(register, revision)
      if (!positions.has(version)) report('a missing event', version)
    }
  }
  for (const [index, before] of followed.entries()) {
    const now = told[index]
    const isSame = now?.position === before.position && now.person === before.person && now.register === before.register
    if (!isSame) report('told otherwise than before', String(before.position))
  }
}
