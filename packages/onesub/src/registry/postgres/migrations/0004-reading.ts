import { PINNED } from './pinned.ts'

/** What is read, what the store says of itself, and what ends. Texts in and out: no client's type parsers can alter what is in them. */
export const reading = (schema: string): string => `
  create function "${schema}".facts(claim_ids text, identity_ids text, person_ids text) returns text language sql stable ${PINNED} as $facts$
    with claimed as (
      select c.* from "${schema}".claims c where id in (select jsonb_array_elements_text(claim_ids::jsonb))
    ), attached as (
      select i.* from "${schema}".identities i where id in (select jsonb_array_elements_text(identity_ids::jsonb))
    ), known as (
      select p.* from "${schema}".persons p
      where id in (select person from claimed union select person from attached
                   union select value::uuid from jsonb_array_elements_text(person_ids::jsonb))
    )
    select json_build_object(
      'claims', (select json_agg(claimed) from claimed),
      'identities', (select json_agg(attached) from attached),
      'persons', (select json_agg(known) from known)
    )::text
  $facts$;

  create function "${schema}".read_mark() returns text language sql stable ${PINNED} as $mark$
    select coalesce((select json_build_array(content, revision) from "${schema}".mark), json_build_array(null, 0))::text
  $mark$;

  create function "${schema}".write_mark(wanted text, seen text) returns text language plpgsql ${PINNED} as $mark$
  declare
    written bigint;
  begin
    if seen::integer = 0 then
      insert into "${schema}".mark (content, revision) values (wanted, 1) on conflict do nothing;
    else
      update "${schema}".mark set content = wanted, revision = revision + 1 where revision = seen::integer;
    end if;
    get diagnostics written = row_count;
    return json_build_array(written = 1)::text;
  end $mark$;

  create function "${schema}".prune_reservations(lease_before text, below_rank text, most text) returns text language plpgsql ${PINNED} as $prune$
  declare
    deleted bigint;
  begin
    delete from "${schema}".claims where id in (
      select id from "${schema}".claims
      where lease_until is not null and lease_until < lease_before::bigint and rank < below_rank::smallint limit most::bigint for update skip locked
    );
    get diagnostics deleted = row_count;
    return json_build_array(deleted)::text;
  end $prune$;

  create function "${schema}".prune_events(up_to text, most text) returns text language plpgsql ${PINNED} as $prune$
  declare
    deleted bigint;
  begin
    delete from "${schema}".outbox where seq in (
      select seq from "${schema}".outbox where position <= up_to::bigint order by position limit most::bigint for update skip locked
    );
    get diagnostics deleted = row_count;
    return json_build_array(deleted)::text;
  end $prune$;
`
