// The syntax tree: plain, readonly, one union on `kind`. Everything is an expression, so a body is a list of them.
// The tree says what stands in the text and nothing about what it means: names are unresolved, `email` is a name
// like any other. Passes keep what they learn in maps keyed by node and write nothing into the tree.

import type { Span } from "../source/text.ts";

interface At {
  readonly span: Span;
}

/** A word that names something, with its place. */
export interface Name extends At {
  readonly kind: "Name";
  readonly text: string;
}

export interface Program extends At {
  readonly kind: "Program";
  readonly items: readonly Item[];
  /** Names of declarations that could not be read: using them is no second mistake. */
  readonly lost?: readonly string[];
}

export type Item = Declaration | Expression;

// ── types ───────────────────────────────────────────────────────────────────────────────────────────────────────

export type TypeNode = NamedType | NullableType | FunctionType | StructType | MissingType;

/** `int`, `Urgency`, `list[T]`, `none`. */
export interface NamedType extends At {
  readonly kind: "NamedType";
  readonly name: Name;
  readonly arguments: readonly TypeNode[];
}

export interface NullableType extends At {
  readonly kind: "NullableType";
  readonly of: TypeNode;
}

export interface FunctionType extends At {
  readonly kind: "FunctionType";
  readonly parameters: readonly TypeNode[];
  readonly result: TypeNode;
}

export interface StructType extends At {
  readonly kind: "StructType";
  readonly fields: readonly TypeField[];
}

export interface TypeField extends At {
  readonly kind: "TypeField";
  readonly name: Name;
  readonly type: TypeNode;
  readonly doc?: string;
}

/** Where a type should stand and the parser recovered. */
export interface MissingType extends At {
  readonly kind: "MissingType";
}

// ── declarations ────────────────────────────────────────────────────────────────────────────────────────────────

export type Declaration =
  | UseDeclaration
  | ConnectDeclaration
  | InputDeclaration
  | TypeDeclaration
  | TaskDeclaration
  | ExternDeclaration
  | KindDeclaration
  | AgentDeclaration;

/** `use { triage, Urgency } from "./triage.keel"`. */
export interface UseDeclaration extends At {
  readonly kind: "UseDeclaration";
  readonly names: readonly Name[];
  readonly from: StringLiteral;
}

/** `connect work via imap { host: env.IMAP_HOST }`. */
export interface ConnectDeclaration extends At {
  readonly kind: "ConnectDeclaration";
  readonly name: Name;
  readonly via: Name;
  readonly settings: readonly Entry[];
}

/** `input branch: str = "main"`. */
export interface InputDeclaration extends At {
  readonly kind: "InputDeclaration";
  readonly name: Name;
  readonly type: TypeNode;
  readonly value?: Expression;
}

/** `type Urgency = low | high`, `type Email { from: str }`, `type Handler = (Email) -> str`, `type Page[T] { … }`. */
export interface TypeDeclaration extends At {
  readonly kind: "TypeDeclaration";
  readonly name: Name;
  readonly parameters: readonly Name[];
  readonly body: EnumBody | TypeNode;
  readonly doc?: string;
}

export interface EnumBody extends At {
  readonly kind: "EnumBody";
  readonly variants: readonly VariantNode[];
}

export interface VariantNode extends At {
  readonly kind: "VariantNode";
  readonly name: Name;
  readonly fields: readonly TypeField[];
}

/** A task, at top level or in an agent. */
export interface TaskDeclaration extends At {
  readonly kind: "TaskDeclaration";
  readonly name: Name;
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters: readonly Parameter[];
  readonly result?: TypeNode;
  readonly body: Block;
  readonly doc?: string;
}

/** `T`, or `K: ordered` with one of the constraints `ordered`, `number`, `key` (in the built-ins' declarations only). */
export interface TypeParameter extends At {
  readonly kind: "TypeParameter";
  readonly name: Name;
  readonly constraint?: Name;
}

export interface Parameter extends At {
  readonly kind: "Parameter";
  readonly name: Name;
  readonly type?: TypeNode;
  readonly value?: Expression;
}

/**
 * A built-in, in stdlib files only: `extern list[T].map[U](f: (T) -> U) -> list[U]`, the property
 * `extern list[T].count: int` (no `parameters`), the function `extern parse_json(text: str) -> json?` (no `owner`).
 */
