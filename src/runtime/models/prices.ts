// What a call costs: a dated table, in millionths of a dollar per million tokens. The price goes into the journal with
// the call, and the day it was looked up, so a change here changes no run of the past. A model that is not in the table
// has no price; it is not free. What runs on the user's own machine is.

import type { Usage } from "./provider.ts";

export interface Price {
  /** The day the price was looked up. */
  readonly since: string;
  readonly input: number;
  readonly output: number;
  /** Of input that is read from the provider's cache, and of input that is put there. */
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

const prices: { readonly [model: string]: Price } = {
  "claude-haiku-4-5-20251001": anthropic("2026-11-01", 1_000_000, 5_000_000),
  "claude-sonnet-4-6-20260415": anthropic("2026-11-01", 3_000_000, 15_000_000),
  "claude-opus-4-6-20260415": anthropic("2026-11-01", 5_000_000, 25_000_000),
};

/** Reading from its cache costs a tenth, writing to it a quarter more. */
function anthropic(since: string, input: number, output: number): Price {
  return { since, input, output, cacheRead: input / 10, cacheWrite: (input / 4) * 5 };
}

const million = 1_000_000n;

/** The price of a model, as in a journal's `used`: `anthropic:ID`; undefined: not known, or free. */
export function priceOf(model: string): Price | undefined {
  const id = model.replace(/^(script|anthropic):/, "");
  return Object.hasOwn(prices, id) ? prices[id] : undefined;
}

/** In millionths of a dollar, rounded up; null: not known. `model` as in a journal's `used`: `anthropic:ID`, `ollama:NAME`. */
export function cost(model: string, usage: Usage): number | null {
  if (isLocal(model)) return 0;
  const price = priceOf(model);
  if (price === undefined) return null;
  const { input, output, cacheRead = 0, cacheWrite = 0 } = usage;
  const exact =
    BigInt(input - cacheRead - cacheWrite) * BigInt(price.input) +
    BigInt(cacheRead) * BigInt(price.cacheRead) +
    BigInt(cacheWrite) * BigInt(price.cacheWrite) +
    BigInt(output) * BigInt(price.output);
  return Number((exact + million - 1n) / million);
}

/** All that the replies of one call used. */
export function usageOf(replies: readonly Usage[]): Required<Usage> {
  const sum = (part: keyof Usage) => replies.reduce((total, each) => total + (each[part] ?? 0), 0);
  return { input: sum("input"), output: sum("output"), cacheRead: sum("cacheRead"), cacheWrite: sum("cacheWrite") };
}

function isLocal(model: string): boolean {
  return model.replace(/^script:/, "").startsWith("ollama:");
}

/** About four characters are one token. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}
