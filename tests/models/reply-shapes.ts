// The shapes that the replies of `replies/` are read as, by the names they have there.

import type { Shape, ShapeField } from "../../src/ir/kir.ts";

const str: Shape = { kind: "str" };
const int: Shape = { kind: "int" };

function enumOf(name: string, ...variants: readonly string[]): Shape {
  return { kind: "enum", name, variants: variants.map((variant) => ({ name: variant })) };
}

function struct(fields: { readonly [name: string]: Shape }): Shape {
  return { kind: "struct", fields: Object.entries(fields).map(([name, shape]): ShapeField => ({ name, shape })) };
}

function list(of: Shape): Shape {
  return { kind: "list", of };
}

function maybe(of: Shape): Shape {
  return { kind: "nullable", of };
}

const urgency = enumOf("Urgency", "low", "medium", "high", "critical");
const contact = struct({ name: str, age: maybe(int), tags: list(str) });

export const shapes: { readonly [name: string]: Shape } = {
  any: { kind: "json" },
  count: int,
  flag: { kind: "bool" },
  nothing: { kind: "none" },
  ratio: { kind: "float" },
  text: str,
  wait: { kind: "duration" },
  when: { kind: "datetime" },
  maybe_count: maybe(int),
  maybe_any: maybe({ kind: "json" }),

  urgency,
  maybe_urgency: maybe(urgency),
  /** Names within names. */
  trend: enumOf("Trend", "low", "lower", "lowest"),
  level: enumOf("Level", "high", "very_high", "none_at_all"),
  /** Names that are negations themselves. */
  answer: enumOf("Answer", "no", "yes"),
  status: enumOf("Status", "in_progress", "done", "not_started"),
  /** The options of a `decide` are any texts. */
  language: enumOf("Choice", "C", "C++", "C#"),
  rust_or_c: enumOf("Choice", "Rust", "C"),
  digit: enumOf("Choice", "1", "2", "3"),
  action: {
    kind: "enum",
    name: "Action",
    variants: [{ name: "reply", fields: [{ name: "to", shape: str }] }, { name: "archive" }],
  },

  contact,
  named: struct({ name: str }),
  call: struct({ name: str, arguments: { kind: "json" } }),
  mail: struct({ urgency, action_items: maybe(list(str)) }),
  loose: struct({ a: maybe(str), b: maybe(str) }),
  decision: struct({ choice: enumOf("Choice", "archive", "reply to all", "no"), reason: str }),
  invoice: struct({
    number: str,
    total: { kind: "float" },
    due: maybe({ kind: "datetime" }),
    paid: { kind: "bool" },
  }),
  nested: struct({ person: struct({ name: str, address: struct({ city: str, zip: str }) }) }),
  order: struct({ id: int, items: list(struct({ sku: str, count: int })), note: maybe(str) }),

  names: list(str),
  numbers: list(int),
  people: list(contact),
  matrix: list(list(int)),
  scores: { kind: "map", key: str, value: int },
  settings: { kind: "map", key: str, value: { kind: "json" } },
  by_id: { kind: "map", key: int, value: str },
  by_urgency: { kind: "map", key: urgency, value: int },
};
