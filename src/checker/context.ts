// What one check carries along: the facts it writes, the diagnostics it collects, the declarations of the program, and
// what has been worked out so far. Everything is asked for when it is needed (a task's result, a constant's type), so
// declarations may stand in any order; what is being worked out is marked, and asking for it again is a cycle.

import type {
  AgentDeclaration,
  Bind,
  ConnectDeclaration,
  Destructure,
  DestructureField,
  Expression,
  InputDeclaration,
  KindDeclaration,
  Parameter,
  Program,
  StateField,
  TaskDeclaration,
  TypeDeclaration,
} from "../parser/ast.ts";
import type { Code, More } from "../source/codes.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source, Span } from "../source/text.ts";
import type { Binding, Checked, Connection } from "./checked.ts";
import type { Prelude } from "./prelude.ts";
import { BindingNumbers, Scope } from "./scope.ts";
import type { Known } from "./scope.ts";
import type { StructShape, Type, TypeVariable } from "./type.ts";

type Writable<M> = M extends ReadonlyMap<infer K, infer V> ? Map<K, V> : never;
type FactNames =
  | "types"
  | "typeNodes"
  | "references"
  | "members"
  | "calls"
  | "bindings"
  | "patterns"
  | "arms"
  | "settles"
  | "routes"
  | "deliveries"
  | "translations"
  | "agentNames";

/** The maps of `Checked` while they are being written. */
export type Facts = { readonly [K in FactNames]: Writable<Checked[K]> };

export interface AgentInfo {
  readonly node: AgentDeclaration;
  /** What the run knows it by: its name, or, where another file of the program has that already, `triage:NAME`. */
  readonly name: string;
  readonly home: Context;
  readonly tasks: Map<string, TaskDeclaration>;
  readonly state: Map<string, { readonly node: StateField; readonly type: Type }>;
  /** The type of the messages it takes, where it takes any. */
  message?: Type;
}

/** `name` is what the run knows it by, as an agent's is. */
export interface ConnectionInfo extends Connection {
  readonly kind: KindDeclaration | undefined;
  readonly declared: ConnectDeclaration | undefined;
}

/** One parameter as a call sees it. */
export interface ParameterShape {
  readonly name: string;
  readonly type: Type;
  readonly node: Parameter;
  readonly optional: boolean;
}

export interface Signature {
  readonly variables: readonly TypeVariable[];
  readonly parameters: readonly ParameterShape[];
  /** Where it is written down. */
  readonly result: Type | undefined;
}

/** A name bound by a statement of the top level. */
export interface TopBinding {
  readonly name: string;
  readonly node: Bind | DestructureField;
  readonly statement: Bind | Destructure;
  /** The place of its statement among the program's items. */
  readonly index: number;
}

/** One that other files can use: its name is bound once, and by itself. */
export interface Constant extends TopBinding {
  readonly node: Bind;
}

export type TypeSpace = ReadonlyMap<string, TypeDeclaration>;

/** What stands around an expression. */
export interface Body {
  readonly kind: "Main" | "Task" | "Handler" | "Timer" | "Lambda" | "Pure";
  readonly agent: AgentInfo | undefined;
  /** Where `return` gives a value: what is expected of it, and what was given so far. */
  readonly returns:
    { readonly expected: Type | undefined; readonly given: { type: Type; at: Expression }[] } | undefined;
  readonly inLoop: boolean;
  /** Type parameters in sight. */
  readonly variables: ReadonlyMap<string, TypeVariable>;
  /** In `main`: the place of the statement, so that only bindings above it are seen. */
  readonly index: number | undefined;
  /** The item whose fields `where` sees. */
  readonly item?: { readonly fetch: Expression & { kind: "Fetch" }; readonly shape: StructShape };
}

export interface Env {
  readonly cx: Context;
  readonly scope: Scope;
  readonly body: Body;
}

/** The same place with a scope of its own, in which more is known. */
export const inner = (env: Env, known?: Known): Env => ({ ...env, scope: new Scope(env.scope, known) });

/** What the files of a program have in common while they are checked. */
export class Shared {
  readonly facts: Facts = {
    types: new Map(),
    typeNodes: new Map(),
    references: new Map(),
    members: new Map(),
    calls: new Map(),
    bindings: new Map(),
    patterns: new Map(),
    arms: new Map(),
    settles: new Map(),
    routes: new Map(),
    deliveries: new Map(),
    translations: new Map(),
    agentNames: new Map(),
  };
  readonly numbers = new BindingNumbers();
  readonly diagnostics: Diagnostic[] = [];
  quiet = 0;
  errors = 0;
  /** How deep the nesting of what is being checked is. */
  depth = 0;

