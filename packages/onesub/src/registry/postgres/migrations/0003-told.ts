/**
 * `seq` is drawn when a row is written, not when it is committed: a reader who went on after 7 would miss 6 if that came late. So an
 * event gets its position when it is first read, one reader at a time: what is committed later comes later. The order within a
 * person's history is kept, because her next writer had to see the former one's commit before it drew its `seq`.
 * (Transaction ids would do as well, until the tables move to another server, where the counter begins anew.)
 */
export const told = (schema: string): string => `
  create function "${schema}".told(after bigint, most bigint) returns json language plpgsql as $told$
  begin
    perform pg_advisory_xact_lock(hashtextextended('onesub told "${schema}"', 0));
    update "${schema}".outbox o set position = untold.position
      from (select seq, nextval('"${schema}".outbox_position') as position
            from (select seq from "${schema}".outbox where position is null order by seq) in_order) untold
      where o.seq = untold.seq;
    return (select json_agg(event order by event.position) from
      (select position, type, person, version, at, detail from "${schema}".outbox
       where position > after order by position limit most) event);
  end $told$;
`
