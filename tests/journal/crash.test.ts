// A process that appends is killed in the middle of it: what it had reported is there, and the laws hold.

import { expect, test } from "vitest";
import { checkLaws } from "../support/journal.ts";
import { child, kill } from "./processes.ts";
import { begun, open, temporary } from "./sample.ts";

test("killed at any moment", { timeout: 30_000 }, async () => {
  const folder = temporary();
  begun(folder).store.close();
  for (const reports of [1, 40, 137]) {
    const writer = child("work", folder);
    let seen = 0;
    let last = 0;
    await new Promise<void>((resolve) => {
      writer.on("message", (seq) => {
        seen += 1;
        last = Number(seq);
        if (seen === reports) resolve();
      });
    });
    await kill(writer);
    const store = open(folder);
    expect(store.head("r1").seq).toBeGreaterThanOrEqual(last);
    checkLaws(store, "r1");
    endLive(folder);
  }
});

/** Ends what the killed process had begun, so that the next one starts afresh on the same run. */
function endLive(folder: string): void {
  const store = open(folder);
  const lease = store.acquire("r1", Date.now());
  for (const { id } of store.head("r1").live.filter((live) => live.id !== "main")) {
    const error = { name: "Failure", message: "killed", fields: {} };
    store.append(lease, [{ type: "activation.failed", activation: id, error }], Date.now());
  }
  store.close();
}
