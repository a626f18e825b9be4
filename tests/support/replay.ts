// A run replayed from its journal, as one assertion: with no environment but what is recorded, byte for byte the same.

import { expect } from "vitest";
import { journalOf } from "../../src/runtime/engine/rehearse-journal.ts";
import type { AtHand } from "../../src/runtime/engine/rehearse-world.ts";
import { rehearse } from "../../src/runtime/engine/rehearse.ts";
import type { Rehearsal } from "../../src/runtime/engine/rehearsal.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";

const decoder = await loadDecoder();

export function replayed(store: Store, run: string, atHand: Partial<AtHand> = {}): Rehearsal {
  return rehearse(journalOf(store, run), decoder, { env: {}, inputs: {}, ...atHand });
}

/**
 * The program does what the journal says, byte for byte: with no environment at all, but where a program computes with
 * the text of a secret; then with it.
 */
export function checkReplay(store: Store, run: string, atHand: Partial<AtHand> = {}): void {
  const bare = replayed(store, run).findings;
  const unexplained = bare.filter(({ secrets }) => secrets === undefined);
  expect(unexplained, "what a replay finds").toEqual([]);
  if (bare.length > 0) expect(replayed(store, run, atHand).findings, "what a replay with secrets finds").toEqual([]);
}
