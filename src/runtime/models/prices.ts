// What a call costs: a dated table, in millionths of a dollar per million tokens. The price goes into the journal with
// the call, so a change here changes no run of the past. A model that is not in the table has no price; it is not free.

import type { Usage } from "./provider.ts";

interface Price {
  /** The day the price was looked up. */
  readonly since: string;
  readonly input: number;
  readonly output: number;
}

const prices: { readonly [model: string]: Price } = {
  "claude-haiku-4-5-20251001": { since: "2026-11-01", input: 1_000_000, output: 5_000_000 },
  "claude-sonnet-4-6-20260415": { since: "2026-11-01", input: 3_000_000, output: 15_000_000 },
  "claude-opus-4-6-20260415": { since: "2026-11-01", input: 5_000_000, output: 25_000_000 },
};

const million = 1_000_000n;

/** In millionths of a dollar, rounded up; null: not known. `model` as in a journal's `used`: `anthropic:ID`, `ollama:NAME`. */
export function cost(model: string, usage: Usage): number | null {
  const id = model.replace(/^(script|anthropic):/, "");
  if (id.startsWith("ollama:")) return 0;
  const price = Object.hasOwn(prices, id) ? prices[id] : undefined;
  if (price === undefined) return null;
  const exact = BigInt(usage.input) * BigInt(price.input) + BigInt(usage.output) * BigInt(price.output);
  return Number((exact + million - 1n) / million);
}
