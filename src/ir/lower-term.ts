// Expressions without effects, as terms. What evaluates all of its operands says so once, in `lower-strict`, for terms
// and steps alike; here stands what evaluates some of them, and what binds.

import type { Block, Expression, For, If, Item, NodeOf, Try, When } from "../parser/ast.ts";
import { Bug, unreachable } from "../source/invariant.ts";
import type { Body } from "./body.ts";
import { chainTerm } from "./chain.ts";
import { withOperands } from "./evaluate-all.ts";
import type { CatchTerm, Term } from "./kir.ts";
import { none } from "./literal.ts";
import { read } from "./lower-names.ts";
import { armTerms } from "./lower-patterns.ts";
import { isStrict, strictTerm } from "./lower-strict.ts";
import { lambdaTerm } from "./lower-functions.ts";
import { sequence } from "./sequence.ts";
import { spineHeads } from "./spine.ts";

/** The value of an expression. `used`: false where nobody looks at it, so that a loop collects nothing. */
export function term(f: Body, node: Expression, used = true): Term {
  const ahead = f.slotTerm(node);
  if (ahead !== undefined) return ahead;
  const heads = spineHeads(f, node);
  if (heads.length === 0) return f.unit.nested<Term>(node, none, () => termOf(f, node, used));
  const body: Term[] = [];
  for (const head of heads) {
    const value = f.unit.nested<Term>(head, none, () => termOf(f, head, true));
    body.push({ kind: "Set", slot: f.bind(head), value });
  }
  return { kind: "Do", body: [...body, f.unit.nested<Term>(node, none, () => termOf(f, node, used))] };
}

function termOf(f: Body, node: Expression, used: boolean): Term {
  if (isStrict(node)) {
    return chainTerm(f, node) ?? withOperands(f, (evaluator) => strictTerm(f, node, evaluator));
  }
  switch (node.kind) {
    case "Reference":
      return read(f, node);
    case "Lambda":
      return lambdaTerm(f, node);
    case "Block":
      return settled(f, node, used, blockTerm(f, node, used));
    case "If":
      return settled(f, node, used, ifTerm(f, node, used));
    case "When":
      return settled(f, node, used, whenTerm(f, node, used));
    case "For":
      return settled(f, node, used, forTerm(f, node, used));
    case "Try":
      return settled(f, node, used, tryTerm(f, node, used));
    case "Logical":
      return logicalTerm(f, node);
    case "Bind":
      return { kind: "Set", value: f.term(node.value), slot: f.bind(node) };
    case "Destructure":
      return destructureTerm(f, node);
    case "Fail":
      return { kind: "Fail", value: f.term(node.value) };
    case "Return":
      return { kind: "Return", value: node.value === undefined ? none : f.term(node.value) };
    case "Break":
      return { kind: "Break" };
    case "Continue":
      return { kind: "Continue" };
    case "Self":
    case "Missing":
    case "Retry":
    case "Classify":
    case "Summarize":
    case "Draft":
    case "Extract":
    case "Translate":
    case "Decide":
    case "Prompt":
    case "Ask":
    case "Confirm":
    case "Notify":
    case "Show":
    case "Remind":
    case "Wait":
    case "WaitUntil":
    case "After":
    case "Fetch":
    case "Send":
    case "Archive":
    case "Search":
    case "Remember":
    case "Recall":
    case "Forget":
    case "Run":
    case "Stop":
    case "Delegate":
      throw new Bug(`${node.kind} as a term in ${f.id}`);
    default:
      return unreachable(node);
  }
}

/** A form whose branches have no common type has the value `none`. */
function settled(f: Body, node: Expression, used: boolean, value: Term): Term {
  return used && f.unit.givesNone(node) ? { kind: "Do", body: [value, none] } : value;
}

export function blockTerm(f: Body, node: Block, used: boolean): Term {
  return sequence(node.body.map((item, at) => itemTerm(f, item, used && at === node.body.length - 1)));
}

function itemTerm(f: Body, item: Item, used: boolean): Term {
  return f.term(item as Expression, used);
}

function ifTerm(f: Body, node: If, used: boolean): Term {
  return {
    kind: "If",
    test: f.term(node.condition),
    then: f.term(node.then, used),
    ...(node.otherwise === undefined ? {} : { otherwise: f.term(node.otherwise, used) }),
  };
}

function whenTerm(f: Body, node: When, used: boolean): Term {
  const slot = f.slot();
  const subject = f.term(node.subject);
  const arms = armTerms(f, node, { kind: "Slot", slot }, (body) => f.term(body, used));
  return { kind: "Do", body: [{ kind: "Set", slot, value: subject }, arms] };
}

function forTerm(f: Body, node: For, used: boolean): Term {
  const list = f.term(node.list);
  const slot = f.bind(node);
  const collect = used && f.unit.type(node).kind === "List";
  return {
    kind: "For",
    list,
    slot,
    ...(node.where === undefined ? {} : { where: f.term(node.where) }),
    body: f.term(node.body, collect),
    collect,
  };
}

function tryTerm(f: Body, node: Try, used: boolean): Term {
  if (node.finally !== undefined) f.unit.refuse(node.finally, "`finally`");
  const catches = node.catches.map((one): CatchTerm => {
    const slot = f.bind(one);
    return { errors: caught(one), slot, body: f.term(one.body, used) };
  });
  return { kind: "Try", body: f.term(node.body, used), catches };
}

/** The variants of `Error` that a catch takes; none: all of them. */
export function caught(node: NodeOf<"Catch">): readonly string[] {
  const names = node.types.map((type) => type.text);
  return names.includes("Error") ? [] : names;
}

function logicalTerm(f: Body, node: NodeOf<"Logical">): Term {
  const left = f.term(node.left);
  const right = f.term(node.right);
  switch (node.operator) {
    case "and":
      return { kind: "And", left, right };
    case "or":
      return { kind: "Or", left, right };
    case "??":
      return { kind: "Coalesce", left, right };
  }
}

function destructureTerm(f: Body, node: NodeOf<"Destructure">): Term {
  const slot = f.slot();
  const value = f.term(node.value);
  const from: Term = { kind: "Slot", slot };
  const fields = node.fields.map((field): Term => {
    return { kind: "Set", slot: f.bind(field), value: { kind: "Field", of: from, name: field.field.text } };
  });
  return { kind: "Do", body: [{ kind: "Set", slot, value }, ...fields] };
}
