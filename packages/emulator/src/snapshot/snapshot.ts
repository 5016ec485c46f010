import { type Persona, parsePersona } from '../federation/personas.ts'
import { type ChangedQuirks, parseQuirks } from '../quirks/quirks.ts'
import { CognitoFault } from '../shared/faults.ts'
import { isRecord, throughJson } from '../shared/json.ts'
import { Account } from '../state/account.ts'
import type { KeptSession } from '../state/sessions.ts'
import type { SnapshotContext } from './context.ts'
import { addPoolOf, POOL, recordOfPool } from './pool-record.ts'
import { keptSessionOf, recordOfSession, SESSION } from './session-record.ts'
import { anyRecord, dictionary, list, number, oneOf, parseAs, record } from './shape.ts'

const VERSION = 1

const SNAPSHOT = record({
  version: oneOf(VERSION),
  clockAheadMs: number,
  quirks: record({ everywhere: anyRecord, ofPools: dictionary(anyRecord) }),
  personas: list(anyRecord),
  pools: list(POOL),
  sessions: list(SESSION),
})

/** The whole state except signing keys, which are new at each start. */
export type Snapshot = NonNullable<(typeof SNAPSHOT)['type']>

/** A copy: changes to it do not change the emulator. */
export function snapshotOf(context: SnapshotContext): Snapshot {
  return parseAs(SNAPSHOT, throughJson(livingSnapshotOf(context)), 'The snapshot')
}

/** Not a copy, for a caller that serializes it at once. */
export function livingSnapshotOf(context: SnapshotContext): Snapshot {
  return {
    version: VERSION,
    clockAheadMs: context.time.aheadMs,
    quirks: changedQuirksOf(context),
    personas: context.personas.all(),
    pools: [...context.account.pools].map((pool) => recordOfPool(context.account, pool)),
    sessions: context.sessions.kept().flatMap((kept) => (isKnown(context, kept) ? [recordOfSession(kept)] : [])),
  }
}

function changedQuirksOf(context: SnapshotContext): Snapshot['quirks'] {
  const { everywhere, ofPools } = context.quirks.changed()
  return { everywhere: { ...everywhere }, ofPools: Object.fromEntries(Object.entries(ofPools).map(copied)) }
}

const copied = ([poolId, settings]: readonly [string, object]) => [poolId, { ...settings }] as const

/** In memory a session may outlive its user, client or pool; such a session is not saved. */
function isKnown({ account }: SnapshotContext, { session: { user, client } }: KeptSession): boolean {
  const isUser = account.find(client.poolId)?.users.byUsername(user.username) === user
  return isUser && account.findClient(client.id)?.client === client
}

interface Restored {
  readonly account: Account
  readonly sessions: readonly KeptSession[]
  readonly quirks: ChangedQuirks
  readonly personas: readonly Persona[]
  readonly clockAheadMs: number
}

/** Replaces the whole state or nothing: the snapshot is parsed and built before the state is cleared. */
export function restore(context: SnapshotContext, given: unknown, clearAll: () => void): void {
  const { account, sessions, quirks, personas, clockAheadMs } = explained(() => rebuild(given))
  clearAll()
  context.time.advance(clockAheadMs)
  context.account.become(account)
  context.quirks.replaceAll(quirks)
  context.personas.replaceAll(personas)
  for (const session of sessions) context.sessions.resume(session)
}

function rebuild(given: unknown): Restored {
  refuseOtherVersions(given)
  const { pools, sessions, quirks, personas, clockAheadMs } = parseAs(SNAPSHOT, throughJson(given), 'The snapshot')
  const account = new Account()
  for (const pool of pools) addPoolOf(account, pool)
  return {
    account,
    sessions: sessions.map((session) => keptSessionOf(account, session)),
    quirks: {
      everywhere: parseQuirks(quirks.everywhere),
      ofPools: Object.fromEntries(Object.entries(quirks.ofPools).map(([id, own]) => [id, parseQuirks(own)])),
    },
    personas: personas.map(parsePersona),
    clockAheadMs,
  }
}

/** A fault of the state, such as two users of one name, is an error in the snapshot here. */
function explained<T>(build: () => T): T {
  try {
    return build()
  } catch (error) {
    throw error instanceof CognitoFault ? new TypeError(`The snapshot contradicts itself: ${error.message}`) : error
  }
}

function refuseOtherVersions(given: unknown): void {
  if (isRecord(given) && given.version === VERSION) return
  throw new TypeError(`This is no snapshot that this emulator understands: it reads version ${VERSION}.`)
}
