// `keel replay RUN --from STEP --patch FILE`: a new run that has the old one's events up to the outcome of a step, with
// that outcome replaced, and goes on from there.

import { resumeRun } from "../runtime/engine/run.ts";
import { branchRun } from "../runtime/engine/branch.ts";
import { patchValue } from "../runtime/engine/patch.ts";
import { systemWorld } from "../runtime/host/world.ts";
import type { OfStep, Recorded, RunStarted } from "../runtime/journal/event.ts";
import { effectId } from "../runtime/journal/fold.ts";
import type { Store } from "../runtime/journal/store.ts";
import type { Json } from "../ir/kir.ts";
import { invariant } from "../source/invariant.ts";
import { suggest } from "../source/suggest.ts";
import { draftsHere } from "../tui/draft-area.ts";
import { prompterHere } from "../tui/prompter.ts";
import { UsageError } from "./door.ts";
import { driveToEnd } from "./drive-run.ts";
import type { ExitCode } from "./exit-codes.ts";
import { placeText } from "./finding-text.ts";
import { secretsOf } from "./inputs.ts";
import type { ReplayOptions } from "./replay.ts";
import { modelsOf, readAnswers } from "./run.ts";
import { readText } from "./source-file.ts";
import { findRun, openExisting } from "./store-place.ts";

export async function branch(
  prefix: string | undefined,
  step: string,
  patch: string,
  options: ReplayOptions,
): Promise<ExitCode> {
  const store = openExisting();
  const made = make(store, prefix, step, patch, options);
  return driveToEnd(made, store);
}

/** Makes the new run and gives what drives it; the store is closed where that fails. */
function make(
  store: Store,
  prefix: string | undefined,
  step: string,
  patch: string,
  options: ReplayOptions,
): () => ReturnType<typeof resumeRun> {
  try {
    const from = findRun(store, prefix);
    const started = store.event(from, 1);
    invariant(started?.type === "run.started", "a journal begins with run.started");
    const secrets = secretsOf(options.i ?? [], started.inputs, from);
    const outcome = outcomeAt(store, from, step);
    const value = patchOf(store, from, outcome, patch);
    const world = systemWorld({
      directory: started.directory,
      input: options.input,
      prompter: prompterHere(),
      drafts: draftsHere(),
    });
    const run = branchRun(store, from, { outcome, value, secrets, ...givenAgain(options) }, world);
    process.stdout.write(`▸ Run ${run} branches from ${from} at ${placeText(outcome)}\n`);
    return () => resumeRun(run, store, world, process.pid, secrets);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** With what the new run goes on, where it is not what the old one had. */
function givenAgain({ mock, answers }: ReplayOptions): { models?: RunStarted["models"]; answers?: string } {
  return {
    ...(mock === undefined ? {} : { models: modelsOf({ mock }) }),
    ...(answers === undefined ? {} : { answers: readAnswers(answers) }),
  };
}

// ── the step ────────────────────────────────────────────────────────────────────────────────────────────────────

type Outcome = Recorded & OfStep;

/** The outcome of a step, named as `activation:n`, or by its name if it was taken once. Throws UsageError. */
function outcomeAt(store: Store, run: string, wanted: string): Outcome {
  const taken = [...store.events(run)].filter(isOutcome);
  const byId = taken.find((event) => effectId(event) === wanted);
  if (byId !== undefined) return byId;
  const named = taken.filter((event) => isNamed(event, wanted));
  const [first, ...others] = named;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    const ids = named.slice(0, 5).map((event) => `\n    ${effectId(event)}  ${placeText(event)}`);
    const more = named.length > 5 ? "\n    …" : "";
    throw new UsageError(
      `${wanted} was taken ${named.length} times in run ${run}`,
      `name one of them:${ids.join("")}${more}`,
    );
  }
  const names = taken.flatMap(({ step }) => [step, step.replace(/[:#].*$/, "")]);
  const near = suggest(wanted, [...new Set(names)]);
  const help = near === undefined ? `\`keel show ${run}\` lists its steps` : `did you mean ${near}?`;
  throw new UsageError(`run ${run} has no outcome of a step ${wanted}`, help);
}

/** By its id, with indices or without, or by the beginning of it that says what it is: `main/classify`. */
function isNamed(event: OfStep, wanted: string): boolean {
  const { step } = event;
  return (
    step === wanted || placeText(event) === wanted || step.startsWith(`${wanted}:`) || step.startsWith(`${wanted}#`)
  );
}

const outcomes: ReadonlySet<Recorded["type"]> = new Set<Recorded["type"]>([
  "step.completed",
  "step.failed",
  "model.replied",
  "gate.answered",
  "gate.expired",
  "timer.fired",
  "message.sent",
]);

function isOutcome(event: Recorded): event is Outcome {
  return outcomes.has(event.type);
}

// ── its value ───────────────────────────────────────────────────────────────────────────────────────────────────

function patchOf(store: Store, run: string, outcome: Outcome, file: string): Json {
  const patched = patchValue(store.program(run).program, outcome, jsonIn(file));
  if ("value" in patched) return patched.value;
  throw new UsageError(`${placeText(outcome)} cannot have the value in ${file}: ${patched.why}`, patched.help);
}

function jsonIn(file: string): Json {
  try {
    return JSON.parse(readText(file)) as Json;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `cannot use the patch in ${file}: it is not JSON: ${error instanceof Error ? error.message : ""}`,
    );
  }
}
