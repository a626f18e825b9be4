// The documents of the repository, and their blocks of code.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "../..");

export interface Fence {
  /** What stands behind the backticks. */
  readonly info: string;
  /** The line of the page on which the block's body begins, from 1. */
  readonly line: number;
  readonly body: readonly string[];
}

export function read(name: string): string {
  return readFileSync(path.join(root, name), "utf8");
}

/** The Markdown files of a folder and the folders below it, from the root of the repository. */
export function pagesIn(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.includes("node_modules"))
    .map((name) => path.posix.join(folder, name.split(path.sep).join("/")))
    .sort();
}

/** Every block between lines of backticks; one in a list may stand further right. */
export function fences(text: string): readonly Fence[] {
  const found: Fence[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, mark, info = ""] = /^\s*(`{3,})(.*)$/.exec(lines[at] ?? "") ?? [];
    if (mark === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === mark);
    if (end === -1) throw new Error(`line ${at + 1}: a block without an end`);
    found.push({ info, line: at + 2, body: lines.slice(at + 1, end) });
    at = end;
  }
  return found;
}

export interface PageFile {
  readonly name: string;
  readonly text: string;
}

/** The file that a block is. */
export function fileOf({ info, body }: Fence): PageFile | undefined {
  const name = /^\w+ file=(\S+)$/.exec(info)?.[1];
  return name === undefined ? undefined : { name, text: body.join("\n") + "\n" };
}
