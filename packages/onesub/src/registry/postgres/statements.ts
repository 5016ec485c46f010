/**
 * Every statement that runs after the migrations. Each one calls a function with a fixed search path, takes texts and returns one JSON text. No
 * client's type parsers change it, and no name in it is looked up in the caller's search path.
 */
export interface Statements {
  readonly hasMigrations: string
  readonly version: string
  readonly facts: string
  readonly commit: string
  readonly readEvents: string
  readonly readMetadata: string
  readonly writeMetadata: string
  readonly pruneReservations: string
  readonly pruneEvents: string
}

export function statementsFor(schema: string): Statements {
  const calls = (name: string, parameters: number): string => {
    const list = Array.from({ length: parameters }, (_, at) => `$${at + 1}`)
    return `select "${schema}".${name}(${list.join(', ')}) as answer`
  }
  const json = (value: string) => `pg_catalog.json_build_array(${value})::pg_catalog.text as answer`
  return {
    hasMigrations: `select ${json(`pg_catalog.to_regclass('"${schema}".migrations') is not null`)}`,
    version: `select ${json('pg_catalog.max(version)')} from "${schema}".migrations`,
    facts: calls('facts', 3),
    commit: calls('commit', 2),
    readEvents: calls('read_events', 2),
    readMetadata: calls('read_metadata', 0),
    writeMetadata: calls('write_metadata', 2),
    pruneReservations: calls('prune_reservations', 3),
    pruneEvents: calls('prune_events', 2),
  }
}
