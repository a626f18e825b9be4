// One function while it is made: its slots, its steps with labels for targets, and what it would have to leave to jump
// out of where it is. Invariants: a binding has one slot, which holds what it captured, its parameters and the rest in
// this order; after a jump no step is emitted until a label that something jumps to.

import type { BindingNode } from "../checker/checked.ts";
import type { AgentDeclaration, Expression, Node } from "../parser/ast.ts";
import { invariant, unreachable } from "../source/invariant.ts";
import type { Facts } from "./facts.ts";
import type { EffectNode, FunctionNode, Step, Term } from "./kir.ts";
import { none } from "./literal.ts";
import { stepWords } from "./step-words.ts";
import type { Unit } from "./unit.ts";

/** What a slot can stand for: a binding, the item of a `fetch`, or an expression evaluated ahead of time. */
export type Key = BindingNode | Expression;

/** A place among the steps, known when it is placed. Steps hold it where their targets will stand. */
export type Label = number;

/** What a jump out of here has to leave. */
export type Enclosing =
  | { readonly kind: "Loop"; readonly next: Label; readonly end: Label; readonly settle?: () => void }
  | { readonly kind: "Handler" };

/** Where a value goes; without a slot, nobody wants it. */
export interface Destination {
  readonly slot?: number;
}

export interface BodyOptions {
  readonly form: FunctionNode["kind"];
  /** The agent whose `self` this is. */
  readonly agent: AgentDeclaration | undefined;
  readonly captures?: readonly Key[];
  readonly parameters?: readonly Key[];
}

export class Body {
  readonly form: FunctionNode["kind"];
  readonly agent: AgentDeclaration | undefined;
  readonly facts: Facts;
  readonly enclosing: Enclosing[] = [];
  readonly #captures: number;
  readonly #parameters: number;
  #slots = 0;
  readonly #slotOf = new Map<Key, number>();
  readonly #steps: Step[] = [];
  readonly #labels: (number | undefined)[] = [];
  readonly #wanted = new Set<Label>();
  #dead = false;
  readonly #ordinals = new Map<string, number>();
  /** What is being lowered, and, by step, what was when it was emitted. */
  #at: Node | undefined;
  readonly #origins = new Map<number, Node>();

  constructor(
    readonly unit: Unit,
    readonly id: string,
    options: BodyOptions,
  ) {
    this.form = options.form;
    this.agent = options.agent;
    this.facts = options.form === "Steps" ? unit.open : unit.closed;
    this.#captures = options.captures?.length ?? 0;
    this.#parameters = options.parameters?.length ?? 0;
    for (const key of [...(options.captures ?? []), ...(options.parameters ?? [])]) this.bind(key);
  }

  // slots

  slot(): number {
    return this.#slots++;
  }

  /** The slot of a binding, made at its first mention. */
  bind(key: Key): number {
    const slot = this.#slotOf.get(key) ?? this.slot();
    this.#slotOf.set(key, slot);
    return slot;
  }

  /** Lets another binding of the same name (an alternative of one arm) have a slot too. */
  share(key: Key, slot: number): void {
    this.#slotOf.set(key, slot);
  }

  has(key: Key): boolean {
    return this.#slotOf.has(key);
  }

  slotTerm(key: Key): Term | undefined {
    const slot = this.#slotOf.get(key);
    return slot === undefined ? undefined : { kind: "Slot", slot };
  }

  // expressions, by the rules of their families

  /** The value of an expression without effects. */
  term(node: Expression, used = true): Term {
    return this.unit.rules.term(this, node, used);
  }

  /** The value of any expression, as a term to be used before anything else is emitted. */
  value(node: Expression): Term {
    return this.from(node, () => this.unit.rules.value(this, node));
  }

  /** Puts the value into a slot. */
  into(node: Expression, slot: number): void {
    this.from(node, () => this.unit.rules.into(this, node, slot));
  }

  /** Does what the expression does; nobody wants its value. */
  run(node: Expression): void {
    this.from(node, () => this.unit.rules.run(this, node));
  }

  /** What is emitted meanwhile stands where the node does. */
  from<T>(node: Node, lower: () => T): T {
    const outer = this.#at;
    this.#at = node;
    const result = lower();
    this.#at = outer;
    return result;
  }

  // steps

  get dead(): boolean {
    return this.#dead;
  }

