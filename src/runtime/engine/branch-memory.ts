// What a run had remembered when another one branches from it. A memory that lasts for the run only is kept under the
// run's name, so the new run gets its own copy of what was remembered before the branch; a lasting one it shares anyway.

import { basename, join } from "node:path";
import type { Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { Recorded } from "../journal/event.ts";
import { effectId } from "../journal/fold.ts";
import type { Owner } from "../journal/memory.ts";
import type { Store } from "../journal/store.ts";

/** `events` are those that both runs share. */
export function copyMemories(
  store: Store,
  program: Program,
  from: string,
  to: string,
  events: readonly Recorded[],
): void {
  const [started] = events;
  invariant(started?.type === "run.started", "a journal begins with run.started");
  const file = join(started.directory, basename(started.file));
  const done = new Set(events.flatMap((event) => (event.type === "step.completed" ? [effectId(event)] : [])));
  for (const agent of ["", ...Object.keys(program.agents)]) {
    if (program.agents[agent]?.memory === "persistent") continue;
    const owner: Owner = { program: file, agent };
    const known = store.memories(owner).filter(({ key }) => key.startsWith(`${from}/`));
    for (const { key, value, at } of known.toReversed()) {
      const effect = key.slice(from.length + 1);
      if (done.has(effect)) store.remember(owner, { key: `${to}/${effect}`, value, at });
    }
  }
}
