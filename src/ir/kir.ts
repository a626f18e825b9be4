// KIR: a checked program as plain, closed JSON. The running half knows nothing else of a program: no text, no types
// but those that enter a schema. Its SHA-256 names it; a run stores it and resumes with it.
//
// Two forms of code. What cannot have an effect is a Term, evaluated in one go as host closures over slots. What can
// is a list of Steps, driven by a machine whose whole state is plain data, so a run can stop between any two steps.
// Invariant: a step's `id` depends on its function and its own text only, so edits elsewhere leave it alone.

/** Plain JSON; values stand in it as `interp/codec` writes them. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Program {
  readonly keel: 1;
  /** The number of the run-time behaviour this program was compiled for. */
  readonly semantics: 1;
  /** The function that the top-level statements make; no parameters. */
  readonly main: string;
  readonly functions: { readonly [id: string]: FunctionNode };
  readonly agents: { readonly [name: string]: AgentNode };
  readonly connections: { readonly [name: string]: ConnectionNode };
  /** The prompt templates of the AI operations it uses, by operation. */
  readonly prompts: { readonly [operation: string]: string };
  /** Every environment variable it may read, sorted by name. */
  readonly env: readonly EnvNode[];
  /** What a run of it is given when it starts, by name; absent where it takes nothing. */
  readonly inputs?: readonly InputNode[];
  /** Every model name that one of its AI operations can use and that is known before the run. */
  readonly models: readonly string[];
}

export interface EnvNode {
  readonly name: string;
  readonly secret: boolean;
}

export interface InputNode {
  readonly name: string;
  /** What its value is read by; for a secret always a text. */
  readonly shape: Shape;
  readonly secret: boolean;
  /** The pure function without parameters that gives the value where none is given. */
  readonly default?: string;
}

/** An agent: what starts it (`setup`), what it does when (`schedules`), what it does when asked (`tasks`, `on`). */
export interface AgentNode {
  readonly name: string;
  /**
   * A step function without parameters and with no effect but `Env`; gives
   * `{role, model, rules, config: {…}, state: {…}, intervals: [duration, …]}`, an interval for each schedule.
   */
  readonly setup: string;
  readonly memory: "none" | "session" | "persistent";
  /** The types of its state: by them another version of the program knows what of it it can take over. */
  readonly state: readonly ShapeField[];
  readonly schedules: readonly ScheduleNode[];
  readonly tasks: { readonly [name: string]: string };
  readonly onMessage?: string;
  /** What `onMessage` takes, where that is written down. */
  readonly message?: Shape;
  readonly onStart?: string;
  readonly onStop?: string;
}

/** `id` as in `EmailAssistant/every#1`. The setup gives `times` beside `intervals`: the text of `at`, or none. */
export interface ScheduleNode {
  readonly kind: "Every" | "After" | "At";
  readonly id: string;
  readonly function: string;
}

export interface ConnectionNode {
  readonly name: string;
  /** The connection kind: `maildir`, `imap`. */
  readonly via: string;
  /** A step function without parameters and with no effect but `Env`; gives the settings as a struct. */
  readonly settings: string;
  /** The settings whose values are secrets. */
  readonly secrets: readonly string[];
}

// ── functions ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Slots hold, in this order, what a closure captured, the parameters, and the rest. */
export type FunctionNode = PureFunction | StepFunction;

/** Cannot have an effect, so other terms call it as a plain function. */
export interface PureFunction {
  readonly kind: "Pure";
  readonly captures: number;
  readonly parameters: number;
  readonly slots: number;
  readonly body: Term;
}

/** May have effects. Begins at step 0; a step that does not say otherwise goes on to the next. */
export interface StepFunction {
  readonly kind: "Steps";
  readonly captures: number;
  readonly parameters: number;
  readonly slots: number;
  readonly steps: readonly Step[];
}

// ── terms ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type Term =
  | LiteralTerm
  | SlotTerm
  | SetTerm
  | DoTerm
  | StateTerm
  | SetStateTerm
  | FieldTerm
  | JsonFieldTerm
  | ChainTerm
  | AssertTerm
  | IsNoneTerm
  | IsVariantTerm
  | TextTerm
  | UnaryTerm
  | BinaryTerm
  | AndTerm
  | OrTerm
  | CoalesceTerm
  | IfTerm
  | ForTerm
  | ListTerm
  | StructTerm
  | MapTerm
  | VariantTerm
  | BuiltinTerm
  | ConstantTerm
  | InputTerm
  | CallTerm
  | CallValueTerm
  | ClosureTerm
  | CastTerm
  | ReturnTerm
  | BreakTerm
  | ContinueTerm
  | FailTerm
  | TryTerm;

