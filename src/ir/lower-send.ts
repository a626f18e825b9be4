// `send`: to a connection, to an agent's mailbox, or to the sender of a Message.

import type { Delivery } from "../checker/checked.ts";
import { isPrimitive } from "../checker/type.ts";
import type { Expression, NodeOf } from "../parser/ast.ts";
import type { Body } from "./body.ts";
import { evaluateAll, stepEvaluator } from "./evaluate-all.ts";
import type { Term } from "./kir.ts";
import { literal, none } from "./literal.ts";
import { giveNone } from "./lower-control.ts";
import { sourceForm } from "./source-form.ts";

export function sendSteps(f: Body, node: NodeOf<"Send">, slot: number | undefined): void {
  const connection = f.unit.checked.routes.get(node);
  if (connection === "message" || connection?.startsWith("agent:") === true) return postSteps(f, node, slot);
  const words = wordsOf(node);
  const [sent = none, to] = evaluateAll(f, stepEvaluator(f), words);
  const given = { value: notNone(f, node.value, sent), ...(to === undefined ? {} : { to }) };
  f.perform("send", node, words, { kind: "Send", connection: route(f, node), given }, slot);
}

const wordsOf = ({ value, to }: NodeOf<"Send">): readonly Expression[] => (to === undefined ? [value] : [value, to]);

/** The connection that `fetch`, `send` or `archive` goes to. */
export function route(f: Body, node: Expression): string {
  const connection = f.unit.checked.routes.get(node) ?? "email";
  f.unit.connections.add(connection);
  return connection;
}

/** The value, or NullError where it is none. */
export function notNone(f: Body, node: Expression, of: Term): Term {
  const type = f.unit.type(node);
  if (type.kind !== "Nullable" && !isPrimitive(type, "none")) return of;
  return { kind: "Assert", of, what: sourceForm(node) };
}

/**
 * `send v to Agent`, and `send v to m`, which goes to the sender of the Message `m`: it is looked for by its name among
 * the agents that take such a value, and where it is none of them (or `main`), ToolError is raised.
 */
function postSteps(f: Body, node: NodeOf<"Send">, slot: number | undefined): void {
  const deliveries = f.unit.checked.deliveries.get(node) ?? [];
  const words = wordsOf(node);
  const isAnswer = f.unit.checked.routes.get(node) === "message";
  const [sent = none, to = none] = evaluateAll(f, stepEvaluator(f), isAnswer ? words : [node.value], isAnswer);
  const message = notNone(f, node.value, sent);
  const post = ({ agent, letter }: Delivery): void =>
    f.perform("send", node, words, { kind: "Post", agent, letter, given: { message } });
  const [only] = deliveries;
  if (isAnswer && node.to !== undefined) answerSteps(f, deliveries, notNone(f, node.to, to), post);
  else if (only !== undefined) post(only);
  giveNone(f, slot);
}

function answerSteps(f: Body, deliveries: readonly Delivery[], to: Term, post: (delivery: Delivery) => void): void {
  const sender = f.spill({ kind: "Field", of: to, name: "from" });
  const end = f.label();
  for (const delivery of deliveries) {
    const [here, next] = [f.label(), f.label()];
    f.branch({ kind: "Binary", operator: "eq", left: sender, right: literal(delivery.agent) }, here, next);
    f.place(here);
    post(delivery);
    f.jump(end);
    f.place(next);
  }
  const message: Term = { kind: "Text", parts: ["'", sender, "' cannot be answered: it takes no such messages"] };
  f.emit({
    kind: "Fail",
    value: {
      kind: "Variant",
      enum: "Error",
      variant: "ToolError",
      fields: [
        ["message", message],
        ["source", none],
      ],
    },
  });
  f.place(end);
}
