import { PINNED } from './pinned.ts'

/**
 * `seq` is assigned when a row is written, not when it is committed: a reader who continues after 7 would miss 6 if 6 is committed late. So an
 * event gets its position when it is first read, and one reader at a time assigns positions: an event that is committed later gets a later
 * position. The order within a person's history is kept, because the next writer had to see the commit of the former one before it got its `seq`.
 * (Transaction ids would also work, until the tables move to another server, where the counter starts again.)
 *
 * Only as many events get a position as the caller asks for, so that the cost of a call does not depend on the number of unread events.
 */
export const events = (schema: string): string => `
  create function "${schema}".read_events(after_position text, most_events text) returns text language plpgsql ${PINNED} as $read$
  declare
    after bigint := after_position;
    most bigint := most_events;
    missing bigint;
  begin
    perform pg_advisory_xact_lock(hashtextextended('onesub events "${schema}"', 0));
    select most - count(*) into missing
      from (select from "${schema}".outbox where position > after order by position limit most) known;
    update "${schema}".outbox o set position = unnumbered.position
      from (select seq, nextval('"${schema}".outbox_position') as position
            from (select seq from "${schema}".outbox where position is null order by seq limit missing) in_order) unnumbered
      where o.seq = unnumbered.seq;
    return (select json_agg(event order by event.position) from
      (select position, type, person, version, at, detail from "${schema}".outbox
       where position > after order by position limit most) event)::text;
  end $read$;
`
