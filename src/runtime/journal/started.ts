// What a run was started with, as it stands now: run.started, and what its upgrades added to it.

import { invariant } from "../../source/invariant.ts";
import type { Recorded, RunStarted, RunUpgraded } from "./event.ts";
import type { Store } from "./store.ts";

export function startedOf(store: Store, run: string): Recorded<RunStarted> {
  const started = store.event(run, 1);
  invariant(started?.type === "run.started", "a journal begins with run.started");
  const upgrades = store.head(run).upgrades.map((seq) => {
    const event = store.event(run, seq);
    invariant(event?.type === "run.upgraded", `event ${seq} upgrades the run`);
    return event;
  });
  return upgrades.reduce(upgraded, started);
}

function upgraded<S extends RunStarted>(started: S, { program, env, inputs }: RunUpgraded): S {
  return { ...started, program, env: { ...started.env, ...env }, inputs: { ...started.inputs, ...inputs } };
}
