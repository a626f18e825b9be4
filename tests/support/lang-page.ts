// Reads a page of the language suite: its programs, the files they use, what is expected of each, and where that stands
// in the page.

import path from "node:path";
import type { Load } from "../../src/checker/modules.ts";
import { Source } from "../../src/source/text.ts";

export interface LangCase {
  /** The headings above it, joined. */
  readonly name: string;
  /** The line of the page on which the program begins, from 1. */
  readonly line: number;
  readonly program: string;
  /** What `use` finds. */
  readonly load: Load;
  readonly expectations: readonly Expectation[];
  readonly types: readonly TypeExpectation[];
  /** `name=value` each, as `-i` takes it. */
  readonly inputs?: readonly string[];
  /** What `env.NAME` finds; without it nothing is set. */
  readonly env?: { readonly [name: string]: string };
  readonly output?: readonly string[];
  readonly failure?: string;
  readonly stdin?: readonly string[];
  readonly replies?: string;
}

export interface Expectation {
  readonly severity: string;
  readonly code: string;
  /** What the message contains; empty: anything. */
  readonly text: string;
  /** The line of the program, from 1. */
  readonly line: number;
}

export interface TypeExpectation {
  readonly type: string;
  readonly line: number;
}

interface Block {
  readonly language: string;
  readonly line: number;
  readonly body: readonly string[];
}

const companions = ["output", "failure", "stdin", "replies", "inputs", "env"] as const;
type Companion = (typeof companions)[number];

/** Throws where a page cannot mean what it says: a companion without a program, a block without an end. */
export function readPage(text: string): LangCase[] {
  const headings: string[] = [];
  const cases: { name: string; program: Block; load: Load; companions: Map<Companion, Block> }[] = [];
  const files = new Map<string, string>();
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const heading = /^(#+) (.*)$/.exec(lines[at] ?? "");
    if (heading?.[1] !== undefined) {
      headings.length = heading[1].length - 1;
      headings.push(heading[2] ?? "");
      continue;
    }
    const fence = /^```(\w*)(?: file=(\S+))?/.exec(lines[at] ?? "");
    if (fence === null) continue;
    const end = lines.indexOf("```", at + 1);
    if (end === -1) throw new Error(`line ${at + 1}: a block without an end`);
    const block: Block = { language: fence[1] ?? "", line: at + 2, body: lines.slice(at + 1, end) };
    at = end;
    if (fence[2] !== undefined) files.set(fence[2], block.body.join("\n") + "\n");
    else if (block.language === "keel") {
      const name = headings.filter(Boolean).join(" › ");
      cases.push({ name, program: block, load: loadFrom(new Map(files)), companions: new Map() });
    } else if (isCompanion(block.language)) {
      const last = cases.at(-1);
      if (last === undefined || last.companions.has(block.language))
        throw new Error(`line ${block.line - 1}: ${block.language} without a program of its own`);
      last.companions.set(block.language, block);
    }
  }
  return cases.map(({ name, program, load, companions: found }) => ({
    name,
    load,
    line: program.line,
    program: program.body.join("\n") + "\n",
    ...readComments(program.body),
    ...(found.has("output") ? { output: linesOf(found.get("output")) } : {}),
    ...(found.has("failure") ? { failure: found.get("failure")?.body.join("\n") ?? "" } : {}),
    ...(found.has("inputs") ? { inputs: found.get("inputs")?.body ?? [] } : {}),
    ...(found.has("env") ? { env: variablesOf(found.get("env")) } : {}),
    ...(found.has("stdin") ? { stdin: found.get("stdin")?.body ?? [] } : {}),
    ...(found.has("replies") ? { replies: found.get("replies")?.body.join("\n") ?? "" } : {}),
  }));
}

/** Reads files that stand in memory, by their paths as seen from `main.keel`. */
export function loadFrom(files: ReadonlyMap<string, string>): Load {
  return (written, from) => {
    const name = path.posix.join(path.posix.dirname(from.name), written);
    const text = files.get(name);
    return text === undefined ? { why: "there is no such file" } : new Source(name, text);
  };
}

/** An output that is blank is none. */
function linesOf(block: Block | undefined): readonly string[] {
  return block === undefined || block.body.every((line) => line === "") ? [] : block.body;
}

/** A `NAME=value` a line. */
function variablesOf(block: Block | undefined): { readonly [name: string]: string } {
  const pairs = (block?.body ?? []).map((line) => [
    line.slice(0, line.indexOf("=")),
    line.slice(line.indexOf("=") + 1),
  ]);
  return Object.fromEntries(pairs) as { readonly [name: string]: string };
}

function isCompanion(language: string): language is Companion {
  return companions.some((companion) => companion === language);
}

function readComments(body: readonly string[]): Pick<LangCase, "expectations" | "types"> {
  const expectations: Expectation[] = [];
  const types: TypeExpectation[] = [];
  body.forEach((text, index) => {
    const above = /^\s*#\s*\^/.test(text);
    const line = above ? index : index + 1;
    for (const match of text.matchAll(/# (?:\^ )?(error|warning)\[(K\d{4})\](?:: "([^"]*)")?/g))
      expectations.push({ severity: match[1] ?? "", code: match[2] ?? "", text: match[3] ?? "", line });
    const type = /# (?:\^ )?type: (.*?)\s*$/.exec(text);
    if (type?.[1] !== undefined) types.push({ type: type[1], line });
  });
  return { expectations, types };
}
