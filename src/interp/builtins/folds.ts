// The collection methods that take a function, each as a fold: `start` with the arguments, `take` an element and what
// the function gave for it (true: enough), `done`. Whoever calls the function drives it, at once (terms) or between
// effects (steps), so each method exists once.
// Invariant: a fold's state is a struct of Keel values, since a machine may stop in the midst of it.

import { compare } from "../compare.ts";
import type { OpenStruct } from "../fields.ts";
import type { Value } from "../value.ts";
import { FunctionValue, KeelMap } from "../value.ts";

export interface Fold<S extends OpenStruct = OpenStruct> {
  start(given: readonly Value[]): S;
  take(state: S, item: Value, result: Value): boolean;
  done(state: S): Value;
  /** Present where the function is given what there is so far before the element. */
  running?(state: S): Value;
}

interface Gathered extends OpenStruct {
  readonly items: Value[];
}

interface Keyed extends Gathered {
  readonly keys: Value[];
}

interface Answer extends OpenStruct {
  answer: Value;
}

interface Sorted extends Keyed {
  readonly descending: boolean;
}

const gather = (): Gathered => ({ items: [] });
const items = (state: Gathered): Value => state.items;

const map: Fold<Gathered> = {
  start: gather,
  take(state, _item, result) {
    state.items.push(result);
    return false;
  },
  done: items,
};

const filter: Fold<Gathered> = {
  start: gather,
  take(state, item, result) {
    if (result === true) state.items.push(item);
    return false;
  },
  done: items,
};

const flatMap: Fold<Gathered> = {
  start: gather,
  take(state, _item, result) {
    for (const each of result as readonly Value[]) state.items.push(each);
    return false;
  },
  done: items,
};

/** `first` is the answer before any element; the first element whose result is `sought` settles it. */
function search(first: Value, sought: boolean, found: (item: Value) => Value): Fold<Answer> {
  return {
    start: () => ({ answer: first }),
    take(state, item, result) {
      if ((result === true) !== sought) return false;
      state.answer = found(item);
      return true;
    },
    done: (state) => state.answer,
  };
}

const reduce: Fold<Answer> = {
  start: (given) => ({ answer: given.slice(1).find((each) => !(each instanceof FunctionValue)) ?? null }),
  running: (state) => state.answer,
  take(state, _item, result) {
    state.answer = result;
    return false;
  },
  done: (state) => state.answer,
};

const sortBy: Fold<Sorted> = {
  start: (given) => ({ items: [], keys: [], descending: given.includes(true) }),
  take: takeKeyed,
  done({ items, keys, descending }) {
    const sign = descending ? -1 : 1;
    const order = Array.from(items.keys());
    order.sort((a, b) => sign * compare(keys[a] as Value, keys[b] as Value));
    return order.map((index) => items[index] as Value);
  },
};

const groupBy: Fold<Keyed> = {
  start: () => ({ items: [], keys: [] }),
  take: takeKeyed,
  done({ items, keys }) {
    const groups = new KeelMap(keys.map((key) => [key, []] as const));
    items.forEach((item, index) => (groups.get(keys[index] as Value) as Value[]).push(item));
    return groups;
  },
};

/** The first element whose key no other exceeds, in the direction of `sign`. */
function extreme(sign: 1 | -1): Fold<Keyed> {
  return {
    start: () => ({ items: [], keys: [] }),
    take({ items, keys }, item, result) {
      const [best] = keys;
      if (best !== undefined && compare(result, best) * sign <= 0) return false;
      items[0] = item;
      keys[0] = result;
      return false;
    },
    done: ({ items }) => items[0] ?? null,
  };
}

function takeKeyed(state: Keyed, item: Value, result: Value): boolean {
  state.items.push(item);
  state.keys.push(result);
  return false;
}

/** By built-in id. */
export const folds: { readonly [id: string]: Fold } = {
  "list.map": map,
  "list.filter": filter,
  "list.find": search(null, true, (item) => item),
  "list.any": search(false, true, () => true),
  "list.all": search(true, false, () => false),
  "list.sort_by": sortBy,
  "list.min_by": extreme(-1),
  "list.max_by": extreme(1),
  "list.flat_map": flatMap,
  "list.reduce": reduce,
  "list.group_by": groupBy,
};
