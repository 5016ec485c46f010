/** `COLLATE "C"`: names are compared byte by byte, whatever the database's own language folds or ignores. */
export const tables = (schema: string): string => `
  create table "${schema}".ownerships (
    id text collate "C" primary key, person uuid not null, rank smallint not null, epoch integer not null,
    holder text, lease_until bigint, about uuid not null, op_id text collate "C" not null, revision integer not null
  );
  create table "${schema}".identities (
    id text collate "C" primary key, status text collate "C" not null, person uuid not null,
    about uuid not null, op_id text collate "C" not null, revision integer not null
  );
  create table "${schema}".persons (
    id uuid primary key, identities text not null, version integer not null, not_before bigint not null,
    address text, merged_into uuid, about uuid not null, op_id text collate "C" not null, revision integer not null
  );
  create table "${schema}".outbox (
    seq bigint generated always as identity primary key, position bigint unique,
    type text not null, person uuid not null, version integer not null, at bigint not null, detail text not null
  );
  create index outbox_unnumbered on "${schema}".outbox (seq) where position is null;
  create sequence "${schema}".outbox_position;
  create index ownerships_lease on "${schema}".ownerships (lease_until) where lease_until is not null;
  create table "${schema}".metadata (
    one boolean primary key default true check (one), content text not null, revision integer not null
  );
`
