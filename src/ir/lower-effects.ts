// The verbs that reach people, time, connections and agents: each becomes one Perform, its operands evaluated before.

import { isPrimitive } from "../checker/type.ts";
import type { Expression, NodeOf } from "../parser/ast.ts";
import { verbKinds } from "../parser/forms.ts";
import { unreachable } from "../source/invariant.ts";
import type { Body } from "./body.ts";
import { evaluateAll, stepEvaluator } from "./evaluate-all.ts";
import type { EffectNode, Term } from "./kir.ts";
import { none } from "./literal.ts";
import { delegateSteps } from "./lower-agents.ts";
import { give, giveNone } from "./lower-control.ts";
import { whereTerm } from "./lower-fetch.ts";
import { blockTerm } from "./lower-functions.ts";
import { notNone, route, sendSteps } from "./lower-send.ts";
import { waitUntilSteps } from "./lower-wait.ts";
import { shapeOf } from "./shape.ts";

type EffectExpression = NodeOf<(typeof verbKinds)[number]>;

const effectKinds: ReadonlySet<string> = new Set(verbKinds);

export function isEffect(node: Expression): node is EffectExpression {
  return effectKinds.has(node.kind);
}

type Effect = EffectNode<Term>;

export function effectSteps(f: Body, node: EffectExpression, slot: number | undefined): void {
  const perform = (verb: string, words: readonly Expression[], effect: Effect): void => {
    f.perform(verb, node, words, effect, slot);
  };
  switch (node.kind) {
    case "Ask": {
      const question = text(f, node.question);
      return perform("ask", [node.question], { kind: "Ask", given: { question, ...timeoutOf(f, node) } });
    }
    case "Confirm":
      return confirmSteps(f, node, slot);
    case "Notify":
      return perform("notify", [node.value], { kind: "Notify", given: { text: text(f, node.value) } });
    case "Remind":
      return perform("remind", [node.value], { kind: "Notify", given: { text: text(f, node.value) } });
    case "Show":
      return perform("show", [node.value], { kind: "Show", given: { value: f.value(node.value) } });
    case "Wait":
      return perform("wait", [node.duration], { kind: "Wait", given: { duration: f.value(node.duration) } });
    case "After": {
      const delay = f.value(node.delay);
      return perform("after", [node.delay], { kind: "After", given: { delay, block: blockTerm(f, node) } });
    }
    case "Remember":
      return perform("remember", [node.value], { kind: "Remember", given: { value: f.value(node.value) } });
    case "Fetch":
      return fetchSteps(f, node, slot);
    case "Send":
      return sendSteps(f, node, slot);
    case "Archive": {
      const item = notNone(f, node.value, f.value(node.value));
      return perform("archive", [node.value], { kind: "Archive", connection: route(f, node), given: { item } });
    }
    case "Run": {
      const { background } = node;
      f.perform("run", node, [node.agent], {
        kind: "Run",
        agent: f.unit.namedAgent(node.agent),
        background,
        given: {},
      });
      return giveNone(f, slot);
    }
    case "Stop":
      f.perform("stop", node, [node.agent], { kind: "Stop", agent: f.unit.namedAgent(node.agent), given: {} });
      return giveNone(f, slot);
    case "Delegate":
      return delegateSteps(f, node, slot);
    case "WaitUntil":
      waitUntilSteps(f, node);
      return giveNone(f, slot);
    case "Search": {
      const [query = none, limit] = evaluateAll(f, stepEvaluator(f), listed(node.query, node.limit));
      return perform("search", [node.query], {
        kind: "Search",
        given: { query, ...(limit === undefined ? {} : { limit }) },
      });
    }
    case "Recall": {
      const [query = none, limit] = evaluateAll(f, stepEvaluator(f), listed(node.query, node.limit));
      const type = node.type === undefined ? {} : { type: shapeOf(f.unit, node.type) };
      const given = { query, ...(limit === undefined ? {} : { limit }) };
      return perform("recall", [node.query], { kind: "Recall", ...type, given });
    }
    case "Forget":
      return perform("forget", [node.query], { kind: "Forget", given: { query: f.value(node.query) } });
    default:
      return unreachable(node);
  }
}

// people

/** A value as the text that interpolation makes of it. */
function text(f: Body, node: Expression): Term {
  const given = f.value(node);
  if (isPrimitive(f.unit.type(node), "str") || given.kind === "Text") return given;
  return { kind: "Text", parts: [given] };
}

/** How long the question stays open. */
function timeoutOf(f: Body, { timeout }: NodeOf<"Ask" | "Confirm">): { readonly timeout?: Term } {
  return timeout === undefined ? {} : { timeout: f.value(timeout) };
}

/** `confirm X then S` is `if confirm X { S }`. A question that is none stays none: its answer is no. */
function confirmSteps(f: Body, node: NodeOf<"Confirm">, slot: number | undefined): void {
  const nullable = f.unit.type(node.question).kind === "Nullable";
  const question = nullable ? textUnlessNone(f, node.question) : text(f, node.question);
  const effect: Effect = { kind: "Confirm", given: { question, ...timeoutOf(f, node) } };
  if (node.then === undefined) return f.perform("confirm", node, [node.question], effect, slot);
  const answer = f.slot();
  const [then, end] = [f.label(), f.label()];
  f.perform("confirm", node, [node.question], effect, answer);
  f.branch({ kind: "Slot", slot: answer }, then, end);
  f.place(then);
  give(f, node.then, undefined);
  f.place(end);
  giveNone(f, slot);
}

function textUnlessNone(f: Body, node: Expression): Term {
  const of = f.value(node);
  const type = f.unit.type(node);
  if (type.kind === "Nullable" && isPrimitive(type.of, "str")) return of;
  const slot = f.slot();
  return { kind: "Chain", of, slot, then: { kind: "Text", parts: [{ kind: "Slot", slot }] } };
}

// connections

function fetchSteps(f: Body, node: NodeOf<"Fetch">, slot: number | undefined): void {
  const connection = f.unit.checked.routes.get(node);
  if (connection === undefined || connection === "url") return fetchUrlSteps(f, node, slot);
  if (node.with !== undefined) return f.unit.refuse(node.with, "`with` of a connection");
  f.unit.connections.add(connection);
  const limit = node.limit === undefined ? undefined : f.spill(f.value(node.limit));
  const where = node.where === undefined ? undefined : whereTerm(f, node, node.where);
  const given = { ...(where === undefined ? {} : { where }), ...(limit === undefined ? {} : { limit }) };
  const words = node.where === undefined ? [node.source] : [node.source, node.where];
  f.perform("fetch", node, words, { kind: "Fetch", connection, given }, slot);
}

function fetchUrlSteps(f: Body, node: NodeOf<"Fetch">, slot: number | undefined): void {
  const [url = none, options] = evaluateAll(f, stepEvaluator(f), listed(node.source, node.with));
  const given = { url, ...(options === undefined ? {} : { options }) };
  f.perform("fetch", node, [node.source], { kind: "FetchUrl", given }, slot);
}

function listed(first: Expression, second: Expression | undefined): readonly Expression[] {
  return second === undefined ? [first] : [first, second];
}
