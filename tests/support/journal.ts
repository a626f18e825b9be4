// The laws of the journal as one assertion, for every test that makes a run.

import { expect } from "vitest";
import { breaches } from "../../src/runtime/journal/laws.ts";
import type { Store } from "../../src/runtime/journal/store.ts";

/** The laws hold, head = fold(events), and the chain is intact. */
export function checkLaws(store: Store, run: string): void {
  const pruned = store.runs().find((each) => each.run === run)?.pruned ?? 0;
  // Laws speak of all events; of what was pruned only the chain is left.
  if (pruned === 0) expect(breaches([...store.events(run)], store.head(run))).toEqual([]);
  expect(store.verify(run), "the first event that does not fit the chain").toBeUndefined();
}
