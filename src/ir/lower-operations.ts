// `NAME.operation(…)`: what a connection is asked by name. `send` and `archive` are the effects that the verbs are; the
// other operations are refused.

import type { CallTarget } from "../checker/checked.ts";
import type { Call, Pipe } from "../parser/ast.ts";
import type { Body, Destination } from "./body.ts";
import { evaluateAll, stepEvaluator } from "./evaluate-all.ts";
import type { EffectNode, Term } from "./kir.ts";
import { none } from "./literal.ts";

type Effect = EffectNode<Term>;

/** `work.send(…)` and `work.archive(e)`. */
export function operationCall(
  f: Body,
  node: Call | Pipe,
  target: CallTarget & { readonly kind: "Operation" },
  destination: Destination | undefined,
): Term {
  const { connection, operation } = target;
  const names = [...target.given.keys()];
  const terms = evaluateAll(f, stepEvaluator(f), [...target.given.values()]);
  const given = new Map(names.map((name, at) => [name, terms[at] ?? none]));
  const effect = operationEffect(connection, operation, given);
  if (effect === undefined) {
    f.unit.refuse(node, `the operation ${connection}.${operation}(…)`);
    return none;
  }
  f.unit.connections.add(connection);
  return f.performTo(operation, node, [...target.given.values()], effect, destination);
}

function operationEffect(connection: string, operation: string, given: ReadonlyMap<string, Term>): Effect | undefined {
  if (operation === "send") {
    const [value = none, to] = [given.get("value"), given.get("to")];
    return { kind: "Send", connection, given: { value, ...(to === undefined ? {} : { to }) } };
  }
  return operation === "archive"
    ? { kind: "Archive", connection, given: { item: given.get("item") ?? none } }
    : undefined;
}
