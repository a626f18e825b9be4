// What the words beside an answer say of it: that it is another one, that it is taken back, that it is not all.

import { Variant } from "../../interp/value.ts";
import type { Value } from "../../interp/value.ts";
import type { Shape } from "../../ir/kir.ts";
import { chooseWhole } from "./choice.ts";
import { core } from "./envelope.ts";
import type { Found } from "./repair.ts";

/** Why an answer does not hold, beside these words; undefined where it does. */
export function objection(found: Found, value: Value, shape: Shape): string | undefined {
  if (contradicts(found.around, value, shape)) return "the reply holds more than one answer";
  if (retraction.test(found.after)) return "the reply takes its answer back";
  if (hasItems(shape) && leavesOut(found, core(shape))) {
    return "the reply has items beside the JSON, or says that it leaves some out";
  }
  return undefined;
}

/** A variant that stands alone in a line beside the JSON and is another one. */
function contradicts(around: string, value: Value, shape: Shape): boolean {
  const wanted = core(shape);
  if (wanted.kind !== "enum") return false;
  const names = wanted.variants.map(({ name }) => name);
  const chosen = value instanceof Variant ? value.name : undefined;
  return around.split("\n").some((line) => {
    const choice = chooseWhole(line, names);
    return choice.kind !== "Nothing" && !(choice.kind === "One" && choice.name === chosen);
  });
}

/** Words behind an answer that take it back. */
const retraction =
  /\b(?:correction:|on second thought|scratch that|my mistake|made a mistake\b|i was wrong\b|disregard (?:that|the|my)|ignore (?:that|the above)\b)|(?:^|[.!?\n])[ \t]*(?:wait|hold on)\b/i;
/** Words behind a list that say it is not all of it. */
const elision =
  /^[\s,;]*(?:\.{3}|…|\(?(?:and|plus) (?:(?:\d+|many|several|some|a few) )?(?:more|others)\b|and so on\b|\(?(?:the )?(?:list )?(?:is )?(?:truncated|shortened|omitted|abbreviated|continued)\b)/i;

/** Quotes beside a list may be of items, had it been closed too early; beside an object with one, only those of keys. */
function leavesOut({ around, after }: Found, { kind }: Shape): boolean {
  if (elision.test(after)) return true;
  if (kind === "list" || kind === "map") return /["“”]/.test(around.replace(/^\s*["“]value["”]\s*:\s*\n/, ""));
  return /["”]\s{0,9}:/.test(after);
}

function hasItems(shape: Shape): boolean {
  return /"kind":"(?:list|map|json)"/.test(JSON.stringify(shape));
}
