// Which files the words of a command line mean: files as they are named, those of a kind (.keel, or what recordings are
// called) in a folder and in the folders in it, and patterns with `*`, `**` and `?` that no shell has expanded. Each file
// once, in the order of the words; within a folder or a pattern in the order of the names. Links to folders are not
// followed, so no walk is endless.

import { readdirSync, statSync, type Dirent } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "./door.ts";

/** The standard input, as a word of the command line. */
export const stdinWord = "-";

/** Folders whose files nobody wrote here. */
const skipped: ReadonlySet<string> = new Set(["node_modules", ".git", ".keel"]);

export function programFiles(words: readonly string[]): readonly string[] {
  return eachOnce(words.flatMap((word) => (word === stdinWord ? [word] : filesOf(word, ".keel"))));
}

/** The files that are meant, where those of a folder end in `ending`. Throws UsageError where a word means none. */
export function namedFiles(words: readonly string[], ending: string): readonly string[] {
  return eachOnce(words.flatMap((word) => filesOf(word, ending)));
}

function eachOnce(files: readonly string[]): readonly string[] {
  const found = new Map<string, string>();
  for (const file of files) {
    const key = file === stdinWord ? stdinWord : resolve(file);
    if (!found.has(key)) found.set(key, file);
  }
  return [...found.values()];
}

function filesOf(word: string, ending: string): readonly string[] {
  const kind = kindOf(word);
  if (kind === "Folder")
    return some(inFolder(word, ending), `there is no ${ending} file in ${word}`, "name a file or another folder");
  // A name that is not there is told by whoever reads it.
  if (kind === "File" || !/[*?]/.test(word)) return [word];
  const start = word.startsWith("/") ? "/" : "";
  const parts = word.split("/").filter((part) => part !== "" && part !== ".");
  const found = matching(start, parts, ending);
  return some(found, `no ${ending} file matches ${word}`, "`**` stands for folders within folders");
}

function some(files: readonly string[], message: string, help: string): readonly string[] {
  if (files.length === 0) throw new UsageError(message, help);
  return files;
}

/** Undefined also where the host will not say, of a path through a file or of links in a circle. */
function kindOf(file: string): "File" | "Folder" | undefined {
  try {
    return statSync(file).isDirectory() ? "Folder" : "File";
  } catch {
    return undefined;
  }
}

function inFolder(folder: string, ending: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : inFolder(path, ending);
    return isOfKind(path, entry, ending) ? [path] : [];
  });
}

function matching(folder: string, [part, ...rest]: readonly string[], ending: string): readonly string[] {
  if (part === undefined) return [];
  if (!/[*?]/.test(part)) return matchingAt(join(folder, part), rest, ending);
  const entries = entriesOf(folder === "" ? "." : folder);
  const isAny = part === "**";
  const name = nameLike(isAny ? "*" : part);
  const below = entries.flatMap((entry) => {
    if (!name.test(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (skipped.has(entry.name)) return [];
      return isAny ? matching(path, [part, ...rest], ending) : matchingAt(path, rest, ending);
    }
    return rest.length === 0 && isOfKind(path, entry, ending) ? [path] : [];
  });
  return isAny && rest.length > 0 ? [...matching(folder, rest, ending), ...below] : below;
}

/** What is left of a pattern, from a path that is there or not. */
function matchingAt(path: string, rest: readonly string[], ending: string): readonly string[] {
  const kind = kindOf(path);
  if (kind === undefined) return [];
  if (rest.length > 0) return kind === "Folder" ? matching(path, rest, ending) : [];
  return kind === "Folder" ? inFolder(path, ending) : [path];
}

/** A part of a pattern as an expression for names; hidden ones are meant only where the dot is written. */
function nameLike(part: string): RegExp {
  const text = part
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${part.startsWith(".") ? "" : "(?!\\.)"}${text}$`, "su");
}

function isOfKind(path: string, entry: Dirent, ending: string): boolean {
  if (!entry.name.endsWith(ending) || entry.name === ending) return false;
  return entry.isFile() || (entry.isSymbolicLink() && kindOf(path) === "File");
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const why =
      error instanceof Error && "code" in error && error.code === "ENOENT" ? "there is no such folder" : String(error);
    throw new UsageError(`cannot read ${folder}: ${why}`, "check the path, and that you may read the folder");
  }
}
