// A new run that goes on from another one with one outcome changed: it begins with the other's events up to that outcome,
// each at its own time, and is then resumed like any run. What the other run did after that it does not have, so from
// there on everything happens anew, in the world too.

import type { Json } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { OfStep, Recorded, RunStarted } from "../journal/event.ts";
import { effectId } from "../journal/fold.ts";
import { StoreError, type Store } from "../journal/store.ts";
import type { World } from "../world.ts";
import { restoreEnvironment } from "./environment.ts";
import { givenSecrets, type GivenInputs } from "./inputs.ts";
import { copyMemories } from "./branch-memory.ts";

/** What is changed: the value of an outcome, and with what the new run goes on. */
export interface Branch {
  readonly outcome: Recorded & OfStep;
  /** As the codec writes it. */
  readonly value: Json;
  readonly models?: RunStarted["models"];
  /** The text of an answers file. */
  readonly answers?: string;
  /** The secret inputs: they are not recorded. */
  readonly secrets: GivenInputs;
}

/** Makes the run, which nobody drives yet; gives its id. Throws StoreError. */
export function branchRun(store: Store, from: string, branch: Branch, world: World): string {
  const { outcome } = branch;
  const events = eventsUpTo(store, from, outcome.seq);
  const [started] = events;
  invariant(started?.type === "run.started", "a journal begins with run.started");
  const { mask } = restoreEnvironment(
    started.env,
    world.env,
    started.seed,
    givenSecrets(started.inputs, branch.secrets),
  ).environment;
  const begun = mask.event({
    ...started,
    ...(branch.models === undefined ? {} : { models: branch.models }),
    ...(branch.answers === undefined ? {} : { answers: branch.answers }),
    branch: { run: from, step: effectId(outcome) },
  });
  const run = `r${world.random(4)}`;
  const { program, places } = store.program(from);
  const copied = [begun as Recorded, ...events.slice(1, -1), patched(outcome, mask.json(branch.value))];
  const lease = store.branch(run, program, places, copied, world.clock.now());
  try {
    copyMemories(store, program, from, run, copied);
  } finally {
    store.release(lease);
  }
  return run;
}

function eventsUpTo(store: Store, run: string, last: number): readonly Recorded[] {
  const events: Recorded[] = [];
  for (const event of store.events(run)) {
    if (event.seq > last) break;
    events.push(event);
  }
  if (events.length === last) return events;
  throw new StoreError("missing", `events of run ${run} before this step were pruned`, "branch from a newer run");
}

/** The outcome as it would have been; a question's answer stays one. */
function patched(outcome: Recorded & OfStep, value: Json): Recorded {
  const { activation, n, step, indices, effect, args, seq, at } = outcome;
  const of = { activation, n, step, ...(indices === undefined ? {} : { indices }), effect, args };
  const isGate = outcome.type === "gate.answered" || outcome.type === "gate.expired";
  if (isGate && (typeof value === "string" || typeof value === "boolean")) {
    return { type: "gate.answered", ...of, answer: value, by: "patch", seq, at };
  }
  return { type: "step.completed", ...of, value, settled: "patch", seq, at };
}
