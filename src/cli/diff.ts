// `keel diff A B`: where two runs part.

import type { Json } from "../ir/kir.ts";
import { diffRuns, type DiffSide, type RunDiff, type RunDifference } from "../runtime/journal/run-diff.ts";
import type { Store } from "../runtime/journal/store.ts";
import { firstDifference } from "../runtime/engine/rehearsal.ts";
import { invariant } from "../source/invariant.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { excerpts } from "./finding-text.ts";
import { brief } from "./layout.ts";
import { findRun, openExisting } from "./store-place.ts";

export function diff(a: string, b: string, { json }: { readonly json?: true }): ExitCode {
  const store = openExisting();
  try {
    const [left, right] = [findRun(store, a), findRun(store, b)];
    const found = diffRuns(store.events(left), store.events(right));
    const programs = [store.program(left).hash, store.program(right).hash] as const;
    process.stdout.write(
      json ? asJson(left, right, programs, found) : asText(store, left, right, programs[0] === programs[1], found),
    );
    return found.differences.length === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    store.close();
  }
}

function asText(store: Store, a: string, b: string, sameProgram: boolean, { alike, differences }: RunDiff): string {
  const head = `A ${runText(store, a)}\nB ${runText(store, b)}\n${sameProgram ? "" : "  two programs, or two versions of one\n"}`;
  const steps = `${alike} step${alike === 1 ? "" : "s"} alike`;
  const [first] = differences;
  if (first === undefined) return `${head}✓ no difference, ${steps}\n`;
  const lines = differences.map((each, index) => {
    const known = index > 0 && differences[index - 1]?.activation === each.activation;
    return `${known ? "" : `\n  ${each.activation}\n`}${rowOf(each)}`;
  });
  const part = `they part at ${placeOf(first)}`;
  const count = `${differences.length} difference${differences.length === 1 ? "" : "s"}`;
  return `${head}${lines.join("")}\n✗ ${count}, ${steps}; ${part}\n`;
}

function runText(store: Store, run: string): string {
  const summary = store.runs().find((each) => each.run === run);
  invariant(summary !== undefined, "a run that was found is listed");
  return `${run}  ${summary.file}  ${summary.status}`;
}

const WIDTH = 70;

/** `-` only in A, `+` only in B, `≠` in both, and not the same. */
function rowOf({ kind, a, b }: RunDifference): string {
  if (a === undefined || b === undefined) {
    const only = a ?? b;
    const what = kind === "activation" ? "the whole activation" : `${stepText(only)}  ${outcomeText(only)}`.trimEnd();
    return `    ${a === undefined ? "+" : "-"} ${what}\n`;
  }
  if (kind === "end") return `    ≠ its end: ${changeText(a, b)}\n`;
  const args = kind === "arguments" ? "other arguments" : "";
  const outcomes = changeText(a, b);
  return `    ≠ ${stepText(a)}  ${[args, outcomes].filter((text) => text !== "").join("; ")}\n`;
}

function stepText(side: DiffSide | undefined): string {
  return `${side?.effect?.toLowerCase() ?? ""} ${side?.step ?? ""}`.trim();
}

function outcomeText(side: DiffSide | undefined): string {
  return side?.outcome === undefined ? "" : brief(shown(side.outcome), WIDTH);
}

function shown(json: Json): string {
  return typeof json === "string" ? json.trim() : JSON.stringify(json);
}

/** What came of it in A and in B; empty where that is the same. */
function changeText({ outcome: a }: DiffSide, { outcome: b }: DiffSide): string {
  if (a === undefined || b === undefined) return a === b ? "" : `${outcomeOr(a)} → ${outcomeOr(b)}`;
  const found = firstDifference(a, b);
  if (found === undefined) return "";
  const path = found.path.replace(/\.?\$e$/, "");
  return `${path === "" ? "" : `${path}: `}${valuesText(found.recorded, found.derived)}`;
}

function valuesText(a: Json | undefined, b: Json | undefined): string {
  const isText = typeof a === "string" && typeof b === "string";
  return (isText ? excerpts(a.trim(), b.trim()) : [outcomeOr(a), outcomeOr(b)]).join(" → ");
}

function outcomeOr(outcome: Json | undefined): string {
  return outcome === undefined ? "nothing" : brief(shown(outcome), WIDTH);
}

function placeOf({ activation, a, b }: RunDifference): string {
  const step = a?.step ?? b?.step;
  const events = [a === undefined ? [] : `event ${a.seq} of A`, b === undefined ? [] : `event ${b.seq} of B`].flat();
  return `${step ?? activation} (${events.join(", ")})`;
}

function asJson(a: string, b: string, programs: readonly [string, string], found: RunDiff): string {
  const [left, right] = programs;
  const document = { version: 1, a: { run: a, program: left }, b: { run: b, program: right }, ...found };
  return `${JSON.stringify(document, null, 2)}\n`;
}
