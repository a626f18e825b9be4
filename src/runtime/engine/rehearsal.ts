// What came of following a journal with a program: how far it went, and every finding as data, for whoever shows it.

import type { Json } from "../../ir/kir.ts";
import type { ErrorRecord, Event, OfStep, Recorded } from "../journal/event.ts";

export interface Rehearsal {
  /** How many activations were followed; `open` and those with findings are among them. */
  readonly activations: number;
  readonly steps: number;
  /** Live ones: followed up to their last recorded event. */
  readonly open: readonly string[];
  /** Not followed: what they began with was pruned. */
  readonly pruned: readonly string[];
  /** In the order of the journal. None: the program does what the journal says. */
  readonly findings: readonly Finding[];
  /** Secrets whose text is not known: their mask stood in for it. */
  readonly secrets: readonly string[];
  /** Inputs and environment variables of the program that the run has no record of. */
  readonly unrecorded: readonly string[];
}

/** `activation` is the one that it was found in, where it was in one. */
export type Finding = (
  OtherStep | OtherArguments | OtherEvent | OtherEnd | OtherReply | Unfit | AddedStep | RemovedStep | MovedStep | Lost
) & {
  readonly activation?: string;
  /** The secrets without a text that this activation had read before: they may be why. */
  readonly secrets?: readonly string[];
};

/** The `n`-th effect is another one: `recorded` is its first event. What comes after it was not followed. */
export interface OtherStep {
  readonly kind: "OtherStep";
  readonly recorded: Recorded & OfStep;
  readonly attempted: Attempt;
}

/** The same step with other arguments. `given` are the recorded ones, where they are known. */
export interface OtherArguments {
  readonly kind: "OtherArguments";
  readonly recorded: Recorded & OfStep;
  readonly given?: Json;
  readonly attempted: Attempt;
}

/** An event of the right kind that says something else. */
export interface OtherEvent {
  readonly kind: "OtherEvent";
  readonly recorded: Recorded;
  readonly derived: Event;
  readonly difference: Difference;
}

/** The activation ends differently, or only one of both ends. `recorded` is its last event, or the first one too many. */
export interface OtherEnd {
  readonly kind: "OtherEnd";
  readonly recorded: Recorded;
  readonly attempted: Attempt | End;
}

/** A recorded reply of a model is decoded to something else, or was asked for with another text. */
export interface OtherReply {
  readonly kind: "OtherReply";
  readonly what: "request" | "decoded";
  readonly recorded: Recorded & OfStep;
  readonly difference: Difference;
}

/** An event that nothing leads to: `why` says what it would need. */
export interface Unfit {
  readonly kind: "Unfit";
  readonly recorded: Recorded;
  readonly why: string;
}

/** Only a changed program: a step that is not recorded, before `before`. */
export interface AddedStep {
  readonly kind: "AddedStep";
  readonly attempted: Attempt;
  readonly before?: Recorded;
  /** What comes of it is not known, so nothing after it was followed. */
  readonly last: boolean;
}

/** Only a changed program: a recorded step that it does not come to. */
export interface RemovedStep {
  readonly kind: "RemovedStep";
  readonly recorded: Recorded & OfStep;
}

/** Only a changed program: the same effect with the same arguments at another place. */
export interface MovedStep {
  readonly kind: "MovedStep";
  readonly recorded: Recorded & OfStep;
  readonly attempted: Attempt;
}

/** The program could not be followed any further: what is recorded makes no sense to it. */
export interface Lost {
  readonly kind: "Lost";
  readonly recorded: Recorded;
  readonly why: string;
}

/** A step that the program came to, with its effect as JSON. */
export interface Attempt {
  readonly kind: "Step";
  readonly step: OfStep;
  readonly effect: Json;
}

export type End =
  | { readonly kind: "Completed"; readonly value: Json }
  | { readonly kind: "Failed"; readonly error: ErrorRecord; readonly step?: string };

/** The first place at which two documents differ: `request.1.1`; empty: as a whole. */
export interface Difference {
  readonly path: string;
  /** Absent where that side has nothing there. */
  readonly recorded?: Json;
  readonly derived?: Json;
}

/** How an activation ends by its last event. */
export function endOf(event: Event): End {
  if (event.type !== "activation.failed") {
    return { kind: "Completed", value: event.type === "activation.completed" ? event.value : null };
  }
  const { error, step } = event;
  return { kind: "Failed", error, ...(step === undefined ? {} : { step }) };
}

/** Findings in the order of the journal. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => seqOf(a) - seqOf(b));
}

function seqOf(finding: Finding): number {
  return "recorded" in finding ? finding.recorded.seq : (finding.before?.seq ?? Infinity);
}

/** The first difference of two documents, the order of keys included. */
export function firstDifference(recorded: Json, derived: Json, path = ""): Difference | undefined {
  if (JSON.stringify(recorded) === JSON.stringify(derived)) return undefined;
  const left = entriesOf(recorded);
  const right = entriesOf(derived);
  if (left === undefined || right === undefined || Array.isArray(recorded) !== Array.isArray(derived))
    return { path, recorded, derived };
  const keys = new Set([...left.keys(), ...right.keys()]);
  for (const key of keys) {
    const [a, b] = [left.get(key), right.get(key)];
    const inner = path === "" ? key : `${path}.${key}`;
    if (a === undefined) return b === undefined ? undefined : { path: inner, derived: b };
    if (b === undefined) return { path: inner, recorded: a };
    const found = firstDifference(a, b, inner);
    if (found !== undefined) return found;
  }
  return { path, recorded, derived };
}

function entriesOf(json: Json): ReadonlyMap<string, Json> | undefined {
  return json === null || typeof json !== "object" ? undefined : new Map(Object.entries<Json>(json));
}
