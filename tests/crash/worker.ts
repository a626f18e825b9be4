// The process that a crash test kills: it really dies, by SIGKILL. Every line is written at once, so that what stands on
// stdout is what a terminal would have shown.

import { writeSync } from "node:fs";
import { work, type Job, type Kill } from "./work.ts";

const { job, kill } = JSON.parse(process.argv[2] ?? "{}") as { readonly job: Job; readonly kill: Kill };

await work(job, {
  say: (mark, text) => void writeSync(1, `${JSON.stringify([mark, text])}\n`),
  risk: (transaction, when) => {
    if (transaction !== kill.transaction || when !== kill.when) return;
    process.kill(process.pid, "SIGKILL");
    for (;;);
  },
});