  emit(step: Step): void {
    invariant(this.form === "Steps", `a step in the pure function ${this.id}`);
    if (this.#dead) return;
    for (const label of targets(step)) this.#wanted.add(label);
    if (this.#at !== undefined && canFail(step)) this.#origins.set(this.#steps.length, this.#at);
    this.#steps.push(step);
    if (step.kind === "Jump" || step.kind === "Return" || step.kind === "Fail" || step.kind === "Branch") {
      this.#dead = true;
    }
  }

  eval(term: Term, slot?: number): void {
    if (slot === undefined && (term.kind === "Literal" || term.kind === "Slot")) return;
    if (term.kind === "Slot" && term.slot === slot) return;
    this.emit({ kind: "Eval", term, ...to(slot) });
  }

  spill(term: Term): Term {
    const slot = this.slot();
    this.eval(term, slot);
    return { kind: "Slot", slot };
  }

  /** `words` are the operands that the step's id is named by, beside its verb. */
  perform(verb: string, node: Node, words: readonly Node[], effect: EffectNode<Term>, slot?: number): void {
    if (this.#dead) return;
    this.emit({ kind: "Perform", id: this.stepId(verb, node, words), effect, ...to(slot) });
  }

  /** The effect's value, in the slot that is wanted, or one of its own. */
  performTo(verb: string, node: Node, words: readonly Node[], effect: EffectNode<Term>, to?: Destination): Term {
    const slot = to === undefined ? this.slot() : to.slot;
    this.perform(verb, node, words, effect, slot);
    return slot === undefined ? none : { kind: "Slot", slot };
  }

  /** A step that no text of the program stands for: a predeclared connection's settings. */
  performHidden(name: string, effect: EffectNode<Term>, slot: number): void {
    this.emit({ kind: "Perform", id: `${this.id}/${name}`, effect, slot });
  }

  /** `handle/send:reply-to-email`; steps of one function that would have one id are counted. */
  stepId(verb: string, node: Node, words: readonly Node[]): string {
    const slug = stepWords(words);
    const id = this.numbered(`${this.id}/${verb}${slug === "" ? "" : `:${slug}`}`);
    this.unit.places.set(id, this.unit.place(node));
    return id;
  }

  /** The text itself the first time, then `TEXT#2` … */
  numbered(text: string): string {
    const ordinal = this.ordinal(text);
    return ordinal === 1 ? text : `${text}#${ordinal}`;
  }

  /** How often this text was asked for, this time included. */
  ordinal(text: string): number {
    const ordinal = (this.#ordinals.get(text) ?? 0) + 1;
    this.#ordinals.set(text, ordinal);
    return ordinal;
  }

  // labels

  label(): Label {
    return this.#labels.push(undefined) - 1;
  }

  /** The next step stands here. `back`: jumped to from below, so alive if this place is. */
  place(label: Label): void {
    this.#labels[label] = this.#steps.length;
    if (this.#wanted.has(label)) this.#dead = false;
  }

  jump(to: Label): void {
    this.emit({ kind: "Jump", to });
  }

  branch(test: Term, then: Label, otherwise: Label): void {
    if (test.kind === "Unary" && test.operator === "not") return this.branch(test.of, otherwise, then);
    this.emit({ kind: "Branch", test, then, otherwise });
  }

  // the end

  /** The function: a term for a Pure one, else what was emitted. `origin` is the text of the term. */
  finish(term?: Term, origin?: Node): void {
    if (origin !== undefined) this.#origins.set(0, origin);
    for (const [step, node] of this.#origins) {
      this.unit.places.set(`${this.id}@${step}`, this.unit.place(onlyPart(node)));
    }
    const shape = { captures: this.#captures, parameters: this.#parameters, slots: this.#slots };
    if (term !== undefined) {
      invariant(this.form === "Pure", `a term for the step function ${this.id}`);
      this.unit.functions.set(this.id, { kind: "Pure", ...shape, body: term });
      return;
    }
    const steps = this.#steps.map((step) => retarget(step, (label) => this.#resolve(label)));
    this.unit.functions.set(this.id, { kind: "Steps", ...shape, steps });
  }

  #resolve(label: Label): number {
    let at = this.#labels[label];
    for (let hops = 0; hops < this.#steps.length; hops++) {
      invariant(at !== undefined, `a label of ${this.id} that was never placed`);
      const step = this.#steps[at];
      if (step?.kind !== "Jump") break;
      at = this.#labels[step.to];
    }
    invariant(at !== undefined && at < this.#steps.length, `a label of ${this.id} past its end`);
    return at;
  }
}

/** A body of one statement is that statement. */
function onlyPart(node: Node): Node {
  const [only, another] = node.kind === "Block" ? node.body : [];
  return only === undefined || another !== undefined ? node : onlyPart(only);
}

/** Whether an error can arise in what the step evaluates. */
function canFail(step: Step): boolean {
  switch (step.kind) {
    case "Eval":
      return isWork(step.term);
    case "Return":
    case "Collect":
      return isWork(step.value);
    case "Branch":
      return isWork(step.test);
    case "Begin":
      return isWork(step.list);
    case "Call":
    case "CallValue":
    case "Fold":
    case "Fail":
      return true;
    case "Perform":
      return Object.values(step.effect.given).some(isWork);
    case "Retry":
      return isWork(step.count);
    case "Jump":
    case "Next":
    case "End":
    case "Enter":
    case "Leave":
      return false;
    default:
      return unreachable(step);
  }
}

const isWork = (term: Term): boolean => term.kind !== "Literal" && term.kind !== "Slot";

export function to(slot: number | undefined): { slot?: number } {
  return slot === undefined ? {} : { slot };
}

function targets(step: Step): readonly Label[] {
  const found: Label[] = [];
  retarget(step, (label) => {
    found.push(label);
    return label;
  });
  return found;
}

function retarget(step: Step, change: (label: Label) => number): Step {
  switch (step.kind) {
    case "Jump":
      return { ...step, to: change(step.to) };
    case "Branch":
      return { ...step, then: change(step.then), otherwise: change(step.otherwise) };
    case "Next":
      return { ...step, done: change(step.done) };
    case "Enter":
      return { ...step, catches: step.catches.map((one) => ({ ...one, to: change(one.to) })) };
    case "Eval":
    case "Perform":
    case "Call":
    case "CallValue":
    case "Fold":
    case "Begin":
    case "Collect":
    case "End":
    case "Leave":
    case "Retry":
    case "Return":
    case "Fail":
      return step;
    default:
      return unreachable(step);
  }
}
