// Another process at work on a journal: `node --import tsx child.ts MODE FOLDER`. It reports over its IPC channel.

import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { StoreError } from "../../src/runtime/journal/store.ts";
import type { Event } from "../../src/runtime/journal/event.ts";

const [mode, folder] = process.argv.slice(2);
const report = (message: unknown): void => void process.send?.(message);
const of = (activation: string, n: number, effect: string) => ({
  activation,
  n,
  step: `${activation}/x`,
  effect,
  args: "0123456789abcdef",
});

function hold(): void {
  const store = openStore(folder ?? "");
  const lease = store.acquire("r1", Date.now());
  report(lease.epoch);
  process.on("message", () => {
    try {
      store.append(lease, [{ type: "step.completed", ...of("main", 1, "Fetch"), value: "late" }], Date.now());
      report("written");
    } catch (error) {
      report(error instanceof StoreError ? error.problem : String(error));
    }
  });
}

/** Ticks until its parent is gone, each with a send: what a crash may fall into. */
function work(): void {
  const store = openStore(folder ?? "");
  const lease = store.acquire("r1", Date.now());
  const done = store.head("r1").schedules["A/every#1"]?.count ?? 0;
  const parent = process.ppid;
  for (let count = done + 1; process.ppid === parent; count += 1) {
    const activation = `A/every#1[${count}]`;
    const events: Event[][] = [
      [
        {
          type: "activation.started",
          activation,
          function: "A/every#1",
          captures: [],
          arguments: [],
          agent: "A",
          cause: { kind: "Tick", schedule: "A/every#1", count, due: count },
        },
      ],
      [
        {
          type: "step.completed",
          ...of(activation, 1, "Fetch"),
          value: `mail ${count} `.repeat(count % 7 === 0 ? 1_000 : 10),
        },
      ],
      [{ type: "step.intended", ...of(activation, 2, "Send"), detail: { count } }],
      [
        { type: "step.completed", ...of(activation, 2, "Send"), value: null },
        { type: "gate.opened", ...of(activation, 3, "Ask"), question: "?" },
      ],
      [{ type: "gate.answered", ...of(activation, 3, "Ask"), answer: "y", by: "file" }],
      [{ type: "activation.completed", activation, value: null, state: { count } }],
    ];
    for (const batch of events) report(store.append(lease, batch, Date.now()).at(-1)?.seq);
  }
}

/** Opens the journal, maybe as the first one, and makes runs in it beside others who do the same. */
function share(): void {
  const store = openStore(folder ?? "");
  for (let count = 0; count < 20; count += 1)
    store.remember({ program: "p", agent: "A" }, { key: `${process.pid}/${count}`, value: count, at: Date.now() });
  store.close();
  report("done");
  process.disconnect();
}

const modes: { readonly [mode: string]: () => void } = { hold, work, share };
modes[mode ?? ""]?.();