  /** The file that a declaration or a binding of the top level stands in. */
  readonly homes = new Map<object, Context>();
  /** By the names that the run knows them by. */
  readonly agents = new Map<string, AgentInfo>();
  readonly connections = new Map<string, ConnectionInfo>();
  /** The agent that a task belongs to. */
  readonly ownerOf = new Map<TaskDeclaration, AgentInfo>();
  readonly inputTypes = new Map<InputDeclaration, Type>();
  readonly signatures = new Map<object, Signature>();
  readonly results = new Map<TaskDeclaration, Type | "InProgress">();
  readonly topTypes = new Map<Bind | Destructure, "InProgress" | "Done">();
  /** Types of declarations, by declaration and arguments. */
  readonly instances = new Map<TypeDeclaration, Map<string, Type>>();
  /** How many aliases are being resolved, each within the one before. */
  aliases = 0;
  /** Declarations whose instances would need ever greater ones. */
  endless: ReadonlySet<TypeDeclaration> = new Set();

  /** Works out what is remembered: what is wrong with it is said, though it was only tried out who asked. */
  aloud<T>(work: () => T): T {
    const { quiet } = this;
    this.quiet = 0;
    try {
      return work();
    } finally {
      this.quiet = quiet;
    }
  }
}

/** One file: what its names mean. Those that it uses of other files stand in its tables beside its own. */
export class Context {
  readonly program: Program;
  readonly source: Source;
  readonly prelude: Prelude;
  /** What the names of what is known by a name of its own begin with, where that is taken. */
  readonly prefix: string;
  readonly shared: Shared;

  readonly types = new Map<string, TypeDeclaration>();
  readonly agents = new Map<string, AgentInfo>();
  readonly tasks = new Map<string, TaskDeclaration>();
  readonly inputs = new Map<string, InputDeclaration>();
  readonly connections = new Map<string, ConnectionInfo>();
  readonly top = new Map<string, TopBinding[]>();
  /** Constants of other files. */
  readonly constants = new Map<string, Constant>();
  /** Names that cannot be resolved for another, reported reason. */
  readonly silenced = new Set<string>();

  #variants: readonly [VariantTable, VariantTable] | undefined;

  /** `source` is the text that spans are places of: that of all files. */
  constructor(program: Program, source: Source, prelude: Prelude, prefix = "", shared = new Shared()) {
    this.program = program;
    this.source = source;
    this.prelude = prelude;
    this.prefix = prefix;
    this.shared = shared;
  }

  get facts(): Facts {
    return this.shared.facts;
  }

  get numbers(): BindingNumbers {
    return this.shared.numbers;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.shared.diagnostics;
  }

  /** The file in which a declaration or a binding of the top level is understood. */
  homeOf(node: object): Context {
    return this.shared.homes.get(node) ?? this;
  }

  /** The agents that this file declares. */
  ownAgents(): readonly AgentInfo[] {
    return [...this.agents.values()].filter(({ home }) => home === this);
  }

  report<C extends Code>(code: C, span: Span, holes: Parameters<typeof diagnose<C>>[2], more: More = {}): void {
    if (this.isQuiet) return;
    const diagnostic = diagnose(code, span, holes, more);
    this.shared.diagnostics.push(diagnostic);
    if (diagnostic.severity === "error") this.shared.errors += 1;
  }

  /** Whether something is only being tried out. */
  get isQuiet(): boolean {
    return this.shared.quiet > 0;
  }

  /** How many errors were reported so far. */
  get errors(): number {
    return this.shared.errors;
  }

  /** Tries something out: what it reports is dropped. */
  quietly<T>(attempt: () => T): T {
    this.shared.quiet += 1;
    try {
      return attempt();
    } finally {
      this.shared.quiet -= 1;
    }
  }

  /** The enums that have a variant of this name: the program's, else the stdlib's. */
  variants(name: string): readonly TypeDeclaration[] {
    this.#variants ??= [variantTable(this.types.values()), variantTable(this.prelude.types.values())];
    return this.#variants[0].get(name) ?? this.#variants[1].get(name) ?? [];
  }

  bind(scope: Scope, binding: Binding): void {
    this.facts.bindings.set(binding.node, binding);
    scope.declare(binding);
  }
}

type VariantTable = ReadonlyMap<string, readonly TypeDeclaration[]>;

function variantTable(declarations: Iterable<TypeDeclaration>): VariantTable {
  const table = new Map<string, TypeDeclaration[]>();
  for (const declaration of declarations) {
    if (declaration.body.kind !== "EnumBody") continue;
    for (const name of new Set(declaration.body.variants.map((variant) => variant.name.text))) {
      const known = table.get(name);
      if (known === undefined) table.set(name, [declaration]);
      else known.push(declaration);
    }
  }
  return table;
}
