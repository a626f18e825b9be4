// What checking found out, kept beside the tree in maps keyed by node. This is all that lowering may read of the
// checker: a program without errors has an entry wherever the comments here promise one.

import type {
  AgentDeclaration,
  Arm,
  Bind,
  Block,
  Call,
  Catch,
  ConnectDeclaration,
  DestructureField,
  Expression,
  Fetch,
  For,
  InputDeclaration,
  Lambda,
  Member,
  Name,
  NamePattern,
  Parameter,
  Pattern,
  Pipe,
  Program,
  Reference,
  Send,
  TaskDeclaration,
  Translate,
  TypeNode,
} from "../parser/ast.ts";
import type { Modules } from "./modules.ts";
import type { EnumType, Type } from "./type.ts";

/** One binding of a name: the node that introduces it is its identity. */
export interface Binding {
  readonly name: string;
  readonly node: BindingNode;
  readonly type: Type;
}

/** Fetch stands for the item that its `where` looks at; Confirm never binds. */
export type BindingNode = Bind | Parameter | For | Catch | DestructureField | NamePattern | Fetch;

/** What a name in a value position means. */
export type Referent =
  | { readonly kind: "Local"; readonly binding: Binding }
  /** A top-level binding seen from a task or an agent: evaluated on first use, has no effects. */
  | { readonly kind: "Constant"; readonly node: Bind }
  | { readonly kind: "Input"; readonly node: InputDeclaration }
  | { readonly kind: "Task"; readonly task: TaskDeclaration; readonly agent?: AgentDeclaration }
  /** A predeclared function: `range`, `parse_json`; `id` is the extern's name as `builtinId` writes it. */
  | { readonly kind: "Builtin"; readonly id: string }
  | { readonly kind: "Variant"; readonly enum: EnumType; readonly variant: string }
  /** The type's name where `.values`, `.from(…)` or a variant follows. */
  | { readonly kind: "Enum"; readonly enum: EnumType }
  | { readonly kind: "Connection"; readonly name: string }
  | { readonly kind: "Env" }
  | { readonly kind: "Now" }
  | { readonly kind: "Random" }
  /** A bare word that is only a label: a language of `translate`, an option of `decide`, in `based_on` a field of the value. */
  | { readonly kind: "Label" }
  /** A field of the item that `where` looks at. */
  | { readonly kind: "ItemField"; readonly fetch: Fetch; readonly field: string };

/** What `a.b` means. */
export type MemberTarget =
  | { readonly kind: "Field" }
  | { readonly kind: "JsonField" }
  /** A property declared in the stdlib: `list.count`. */
  | { readonly kind: "Property"; readonly id: string }
  | { readonly kind: "State"; readonly agent: AgentDeclaration }
  | { readonly kind: "Variant"; readonly enum: EnumType; readonly variant: string }
  | { readonly kind: "EnumValues"; readonly enum: EnumType }
  /** `noneSafe` as the root of a chain left of `??`: an unset variable is `none` there. */
  | { readonly kind: "Env"; readonly noneSafe: boolean }
  /** A method, a task of `self` or an operation: only as the callee of a Call; see `calls`. */
  | { readonly kind: "Callee" };

/** One parameter's argument: an expression of the call, the piped value, or the parameter's default. */
export type Given = Expression | { readonly kind: "Default"; readonly of: Parameter } | { readonly kind: "Piped" };