export interface ExternDeclaration extends At {
  readonly kind: "ExternDeclaration";
  /** The type the member belongs to; its arguments that are names bind type parameters (`list[N: number]`). */
  readonly owner?: ExternOwner;
  readonly name: Name;
  readonly typeParameters: readonly TypeParameter[];
  readonly parameters?: readonly Parameter[];
  readonly result: TypeNode;
  readonly doc?: string;
}

export interface ExternOwner extends At {
  readonly kind: "ExternOwner";
  readonly name: Name;
  readonly parameters: readonly TypeParameter[];
}

/**
 * A connection kind, in stdlib files only: `extern connection maildir { path: str ⏎ extern fetch() -> list[Email] }`.
 * A setting of type `secret` is a str that is never stored or printed.
 */
export interface KindDeclaration extends At {
  readonly kind: "KindDeclaration";
  readonly name: Name;
  readonly settings: readonly SettingField[];
  readonly operations: readonly ExternDeclaration[];
  readonly doc?: string;
}

export interface SettingField extends At {
  readonly kind: "SettingField";
  readonly name: Name;
  readonly type: TypeNode;
  readonly value?: Expression;
  readonly doc?: string;
}

export interface AgentDeclaration extends At {
  readonly kind: "AgentDeclaration";
  readonly name: Name;
  readonly members: readonly AgentMember[];
  readonly doc?: string;
}

export type AgentMember =
  | RoleMember
  | ModelMember
  | ToolsMember
  | MemoryMember
  | StateMember
  | ConfigMember
  | TeamMember
  | RulesMember
  | LimitsMember
  | EveryMember
  | AtMember
  | AfterMember
  | OnMember
  | TaskDeclaration;

export interface RoleMember extends At {
  readonly kind: "RoleMember";
  readonly value: Expression;
}

export interface ModelMember extends At {
  readonly kind: "ModelMember";
  readonly value: Expression;
}

export interface ToolsMember extends At {
  readonly kind: "ToolsMember";
  readonly names: readonly Name[];
}

export interface MemoryMember extends At {
  readonly kind: "MemoryMember";
  readonly mode: Name;
}

export interface StateMember extends At {
  readonly kind: "StateMember";
  readonly fields: readonly StateField[];
}

export interface StateField extends At {
  readonly kind: "StateField";
  readonly name: Name;
  readonly type: TypeNode;
  readonly value: Expression;
}

export interface ConfigMember extends At {
  readonly kind: "ConfigMember";
  readonly entries: readonly Entry[];
}

export interface TeamMember extends At {
  readonly kind: "TeamMember";
  readonly names: readonly Name[];
}

export interface RulesMember extends At {
  readonly kind: "RulesMember";
  readonly value: Expression;
}

export interface LimitsMember extends At {
  readonly kind: "LimitsMember";
  readonly entries: readonly Entry[];
}

/** `every 5.minutes { … }`, `every 1.day at "09:00" { … }`. */
export interface EveryMember extends At {
  readonly kind: "EveryMember";
  readonly interval: Expression;
  readonly at?: Expression;
  readonly body: Block;
}

export interface AtMember extends At {
  readonly kind: "AtMember";
  readonly time: Expression;
  readonly body: Block;
}

export interface AfterMember extends At {
  readonly kind: "AfterMember";
  readonly delay: Expression;
  readonly body: Block;
}

/** `on message(m: T) { … }`, `on start { … }`, `on stop { … }`; `event` is any word, the checker knows the three. */
export interface OnMember extends At {
  readonly kind: "OnMember";
  readonly event: Name;
  readonly parameter?: Parameter;
  readonly body: Block;
}

// ── expressions ─────────────────────────────────────────────────────────────────────────────────────────────────

export type Expression =
  | IntLiteral
  | FloatLiteral
  | DurationLiteral
  | StringLiteral
  | BoolLiteral
  | NoneLiteral
  | ListLiteral
  | StructLiteral
  | Reference
  | Self
  | Unary
  | Binary
  | Logical
  | Pipe
  | Cast
  | Member
  | Assert
  | Index
  | Call
  | Lambda
  | Block
  | If
  | When
  | For
  | Bind
  | Destructure
  | Assign
  | Return
  | Break
  | Continue
  | Fail
  | Try
  | Retry
  | Classify
  | Summarize
  | Draft
  | Extract
  | Translate
  | Decide
  | Prompt
  | Ask
  | Confirm
  | Notify
  | Show
  | Remind
  | Wait
  | WaitUntil
  | After
  | Fetch
  | Send
  | Archive
  | Search
  | Remember
  | Recall
  | Forget
  | Run
  | Stop
  | Delegate
  | Missing;

