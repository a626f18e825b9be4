// `wait until c`: the condition is evaluated every second, and nothing is recorded but that it came true. So it may only
// read, and what it reads stays inside it. On a resume after that moment the condition is not evaluated again.

import type { CallTarget, Effect } from "../checker/checked.ts";
import type { Expression, Node, NodeOf } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Body } from "./body.ts";
import { effect } from "./facts.ts";
import type { EffectNode, Term } from "./kir.ts";

type Phase = Extract<EffectNode<Term>, { kind: "WaitUntil" }>["phase"];

export function waitUntilSteps(f: Body, node: NodeOf<"WaitUntil">): void {
  if (node.timeout !== undefined) f.unit.refuse(node.timeout, "`timeout` of `wait until`");
  const offender = notReading(f, node.condition);
  if (offender !== undefined) return f.unit.refuse(offender, "anything but reading in a condition of `wait until`");
  const id = f.stepId("wait", node, [node.condition]);
  const step = (phase: Phase, given: { readonly error?: Term }, slot?: number): void => {
    f.emit({
      kind: "Perform",
      id,
      effect: { kind: "WaitUntil", phase, given },
      ...(slot === undefined ? {} : { slot }),
    });
  };
  const [over, test, error] = [f.slot(), f.slot(), f.slot()];
  const [ask, asked, again, done, failed, end] = [f.label(), f.label(), f.label(), f.label(), f.label(), f.label()];
  step("begin", {}, over);
  f.branch({ kind: "IsNone", of: { kind: "Slot", slot: over } }, ask, end);
  f.place(ask);
  f.emit({ kind: "Enter", catches: [{ errors: [], slot: error, to: failed }] });
  f.enclosing.push({ kind: "Handler" });
  f.into(node.condition, test);
  f.enclosing.pop();
  f.emit({ kind: "Leave" });
  f.jump(asked);
  f.place(asked);
  f.branch({ kind: "Slot", slot: test }, done, again);
  f.place(again);
  step("again", {});
  f.jump(ask);
  f.place(done);
  step("over", {});
  f.jump(end);
  f.place(failed);
  step("failed", { error: { kind: "Slot", slot: error } });
  f.jump(end);
  f.place(end);
}

const reading: ReadonlySet<Node["kind"]> = new Set<Node["kind"]>(["Fetch", "Search", "Recall"]);
const harmless: ReadonlySet<Effect> = new Set<Effect>(["clock", "random", "env"]);

/** The first part of a condition that does more than read. */
function notReading(f: Body, condition: Expression): Node | undefined {
  const work: Node[] = [condition];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (!reading.has(node.kind) && (f.facts.alone(node) & effect) !== 0 && !isReadingCall(f, node)) return node;
    work.push(...children(node));
  }
  return undefined;
}

/** `now`, `env.X`, `random()`, and calls of tasks that do no more than these. */
function isReadingCall(f: Body, node: Node): boolean {
  if (node.kind === "Reference" || node.kind === "Member") return true;
  if (node.kind !== "Call" && node.kind !== "Pipe") return false;
  const target: CallTarget | undefined = f.unit.checked.calls.get(node);
  if (target?.kind === "Random") return true;
  if (target?.kind !== "Task") return false;
  const effects = f.unit.checked.effects.get(target.task);
  return effects !== undefined && [...effects].every((each) => harmless.has(each));
}
