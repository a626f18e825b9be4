// A store that was copied while something wrote to it may lack pages from its middle, and SQLite opens it all the same.
// So each run remembers in which file it was last driven, and in another one it has to be found intact before anything
// is added to it. In the file where it was it is believed: a resume costs what is live, not the history.

import type Database from "better-sqlite3";
import { statSync } from "node:fs";
import type { Finding } from "./audit.ts";
import { auditorOf, auditRun } from "./audit-store.ts";
import type { Sql } from "./sql.ts";
import { StoreError } from "./store.ts";

export interface Copies {
  /** Throws StoreError `corrupt` where this is a copy, and the run in it is not what was written. */
  prove(run: number, name: string): void;
  /** From here on the run is driven in this file. */
  settle(run: number): void;
}

export function openCopies(sql: Sql, db: Database.Database, file: string): Copies {
  const select = sql.prepare<{ readonly file: string | null }>("select file from leases where run = ?");
  const update = sql.prepare("update leases set file = ? where run = ?");
  const here = identityOf(file);
  /** What is wrong with the file as a whole, once that was asked. */
  let whole: { readonly finding: Finding | undefined } | undefined;

  return {
    prove(run, name) {
      if (select.get(run)?.file === here) return;
      const auditor = auditorOf(db, file);
      whole ??= { finding: auditor.unsound() };
      if ((whole.finding ?? auditor.read(name, (evidence) => auditRun(evidence)).finding) !== undefined)
        throw torn(name);
    },
    settle: (run) => void update.run(here, run),
  };
}

/** A file and no copy of it; the time tells files of one number apart. */
function identityOf(file: string): string {
  const { ino, birthtimeNs } = statSync(file, { bigint: true });
  return `${ino}:${birthtimeNs}`;
}

function torn(run: string): StoreError {
  return new StoreError(
    "corrupt",
    `the store was copied or moved, and run ${run} in it is not what was written [K6113]`,
    `\`keel audit verify ${run}\` says what does not fit; if a run wrote to the store while it was copied, copy it again`,
  );
}
