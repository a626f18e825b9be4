// What calls of models used and cost, added up by whatever people ask for. A fold over events; a call whose price is not
// known is counted apart and never as free.

import type { Event, ModelUse } from "../runtime/journal/event.ts";
import { usageOf } from "../runtime/models/prices.ts";

export interface Used {
  readonly calls: number;
  /** In tokens; what was read from and written to a provider's cache is a part of it. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  /** Millionths of a dollar; the `unpriced` calls are not in it. */
  readonly cost: number;
  readonly unpriced: number;
  /** The days that the prices are of. */
  readonly prices: readonly string[];
}

export const nothingUsed: Used = {
  calls: 0,
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  cost: 0,
  unpriced: 0,
  prices: [],
};

/** The call that an event tells of, if it tells of one that a model answered or was paid for. */
export function callOf(event: Event): ModelUse | undefined {
  return event.type === "model.replied" ? event : event.type === "step.failed" ? event.spent : undefined;
}

export function usedBy({ replies, cost, priced }: ModelUse): Used {
  const prices = priced === undefined ? [] : [priced];
  return { calls: 1, ...usageOf(replies), cost: cost ?? 0, unpriced: cost === null ? 1 : 0, prices };
}

export function together(a: Used, b: Used): Used {
  return {
    calls: a.calls + b.calls,
    input: a.input + b.input,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    output: a.output + b.output,
    cost: a.cost + b.cost,
    unpriced: a.unpriced + b.unpriced,
    prices: [...new Set([...a.prices, ...b.prices])].toSorted(),
  };
}

/** `12,345` */
export function tokensText(tokens: number): string {
  return tokens.toLocaleString("en-US");
}

/** The form in `--json`; money in millionths of a dollar. */
export function usedJson(used: Used): { readonly [key: string]: unknown } {
  return {
    calls: used.calls,
    input_tokens: used.input,
    cache_read_tokens: used.cacheRead,
    cache_write_tokens: used.cacheWrite,
    output_tokens: used.output,
    cost_microdollars: used.cost,
    calls_without_price: used.unpriced,
    prices_of: used.prices,
  };
}