/** A value known at compile time, as the codec writes it. */
export interface LiteralTerm {
  readonly kind: "Literal";
  readonly value: Json;
}

export interface SlotTerm {
  readonly kind: "Slot";
  readonly slot: number;
}

/** Puts a value into a slot; gives `none`. */
export interface SetTerm {
  readonly kind: "Set";
  readonly slot: number;
  readonly value: Term;
}

/** One after the other; gives the last one's value, `none` if there is none. */
export interface DoTerm {
  readonly kind: "Do";
  readonly body: readonly Term[];
}

/** `self.f` */
export interface StateTerm {
  readonly kind: "State";
  readonly field: string;
}

/** `self.f = e`; gives `none`. Only in step functions' terms. */
export interface SetStateTerm {
  readonly kind: "SetState";
  readonly field: string;
  readonly value: Term;
}

/** A field of a struct or of a variant. A `T?` field that a literal left out reads as `none`. */
export interface FieldTerm {
  readonly kind: "Field";
  readonly of: Term;
  readonly name: string;
}

/** A key of a `json` value: `none` where it is no object or has no such key. */
export interface JsonFieldTerm {
  readonly kind: "JsonField";
  readonly of: Term;
  readonly name: string;
}

/** `a?.b.c`: where `of` is none the whole is; else its value is put into `slot` and `then` is the value. */
export interface ChainTerm {
  readonly kind: "Chain";
  readonly of: Term;
  readonly slot: number;
  readonly then: Term;
}

/** `x!`: raises NullError on none. `what` is the text of the operand, for the message. */
export interface AssertTerm {
  readonly kind: "Assert";
  readonly of: Term;
  readonly what: string;
}

export interface IsNoneTerm {
  readonly kind: "IsNone";
  readonly of: Term;
}

/** Whether a value is this variant of its (known) enum. False for `none`. */
export interface IsVariantTerm {
  readonly kind: "IsVariant";
  readonly of: Term;
  readonly variant: string;
}

/** The joined texts of its parts. */
export interface TextTerm {
  readonly kind: "Text";
  readonly parts: readonly (string | Term)[];
}

export interface UnaryTerm {
  readonly kind: "Unary";
  readonly operator: "not" | "int.neg" | "float.neg" | "number.neg" | "duration.neg";
  readonly of: Term;
}

/** Both sides are always evaluated, left first. `lt` … `ge` compare two values of one ordered type. */
export interface BinaryTerm {
  readonly kind: "Binary";
  readonly operator: Operator;
  readonly left: Term;
  readonly right: Term;
}

export type Operator =
  | "int.add"
  | "int.sub"
  | "int.mul"
  | "int.div"
  | "int.mod"
  | "float.add"
  | "float.sub"
  | "float.mul"
  | "float.div"
  | "float.mod"
  /** Of a type parameter: which of the two is seen when it runs. */
  | "number.add"
  | "number.sub"
  | "number.mul"
  | "number.div"
  | "number.mod"
  | "str.concat"
  | "list.concat"
  | "duration.add"
  | "duration.sub"
  | "duration.mul"
  | "duration.div"
  | "datetime.add"
  | "datetime.sub"
  | "datetime.diff"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge";

export interface AndTerm {
  readonly kind: "And";
  readonly left: Term;
  readonly right: Term;
}

export interface OrTerm {
  readonly kind: "Or";
  readonly left: Term;
  readonly right: Term;
}

export interface CoalesceTerm {
  readonly kind: "Coalesce";
  readonly left: Term;
  readonly right: Term;
}

/** Without `otherwise`: `none`. `when` is lowered to these too, patterns to tests. */
export interface IfTerm {
  readonly kind: "If";
  readonly test: Term;
  readonly then: Term;
  readonly otherwise?: Term;
}

/** `collect`: gives the list of the bodies' values (an iteration that was continued gives none of its own), else `none`. */
export interface ForTerm {
  readonly kind: "For";
  readonly list: Term;
  readonly slot: number;
  readonly where?: Term;
  readonly body: Term;
  readonly collect: boolean;
}

