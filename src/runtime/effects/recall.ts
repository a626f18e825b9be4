// `recall "…"` and `forget "…"`: the memories that share a word with the query. Those that share more words come first,
// among equals the newest.

import { cast } from "../../interp/cast.ts";
import { parseJson } from "../../interp/json.ts";
import { jsonText, text } from "../../interp/text.ts";
import { decode } from "../../interp/codec.ts";
import type { Value } from "../../interp/value.ts";
import type { Memory } from "../journal/memory.ts";
import { answer } from "./answer.ts";
import type { Handler } from "./handler.ts";

export const recallHandler: Handler<"Recall"> = {
  perform: ({ type, given }, step) =>
    answer(() => {
      const found = matching(step.memory.all(), text(given.query)).map((memory) => asJson(decode(memory.value)));
      const typed = type === undefined ? found : found.flatMap((value) => cast(value, type) ?? []);
      return Promise.resolve(typeof given.limit === "number" ? typed.slice(0, Math.max(0, given.limit)) : typed);
    }),
};

export const forgetHandler: Handler<"Forget"> = {
  perform: ({ given }, step) =>
    answer(() => {
      step.memory.drop(matching(step.memory.all(), text(given.query)).map((memory) => memory.key));
      return Promise.resolve(null);
    }),
  settle: () => Promise.resolve({ kind: "Absent" }),
};

/** A value as the JSON it is: a program that recalls does not know the types of who remembered. */
function asJson(value: Value): Value {
  return parseJson(jsonText(value)) ?? null;
}

function matching(memories: readonly Memory[], query: string): readonly Memory[] {
  const wanted = words(query);
  const scored = memories.map((memory) => {
    const held = words(jsonText(decode(memory.value)));
    return { memory, score: [...wanted].filter((word) => held.has(word)).length };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ memory }) => memory);
}

function words(source: string): ReadonlySet<string> {
  return new Set(source.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
