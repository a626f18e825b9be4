// Programs by the SHA-256 of their JSON, as JSON.stringify writes it. A run stores its program and resumes with it;
// the places beside it belong to the run, since the same program may come from differently formatted texts.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Places, Program } from "../../ir/kir.ts";
import { sha256 } from "./chain.ts";
import { damaged } from "./problems.ts";
import type { Sql } from "./sql.ts";

export interface Programs {
  /** Stores a program, once; gives its row. */
  put(hash: string, json: string): number;
  of(run: number): { readonly hash: string; readonly program: Program; readonly places: Places };
  /** The JSON of the program of this hash. Throws StoreError `corrupt`. */
  text(hash: string): Uint8Array;
  /** Whether the program of a run is the one of this hash, and is what its hash names. */
  intact(run: number, hash: string): boolean;
}

/** The name of a program: its hash as 64 hex digits. */
export function programHash(program: Program): string {
  return sha256(JSON.stringify(program)).toString("hex");
}

export const pressed = (json: string): Uint8Array => deflateRawSync(json);

interface ProgramRow {
  readonly hash: string;
  readonly program: Uint8Array;
  readonly places: Uint8Array;
}

export function openPrograms(sql: Sql): Programs {
  const insert = sql.prepare("insert into programs (hash, program) values (?, ?) on conflict do nothing");
  const find = sql.prepare<{ readonly id: number }>("select id from programs where hash = ?");
  const select = sql.prepare<ProgramRow>(
    "select hash, programs.program, places from runs join programs on programs.id = runs.program where runs.id = ?",
  );
  const byHash = sql.prepare<Pick<ProgramRow, "program">>("select program from programs where hash = ?");
  const rowOf = (run: number): ProgramRow => {
    const row = select.get(run);
    if (row === undefined) throw damaged("the program of the run is missing");
    return row;
  };

  return {
    put(hash, json) {
      const known = find.get(hash);
      return known === undefined ? Number(insert.run(hash, pressed(json)).lastInsertRowid) : known.id;
    },
    of(run) {
      const { hash, program, places } = rowOf(run);
      // What was stored under these names is of these types.
      return { hash, program: unpressed(program) as Program, places: unpressed(places) as Places };
    },
    text(hash) {
      const row = byHash.get(hash);
      if (row === undefined) throw damaged("the program of the run is missing");
      return inflated(row.program);
    },
    intact(run, hash) {
      const row = select.get(run);
      if (row?.hash !== hash) return false;
      try {
        return sha256(inflateRawSync(row.program)).toString("hex") === hash;
      } catch {
        return false;
      }
    },
  };
}

function unpressed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(inflated(bytes).toString());
  } catch {
    throw damaged("the program of the run cannot be unpacked");
  }
}

function inflated(bytes: Uint8Array): Buffer {
  try {
    return inflateRawSync(bytes);
  } catch {
    throw damaged("the program of the run cannot be unpacked");
  }
}
