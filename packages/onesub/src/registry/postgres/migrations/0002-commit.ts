import { PINNED } from './pinned.ts'

/**
 * One statement decides and writes, so that the client needs no transaction. Each write is conditional: of two first writers the primary key
 * accepts one, of two later writers the revision accepts one. The inner block rolls back everything when one write fails.
 *
 * `on conflict do nothing` waits for another writer of the same row, and returns no row if that writer commits (PostgreSQL documentation,
 * "INSERT"). The stored row is read afterwards by a separate statement, which sees the other writer's row under READ COMMITTED.
 *
 * During a rotation of peppers a row has two names, and the primary key keeps only one of them unique. `in_place` lets one writer at a time
 * check whether the row exists under its former name; the row is then written under that name.
 */
export const commit = (schema: string): string => `
  create function "${schema}".commit(row_texts text, event_texts text) returns text language plpgsql ${PINNED} as $commit$
  declare
    rows jsonb := row_texts;
    item jsonb;
    written bigint;
  begin
    begin
      for item in select value from jsonb_array_elements(rows) with ordinality as wanted order by ordinality loop
        if item->>'former' is not null then item := "${schema}".in_place(item); end if;
        case item->>'table'
          when 'ownerships' then written := "${schema}".write_ownership(jsonb_populate_record(null::"${schema}".ownerships, item->'columns'));
          when 'identities' then written := "${schema}".write_identity(jsonb_populate_record(null::"${schema}".identities, item->'columns'));
          when 'persons' then written := "${schema}".write_person(jsonb_populate_record(null::"${schema}".persons, item->'columns'));
        end case;
        if written = 0 then raise exception using errcode = 'ONESB', message = 'overtaken'; end if;
      end loop;
      insert into "${schema}".outbox (type, person, version, at, detail)
        select event.type, event.person, event.version, event.at, event.detail
        from jsonb_array_elements(event_texts::jsonb) with ordinality as given,
             jsonb_populate_record(null::"${schema}".outbox, given.value) as event
        order by given.ordinality;
      return null;
    exception when sqlstate 'ONESB' then null;
    end;
    return "${schema}".stored_rows(rows)::text;
  end $commit$;

  create function "${schema}".in_place(item jsonb) returns jsonb language plpgsql ${PINNED} as $in_place$
  declare
    former text := item->>'former';
    stands boolean;
  begin
    perform pg_advisory_xact_lock(hashtextextended(least(former, item->'columns'->>'id'), 0));
    if item->>'table' = 'ownerships' then
      select exists (select from "${schema}".ownerships where id = former) into stands;
    else
      select exists (select from "${schema}".identities where id = former) into stands;
    end if;
    return case when stands then jsonb_set(item, '{columns,id}', item->'former') else item end;
  end $in_place$;

  create function "${schema}".write_ownership(wanted "${schema}".ownerships) returns bigint language plpgsql ${PINNED} as $write$
  declare
    written bigint;
  begin
    if wanted.revision = 1 then
      insert into "${schema}".ownerships values (wanted.*) on conflict do nothing;
    else
      update "${schema}".ownerships set person = wanted.person, rank = wanted.rank, epoch = wanted.epoch, holder = wanted.holder,
        lease_until = wanted.lease_until, about = wanted.about, op_id = wanted.op_id, revision = wanted.revision
        where id = wanted.id and revision = wanted.revision - 1;
    end if;
    get diagnostics written = row_count;
    return written;
  end $write$;

  create function "${schema}".write_identity(wanted "${schema}".identities) returns bigint language plpgsql ${PINNED} as $write$
  declare
    written bigint;
  begin
    if wanted.revision = 1 then
      insert into "${schema}".identities values (wanted.*) on conflict do nothing;
    else
      update "${schema}".identities set status = wanted.status, person = wanted.person,
        about = wanted.about, op_id = wanted.op_id, revision = wanted.revision
        where id = wanted.id and revision = wanted.revision - 1;
    end if;
    get diagnostics written = row_count;
    return written;
  end $write$;

  create function "${schema}".write_person(wanted "${schema}".persons) returns bigint language plpgsql ${PINNED} as $write$
  declare
    written bigint;
  begin
    if wanted.revision = 1 then
      insert into "${schema}".persons values (wanted.*) on conflict do nothing;
    else
      update "${schema}".persons set identities = wanted.identities, version = wanted.version, not_before = wanted.not_before,
        address = wanted.address, merged_into = wanted.merged_into, about = wanted.about, op_id = wanted.op_id, revision = wanted.revision
        where id = wanted.id and revision = wanted.revision - 1;
    end if;
    get diagnostics written = row_count;
    return written;
  end $write$;

  create function "${schema}".stored_rows(rows jsonb) returns json language sql stable ${PINNED} as $stored_rows$
    select json_agg(coalesce(
      (select row_to_json(c) from "${schema}".ownerships c where item->>'table' = 'ownerships' and c.id in (item->'columns'->>'id', item->>'former') limit 1),
      (select row_to_json(i) from "${schema}".identities i where item->>'table' = 'identities' and i.id in (item->'columns'->>'id', item->>'former') limit 1),
      (select row_to_json(p) from "${schema}".persons p where item->>'table' = 'persons' and p.id::text = item->'columns'->>'id')
    )) from jsonb_array_elements(rows) as item
  $stored_rows$;
`
