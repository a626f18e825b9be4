// What a Keel value is while it runs. Plain, immutable data, told apart without static types:
//
//   none null · bool boolean · int number while |n| ≤ 2^53−1, bigint beyond, never otherwise · float Float · str string
//   duration Duration · datetime a string · list array · struct plain object · map and JSON object KeelMap
//   enum Variant · function FunctionValue
//
// Invariant: nothing here holds a host function, so a frame full of values can be written down.

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | Duration
  | readonly Value[]
  | Struct
  | KeelMap
  | Variant
  | FunctionValue;

/** An IEEE 754 double, boxed so that 3.0 is told from 3. */
export class Float {
  constructor(readonly value: number) {}
}

export class Duration {
  constructor(readonly ms: number) {}
}

/** Field names are identifiers, so the host keeps their order. Read with `Object.hasOwn`, built without `__proto__` tricks. */
export interface Struct {
  readonly [field: string]: Value;
}

/** Insertion-ordered. A key is a str, an int or a Variant without fields; `keyText` makes it unique as a text. */
export class KeelMap {
  readonly #entries: ReadonlyMap<string, readonly [Value, Value]>;

  constructor(entries: Iterable<readonly [Value, Value]>) {
    const map = new Map<string, readonly [Value, Value]>();
    for (const entry of entries) {
      const text = keyText(entry[0]);
      const old = map.get(text);
      map.set(text, old === undefined ? entry : [old[0], entry[1]]);
    }
    this.#entries = map;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(keyText(key))?.[1];
  }

  entries(): Iterable<readonly [Value, Value]> {
    return this.#entries.values();
  }
}

/** `type` is the enum's name: `Urgency` of `Urgency.high`. `Error` values are variants too. */
export class Variant {
  constructor(
    readonly type: string,
    readonly name: string,
    readonly fields: Struct | null = null,
  ) {}
}

/** A function as data: what to call and what it captured. */
export class FunctionValue {
  constructor(
    readonly id: string,
    readonly captures: readonly Value[],
  ) {}
}

function keyText(key: Value): string {
  if (typeof key === "string") return `s${key}`;
  if (key instanceof Variant) return `v${key.name}`;
  return `i${String(key)}`;
}
