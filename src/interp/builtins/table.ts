// All built-ins that take no function, by the id of their declaration in the stdlib; the receiver is the first argument.
// Arguments that a call does not have are none. The checker has seen the types, so `receive` only asserts them.

import { jsonText, text } from "../text.ts";
import type { Value } from "../value.ts";
import { functions } from "./functions.ts";
import { lists } from "./lists.ts";
import { maps } from "./maps.ts";
import { numbers } from "./numbers.ts";
import { strings } from "./strings.ts";

export type Builtin = (a: Value, b: Value, c: Value, d: Value) => Value;

export interface Builtins {
  readonly [id: string]: Builtin;
}

export const builtins: Builtins = {
  ...lists,
  ...maps,
  ...strings,
  ...numbers,
  ...functions,
  "any.to_str": text,
  "any.to_json": jsonText,
};
