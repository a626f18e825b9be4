// Terms one after the other, as one.

import type { Term } from "./kir.ts";
import { none } from "./literal.ts";

export function sequence(body: readonly Term[]): Term {
  const [first] = body;
  return first === undefined ? none : body.length === 1 ? first : { kind: "Do", body };
}