/** `text` is the digits without `_`; the checker says when they do not fit 64 bits. */
export interface IntLiteral extends At {
  readonly kind: "IntLiteral";
  readonly text: string;
}

export interface FloatLiteral extends At {
  readonly kind: "FloatLiteral";
  readonly text: string;
}

/** `5.minutes`: the number as written and the unit as written (`min`, `m`, `minutes`); any word, the checker knows the units. */
export interface DurationLiteral extends At {
  readonly kind: "DurationLiteral";
  readonly amount: string;
  readonly unit: Name;
}

/** `parts` alternate freely: text with its escapes resolved, and holes. `block` for the triple-quoted form. */
export interface StringLiteral extends At {
  readonly kind: "StringLiteral";
  readonly block: boolean;
  readonly parts: readonly (TextPart | Expression)[];
}

export interface TextPart extends At {
  readonly kind: "TextPart";
  readonly text: string;
}

export interface BoolLiteral extends At {
  readonly kind: "BoolLiteral";
  readonly value: boolean;
}

export interface NoneLiteral extends At {
  readonly kind: "NoneLiteral";
}

export interface ListLiteral extends At {
  readonly kind: "ListLiteral";
  readonly items: readonly Expression[];
}

export interface StructLiteral extends At {
  readonly kind: "StructLiteral";
  readonly entries: readonly (Entry | Spread)[];
}

/** `key: value`; `quoted` where the key was written as a string. */
export interface Entry extends At {
  readonly kind: "Entry";
  readonly key: Name;
  readonly quoted: boolean;
  readonly value: Expression;
}

export interface Spread extends At {
  readonly kind: "Spread";
  readonly value: Expression;
}

/** A name used as a value. */
export interface Reference extends At {
  readonly kind: "Reference";
  readonly name: string;
}

export interface Self extends At {
  readonly kind: "Self";
}