export interface ListTerm {
  readonly kind: "List";
  readonly items: readonly Term[];
}

/** `base` is the struct whose fields are copied first (`..e`). */
export interface StructTerm {
  readonly kind: "Struct";
  readonly base?: Term;
  readonly fields: readonly (readonly [name: string, value: Term])[];
}

export interface MapTerm {
  readonly kind: "Map";
  readonly entries: readonly (readonly [key: Term, value: Term])[];
}

/** A variant with fields; one without is a Literal. */
export interface VariantTerm {
  readonly kind: "Variant";
  readonly enum: string;
  readonly variant: string;
  readonly fields: readonly (readonly [name: string, value: Term])[];
}

/** A built-in by the id of its declaration (`list.map`, `str.trim`, `range`); the receiver is the first argument. */
export interface BuiltinTerm {
  readonly kind: "Builtin";
  readonly id: string;
  readonly arguments: readonly Term[];
}

/** A top-level constant: a pure function without parameters, evaluated once, on first use. */
export interface ConstantTerm {
  readonly kind: "Constant";
  readonly function: string;
}

/** What the run was given: the same as long as it lasts. */
export interface InputTerm {
  readonly kind: "Input";
  readonly name: string;
}

/** A call of a pure function. */
export interface CallTerm {
  readonly kind: "Call";
  readonly function: string;
  readonly arguments: readonly Term[];
}

/** A call of a function value whose function is pure. */
export interface CallValueTerm {
  readonly kind: "CallValue";
  readonly callee: Term;
  readonly arguments: readonly Term[];
}

/** A function value: the function's id and what it captured, so it is plain data. A task's name captures nothing. */
export interface ClosureTerm {
  readonly kind: "Closure";
  readonly function: string;
  readonly captures: readonly Term[];
}

/** `j as T`: the value, or `none` where the JSON does not fit. */
export interface CastTerm {
  readonly kind: "Cast";
  readonly of: Term;
  readonly type: Shape | RecursiveShape;
}

/** Leaves the function. Only in pure functions: in steps it is a step. */
export interface ReturnTerm {
  readonly kind: "Return";
  readonly value: Term;
}

export interface BreakTerm {
  readonly kind: "Break";
}

export interface ContinueTerm {
  readonly kind: "Continue";
}

/** Raises Failure with a text, or an error value again. */
export interface FailTerm {
  readonly kind: "Fail";
  readonly value: Term;
}

export interface TryTerm {
  readonly kind: "Try";
  readonly body: Term;
  readonly catches: readonly CatchTerm[];
}

/** `errors` are variants of `Error`; empty: all. The error is put into `slot`. */
export interface CatchTerm {
  readonly errors: readonly string[];
  readonly slot: number;
  readonly body: Term;
}

// ── shapes: the types that a program can need while it runs ─────────────────────────────────────────────────────

/** What JSON Schemas are made from and JSON is decoded by. `doc` enters the schema. */
export type Shape =
  | { readonly kind: "int" | "float" | "str" | "bool" | "none" | "json" | "duration" | "datetime" }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "map"; readonly key: Shape; readonly value: Shape }
  | { readonly kind: "nullable"; readonly of: Shape }
  | { readonly kind: "struct"; readonly fields: readonly ShapeField[] }
  | { readonly kind: "enum"; readonly name: string; readonly variants: readonly ShapeVariant[] };

export interface ShapeField {
  readonly name: string;
  readonly shape: Shape;
  readonly doc?: string;
}

export interface ShapeVariant {
  readonly name: string;
  readonly fields?: readonly ShapeField[];
}

// ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** `slot` is where the step's value goes; absent: nobody wants it. Targets are indices into the function's steps. */
export type Step =
  | EvalStep
  | PerformStep
  | CallStep
  | CallValueStep
  | FoldStep
  | BranchStep
  | JumpStep
  | BeginStep
  | NextStep
  | CollectStep
  | EndStep
  | EnterStep
  | LeaveStep
  | RetryStep
  | ReturnStep
  | FailStep;

export interface EvalStep {
  readonly kind: "Eval";
  readonly term: Term;
  readonly slot?: number;
}

/** Leaves the machine with an effect; the outcome comes back as the value, or is raised. */
export interface PerformStep {
  readonly kind: "Perform";
  readonly id: string;
  readonly effect: EffectNode<Term>;
  readonly slot?: number;
}

