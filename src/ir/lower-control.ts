// Control in steps: branches and jumps, loops, handlers. Invariants: an effect stands behind the branch that decides
// whether it is reached; a jump out of a loop's body or a `try` leaves what it is in first, innermost first.
//
// An iteration over a connection's items that ends without an error settles its item: at its end, at `continue`, and
// also where `break` or `return` leave the loop from it. One that `where` passes over, or an error leaves, does not.

import type { Block, Expression, For, If, NodeOf, When } from "../parser/ast.ts";
import { invariant, unreachable } from "../source/invariant.ts";
import { type Body, type Label, to } from "./body.ts";
import { isStable } from "./evaluate-all.ts";
import type { EnterStep, Term } from "./kir.ts";
import { none } from "./literal.ts";
import { armMatch, armsOf } from "./lower-patterns.ts";
import { caught } from "./lower-term.ts";

const control = [
  "Logical",
  "Block",
  "If",
  "When",
  "For",
  "Bind",
  "Destructure",
  "Return",
  "Break",
  "Continue",
  "Fail",
  "Try",
  "Retry",
] as const satisfies readonly Expression["kind"][];

type Control = NodeOf<(typeof control)[number]>;

const controlKinds: ReadonlySet<string> = new Set(control);

export function isControl(node: Expression): node is Control {
  return controlKinds.has(node.kind);
}

/** Lowers to steps; the value goes to `slot` where one is given. */
export function controlSteps(f: Body, node: Control, slot: number | undefined): void {
  switch (node.kind) {
    case "Logical":
      return logicalSteps(f, node, slot ?? f.slot());
    case "Bind":
      f.into(node.value, f.bind(node));
      return giveNone(f, slot);
    case "Destructure":
      destructureSteps(f, node);
      return giveNone(f, slot);
    case "Return":
      return returnSteps(f, node);
    case "Break":
      return leaveLoop(f, "end");
    case "Continue":
      return leaveLoop(f, "next");
    case "Fail":
      return f.emit({ kind: "Fail", value: f.value(node.value) });
    case "Block":
    case "If":
    case "When":
    case "For":
    case "Try":
    case "Retry": {
      // A form whose branches have no common type has the value `none`.
      const isNone = f.unit.givesNone(node);
      formSteps(f, node, isNone ? undefined : slot);
      if (isNone) giveNone(f, slot);
      return;
    }
    default:
      return unreachable(node);
  }
}

function formSteps(f: Body, node: NodeOf<"Block" | "If" | "When" | "For" | "Try" | "Retry">, slot?: number): void {
  switch (node.kind) {
    case "Block":
      return blockSteps(f, node, slot);
    case "If":
      return ifSteps(f, node, slot);
    case "When":
      return whenSteps(f, node, slot);
    case "For":
      return forSteps(f, node, slot);
    case "Try":
      return trySteps(f, node, slot);
    case "Retry":
      return retrySteps(f, node, slot);
    default:
      return unreachable(node);
  }
}

export function give(f: Body, node: Expression, slot: number | undefined): void {
  if (slot === undefined) f.run(node);
  else f.into(node, slot);
}

export function giveNone(f: Body, slot: number | undefined): void {
  if (slot !== undefined) f.eval(none, slot);
}

export function blockSteps(f: Body, node: Block, slot?: number): void {
  for (const [at, item] of node.body.entries()) {
    give(f, item as Expression, at === node.body.length - 1 ? slot : undefined);
  }
  if (node.body.length === 0) giveNone(f, slot);
}

function destructureSteps(f: Body, node: NodeOf<"Destructure">): void {
  const slot = f.slot();
  f.into(node.value, slot);
  for (const field of node.fields) {
    f.eval({ kind: "Field", of: { kind: "Slot", slot }, name: field.field.text }, f.bind(field));
  }
}

// branches

function logicalSteps(f: Body, node: NodeOf<"Logical">, slot: number): void {
  const right = f.label();
  const end = f.label();
  const left: Term = { kind: "Slot", slot };
  f.into(node.left, slot);
  if (node.operator === "and") f.branch(left, right, end);
  else if (node.operator === "or") f.branch(left, end, right);
  else f.branch({ kind: "IsNone", of: left }, right, end);
  f.place(right);
  f.into(node.right, slot);
  f.place(end);
}

/** Goes to one of two labels: `and`, `or` and `not` of conditions with effects become branches of their own. */
export function branch(f: Body, node: Expression, then: Label, otherwise: Label): void {
  if (!f.facts.needsSteps(node)) return f.branch(f.term(node), then, otherwise);
  if (node.kind === "Unary" && node.operator === "not") return branch(f, node.operand, otherwise, then);
  if (node.kind !== "Logical" || node.operator === "??") return f.branch(f.value(node), then, otherwise);
  const right = f.label();
  if (node.operator === "and") branch(f, node.left, right, otherwise);
  else branch(f, node.left, then, right);
  f.place(right);
  branch(f, node.right, then, otherwise);
}

