// A program that does something else than its journal says. With the program stored in the run this cannot come from
// an edit: the store was changed, or Keel's own behaviour was.

import type { OfStep, Recorded } from "../journal/event.ts";

export class Divergence extends Error {
  override readonly name = "Divergence";

  constructor(recorded: Recorded & Partial<OfStep>, attempted: OfStep) {
    super(
      `effect ${attempted.n} of ${attempted.activation} is recorded as ${placeText(recorded)} (event ${recorded.seq}), ` +
        `but the program came to ${placeText(attempted)}`,
    );
  }
}

function placeText(step: Partial<OfStep>): string {
  const indices = (step.indices ?? []).map((each) => `[${each}]`).join("");
  return `${step.effect ?? "?"} at ${step.step ?? "?"}${indices} with arguments ${step.args ?? "?"}`;
}
