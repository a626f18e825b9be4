// Which open question of a run is meant: by its id, by the id of its step, or because there is no other. What is not
// meant for an answer (any more) is refused here, each case in its own words.

import { effectId, type OpenGate } from "../runtime/journal/fold.ts";
import type { Store, Waiting } from "../runtime/journal/store.ts";
import { suggest } from "../source/suggest.ts";
import { UsageError } from "./door.ts";
import { brief, roughly } from "./layout.ts";
import { isOver } from "./resume.ts";
import { answerCommands, expiryText, questionLine } from "./waiting-text.ts";

type OpenQuestion = Extract<Waiting, { readonly kind: "Gate" }>;

/**
 * The question that `name` names; without one the only open question that `fits`. Throws UsageError where there is none,
 * where several are meant, and where it has expired.
 */
export function openGate(
  store: Store,
  run: string,
  name: string | undefined,
  fits: (gate: OpenGate) => boolean,
): OpenGate {
  const { status } = store.head(run);
  if (status === "completed" || status === "cancelled" || status === "failed") {
    throw new UsageError(`run ${run} ${isOver[status]}: it takes no answers`);
  }
  const all = store.waiting().filter((each): each is OpenQuestion => each.kind === "Gate" && each.run === run);
  const meant = name === undefined ? unnamed(all, fits) : named(all, name);
  const [only] = meant;
  if (only === undefined) throw name === undefined ? noneFits(run, all) : noSuch(store, run, name, all);
  if (meant.length > 1) throw several(run, name, meant);
  refuseExpired(run, only);
  return only.gate;
}

/** Those that already have an answer waiting are left out, as long as there are others. */
function unnamed(all: readonly OpenQuestion[], fits: (gate: OpenGate) => boolean): readonly OpenQuestion[] {
  const fitting = all.filter(({ gate }) => fits(gate));
  const unanswered = fitting.filter(({ answered }) => !answered);
  return unanswered.length > 0 ? unanswered : fitting;
}

function named(all: readonly OpenQuestion[], name: string): readonly OpenQuestion[] {
  const byId = all.filter(({ gate }) => gate.id === name);
  return byId.length > 0 ? byId : all.filter(({ gate }) => gate.step === name);
}

/** Whether a word names an open question of the run. */
export function namesGate(store: Store, run: string, word: string): boolean {
  return store.head(run).gates.some(({ id, step }) => id === word || step === word);
}

// ── what is wrong ───────────────────────────────────────────────────────────────────────────────────────────────

function refuseExpired(run: string, { gate, held }: OpenQuestion): void {
  const late = Date.now() - (gate.expires ?? Infinity);
  if (late < 0) return;
  throw new UsageError(
    `the question ${gate.id} expired ${ago(late)}: nobody can answer it any more`,
    held ? undefined : `\`keel resume ${run}\` goes on: the program gets a TimeoutError`,
  );
}

function noneFits(run: string, all: readonly OpenQuestion[]): UsageError {
  return new UsageError(`run ${run} has no open question of this kind`, openText(run, all));
}

function several(run: string, name: string | undefined, meant: readonly OpenQuestion[]): UsageError {
  const where = name === undefined ? "" : ` at ${name}`;
  return new UsageError(`run ${run} has several open questions${where}`, `name one:${rows(run, meant)}`);
}

function noSuch(store: Store, run: string, name: string, all: readonly OpenQuestion[]): UsageError {
  const closed = closedText(store, run, name);
  if (closed !== undefined) return new UsageError(closed, openText(run, all));
  const near = suggest(
    name,
    all.flatMap(({ gate: { id, step } }) => [id, step]),
  );
  const help = `${near === undefined ? "" : `did you mean ${near}? `}${openText(run, all)}`;
  return new UsageError(`run ${run} has no open question ${name}`, help);
}

/** What became of a question that is open no more. */
function closedText(store: Store, run: string, name: string): string | undefined {
  const [, activation, n] = /^(.+):(\d+)$/.exec(name) ?? [];
  if (activation === undefined) return undefined;
  const ended = store.activation(run, activation).filter((event) => event.n === Number(n));
  for (const sealed of ended) {
    const event = sealed.open();
    if (event.type === "gate.answered" && effectId(event) === name) {
      const answer = typeof event.answer === "string" ? `"${brief(event.answer, 40)}"` : event.answer ? "yes" : "no";
      return `the question ${name} was answered ${ago(Date.now() - event.at)}: ${answer}`;
    }
    if (event.type === "gate.expired") return `the question ${name} expired ${ago(Date.now() - event.at)}`;
  }
  return undefined;
}

function openText(run: string, all: readonly OpenQuestion[]): string {
  return all.length === 0 ? "no question is open" : `open:${rows(run, all)}`;
}

function rows(run: string, all: readonly OpenQuestion[]): string {
  const each = all.map(({ gate }) => {
    const commands = answerCommands(run, gate, false).map((command) => `\n      ${command}`);
    return `\n    ${gate.id} (${gate.step}): ${questionLine(gate)}${expiryText(gate, Date.now())}${commands.join("")}`;
  });
  return each.join("");
}

function ago(ms: number): string {
  return `${roughly(Math.max(0, ms))} ago`;
}
