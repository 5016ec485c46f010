import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { Hono } from 'hono'
import { type NewRecord, newRecordIn, type TrainingRecord } from './training-record.ts'

export interface RecordStore {
  /** Newest day first. */
  of(owner: string): readonly TrainingRecord[]
  add(owner: string, record: NewRecord): TrainingRecord
  /** Somebody else's record is not found. */
  remove(owner: string, id: string): boolean
  count(owner: string): number
  /** After a merge: everything of the former owner's is the other's. Safe to repeat. */
  move(from: string, to: string): void
  close(): void
}

/** `path` is a file, or `:memory:`. The owner is the person id, and nothing that may change, such as an address or a `sub`. */
export function openRecords(path: string): RecordStore {
  const database = new DatabaseSync(path)
  database.exec(`create table if not exists records (
    id text primary key, owner text not null, exercise text not null, amount real not null, unit text not null, day text not null
  ) strict; create index if not exists records_of on records (owner)`)
  const statements = {
    of: database.prepare(
      'select id, exercise, amount, unit, day from records where owner = ? order by day desc, rowid desc',
    ),
    add: database.prepare('insert into records (id, owner, exercise, amount, unit, day) values (?, ?, ?, ?, ?, ?)'),
    remove: database.prepare('delete from records where owner = ? and id = ?'),
    count: database.prepare('select count(*) as count from records where owner = ?'),
    move: database.prepare('update records set owner = ? where owner = ?'),
  }
  return {
    of: (owner) => statements.of.all(owner).map(recordIn),
    add(owner, record) {
      const id = randomUUID()
      statements.add.run(id, owner, record.exercise, record.amount, record.unit, record.day)
      return { id, ...record }
    },
    remove: (owner, id) => statements.remove.run(owner, id).changes > 0,
    count: (owner) => Number(statements.count.get(owner)?.count),
    move: (from, to) => void statements.move.run(to, from),
    close: () => database.close(),
  }
}

function recordIn(row: Record<string, unknown>): TrainingRecord {
  const record = newRecordIn(row)
  if (!record) throw new Error('A row of the table "records" has another form than was written.')
  return { id: String(row.id), ...record }
}

/** Whoever mounts these says whose records they are; see `records-api.ts`. */
export interface OwnerEnv {
  readonly Variables: { readonly owner: string }
}

export function recordRoutes(store: RecordStore): Hono<OwnerEnv> {
  const routes = new Hono<OwnerEnv>()
  routes.get('/', (c) => c.json({ records: store.of(c.get('owner')) }))
  routes.post('/', async (c) => {
    const record = newRecordIn(await c.req.json().catch(() => undefined))
    if (!record) return c.json({ error: { message: 'A record has an exercise, an amount, a unit and a day.' } }, 400)
    return c.json(store.add(c.get('owner'), record), 201)
  })
  routes.delete('/:id', (c) => {
    const isGone = store.remove(c.get('owner'), c.req.param('id'))
    return isGone ? c.body(null, 204) : c.json({ error: { message: 'There is no such record.' } }, 404)
  })
  return routes
}