/** A call of a step function. */
export interface CallStep {
  readonly kind: "Call";
  readonly function: string;
  readonly arguments: readonly Term[];
  readonly slot?: number;
}

/** A call of a function value that may be of either form. */
export interface CallValueStep {
  readonly kind: "CallValue";
  readonly callee: Term;
  readonly arguments: readonly Term[];
  readonly slot?: number;
}

/** A collection method whose function may have effects: the same fold as the built-in's, a call of `callee` an element. */
export interface FoldStep {
  readonly kind: "Fold";
  readonly builtin: string;
  /** As the built-in takes them: the receiver first, the function value among them. */
  readonly arguments: readonly Term[];
  readonly slot?: number;
}

export interface BranchStep {
  readonly kind: "Branch";
  readonly test: Term;
  readonly then: number;
  readonly otherwise: number;
}

export interface JumpStep {
  readonly kind: "Jump";
  readonly to: number;
}

/** Begins a loop over a list. Loops nest: `Next`, `Collect` and `End` mean the innermost one. */
export interface BeginStep {
  readonly kind: "Begin";
  readonly list: Term;
}

/** Takes the next element into `slot`, or goes to `done` where there is none. */
export interface NextStep {
  readonly kind: "Next";
  readonly slot: number;
  readonly done: number;
}

/** Adds a value to the loop's results. */
export interface CollectStep {
  readonly kind: "Collect";
  readonly value: Term;
}

/** Ends the loop; its value is the list of its results. */
export interface EndStep {
  readonly kind: "End";
  readonly slot?: number;
}

/** Until the matching `Leave`, an error that one of `catches` takes is put into its slot and goes to its step. */
export interface EnterStep {
  readonly kind: "Enter";
  readonly catches: readonly { readonly errors: readonly string[]; readonly slot: number; readonly to: number }[];
}

export interface LeaveStep {
  readonly kind: "Leave";
}

/**
 * Until the matching `Leave`, an error begins again at the step after this one, at most `count` times, each after a
 * `RetryDelay` effect of this step's id: 1 s, or with `backoff` 1 s, 2 s, 4 s …
 */
export interface RetryStep {
  readonly kind: "Retry";
  readonly id: string;
  readonly count: Term;
  readonly backoff: boolean;
}

export interface ReturnStep {
  readonly kind: "Return";
  readonly value: Term;
}

export interface FailStep {
  readonly kind: "Fail";
  readonly value: Term;
}

/**
 * The shape of a type that contains itself. In it, and in `types`, stands `{"kind": "ref", "name": …}` where a type of
 * the table is meant.
 */
export interface RecursiveShape {
  readonly kind: "recursive";
  readonly of: Json;
  readonly types: { readonly [name: string]: Json };
}

// ── effects ─────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Everything a program can ask of the world. With V = Term it stands in a program, with V = Value it leaves the
 * machine (`interp/effect`). `given` holds what is evaluated; all else is known when the program is compiled.
 */
