// The tables, and how a file is told to be a journal of ours. `migrations[v]` brings a file from version v to v + 1; a
// migration that was released is never changed. A file of a newer Keel is left alone.
//
// `events.id` is run · 2^32 + seq, so a run's events lie together in their order with no index of their own; an event
// that was pruned has its digest in `pruned` under the same id.

import { StoreError } from "./store.ts";

/** "Keel" */
export const applicationId = 0x4b65656c;

const version1 = `
create table programs (id integer primary key, hash text not null unique, program blob not null) strict;

create table runs (
  id integer primary key,
  name text not null unique,
  file text not null,
  program integer not null references programs,
  places blob not null,
  started integer not null
) strict;

create table heads (
  run integer primary key references runs,
  status text not null,
  seq integer not null,
  at integer not null,
  calls integer not null,
  cost integer not null,
  unpriced integer not null,
  tip blob not null
) strict;

create table leases (run integer primary key references runs, epoch integer not null, holder text, beat integer not null) strict;

create table activations (id integer primary key, run integer not null references runs, name text not null, unique (run, name)) strict;
create table steps (id integer primary key, step text not null, effect text not null, unique (step, effect)) strict;

create table events (
  id integer primary key,
  at integer not null,
  type text not null,
  activation integer references activations,
  n integer,
  step integer references steps,
  args any,
  body text not null,
  hash blob not null
) strict;
create index events_by_activation on events (activation) where activation is not null;

create table cells (
  run integer not null references runs,
  kind text not null,
  key text not null,
  seq integer not null,
  body text not null,
  primary key (run, kind, key)
) strict, without rowid;

create table blobs (id integer primary key, digest blob not null unique, form integer not null, content blob not null) strict;

create table inbox (
  id integer primary key autoincrement,
  run integer not null references runs,
  key text not null,
  item text not null,
  at integer not null,
  unique (run, key)
) strict;

create table memory (
  id integer primary key,
  key text not null unique,
  program text not null,
  agent text not null,
  value text not null,
  at integer not null
) strict;
`;

const version2 = `
create table pruned (id integer primary key, digest blob not null) strict;
alter table heads add column pruned integer not null default 0;
create index cells_for_people on cells (run) where kind in ('gate', 'doubt');
`;

const version3 = `alter table leases add column file text;`;

const migrations: readonly string[] = [version1, version2, version3];
export const schemaVersion = migrations.length;

export interface SchemaAccess {
  exec(text: string): void;
  pragma(name: "application_id" | "user_version"): number;
  isEmpty(): boolean;
}

export type SchemaState = "current" | "older" | "empty";

/** What a file is. Throws StoreError for one that is no journal of ours, or of a newer Keel. */
export function schemaState(db: SchemaAccess, file: string): SchemaState {
  const version = db.pragma("user_version");
  if (version === 0 && db.pragma("application_id") === 0 && db.isEmpty()) return "empty";
  if (db.pragma("application_id") !== applicationId) {
    throw new StoreError(
      "corrupt",
      `${file} is a database, but not a Keel journal`,
      "move it away, or choose another folder with KEEL_DATA_DIR",
    );
  }
  if (version > schemaVersion) {
    throw new StoreError(
      "newer",
      `${file} was written by a newer Keel (its format is ${version}, this one reads up to ${schemaVersion})`,
      "update Keel; nothing was changed",
    );
  }
  return version === schemaVersion ? "current" : "older";
}

/** Brings a file to the current version; runs inside a transaction. */
export function migrate(db: SchemaAccess): void {
  for (let version = db.pragma("user_version"); version < schemaVersion; version += 1) {
    db.exec(migrations[version] ?? "");
  }
  db.exec(`pragma application_id = ${applicationId}; pragma user_version = ${schemaVersion};`);
}
