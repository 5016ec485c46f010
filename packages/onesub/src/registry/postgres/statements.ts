/** Every statement that runs after the migrations. Each answers with one JSON text: no client's type parsers can alter what is in it. */
export interface Statements {
  readonly hasMigrations: string
  readonly version: string
  readonly facts: string
  readonly commit: string
  readonly told: string
}

export function statementsFor(schema: string): Statements {
  return {
    hasMigrations: `select json_build_array(to_regclass('"${schema}".migrations') is not null)::text as answer`,
    version: `select json_build_array(max(version))::text as answer from "${schema}".migrations`,
    facts: `
      with claimed as (
        select c.* from "${schema}".claims c where id in (select jsonb_array_elements_text($1::text::jsonb))
      ), attached as (
        select i.* from "${schema}".identities i where id in (select jsonb_array_elements_text($2::text::jsonb))
      ), known as (
        select p.* from "${schema}".persons p
        where id in (select person from claimed union select person from attached
                     union select value::uuid from jsonb_array_elements_text($3::text::jsonb))
      )
      select json_build_object(
        'claims', (select json_agg(claimed) from claimed),
        'identities', (select json_agg(attached) from attached),
        'persons', (select json_agg(known) from known)
      )::text as answer`,
    commit: `select "${schema}".commit($1::text::jsonb, $2::text::jsonb)::text as answer`,
    told: `select "${schema}".told($1::text::bigint, $2::text::bigint)::text as answer`,
  }
}
