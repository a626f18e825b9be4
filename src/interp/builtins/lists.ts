// Methods of lists that take no function. A list is never changed: what changes one gives a new one.

import { compare } from "../compare.ts";
import { equal, identity } from "../equal.ts";
import { toolError } from "../failure.ts";
import { addInt, asCount, asDouble, floatResult } from "../numbers.ts";
import { text } from "../text.ts";
import type { Value } from "../value.ts";
import { Float } from "../value.ts";
import { asList, asText, bounds } from "./receive.ts";
import type { Builtins } from "./table.ts";

export const lists: Builtins = {
  "list.count": (list) => asList(list).length,
  "list.first": (list) => asList(list)[0] ?? null,
  "list.last": (list) => asList(list).at(-1) ?? null,
  "list.is_empty": (list) => asList(list).length === 0,
  "list.at": at,
  "list.join": (list, separator) =>
    asList(list)
      .map(text)
      .join(asText(separator ?? "")),
  "list.contains": (list, item) => asList(list).some((each) => equal(each, item)),
  "list.index_of": (list, item) => {
    const index = asList(list).findIndex((each) => equal(each, item));
    return index === -1 ? null : index;
  },
  "list.reverse": (list) => asList(list).toReversed(),
  "list.take": (list, count) => asList(list).slice(0, Math.max(0, asCount(count))),
  "list.drop": (list, count) => asList(list).slice(Math.max(0, asCount(count))),
  "list.slice": (list, start, end) => {
    const items = asList(list);
    return items.slice(...bounds(start, end, items.length));
  },
  "list.unique": unique,
  "list.zip": (list, other) => {
    const seconds = asList(other);
    const firsts = asList(list).slice(0, seconds.length);
    return firsts.map((first, index) => ({ first, second: seconds[index] as Value }));
  },
  "list.sum": sum,
  "list.min": (list) => extreme(asList(list), -1),
  "list.max": (list) => extreme(asList(list), 1),
  "list.append": (list, item) => [...asList(list), item],
  "list.concat": (list, other) => asList(list).concat(asList(other)),
  "list.chunk": (list, size) => chunk(asList(list), asCount(size)),
  "list.compact": (list) => asList(list).filter((each) => each !== null),
};

/** `xs[i]`: a negative index counts from the end; outside there is none. */
function at(list: Value, index: Value): Value {
  return asList(list).at(asCount(index)) ?? null;
}

function unique(list: Value): Value {
  const seen = new Map<Value, Value>();
  for (const item of asList(list)) {
    const key = typeof item === "object" && item !== null ? identity(item) : item;
    const unlike = typeof item === "string" ? `"${item}` : key;
    if (!seen.has(unlike)) seen.set(unlike, item);
  }
  return [...seen.values()];
}

/** `zero` is what an empty list gives: an empty list does not know what it holds. */
function sum(list: Value, zero: Value): Value {
  const items = asList(list);
  if (items[0] instanceof Float) return floatResult(items.reduce<number>((total, item) => total + asDouble(item), 0));
  return items.length === 0 ? (zero ?? 0) : items.reduce<Value>(addInt, 0);
}

function extreme(items: readonly Value[], sign: 1 | -1): Value {
  let best: Value | undefined;
  for (const item of items) if (best === undefined || compare(item, best) * sign > 0) best = item;
  return best ?? null;
}

function chunk(items: readonly Value[], size: number): Value {
  if (size < 1) throw toolError("chunk needs a size of at least 1");
  const chunks: Value[] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
