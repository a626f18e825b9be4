// Programs that people wrote, changed by chance. The chance is a number: the same seed gives the same change anywhere.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Load } from "../../src/checker/modules.ts";
import { type LangCase, readPage } from "../support/lang-page.ts";

export interface Written {
  readonly name: string;
  readonly text: string;
  readonly load?: Load;
}

export interface Chance {
  /** From 0 up to, without, `limit`. */
  below(limit: number): number;
  pick<T>(all: readonly [T, ...T[]]): T;
}

/** Mulberry32. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return { below, pick: (all) => all[below(all.length)] ?? all[0] };
}

const root = path.join(import.meta.dirname, "../..");

/** The programs of the language's pages. */
export function langCases(): readonly (LangCase & Written)[] {
  const folder = path.join(root, "tests/lang");
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
  return pages.sort().flatMap((page) =>
    readPage(readFileSync(path.join(folder, page), "utf8")).map((each) => ({
      ...each,
      name: `tests/lang/${page}:${each.line}`,
      text: each.program,
    })),
  );
}

/** The programs that stand in files of their own. */
export function programFiles(): readonly Written[] {
  return ["examples", "tests/crash/programs"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".keel"))
      .sort()
      .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(root, folder, name), "utf8") })),
  );
}

const tokens = [
  ..."{ } ( ) [ ] , : . ; ? ! = + - * / % < > | _ # \" \\ ' ` @ $ & ~ ^".split(" "),
  ...'?. ?? ! => -> |> == != <= >= .. """ ## \\u{ \\u{110000} {" "} // /* === := &&'.split(" "),
  ..."agent task type input use connect run extern every at after on state self if else when where for in".split(" "),
  ..."return break continue try catch retry times with backoff fallback using as and or not none true env".split(" "),
  ..."classify summarize draft extract prompt decide notify ask show confirm send delegate wait stop".split(" "),
  ..."0 1 99999999999999999999 1e999 1_ 0x1 3.14 1.day 5.minutes int str list[ map[ any T K größe".split(" "),
  ...[" ", "\n", "\r\n", "\r", "\t", "\0", "\u00a0", "\u2028", "\ufeff", "😀", "e\u0301", "\u202e", "“"],
];

/** One to four changes of the bytes; what is no UTF-8 afterwards is read as U+FFFD. */
export function mutateBytes(text: string, by: Chance): string {
  let bytes: Buffer = Buffer.from(text);
  for (let changes = 1 + by.below(4); changes > 0; changes -= 1) bytes = mutateOnce(bytes, by);
  return bytes.toString("utf8");
}

function mutateOnce(bytes: Buffer, by: Chance): Buffer {
  const [from = 0, to = 0] = [by.below(bytes.length + 1), by.below(bytes.length + 1)].sort((a, b) => a - b);
  const near = Math.min(bytes.length, from + 1 + by.below(12));
  const token = (): Buffer => Buffer.from(tokens[by.below(tokens.length)] ?? "");
  const noise = (): Buffer => Buffer.from(Array.from({ length: 1 + by.below(6) }, () => by.below(256)));
  const put = (inserted: Buffer, end = from): Buffer =>
    Buffer.concat([bytes.subarray(0, from), inserted, bytes.subarray(end)]);
  const change = by.pick<() => Buffer>([
    () => put(Buffer.alloc(0), near),
    () => put(Buffer.alloc(0), to),
    () => put(bytes.subarray(from, to)),
    () => put(Buffer.concat(Array.from({ length: by.below(400) }, () => bytes.subarray(from, near)))),
    () => Buffer.concat([bytes.subarray(to), bytes.subarray(from, to), bytes.subarray(0, from)]),
    () => put(token()),
    () => put(Buffer.concat([token(), Buffer.from(" "), token()])),
    () => put(token(), near),
    () => put(noise()),
    () => put(noise(), near),
    () => bytes.subarray(0, from),
    () => bytes.subarray(from),
  ]);
  return change();
}

const words = /"(?:\\.|[^"\\\n])*"|[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?|[=!<>]=|\?\?|\?\.|[-+*/%<>!?]/gu;
const members = "count first last is_empty length to_str to_int to_float to_json trim lines values keys json".split(
  " ",
);
const pools: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^"/, ['""', '"x"', "none", "0", "[]"]],
  [/^\d/, ["0", "1", "2", "7", "1.5", "0.0", "9007199254740991", "none", '"x"', "true", "[]", "[1, none]", "{}"]],
  [/^[\p{L}_]/u, ["none", "true", "false", "0", '"x"', "[]", "{}", "int", "str", "float", "bool", "json", ...members]],
  [/^(?:==|!=|<=|>=|[-+*/%<>]|\?\?)$/, "== != <= >= < > + - * / % ?? and or".split(" ")],
  [/^(?:\?\.|[!?])$/, ["", "!", "?", "?."]],
];

/** One or two words, values or operators become others of their kind, or a line goes, or comes twice or elsewhere. */
export function mutateWords(text: string, by: Chance): string {
  let changed = text;
  for (let changes = 1 + by.below(2); changes > 0; changes -= 1)
    changed = by.below(6) === 0 ? mutateLines(changed, by) : mutateWord(changed, by);
  return changed;
}

function mutateLines(text: string, by: Chance): string {
  const lines = text.split("\n");
  const at = by.below(lines.length);
  const line = lines[at] ?? "";
  const without = lines.toSpliced(at, 1);
  const place = by.below(lines.length);
  return by.pick([without, lines.toSpliced(at, 0, line), without.toSpliced(place, 0, line)]).join("\n");
}

function mutateWord(text: string, by: Chance): string {
  const found = [...text.matchAll(words)];
  const match = found[by.below(found.length)];
  if (match === undefined) return text;
  const [kind, pool] = pools.find(([each]) => each.test(match[0])) ?? [/^$/, []];
  const others = [...found.map(([word]) => word).filter((word) => kind.test(word)), ...pool];
  const put = others[by.below(others.length)] ?? match[0];
  return text.slice(0, match.index) + put + text.slice(match.index + match[0].length);
}
