// A recording: a run in a file of its own, which is an exported journal with one line more (see `export-format`). It is
// read whole, and only where it is intact: its events as they were, and the programs that they name.

import type { Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { Finding } from "./audit.ts";
import { unpackWith } from "./blobs.ts";
import { parseStored } from "./chain.ts";
import type { EventType, Recorded } from "./event.ts";
import { isProgram, type RecordingLine, type WholeEvent } from "./export-format.ts";
import { readExport } from "./export-read.ts";
import { toEvent } from "./rows.ts";
import { StoreError } from "./store.ts";

export interface Recording {
  readonly kind: "Recording";
  readonly run: string;
  /** Those that were not pruned. */
  readonly events: readonly Recorded[];
  readonly pruned: number;
  /** By hash: all that the run had. */
  readonly programs: ReadonlyMap<string, Program>;
  /** Missing in a journal that was exported for an audit. */
  readonly more: RecordingLine | undefined;
}

/** A file that is not what was written, or that is none of these. */
export type Unread =
  { readonly kind: "Damaged"; readonly finding: Finding } | { readonly kind: "Foreign"; readonly why: string };

/** Verifies and reads a file. Throws what the host throws where it cannot be read. */
export function readRecording(file: string): Recording | Unread {
  const whole: WholeEvent[] = [];
  const { header, recording: more, walk, finding } = readExport(file, { see: (event) => void whole.push(event) });
  if (header === undefined)
    return { kind: "Foreign", why: finding?.kind === "Line" ? finding.why : "it has no header" };
  if (finding !== undefined) return { kind: "Damaged", finding };
  invariant(walk !== undefined, "an intact file was walked through");
  const texts = new Map(whole.flatMap((event) => Object.entries(event.texts)));
  try {
    const events = whole.map((event) => eventOf(event, texts));
    if (events[0]?.type !== "run.started") return { kind: "Foreign", why: "it does not begin with the start of a run" };
    const programs = [...texts].flatMap(([name, text]) => (isProgram(name) ? [[name, programOf(text)] as const] : []));
    return { kind: "Recording", run: header.run, events, pruned: walk.pruned, programs: new Map(programs), more };
  } catch (error) {
    // Whoever wrote all of it can write what fits its hashes and is no event.
    if (!(error instanceof StoreError) && !(error instanceof SyntaxError)) throw error;
    return { kind: "Foreign", why: error.message };
  }
}

function eventOf({ seq, stored }: WholeEvent, texts: ReadonlyMap<string, string>): Recorded {
  const parsed = parseStored(stored);
  if (parsed === undefined) throw new SyntaxError(`event ${seq} has other parts than events have`);
  const { type, step, effect, activation } = parsed;
  // What is no type of an event is found by whoever follows the journal.
  const row = { ...parsed, type: type as EventType, step: step === null ? null : 0 };
  const unpack = (packed: string) => unpackWith(packed, (name) => texts.get(name) ?? "");
  return toEvent(row, activation, () => ({ step: step ?? "", effect: effect ?? "" }), unpack);
}

function programOf(text: string): Program {
  const program = parsed(text);
  if (program?.keel !== 1 || program.semantics !== 1) {
    throw new SyntaxError(`its program has semantics ${String(program?.semantics)}, which this Keel does not know`);
  }
  // What has the hash that its journal names is the program that was compiled.
  return program as Program;
}

function parsed(text: string): Partial<Program> | null {
  try {
    return JSON.parse(text) as Partial<Program> | null;
  } catch {
    throw new SyntaxError("its program is not JSON");
  }
}
