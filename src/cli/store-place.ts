// Where the store lies: KEEL_DATA_DIR, else the nearest `.keel/` upwards from the working directory, else a new one there.

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Store } from "../runtime/journal/store.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { journalFile } from "../runtime/journal/database.ts";
import { openStore } from "../runtime/journal/sqlite.ts";

/** Opens the store, making it if need be. Throws StoreError. */
export function openHere(): Store {
  return openStore(storeDirectory());
}

/** Opens a store that must be there already: for commands that only look, which make none. */
export function openExisting(): Store {
  const store = openIfThere();
  if (store === undefined) throw noRuns();
  return store;
}

export function openIfThere(): Store | undefined {
  const directory = storeDirectory();
  return existsSync(join(directory, journalFile)) || !isOpenFolder(directory) ? openStore(directory) : undefined;
}

/** Whether one can look into the folder, or into the nearest one above. If not, opening the store says why. */
function isOpenFolder(directory: string): boolean {
  if (!existsSync(directory)) return isOpenFolder(dirname(directory));
  try {
    accessSync(directory, constants.X_OK);
    return statSync(directory).isDirectory();
  } catch {
    return false;
  }
}

function noRuns(): StoreError {
  return new StoreError("missing", "there are no runs here yet", "`keel run FILE` makes one");
}

/** An absolute path, of a folder that may not be there yet. */
export function storeDirectory(): string {
  const named = process.env["KEEL_DATA_DIR"];
  if (named !== undefined && named !== "") return resolve(named);
  for (let directory = process.cwd(); ; directory = dirname(directory)) {
    const candidate = join(directory, ".keel");
    if (existsSync(candidate)) return candidate;
    if (dirname(directory) === directory) return join(process.cwd(), ".keel");
  }
}

/** The run of this id, or of a unique beginning of one; the newest without one. Throws StoreError `missing`. */
export function findRun(store: Pick<Store, "find">, prefix: string | undefined): string {
  const run = prefix === "" ? undefined : store.find(prefix);
  if (run !== undefined) return run;
  throw prefix === undefined
    ? noRuns()
    : new StoreError("missing", `no run is called ${prefix === "" ? '""' : prefix}`, "`keel ls` lists the runs");
}
