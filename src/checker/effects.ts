// Which effects each task, handler and lambda can have: its own, and those of everything it calls, gathered over the
// graph of calls (effects as sets, after Lucassen and Gifford, "Polymorphic Effect Systems", 1988). A call's
// effects are those of what is called and of the functions given to it. A lambda by itself has none: its effects count
// where it is called or given away.

import type { Call, Delegate, Expression, Lambda, Node, Pipe, TaskDeclaration } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Callable, CallTarget, Effect } from "./checked.ts";
import { components, gatherIn } from "./components.ts";
import type { Facts } from "./context.ts";
import type { Modules } from "./modules.ts";

/** One place where a body does something to the world. */
export interface Deed {
  readonly effect: Effect;
  readonly node: Node;
}

/** One place where a body calls another. */
export interface Edge {
  readonly to: Callable;
  readonly node: Node;
}

/** What stands in a body, lambdas inside left out. */
export interface Direct {
  readonly deeds: readonly Deed[];
  readonly edges: readonly Edge[];
  readonly delegates: readonly Delegate[];
  /** Calls a parameter of function type, or gives it away. */
  readonly usesParameter: boolean;
}

const simple: { readonly [K in Node["kind"]]?: Effect } = {
  Classify: "ai",
  Summarize: "ai",
  Draft: "ai",
  Extract: "ai",
  Translate: "ai",
  Decide: "ai",
  Prompt: "ai",
  Ask: "human",
  Confirm: "human",
  Notify: "human",
  Show: "human",
  Remind: "human",
  Wait: "time",
  WaitUntil: "time",
  After: "time",
  Retry: "time",
  Remember: "memory",
  Recall: "memory",
  Forget: "memory",
  Run: "agent",
  Stop: "agent",
  Delegate: "agent",
};

export class Effects {
  readonly #facts: Facts;
  readonly #direct = new Map<Callable, Direct>();
  readonly #callees = new Map<Callable, readonly Callable[]>();
  readonly #callsParameter = new Map<Callable, boolean>();
  readonly #delegates: ReadonlyMap<Callable, ReadonlySet<Delegate>>;
  readonly all: ReadonlyMap<Callable, ReadonlySet<Effect>>;

