// Which expressions can be terms. Everything without an effect can; what has one, or jumps out of itself, needs steps.
//
// The answer depends on one thing beside the tree: whether the functions that a task is given may have effects. So
// there are two of these for a program, one for each answer (`open`). Computed bottom-up with a list instead of
// recursion, each node once: a chain of ten thousand operands is no deeper than one.

import type { CallTarget, Checked, Given, Referent } from "../checker/checked.ts";
import type { Call, Expression, Lambda, Node, Pipe, TaskDeclaration } from "../parser/ast.ts";
import { operationKinds, verbKinds } from "../parser/forms.ts";
import { children } from "../parser/walk.ts";

/** What evaluating a node can do; several at once. */
export const effect = 1;
export const returns = 2;
/** A `break` or `continue` of a loop outside of the node. */
export const jumps = 4;
/** Reads or writes `self`. */
export const state = 8;

const effects: ReadonlySet<Node["kind"]> = new Set<Node["kind"]>(["Retry", ...operationKinds, ...verbKinds]);

export class Facts {
  readonly #checked: Checked;
  readonly #open: boolean;
  readonly #known = new Map<Node, number>();

  constructor(checked: Checked, open: boolean) {
    this.#checked = checked;
    this.#open = open;
  }

  /** Whether a Steps function has to lower this expression to steps. */
  needsSteps(node: Node): boolean {
    return (this.of(node) & (effect | returns | jumps)) !== 0;
  }

  /** Whether a lambda makes a step function: state is reached from those only. */
  lambdaNeedsSteps(lambda: Lambda): boolean {
    return (this.of(lambda.body) & (effect | state)) !== 0;
  }

  of(root: Node): number {
    const known = this.#known.get(root);
    if (known !== undefined) return known;
    const work: { readonly node: Node; entered: boolean }[] = [{ node: root, entered: false }];
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      if (this.#known.has(top.node)) work.pop();
      else if (top.entered) {
        work.pop();
        this.#known.set(top.node, this.#joined(top.node));
      } else {
        top.entered = true;
        for (const child of inside(top.node)) if (!this.#known.has(child)) work.push({ node: child, entered: false });
      }
    }
    return this.#known.get(root) ?? 0;
  }

  #joined(node: Node): number {
    let bits = this.alone(node);
    for (const child of inside(node)) {
      const of = this.#known.get(child) ?? 0;
      bits |= node.kind === "For" && child === node.body ? of & ~jumps : of;
    }
    return bits;
  }

  /** What a node does without its parts. */
  alone(node: Node): number {
    if (effects.has(node.kind)) return effect;
    if (node.kind === "Return") return returns;
    if (node.kind === "Break" || node.kind === "Continue") return jumps;
    if (node.kind === "For") return this.#checked.settles.has(node) ? effect : 0;
    if (node.kind === "Reference") return this.#reference(this.#checked.references.get(node)?.kind);
    if (node.kind === "Member") return this.#member(this.#checked.members.get(node)?.kind);
    return node.kind === "Call" || node.kind === "Pipe" ? this.#call(node) : 0;
  }

  #reference(kind: string | undefined): number {
    return kind === "Now" || kind === "Random" ? effect : 0;
  }

  #member(kind: string | undefined): number {
    return kind === "Env" ? effect : kind === "State" ? state : 0;
  }

  #call(node: Call | Pipe): number {
    const piped = node.kind === "Pipe" ? node.left : undefined;
    const call = node.kind === "Pipe" && node.right.kind === "Call" ? node.right : node;
    const target = this.#checked.calls.get(call);
    return target !== undefined && this.callNeedsSteps(target, piped) ? effect : 0;
  }

  callNeedsSteps(target: CallTarget, piped: Expression | undefined): boolean {
    switch (target.kind) {
      case "Task":
        return this.taskNeedsSteps(target.task) || this.opensTask(target.task, target.given, piped);
      case "Builtin":
        return target.given.some((given) => this.#givesSteps(given, piped));
      case "Value":
        return this.functionNeedsSteps(target.callee);
      case "Operation":
      case "Random":
        return true;
      case "Variant":
      case "EnumFrom":
        return false;
    }
  }

  /** Whether a task has effects of its own, whatever it is given. */
  taskNeedsSteps(task: TaskDeclaration): boolean {
    return (this.#checked.effects.get(task)?.size ?? 0) > 0;
  }

  /** Whether this call gives a task, pure in itself, a function with effects. */
  opensTask(task: TaskDeclaration, given: readonly Given[], piped: Expression | undefined): boolean {
    return this.#checked.callsParameter.get(task) !== false && given.some((one) => this.#givesSteps(one, piped));
  }

  #givesSteps(given: Given, piped: Expression | undefined): boolean {
    if (given.kind === "Default") return false;
    const value = given.kind === "Piped" ? piped : given;
    if (value === undefined || this.#checked.types.get(value)?.kind !== "Function") return false;
    return this.functionNeedsSteps(value);
  }

  /** Whether calling the value of an expression of function type can have an effect. */
  functionNeedsSteps(value: Expression): boolean {
    if (value.kind === "Lambda") return this.lambdaNeedsSteps(value);
    if (value.kind === "Reference") return this.#referredNeedsSteps(this.#checked.references.get(value));
    if (value.kind === "When") return value.arms.some((arm) => this.functionNeedsSteps(arm.body));
    if (value.kind === "Block") {
      const last = value.body.at(-1);
      return last === undefined || this.functionNeedsSteps(last as Expression);
    }
    if (value.kind !== "If" || value.otherwise === undefined) return this.#open;
    return this.functionNeedsSteps(value.then) || this.functionNeedsSteps(value.otherwise);
  }

  #referredNeedsSteps(referent: Referent | undefined): boolean {
    if (referent?.kind === "Task") return this.taskNeedsSteps(referent.task);
    if (referent?.kind === "Builtin") return false;
    if (referent?.kind === "Constant") return this.functionNeedsSteps(referent.node.value);
    const bound = referent?.kind === "Local" ? referent.binding.node : undefined;
    return bound?.kind === "Bind" ? this.functionNeedsSteps(bound.value) : this.#open;
  }
}

/** The parts of a node that are evaluated with it. A lambda's body and a timer's block are not. */
function inside(node: Node): Iterable<Node> {
  if (node.kind === "Lambda") return [];
  if (node.kind === "After") return [node.delay];
  if (node.kind === "Fetch") return [node.source, node.with, node.limit].filter((part) => part !== undefined);
  return children(node);
}