function ifSteps(f: Body, node: If, slot?: number): void {
  const [then, otherwise, end] = [f.label(), f.label(), f.label()];
  branch(f, node.condition, then, otherwise);
  f.place(then);
  give(f, node.then, slot);
  f.jump(end);
  f.place(otherwise);
  if (node.otherwise !== undefined) give(f, node.otherwise, slot);
  else giveNone(f, slot);
  f.place(end);
}

function whenSteps(f: Body, node: When, slot?: number): void {
  const value = f.value(node.subject);
  const subject = isStable(value) ? value : f.spill(value);
  const end = f.label();
  for (const { arm, last } of armsOf(f, node)) {
    const next = f.label();
    const { test, binds } = armMatch(f, arm, subject, last);
    if (test !== undefined) passes(f, test, next);
    for (const [at, bind] of binds) f.eval(bind, at);
    if (arm.guard !== undefined) {
      const body = f.label();
      branch(f, arm.guard, body, next);
      f.place(body);
    }
    give(f, arm.body, slot);
    f.jump(end);
    f.place(next);
  }
  f.place(end);
}

function passes(f: Body, test: Term, otherwise: Label): void {
  const then = f.label();
  f.branch(test, then, otherwise);
  f.place(then);
}

// loops

function forSteps(f: Body, node: For, slot?: number): void {
  const [next, done] = [f.label(), f.label()];
  const list = f.value(node.list);
  const item = f.bind(node);
  f.emit({ kind: "Begin", list });
  f.place(next);
  f.emit({ kind: "Next", slot: item, done });
  if (node.where !== undefined) {
    const body = f.label();
    branch(f, node.where, body, next);
    f.place(body);
  }
  const settle = settleOf(f, node, item);
  f.enclosing.push({ kind: "Loop", next, end: done, ...(settle === undefined ? {} : { settle }) });
  if (collects(f, node, slot)) {
    f.emit({ kind: "Collect", value: f.value(node.body) });
  } else {
    f.run(node.body);
  }
  f.enclosing.pop();
  settle?.();
  f.jump(next);
  f.place(done);
  f.emit({ kind: "End", ...to(collects(f, node, slot) ? slot : undefined) });
  if (!collects(f, node, slot)) giveNone(f, slot);
}

/** Whether a loop's value is wanted. */
function collects(f: Body, node: For, slot: number | undefined): boolean {
  return slot !== undefined && f.unit.type(node).kind === "List";
}

function settleOf(f: Body, node: For, slot: number): (() => void) | undefined {
  const connection = f.unit.checked.settles.get(node);
  if (connection === undefined) return undefined;
  f.unit.connections.add(connection);
  const item: Term = { kind: "Slot", slot };
  return () => f.perform("settle", node, [node.name], { kind: "Settle", connection, given: { item } });
}

function leaveLoop(f: Body, where: "next" | "end"): void {
  const depth = f.enclosing.findLastIndex((one) => one.kind === "Loop");
  const loop = f.enclosing[depth];
  invariant(loop?.kind === "Loop", `a jump out of no loop in ${f.id}`);
  for (let at = f.enclosing.length - 1; at > depth; at--) f.emit({ kind: "Leave" });
  loop.settle?.();
  f.jump(where === "next" ? loop.next : loop.end);
}

/** A frame takes its loops and handlers with it; they are left one by one only where an item has to be settled. */
function returnSteps(f: Body, node: NodeOf<"Return">): void {
  const given = node.value === undefined ? none : f.value(node.value);
  if (!f.enclosing.some((one) => one.kind === "Loop" && one.settle !== undefined)) {
    return f.emit({ kind: "Return", value: given });
  }
  const kept = f.spill(given);
  for (const one of f.enclosing.toReversed()) {
    if (one.kind === "Handler") {
      f.emit({ kind: "Leave" });
    } else {
      one.settle?.();
      f.emit({ kind: "End" });
    }
  }
  f.emit({ kind: "Return", value: kept });
}

// handlers

function trySteps(f: Body, node: NodeOf<"Try">, slot?: number): void {
  if (node.finally !== undefined) f.unit.refuse(node.finally, "`finally`");
  const end = f.label();
  const handlers = node.catches.map((one) => ({ one, label: f.label(), at: f.bind(one) }));
  const catches: EnterStep["catches"] = handlers.map(({ one, label, at }) => {
    return { errors: caught(one), slot: at, to: label };
  });
  f.emit({ kind: "Enter", catches });
  handled(f, node.body, slot);
  f.jump(end);
  for (const { one, label } of handlers) {
    f.place(label);
    give(f, one.body, slot);
    f.jump(end);
  }
  f.place(end);
}

function retrySteps(f: Body, node: NodeOf<"Retry">, slot?: number): void {
  const count = f.value(node.count);
  const id = f.stepId("retry", node, [node.count]);
  f.emit({ kind: "Retry", id, count, backoff: node.backoff });
  handled(f, node.body, slot);
}

function handled(f: Body, body: Block, slot?: number): void {
  f.enclosing.push({ kind: "Handler" });
  give(f, body, slot);
  f.enclosing.pop();
  f.emit({ kind: "Leave" });
}