export type EffectNode<V> =
  | ModelEffect<V>
  | { readonly kind: "Ask"; readonly given: { readonly question: V; readonly timeout?: V } }
  | { readonly kind: "Confirm"; readonly given: { readonly question: V; readonly timeout?: V } }
  /** `text` is text already; `remind` is a Notify too. */
  | { readonly kind: "Notify"; readonly given: { readonly text: V } }
  | { readonly kind: "Show"; readonly given: { readonly value: V } }
  | { readonly kind: "Wait"; readonly given: { readonly duration: V } }
  /** Made by the machine itself, never lowered. */
  | {
      readonly kind: "RetryDelay";
      readonly attempt: number;
      readonly of: number;
      readonly delayMs: number;
      readonly given: { readonly message: V };
    }
  /** The machine's report that a retry gave up; the error goes on after it. */
  | { readonly kind: "RetryFailed"; readonly of: number; readonly given: { readonly message: V } }
  /**
   * The four moments of a `wait until`: `begin` gives `none` where the condition must be evaluated, `again` waits a
   * second, `over` records that it came true, `failed` that evaluating it raised an error, which it raises again.
   * Between `begin` and these nothing is recorded.
   */
  | {
      readonly kind: "WaitUntil";
      readonly phase: "begin" | "again" | "over" | "failed";
      readonly given: { readonly error?: V };
    }
  /** Sets a timer for a block: `function` takes its captures, no parameters. */
  | { readonly kind: "After"; readonly given: { readonly delay: V; readonly block: V } }
  /** `where` is a function value `(item) -> bool`, pure. `test` is what of it a server could look for. */
  | {
      readonly kind: "Fetch";
      readonly connection: string;
      readonly given: { readonly where?: V; readonly limit?: V };
    }
  | { readonly kind: "FetchUrl"; readonly given: { readonly url: V; readonly options?: V } }
  | { readonly kind: "Search"; readonly given: { readonly query: V; readonly limit?: V } }
  | { readonly kind: "Send"; readonly connection: string; readonly given: { readonly value: V; readonly to?: V } }
  | { readonly kind: "Archive"; readonly connection: string; readonly given: { readonly item: V } }
  /** The end of a loop's iteration over a connection's item. */
  | { readonly kind: "Settle"; readonly connection: string; readonly given: { readonly item: V } }
  | {
      readonly kind: "Operation";
      readonly connection: string;
      readonly operation: string;
      readonly given: { readonly [name: string]: V };
    }
  | { readonly kind: "Remember"; readonly given: { readonly value: V } }
  | { readonly kind: "Recall"; readonly type?: Shape; readonly given: { readonly query: V; readonly limit?: V } }
  | { readonly kind: "Forget"; readonly given: { readonly query: V } }
  | { readonly kind: "Run"; readonly agent: string; readonly background: boolean; readonly given: Nothing }
  | { readonly kind: "Stop"; readonly agent: string; readonly given: Nothing }
  /** `arguments` is a list. */
  | {
      readonly kind: "Delegate";
      readonly agent: string;
      readonly task: string;
      readonly given: { readonly arguments: V };
    }
  /** `letter`: the message is a text, which arrives as a Message from whoever sends it. */
  | {
      readonly kind: "Post";
      readonly agent: string;
      readonly letter: boolean;
      readonly given: { readonly message: V };
    }
  /** The three that cost nothing: derived from the journal, recorded nowhere. */
  | { readonly kind: "Now"; readonly given: Nothing }
  | { readonly kind: "Random"; readonly given: Nothing }
  | { readonly kind: "Env"; readonly name: string; readonly noneSafe: boolean; readonly given: Nothing };

export interface Nothing {
  readonly [name: string]: never;
}

/**
 * The seven AI operations. `model` is the text of `using`, else `none`: then the agent's, then `claude-sonnet`.
 * Data that came from holes of a literal arrives as a list of parts, each a text or `{name, value}`.
 */
export type ModelEffect<V> =
  | {
      readonly kind: "Classify";
      readonly enum: string;
      readonly variants: readonly string[];
      /** `hints` is a list of `{text, variant}`, `variant` as its name. */
      readonly given: { readonly value: V; readonly hints: V; readonly model: V };
    }
  | {
      readonly kind: "Summarize";
      readonly unit?: string;
      readonly format?: string;
      readonly given: { readonly value: V; readonly count?: V; readonly model: V };
    }
  /** `options` is a struct without its `none` fields. */
  | { readonly kind: "Draft"; readonly given: { readonly parts: V; readonly options: V; readonly model: V } }
  | { readonly kind: "Extract"; readonly shape: Shape; readonly given: { readonly from: V; readonly model: V } }
  /** `targets` is a list of texts; the value is a text, or a map where `many`. */
  | {
      readonly kind: "Translate";
      readonly many: boolean;
      readonly given: { readonly value: V; readonly targets: V; readonly model: V };
    }
  /** `enum` where the options were an enum's name: then `choice` is its value. `basis` is a struct. */
  | {
      readonly kind: "Decide";
      readonly options: readonly string[];
      readonly enum?: string;
      readonly given: { readonly value: V; readonly basis: V; readonly model: V };
    }
  | {
      readonly kind: "Prompt";
      readonly shape: Shape;
      readonly given: { readonly system?: V; readonly parts?: V; readonly messages?: V; readonly model: V };
    };

// ── the second document ─────────────────────────────────────────────────────────────────────────────────────────

/** Where the steps stand in the text; kept beside a program, never hashed with it. */
export interface Places {
  readonly file: string;
  /**
   * By step id: line and column, from 1, and, for a file that the program uses, its path as seen from `file`. Also by
   * `FUNCTION@NUMBER`, for the errors of what a step evaluates: unlike an id, that changes with edits before it.
   */
  readonly steps: { readonly [id: string]: readonly [line: number, column: number, file?: string] };
}
