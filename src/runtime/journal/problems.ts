// What can go wrong with a store, in words for a person: the host's and SQLite's errors become StoreErrors, each with
// what to do. Anything else is a fault of Keel and passes through.

import { closeSync, openSync, readFileSync, statSync, statfsSync } from "node:fs";
import path from "node:path";
import { StoreError, type StoreProblem } from "./store.ts";

/** The StoreError that an error means, or the error itself. `file` is the journal's. */
export function storeError(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (isBindingError(error, code)) return missingBinding(error);
  const make = problemsByCode.find(([pattern]) => pattern.test(code))?.[1];
  return make === undefined ? error : make(file, error);
}

/** What lies in the journal does not make sense. */
export function damaged(what: string): StoreError {
  return new StoreError("corrupt", `the journal is damaged: ${what}`, damagedHelp);
}

const damagedHelp =
  "nothing was changed. Keep a copy of the folder; then put a backup in its place, or move it away to begin with an empty journal";
const readonlyHelp = "run as a user who may write there, or choose another folder with KEEL_DATA_DIR";

type Make = (file: string, error: Error) => StoreError;

const problem =
  (kind: StoreProblem, text: (file: string, error: Error) => string, help: string): Make =>
  (file, error) =>
    new StoreError(kind, text(file, error), help);

const full = problem(
  "full",
  (file) => `the disk is full: nothing more can be written to ${file}`,
  "everything recorded so far is safe. Make room and resume the run",
);
const readonly = problem(
  "readonly",
  (file) => `${file} cannot be written: no permission, or a read-only disk`,
  readonlyHelp,
);
const busy = problem(
  "held",
  (file) => `another process keeps ${file} locked`,
  "wait until it is done; if it is a database tool that was left open, close it",
);
const notDatabase = problem(
  "corrupt",
  (file) => `${file} is not a Keel journal`,
  "move it away, or choose another folder with KEEL_DATA_DIR",
);
const corrupt = problem("corrupt", (file, error) => `${file} is damaged: ${error.message}`, damagedHelp);
const io = problem(
  "io",
  (file, error) => `${file} cannot be read or written: ${error.message}`,
  "look whether the disk is well, and whether the folder is still there",
);
const tooManyFiles = problem(
  "io",
  (file) => `${file} cannot be opened: this process has too many files open`,
  "raise the limit (`ulimit -n`)",
);
const tooLarge = problem(
  "io",
  (file) => `${file} would become larger than this process may make a file`,
  "everything recorded so far is safe. Raise the limit (`ulimit -f`) and resume the run",
);
/** SQLite calls it an I/O error where there is no room for its shared memory, and where a file may not grow. */
const ioOrFull: Make = (file, error) => {
  if (isFull(path.dirname(file))) return full(file, error);
  return isAtSizeLimit(file) ? tooLarge(file, error) : io(file, error);
};

/** Whether the journal or its log is as large as this process may make a file; false where the host does not say. */
function isAtSizeLimit(file: string): boolean {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const most = Number(/^Max file size +(\d+)/m.exec(limits)?.[1] ?? Infinity);
    return [file, `${file}-wal`].some(
      (each) => (statSync(each, { throwIfNoEntry: false })?.size ?? 0) > most - 64 * 1024,
    );
  } catch {
    return false;
  }
}

/** False also where nobody may look. */
function isDirectory(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < 64 * 1024;
  } catch {
    return false;
  }
}

const notFolder = problem(
  "io",
  (file) => `the folder for ${file} cannot be made: a file is in its place`,
  "move that file away, or choose another folder with KEEL_DATA_DIR",
);

const cannotOpen: Make = (file, error) => {
  if (isDirectory(file)) {
    return new StoreError(
      "io",
      `${file} is a directory`,
      "a journal is a file: move the directory away, or choose another folder with KEEL_DATA_DIR",
    );
  }
  if (hasTooManyFiles(path.dirname(file))) return tooManyFiles(file, error);
  return isFull(path.dirname(file)) ? full(file, error) : readonly(file, error);
};

function hasTooManyFiles(folder: string): boolean {
  try {
    closeSync(openSync(folder, "r"));
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
  }
}

/** The first pattern that an error's code fits decides. */
const problemsByCode: readonly (readonly [RegExp, Make])[] = [
  [/^SQLITE_FULL|^ENOSPC$|^EDQUOT$/, full],
  [/^SQLITE_NOTADB/, notDatabase],
  [/^SQLITE_CORRUPT|^SQLITE_FORMAT/, corrupt],
  [/^SQLITE_READONLY_DBMOVED/, io],
  [/^SQLITE_READONLY|^SQLITE_PERM|^SQLITE_AUTH|^EACCES$|^EPERM$|^EROFS$/, readonly],
  [/^SQLITE_BUSY|^SQLITE_LOCKED|^SQLITE_PROTOCOL/, busy],
  [/^SQLITE_CANTOPEN/, cannotOpen],
  [/^EMFILE$|^ENFILE$/, tooManyFiles],
  [/^SQLITE_IOERR|^SQLITE_NOLFS|^EIO$|^ELOOP$|^ENAMETOOLONG$|^ENOENT$/, ioOrFull],
  [/^ENOTDIR$|^EEXIST$/, notFolder],
];

function isBindingError(error: Error, code: string): boolean {
  return (
    code === "ERR_DLOPEN_FAILED" ||
    (code === "MODULE_NOT_FOUND" && /better[-_]sqlite3/.test(error.message)) ||
    error.message.startsWith("Could not locate the bindings file")
  );
}

function missingBinding(error: Error): StoreError {
  const first = error.message.split("\n", 1)[0] ?? "";
  return new StoreError(
    "io",
    `the database module better-sqlite3 is not built for this machine (Node ${process.versions.node}): ${first}`,
    "run `npm rebuild better-sqlite3` where Keel is installed; it needs python3, make and a C++ compiler where no ready-made build can be had",
  );
}
