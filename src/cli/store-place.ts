// Where the store lies: KEEL_DATA_DIR, else the nearest `.keel/` upwards from the working directory, else a new one there.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Store } from "../runtime/journal/store.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { openStore } from "../runtime/journal/sqlite.ts";

/** Opens the store, making it if need be. Throws StoreError. */
export function openHere(): Store {
  return openStore(storeDirectory());
}

/** Opens a store that must be there already: for commands that only look. */
export function openExisting(): Store {
  const directory = storeDirectory();
  if (!existsSync(directory))
    throw new StoreError("missing", "there are no runs here yet", "`keel run FILE` makes one");
  return openStore(directory);
}

function storeDirectory(): string {
  const named = process.env["KEEL_DATA_DIR"];
  if (named !== undefined && named !== "") return resolve(named);
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    const candidate = join(directory, ".keel");
    if (existsSync(candidate)) return candidate;
    if (dirname(directory) === directory) return join(process.cwd(), ".keel");
  }
}

/** The run of this id, or of a unique beginning of one; the newest without one. Throws StoreError `missing`. */
export function findRun(store: Store, prefix: string | undefined): string {
  const run = store.find(prefix);
  if (run !== undefined) return run;
  throw prefix === undefined
    ? new StoreError("missing", "there are no runs here yet", "`keel run FILE` makes one")
    : new StoreError("missing", `no run is called ${prefix}`, "`keel ls` lists the runs");
}