  constructor(facts: Facts, modules: Modules) {
    this.#facts = facts;
    this.#collect(modules.all.map(({ program }) => program));
    const callees = (callable: Callable): readonly Callable[] => this.#callees.get(callable) ?? [];
    const found = components(this.#direct.keys(), callees);
    this.all = gatherIn(found, callees, (callable) => this.directOf(callable).deeds.map(({ effect }) => effect));
    this.#delegates = gatherIn(found, callees, (callable) => this.directOf(callable).delegates);
    this.#solveParameters();
  }

  get callsParameter(): ReadonlyMap<Callable, boolean> {
    return this.#callsParameter;
  }

  /** What it delegates, itself or through what it calls. */
  delegatesOf(callable: Callable): ReadonlySet<Delegate> {
    return this.#delegates.get(callable) ?? new Set();
  }

  directOf(callable: Callable): Direct {
    return this.#direct.get(callable) ?? { deeds: [], edges: [], delegates: [], usesParameter: false };
  }

  hasEffect(expression: Expression): boolean {
    const { deeds, edges } = this.#look([expression]);
    return deeds.length > 0 || edges.some(({ to }) => (this.all.get(to)?.size ?? 0) > 0);
  }

  /** Every task, handler, timer and lambda of the program. */
  #collect(programs: readonly Node[]): void {
    const stack: Node[] = [...programs];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      for (const child of children(node)) stack.push(child);
      if (node.kind === "TaskDeclaration" || node.kind === "Lambda") this.#add(node, node.body);
      else if (
        node.kind === "EveryMember" ||
        node.kind === "AtMember" ||
        node.kind === "AfterMember" ||
        node.kind === "OnMember" ||
        node.kind === "After"
      ) {
        this.#add(node.body, node.body);
      }
    }
  }

  #add(callable: Callable, body: Node): void {
    const direct = this.#look([body]);
    this.#direct.set(callable, direct);
    this.#callees.set(
      callable,
      direct.edges.map(({ to }) => to),
    );
  }

  /** Who calls a lambda that calls a parameter of the body around it calls that parameter. */
  #solveParameters(): void {
    const callers = new Map<Callable, Callable[]>();
    const work: Callable[] = [];
    for (const [callable, { usesParameter }] of this.#direct) {
      this.#callsParameter.set(callable, false);
      if (usesParameter) work.push(callable);
      for (const to of this.#callees.get(callable) ?? []) {
        if (to.kind !== "Lambda") continue;
        const known = callers.get(to);
        if (known === undefined) callers.set(to, [callable]);
        else known.push(callable);
      }
    }
    for (let callable = work.pop(); callable !== undefined; callable = work.pop()) {
      if (this.#callsParameter.get(callable) === true) continue;
      this.#callsParameter.set(callable, true);
      work.push(...(callers.get(callable) ?? []));
    }
  }

  #look(roots: readonly Node[]): Direct {
    const deeds: Deed[] = [];
    const edges: Edge[] = [];
    const delegates: Delegate[] = [];
    let usesParameter = false;
    const stack: Node[] = [...roots];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const effect = this.#effectOf(node);
      if (effect !== undefined) deeds.push({ effect, node });
      if (node.kind === "Delegate") delegates.push(node);
      if (node.kind === "Call" || node.kind === "Pipe") {
        for (const to of this.#called(node)) {
          if (to === "Parameter") usesParameter = true;
          else edges.push({ to, node });
        }
      }
      if (node.kind !== "Lambda") stack.push(...[...children(node)].reverse());
    }
    return { deeds, edges, delegates, usesParameter };
  }

  #effectOf(node: Node): Effect | undefined {
    const facts = this.#facts;
    switch (node.kind) {
      case "Fetch":
      case "Send":
      case "Archive":
      case "Search": {
        const route = facts.routes.get(node) ?? "email";
        if (route === "message" || route.startsWith("agent:")) return "agent";
        return `connection:${route === "url" ? "web" : route}`;
      }
      case "For": {
        const connection = facts.settles.get(node);
        return connection === undefined ? undefined : `connection:${connection}`;
      }
      case "Reference": {
        const kind = facts.references.get(node)?.kind;
        return kind === "Now" ? "clock" : undefined;
      }
      case "Member": {
        const kind = facts.members.get(node)?.kind;
        return kind === "Env" ? "env" : kind === "State" ? "state" : undefined;
      }
      case "Call": {
        const target = facts.calls.get(node);
        if (target?.kind === "Operation") return `connection:${target.connection}`;
        return target?.kind === "Random" ? "random" : undefined;
      }
      default:
        return simple[node.kind];
    }
  }

  /** What a call runs: its callee, and the functions it is given. */
  #called(node: Call | Pipe): (Callable | "Parameter")[] {
    const target = this.#facts.calls.get(node);
    const own = target === undefined ? [] : this.#calleeOf(target);
    const args = node.kind === "Call" ? node.arguments.map(({ value }) => value) : [node.left];
    return [...own, ...args.flatMap((argument) => this.#functions(argument))];
  }

  #calleeOf(target: CallTarget): (Callable | "Parameter")[] {
    if (target.kind === "Task") return [target.task];
    return target.kind === "Value" ? this.#functions(target.callee) : [];
  }

  /** The functions that a value of function type can be. */
  #functions(value: Expression): (Callable | "Parameter")[] {
    const facts = this.#facts;
    if (facts.types.get(value)?.kind !== "Function") return [];
    const found: (Callable | "Parameter")[] = [];
    const seen = new Set<Node>();
    const stack: Node[] = [value];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      if (node.kind === "Lambda") found.push(node satisfies Lambda);
      else if (node.kind === "Reference") {
        const referent = facts.references.get(node);
        const bound =
          referent?.kind === "Local"
            ? referent.binding.node
            : referent?.kind === "Constant"
              ? referent.node
              : undefined;
        if (referent?.kind === "Task") found.push(referent.task satisfies TaskDeclaration);
        else if (bound?.kind === "Parameter") found.push("Parameter");
        else if (bound?.kind === "Bind" && facts.types.get(bound.value)?.kind === "Function") stack.push(bound.value);
      } else for (const child of children(node)) stack.push(child);
    }
    return found;
  }
}