export interface Unary extends At {
  readonly kind: "Unary";
  readonly operator: "-" | "not";
  readonly operand: Expression;
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=";

export interface Binary extends At {
  readonly kind: "Binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** The operators that evaluate their right side only where it is needed. */
export interface Logical extends At {
  readonly kind: "Logical";
  readonly operator: "and" | "or" | "??";
  readonly left: Expression;
  readonly right: Expression;
}

/** `a |> f`, `a |> f(x: 1)`: the left value is the first argument. */
export interface Pipe extends At {
  readonly kind: "Pipe";
  readonly left: Expression;
  readonly right: Reference | Call | Missing;
}

export interface Cast extends At {
  readonly kind: "Cast";
  readonly value: Expression;
  readonly type: TypeNode;
}

/** `a.b`, or `a?.b` where `safe`; `x!.f` is a Member of an Assert. */
export interface Member extends At {
  readonly kind: "Member";
  readonly target: Expression;
  readonly safe: boolean;
  readonly name: Name;
}

/** `x!` */
export interface Assert extends At {
  readonly kind: "Assert";
  readonly target: Expression;
}

export interface Index extends At {
  readonly kind: "Index";
  readonly target: Expression;
  readonly index: Expression;
}

/** `f(a, b: c)`, `x.method(a)`, `reply(to: e)`: what is called is decided by the callee. */
export interface Call extends At {
  readonly kind: "Call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
}

export interface Argument extends At {
  readonly kind: "Argument";
  readonly name?: Name;
  readonly value: Expression;
}

export interface Lambda extends At {
  readonly kind: "Lambda";
  readonly parameters: readonly Parameter[];
  readonly body: Expression;
}

/** A body. Its value is its last expression's. */
export interface Block extends At {
  readonly kind: "Block";
  readonly body: readonly Item[];
}

export interface If extends At {
  readonly kind: "If";
  readonly condition: Expression;
  readonly then: Block;
  readonly otherwise?: Block | If;
}

export interface When extends At {
  readonly kind: "When";
  readonly subject: Expression;
  readonly arms: readonly Arm[];
}

export interface Arm extends At {
  readonly kind: "Arm";
  readonly patterns: readonly Pattern[];
  readonly guard?: Expression;
  readonly body: Expression;
}

export interface For extends At {
  readonly kind: "For";
  readonly name: Name;
  readonly list: Expression;
  readonly where?: Expression;
  readonly body: Block;
}

/** `x = e`, `x: T = e`. */
export interface Bind extends At {
  readonly kind: "Bind";
  readonly name: Name;
  readonly type?: TypeNode;
  readonly value: Expression;
}

/** `{a, b: c} = e`. */
export interface Destructure extends At {
  readonly kind: "Destructure";
  readonly fields: readonly DestructureField[];
  readonly value: Expression;
}

/** `field` is taken from the struct and bound as `name` (the same word where no `: c` stands). */
export interface DestructureField extends At {
  readonly kind: "DestructureField";
  readonly field: Name;
  readonly name: Name;
}

/** `self.f = e`; the checker refuses any other target. */
export interface Assign extends At {
  readonly kind: "Assign";
  readonly target: Expression;
  readonly value: Expression;
}

export interface Return extends At {
  readonly kind: "Return";
  readonly value?: Expression;
}

export interface Break extends At {
  readonly kind: "Break";
}

export interface Continue extends At {
  readonly kind: "Continue";
}

export interface Fail extends At {
  readonly kind: "Fail";
  readonly value: Expression;
}

export interface Try extends At {
  readonly kind: "Try";
  readonly body: Block;
  readonly catches: readonly Catch[];
  readonly finally?: Block;
}

/** `catch err: NetworkError, MailError { … }`; no types: all errors. */
export interface Catch extends At {
  readonly kind: "Catch";
  readonly name?: Name;
  readonly types: readonly Name[];
  readonly body: Block;
}

/** `retry 3 times with backoff { … }`. */
export interface Retry extends At {
  readonly kind: "Retry";
  readonly count: Expression;
  readonly backoff: boolean;
  readonly body: Block;
}

// AI operations. `fallback` and `using` are clauses of all seven.

interface Operation extends At {
  readonly fallback?: Expression;
  readonly using?: Expression;
}

export interface Classify extends Operation {
  readonly kind: "Classify";
  readonly value: Expression;
  readonly type: TypeNode;
  readonly hints: readonly Hint[];
}

/** `"mentions a deadline" => high`. */
export interface Hint extends At {
  readonly kind: "Hint";
  readonly text: Expression;
  readonly variant: Expression;
}

/** `in 3 sentences`: `count` and `unit`; `format bullets`: `format`. */
export interface Summarize extends Operation {
  readonly kind: "Summarize";
  readonly value: Expression;
  readonly count?: Expression;
  readonly unit?: Name;
  readonly format?: Name;
}

export interface Draft extends Operation {
  readonly kind: "Draft";
  readonly description: Expression;
  readonly options: readonly Entry[];
}

export interface Extract extends Operation {
  readonly kind: "Extract";
  readonly type: TypeNode;
  readonly from: Expression;
}

/** `to french` (one target) or `to [spanish, german]` (`many`). A bare word is a Reference. */
export interface Translate extends Operation {
  readonly kind: "Translate";
  readonly value: Expression;
  readonly many: boolean;
  readonly targets: readonly Expression[];
}

export interface Decide extends Operation {
  readonly kind: "Decide";
  readonly value: Expression;
  readonly options: readonly Entry[];
}

export interface Prompt extends Operation {
  readonly kind: "Prompt";
  readonly options: readonly Entry[];
  readonly type?: TypeNode;
}

// People.

export interface Ask extends At {
  readonly kind: "Ask";
  readonly question: Expression;
  readonly timeout?: Expression;
}

/** `confirm user X then S`: with `then` the form's value is `none`, and `then` runs where the answer was yes. */
export interface Confirm extends At {
  readonly kind: "Confirm";
  readonly question: Expression;
  readonly timeout?: Expression;
  readonly then?: Expression;
}

export interface Notify extends At {
  readonly kind: "Notify";
  readonly value: Expression;
}

export interface Show extends At {
  readonly kind: "Show";
  readonly value: Expression;
}

export interface Remind extends At {
  readonly kind: "Remind";
  readonly value: Expression;
}

// Time.

export interface Wait extends At {
  readonly kind: "Wait";
  readonly duration: Expression;
}

export interface WaitUntil extends At {
  readonly kind: "WaitUntil";
  readonly condition: Expression;
  readonly timeout?: Expression;
}

/** `after 2.hours { … }` as a statement. */
export interface After extends At {
  readonly kind: "After";
  readonly delay: Expression;
  readonly body: Block;
}

// The world.

/** `fetch email where unread`, `fetch "https://…" with { method: "POST" }`. A bare connection name is a Reference. */
export interface Fetch extends At {
  readonly kind: "Fetch";
  readonly source: Expression;
  readonly where?: Expression;
  readonly with?: Expression;
  readonly limit?: Expression;
}

export interface Send extends At {
  readonly kind: "Send";
  readonly value: Expression;
  readonly to?: Expression;
}

export interface Archive extends At {
  readonly kind: "Archive";
  readonly value: Expression;
}

export interface Search extends At {
  readonly kind: "Search";
  readonly query: Expression;
  readonly limit?: Expression;
}

export interface Remember extends At {
  readonly kind: "Remember";
  readonly value: Expression;
}

export interface Recall extends At {
  readonly kind: "Recall";
  readonly query: Expression;
  readonly limit?: Expression;
  readonly type?: TypeNode;
}

export interface Forget extends At {
  readonly kind: "Forget";
  readonly query: Expression;
}

// Agents.

export interface Run extends At {
  readonly kind: "Run";
  readonly agent: Name;
  readonly background: boolean;
}

export interface Stop extends At {
  readonly kind: "Stop";
  readonly agent: Name;
}

/** `delegate t(args) to A`. */
export interface Delegate extends At {
  readonly kind: "Delegate";
  readonly task: Name;
  readonly arguments: readonly Argument[];
  readonly to: Name;
  readonly fallback?: Expression;
}

/** Where an expression should stand and the parser recovered. */
export interface Missing extends At {
  readonly kind: "Missing";
}

// ── patterns ────────────────────────────────────────────────────────────────────────────────────────────────────

export type Pattern = WildcardPattern | LiteralPattern | NamePattern | VariantPattern | StructPattern;

export interface WildcardPattern extends At {
  readonly kind: "WildcardPattern";
}

/** A literal of `int`, `float`, `str`, `bool`, `duration`, or `none`; a number may have a `-`. */
export interface LiteralPattern extends At {
  readonly kind: "LiteralPattern";
  readonly value: IntLiteral | FloatLiteral | StringLiteral | BoolLiteral | NoneLiteral | DurationLiteral | Unary;
}

/** A bare name: a variant of the matched type, or, in a field pattern whose type is no enum, a binding. */
export interface NamePattern extends At {
  readonly kind: "NamePattern";
  readonly name: Name;
  /** `Urgency` of `Urgency.high`. */
  readonly owner?: Name;
}

/** `reply {to: t}`. */
export interface VariantPattern extends At {
  readonly kind: "VariantPattern";
  readonly name: Name;
  readonly owner?: Name;
  readonly fields: readonly FieldPattern[];
}

/** `{field: pattern}` for a struct. */
export interface StructPattern extends At {
  readonly kind: "StructPattern";
  readonly fields: readonly FieldPattern[];
}

/** `{f}` is `{f: f}` written short: then `pattern` is a NamePattern with the field's own span. */
export interface FieldPattern extends At {
  readonly kind: "FieldPattern";
  readonly name: Name;
  readonly pattern: Pattern;
}

// ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────

export type Node =
  | Program
  | Name
  | TypeNode
  | TypeField
  | Declaration
  | EnumBody
  | VariantNode
  | TypeParameter
  | Parameter
  | ExternOwner
  | SettingField
  | AgentMember
  | StateField
  | Expression
  | TextPart
  | Entry
  | Spread
  | Argument
  | Arm
  | DestructureField
  | Catch
  | Hint
  | Pattern
  | FieldPattern;

export type Kind = Node["kind"];
export type NodeOf<K extends Kind> = Extract_<Node, { kind: K }>;
type Extract_<T, U> = T extends U ? T : never;
