// What lowering a program has in its hands as a whole: the facts it reads, the functions made so far, and what the
// functions were seen to need (environment, connections, operations, models). Functions are asked for by id and made
// once, in the order they were asked for, from a queue: a call of a task asks, it does not recurse into the task.

import type { Checked } from "../checker/checked.ts";
import { type Module, moduleAt } from "../checker/modules.ts";
import type { Stdlib } from "../checker/prelude.ts";
import { isPrimitive, unknown, type Type } from "../checker/type.ts";
import type {
  AgentDeclaration,
  Bind,
  Expression,
  InputDeclaration,
  Name,
  Node,
  TaskDeclaration,
} from "../parser/ast.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Body } from "./body.ts";
import { Facts } from "./facts.ts";
import type { FunctionNode, Places, Term } from "./kir.ts";

/** How expressions are lowered: the doors of the families, which call each other through these. */
export interface Rules {
  term(f: Body, node: Expression, used: boolean): Term;
  value(f: Body, node: Expression): Term;
  into(f: Body, node: Expression, slot: number): void;
  run(f: Body, node: Expression): void;
}

export class Unit {
  readonly functions = new Map<string, FunctionNode>();
  readonly diagnostics: Diagnostic[] = [];
  readonly places = new Map<string, Places["steps"][string]>();
  readonly environment = new Set<string>();
  readonly connections = new Set<string>();
  readonly operations = new Set<string>();
  /** The inputs that something reads. */
  readonly inputs = new Set<InputDeclaration>();
  /** By function: the models its `using` names; `undefined` among them for an operation without `using`. */
  readonly models = new Map<string, Set<string | undefined>>();
  readonly closed: Facts;
  readonly open: Facts;
  readonly #agentOf = new Map<TaskDeclaration, AgentDeclaration>();
  readonly #agentNames = new Map<AgentDeclaration, string>();
  readonly #prefixes = new Map<TaskDeclaration, string>();
  readonly #inputs = new Map<InputDeclaration, string>();
  readonly #constants = new Map<Bind, string>();
  readonly #asked = new Set<string>();
  readonly #queue: (() => void)[] = [];
  #depth = 0;

  constructor(
    readonly checked: Checked,
    readonly stdlib: Stdlib,
    readonly rules: Rules,
  ) {
    this.closed = new Facts(checked, false);
    this.open = new Facts(checked, true);
    for (const agent of checked.agents) {
      this.#agentNames.set(agent.node, agent.name);
      for (const task of agent.tasks.values()) this.#agentOf.set(task, agent.node);
    }
    for (const module of checked.modules.all) this.#nameItems(module);
  }

  #nameItems({ prefix, program }: Module): void {
    const times = new Map<string, number>();
    const names = new Set(this.#inputs.values());
    for (const item of program.items) {
      if (item.kind === "InputDeclaration") {
        this.#inputs.set(item, names.has(item.name.text) ? prefix + item.name.text : item.name.text);
      }
      if (item.kind === "TaskDeclaration") this.#prefixes.set(item, prefix);
      if (item.kind !== "Bind") continue;
      const time = (times.get(item.name.text) ?? 0) + 1;
      times.set(item.name.text, time);
      this.#constants.set(item, `${prefix}const ${item.name.text}${time === 1 ? "" : `#${time}`}`);
    }
  }

  agentOf(task: TaskDeclaration): AgentDeclaration | undefined {
    return this.#agentOf.get(task);
  }

  /** What the run knows an agent by. */
  agentName(agent: AgentDeclaration): string {
    return this.#agentNames.get(agent) ?? agent.name.text;
  }

  /** The agent that `run`, `stop` or `delegate` names. */
  namedAgent(name: Name): string {
    return this.checked.agentNames.get(name) ?? name.text;
  }

  /** What the id of a task of the top level begins with. */
  prefixOf(task: TaskDeclaration): string {
    return this.#prefixes.get(task) ?? "";
  }

  /** Where a node stands, for people: in the program's own file, or in one that it uses. */
  place(node: Node): Places["steps"][string] {
    const module = moduleAt(this.checked.modules, node.span.start);
    const { line, column } = module.source.position(node.span.start - module.base);
    return module === this.checked.modules.main ? [line, column] : [line, column, module.path];
  }

  /** What `-i` calls an input, which something reads. */
  inputName(input: InputDeclaration): string {
    this.inputs.add(input);
    return this.#inputs.get(input) ?? input.name.text;
  }

  /** The id of the constant that a top-level binding makes; undefined for any other binding. */
  constantId(node: Node): string | undefined {
    return node.kind === "Bind" ? this.#constants.get(node) : undefined;
  }

  /** Has the function made, once. */
  ask(id: string, make: () => void): void {
    if (this.#asked.has(id)) return;
    this.#asked.add(id);
    this.#queue.push(make);
  }

  /** Makes every function that was asked for, and those that they ask for. */
  finish(): void {
    for (let make = this.#queue.shift(); make !== undefined; make = this.#queue.shift()) make();
  }

  refuse(node: Node, what: string): void {
    this.diagnostics.push(diagnose("K0900", node.span, { what }));
  }

  type(node: Expression): Type {
    return this.checked.types.get(node) ?? unknown;
  }

  givesNone(node: Expression): boolean {
    return isPrimitive(this.type(node), "none");
  }

  /** Runs `lower` one level deeper in the tree. Trees deeper than any text a person writes are refused. */
  nested<T>(node: Node, otherwise: T, lower: () => T): T {
    if (this.#depth >= 400) {
      this.refuse(node, "nesting this deep");
      return otherwise;
    }
    this.#depth++;
    try {
      return lower();
    } finally {
      this.#depth--;
    }
  }
}

/** The type without its `?`. */
export function present(type: Type): Type {
  return type.kind === "Nullable" ? type.of : type;
}
