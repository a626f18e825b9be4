// Another process that writes to the run `r1` of a store, fast and much, until its parent is gone:
// `node --import tsx copy-writer.ts FOLDER`. It reports the newest seq over its IPC channel.

import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Event } from "../../src/runtime/journal/event.ts";

const store = openStore(process.argv[2] ?? "");
const lease = store.acquire("r1", Date.now());
const parent = process.ppid;
const perTransaction = 12;

for (let n = 1; process.ppid === parent; n += perTransaction) {
  const events = Array.from({ length: perTransaction }, (_, index): Event => {
    const count = n + index;
    const of = {
      activation: "main",
      n: count,
      step: `main/fetch${count % 50}`,
      effect: "Fetch",
      args: "0123456789abcdef",
    };
    return { type: "step.completed", ...of, value: `mail ${count} `.repeat(count % 3 === 0 ? 500 : 20) };
  });
  const seq = store.append(lease, events, Date.now()).at(-1)?.seq;
  // Not faster than its reports are read.
  await new Promise((resolve) => process.send?.(seq, resolve));
}
