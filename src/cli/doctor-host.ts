// What Keel needs of the machine: Node, SQLite, a folder for runs; and what the terminal can do.

import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { journalFile, openDatabase } from "../runtime/journal/database.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { note, ok, wrong, type Finding } from "./doctor-finding.ts";
import { reason } from "./source-file.ts";

/** As in package.json. */
export const oldestNode = "20.19";

export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldMajor = 0, oldMinor = 0] = oldestNode.split(".").map(Number);
  if (major > oldMajor || (major === oldMajor && minor >= oldMinor)) return ok("Node", version);
  return wrong("Node", `${version}: Keel needs ${oldestNode} or newer`, "install a newer Node: https://nodejs.org");
}

/** A journal is made, written and read, in a folder that is gone afterwards. */
export function checkSqlite(): Finding {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "keel-doctor-"));
    const version = openDatabase(folder, {}, (db) => {
      const found = db.prepare("select sqlite_version() as version").get() as { readonly version: string };
      db.close();
      return found.version;
    });
    return ok("SQLite", `${version}, a journal can be written and read`);
  } catch (error) {
    return wrong("SQLite", problemOf(error), helpOf(error) ?? "reinstall Keel: `npm rebuild better-sqlite3`");
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Nothing is made where there is nothing, and an older journal is left as it is. */
export function checkData(directory: string): Finding {
  const elsewhere = "make it writable for you, or choose another folder with KEEL_DATA_DIR";
  try {
    const file = join(directory, journalFile);
    if (!existsSync(directory)) {
      accessSync(nearest(directory), constants.W_OK);
      return ok("data", `${directory} will be made by the first run`);
    }
    if (!statSync(directory).isDirectory()) return wrong("data", `${directory} is no folder`, elsewhere);
    accessSync(directory, constants.W_OK);
    if (!existsSync(file)) return ok("data", `${directory} can be written; there are no runs yet`);
    accessSync(file, constants.W_OK);
    return ok("data", `${directory} can be written: ${runsText(directory)}`);
  } catch (error) {
    const text = error instanceof StoreError ? problemOf(error) : `${directory} cannot be used: ${reason(error)}`;
    return wrong("data", text, helpOf(error) ?? elsewhere);
  }
}

function runsText(directory: string): string {
  try {
    return openDatabase(directory, { readonly: true }, (db) => {
      const { count } = db.prepare("select count(*) as count from runs").get() as { readonly count: number };
      db.close();
      return `${count} run${count === 1 ? "" : "s"}`;
    });
  } catch (error) {
    // It may be written, so what is said to be read-only is of an older format, and the next run brings it up to date.
    if (error instanceof StoreError && error.problem === "readonly") return "runs of an older version";
    if (error instanceof StoreError && error.problem === "missing") return "no runs yet";
    throw error;
  }
}

function nearest(directory: string): string {
  return existsSync(directory) ? directory : nearest(dirname(directory));
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function helpOf(error: unknown): string | undefined {
  return error instanceof StoreError ? error.help : undefined;
}

export function checkTerminal(stdin: { readonly isTTY?: boolean }, stdout: NodeJS.WriteStream): Finding {
  const parts = [
    stdin.isTTY ? "questions are asked here" : "the standard input is none: a question takes its next line",
    stdout.isTTY ? `${stdout.columns} columns` : "the output goes elsewhere",
    stdout.isTTY && stdout.hasColors() ? "colours" : "no colours",
  ];
  return stdin.isTTY && stdout.isTTY ? ok("terminal", parts.join(", ")) : note("terminal", parts.join(", "));
}