/** What a call calls. `given` is in the order of the parameters; evaluation is in the order of the text. */
export type CallTarget =
  | {
      readonly kind: "Task";
      readonly task: TaskDeclaration;
      readonly agent?: AgentDeclaration;
      readonly given: readonly Given[];
    }
  /** A method (`receiver` present) or a function declared in the stdlib. A default is the literal of its declaration. */
  | { readonly kind: "Builtin"; readonly id: string; readonly receiver?: Expression; readonly given: readonly Given[] }
  /** A function value: a parameter or a local lambda. */
  | { readonly kind: "Value"; readonly callee: Expression; readonly given: readonly Given[] }
  | {
      readonly kind: "Variant";
      readonly enum: EnumType;
      readonly variant: string;
      readonly fields: ReadonlyMap<string, Expression>;
    }
  /** `Urgency.from("high")`. */
  | { readonly kind: "EnumFrom"; readonly enum: EnumType; readonly value: Expression }
  /** `work.send(…)`: arguments by parameter name. */
  | {
      readonly kind: "Operation";
      readonly connection: string;
      readonly operation: string;
      readonly given: ReadonlyMap<string, Expression>;
    }
  /** `random()`. */
  | { readonly kind: "Random" };

export type Effect =
  "ai" | "human" | "clock" | "random" | "env" | "time" | "memory" | "agent" | "state" | `connection:${string}`;

/** A connection the program can use, declared or predeclared (`email`, `web`), by the one name that the run knows. */
export interface Connection {
  readonly name: string;
  readonly via: string;
  readonly node: ConnectDeclaration | undefined;
}

/** `name` is the one name that the run knows it by, though two files may have an agent of the same name each. */
export interface CheckedAgent {
  readonly node: AgentDeclaration;
  readonly name: string;
  readonly tasks: ReadonlyMap<string, TaskDeclaration>;
}

/** A mailbox that a `send` can put its value into: as it is, or, of a text for an agent that takes Messages, as one. */
export interface Delivery {
  readonly agent: string;
  readonly letter: boolean;
}

/** A body that can have effects of its own. */
export type Callable = TaskDeclaration | Lambda | Block;

export interface Checked {
  /** The program's own file: its statements are what runs. */
  readonly program: Program;
  readonly modules: Modules;
  readonly types: ReadonlyMap<Expression, Type>;
  /** Of every type that is written down. */
  readonly typeNodes: ReadonlyMap<TypeNode, Type>;
  readonly references: ReadonlyMap<Reference, Referent>;
  readonly members: ReadonlyMap<Member, MemberTarget>;
  /** Of every Call, and of every Pipe whose right side is a bare Reference. */
  readonly calls: ReadonlyMap<Call | Pipe, CallTarget>;
  readonly bindings: ReadonlyMap<BindingNode, Binding>;
  /** The type each pattern is matched against, and, for a NamePattern or VariantPattern, which variant it names. */
  readonly patterns: ReadonlyMap<Pattern, { readonly type: Type; readonly variant?: string }>;
  /** The value an arm's subject is narrowed to need not be told: lowering tests patterns in order. */
  readonly arms: ReadonlyMap<Arm, { readonly reachable: boolean }>;
  /** For each `for` over a connection's items: the connection to settle each of them with. */
  readonly settles: ReadonlyMap<For, string>;
  /**
   * Where `fetch`, `send`, `archive` go: a connection's name; `url` for an address, `agent:NAME` for a mailbox,
   * `message` for an answer to the sender of a Message.
   */
  readonly routes: ReadonlyMap<Expression, string>;
  /** Of each `send` to an agent, or to the sender of a Message: every mailbox that it can go to. */
  readonly deliveries: ReadonlyMap<Send, readonly Delivery[]>;
  /** `decide` and `translate` hold labels where a bare word is no variable in scope. */
  readonly translations: ReadonlyMap<Translate, readonly (string | Expression)[]>;
  /** Of every task, handler body and lambda; without those of functions given as parameters. Empty: pure. */
  readonly effects: ReadonlyMap<Callable, ReadonlySet<Effect>>;
  /** Parameters of function type through which a task or lambda can have its callers' effects. */
  readonly callsParameter: ReadonlyMap<Callable, boolean>;
  /** Whether evaluating this expression can have an effect by itself or through anything it calls. */
  hasEffect(expression: Expression): boolean;
  readonly agents: readonly CheckedAgent[];
  readonly connections: readonly Connection[];
  /** What the run calls the agents that `run`, `stop` and `delegate` name. */
  readonly agentNames: ReadonlyMap<Name, string>;
}
