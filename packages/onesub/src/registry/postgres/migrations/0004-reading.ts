import { PINNED } from './pinned.ts'

/** Functions that read rows, keep the store's metadata, and prune. They take and return texts, which no client's type parsers change. */
export const reading = (schema: string): string => `
  create function "${schema}".facts(ownership_ids text, identity_ids text, person_ids text) returns text language sql stable ${PINNED} as $facts$
    with owned as (
      select c.* from "${schema}".ownerships c where id in (select jsonb_array_elements_text(ownership_ids::jsonb))
    ), attached as (
      select i.* from "${schema}".identities i where id in (select jsonb_array_elements_text(identity_ids::jsonb))
    ), known as (
      select p.* from "${schema}".persons p
      where id in (select person from owned union select person from attached
                   union select value::uuid from jsonb_array_elements_text(person_ids::jsonb))
    )
    select json_build_object(
      'ownerships', (select json_agg(owned) from owned),
      'identities', (select json_agg(attached) from attached),
      'persons', (select json_agg(known) from known)
    )::text
  $facts$;

  create function "${schema}".read_metadata() returns text language sql stable ${PINNED} as $metadata$
    select coalesce((select json_build_array(content, revision) from "${schema}".metadata), json_build_array(null, 0))::text
  $metadata$;

  create function "${schema}".write_metadata(wanted text, seen text) returns text language plpgsql ${PINNED} as $metadata$
  declare
    written bigint;
  begin
    if seen::integer = 0 then
      insert into "${schema}".metadata (content, revision) values (wanted, 1) on conflict do nothing;
    else
      update "${schema}".metadata set content = wanted, revision = revision + 1 where revision = seen::integer;
    end if;
    get diagnostics written = row_count;
    return json_build_array(written = 1)::text;
  end $metadata$;

  create function "${schema}".prune_reservations(lease_before text, below_rank text, most text) returns text language plpgsql ${PINNED} as $prune$
  declare
    deleted bigint;
  begin
    delete from "${schema}".ownerships where id in (
      select id from "${schema}".ownerships
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
