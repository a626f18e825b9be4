// The file of a journal: made where there is none, told from other files, and brought to the current version. It is its
// owner's alone, as its folder is.

import Database from "better-sqlite3";
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from "node:fs";
import path from "node:path";
import { storeError } from "./problems.ts";
import { migrate, schemaState, type SchemaAccess, type SchemaState } from "./schema.ts";
import type { Sql, Statement } from "./sql.ts";
import { StoreError } from "./store.ts";

export interface DatabaseOptions {
  /** Nothing is written, and a journal that does not exist is not made. */
  readonly readonly?: boolean;
  /** How long a call waits while another process writes. */
  readonly busyMs?: number;
}

export const journalFile = "journal.db";
const busyMs = 5_000;

/** Opens the journal in a directory for what `use` makes of it. Throws StoreError. */
export function openDatabase<T>(
  directory: string,
  { readonly = false, busyMs: timeout = busyMs }: DatabaseOptions,
  use: (db: Database.Database, file: string) => T,
): T {
  const file = path.resolve(directory, journalFile);
  let db: Database.Database | undefined;
  try {
    if (readonly) requireFile(file);
    else makePlace(file);
    db = new Database(file, { readonly, timeout });
    prepare(db, file, readonly);
    return use(db, file);
  } catch (error) {
    db?.close();
    throw storeError(error, file);
  }
}

/** Statements over a connection. The reader of each statement's text vouches for its rows. */
export function sqlOf(db: Database.Database): Sql {
  return { prepare: <Row>(text: string) => db.prepare(text) as unknown as Statement<Row> };
}

/** A folder and a file of one's own: what runs read and answer concerns nobody else. SQLite's other files follow. */
function makePlace(file: string): void {
  const folder = path.dirname(file);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    // On a read-only disk Node says ENOENT; the nearest folder that is there knows why.
    let nearest = folder;
    while (!existsSync(nearest)) nearest = path.dirname(nearest);
    accessSync(nearest, constants.W_OK);
    throw error;
  }
  if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
}

function requireFile(file: string): void {
  if (existsSync(file)) return;
  throw new StoreError("missing", `there is no journal at ${file}`, "`keel run FILE` makes one");
}

/** Makes sure of what is in the file, and brings it up to date where it may be written. */
function prepare(db: Database.Database, file: string, readonly: boolean): void {
  const access: SchemaAccess = {
    exec: (text) => void db.exec(text),
    pragma: (name) => Number(db.pragma(name, { simple: true })),
    isEmpty: () => db.prepare("select 1 from sqlite_schema limit 1").get() === undefined,
  };
  const state = schemaState(access, file);
  if (readonly) {
    if (state !== "current") throw unprepared(file, state);
    return;
  }
  if (db.pragma("journal_mode", { simple: true }) !== "wal") db.pragma("journal_mode = wal");
  db.pragma("synchronous = full");
  db.pragma("foreign_keys = on");
  // Two processes may find the same new file: the second one waits here, and then finds it made.
  if (state !== "current") {
    db.transaction(() => {
      if (schemaState(access, file) !== "current") migrate(access);
    }).immediate();
  }
}

function unprepared(file: string, state: Exclude<SchemaState, "current">): StoreError {
  return state === "empty"
    ? new StoreError("missing", `there is no run in ${file} yet`, "`keel run FILE` makes one")
    : new StoreError(
        "readonly",
        `${file} is of an older format and cannot be brought up to date read-only`,
        "open it where it can be written",
      );
}
