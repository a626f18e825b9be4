// What waits for a person, in words: the question, and the commands that help it, each on a line of its own as a shell
// takes it.

import { dirname, join } from "node:path";
import { effectId, type Doubt, type OpenGate } from "../runtime/journal/fold.ts";
import type { Store } from "../runtime/journal/store.ts";
import { brief, roughly } from "./layout.ts";

/** What a suspended run waits for, and how to help it. */
export function suspendedText(run: string, store: Store): string {
  const then = `  then continue it with\n    keel resume ${run}\n`;
  return `\n▸ Run ${run} is suspended: it waits for a person.\n${questionsText(run, store)}${then}`;
}

/** A run's open questions and steps in doubt, with the commands that answer them. */
export function questionsText(run: string, store: Store): string {
  const { gates, doubts } = store.head(run);
  const now = Date.now();
  const questions = gates.map((gate) => {
    const only = gates.every((other) => other === gate || other.effect !== gate.effect);
    return asked(`${questionLine(gate)}${expiryText(gate, now)}`, answerCommands(run, gate, only));
  });
  const open = doubts
    .filter((doubt) => doubt.effect !== "Delegate")
    .map((doubt) => asked(doubtLine(run, doubt, store), resolveCommands(run, doubt)));
  return [...questions, ...open].join("");
}

function asked(text: string, commands: readonly string[]): string {
  return `  ? ${text}\n${commands.map((command) => `    ${command}\n`).join("")}`;
}

/** `only`: no other open question of the run is answered in this way. */
export function answerCommands(run: string, gate: OpenGate, only: boolean): readonly string[] {
  const which = only ? run : `${run} ${inShell(gate.id)}`;
  return gate.effect === "Ask" ? [`keel answer ${which} "…"`] : [`keel approve ${which}`, `keel reject ${which}`];
}

export function resolveCommands(run: string, doubt: Doubt): readonly string[] {
  const resolve = `keel resolve ${run} ${inShell(effectId(doubt))}`;
  return [`${resolve} --done`, `${resolve} --retry`, `${resolve} --fail`];
}

/** A question in one line. */
export function questionLine({ question }: OpenGate): string {
  return brief(question, 100);
}

export function doubtLine(run: string, doubt: Doubt, store: Store): string {
  return `did ${placeOf(run, doubt.step, store)} happen before the process ended?`;
}

/** A step as a person finds it: its id, and its line in the file. */
export function placeOf(run: string, step: string, store: Store): string {
  const at = lineOf(run, step, store);
  return at === undefined ? step : `${step} (${at})`;
}

/** Whether a step has no id of its own, only its number within its function: `main@3`. */
export const isUnnamed = (step: string): boolean => /@\d+$/.test(step);

/** `triage.keel:14:3`, where the step is one of the program's text. */
export function lineOf(run: string, step: string, store: Store): string | undefined {
  const { places } = store.program(run);
  const at = places.steps[step];
  if (at === undefined) return undefined;
  const [line, column, used] = at;
  return `${used === undefined ? places.file : join(dirname(places.file), used)}:${line}:${column}`;
}

/** In brackets behind a question; empty where it has all the time. */
export function expiryText({ expires }: OpenGate, now: number): string {
  if (expires === undefined) return "";
  return expires <= now ? " (expired: nobody can answer it any more)" : ` (expires in ${roughly(expires - now)})`;
}

/** Quoted where a shell would read more in it than a word. */
function inShell(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word}'`;
}
