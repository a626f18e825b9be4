// The tree's shape as data: which fields of a node hold nodes. The table does not compile while a kind or a field is
// missing. Fields stand in the order of the text.

import type { Kind, Node, NodeOf } from "./ast.ts";

type ChildKey<N> = {
  [F in keyof N]-?: NonNullable<N[F]> extends Node | readonly Node[] ? F : never;
}[keyof N];

type ChildFields = { readonly [K in Kind]: { readonly [F in ChildKey<NodeOf<K>>]: true } };

const operation = { fallback: true, using: true } as const;
const none = {} as const;

export const childFields: ChildFields = {
  Program: { items: true },
  Name: none,
  NamedType: { name: true, arguments: true },
  NullableType: { of: true },
  FunctionType: { parameters: true, result: true },
  StructType: { fields: true },
  MissingType: none,
  TypeField: { name: true, type: true },
  UseDeclaration: { names: true, from: true },
  ConnectDeclaration: { name: true, via: true, settings: true },
  InputDeclaration: { name: true, type: true, value: true },
  TypeDeclaration: { name: true, parameters: true, body: true },
  TaskDeclaration: { name: true, typeParameters: true, parameters: true, result: true, body: true },
  ExternDeclaration: { owner: true, name: true, typeParameters: true, parameters: true, result: true },
  KindDeclaration: { name: true, settings: true, operations: true },
  AgentDeclaration: { name: true, members: true },
  EnumBody: { variants: true },
  VariantNode: { name: true, fields: true },
  TypeParameter: { name: true, constraint: true },
  Parameter: { name: true, type: true, value: true },
  ExternOwner: { name: true, parameters: true },
  SettingField: { name: true, type: true, value: true },
  RoleMember: { value: true },
  ModelMember: { value: true },
  ToolsMember: { names: true },
  MemoryMember: { mode: true },
  StateMember: { fields: true },
  ConfigMember: { entries: true },
  TeamMember: { names: true },
  RulesMember: { value: true },
  LimitsMember: { entries: true },
  EveryMember: { interval: true, at: true, body: true },
  AtMember: { time: true, body: true },
  AfterMember: { delay: true, body: true },
  OnMember: { event: true, parameter: true, body: true },
  StateField: { name: true, type: true, value: true },
  IntLiteral: none,
  FloatLiteral: none,
  DurationLiteral: { unit: true },
  StringLiteral: { parts: true },
  BoolLiteral: none,
  NoneLiteral: none,
  ListLiteral: { items: true },
  StructLiteral: { entries: true },
  Reference: none,
  Self: none,
  Unary: { operand: true },
  Binary: { left: true, right: true },
  Logical: { left: true, right: true },
  Pipe: { left: true, right: true },
  Cast: { value: true, type: true },
  Member: { target: true, name: true },
  Assert: { target: true },
  Index: { target: true, index: true },
  Call: { callee: true, arguments: true },
  Lambda: { parameters: true, body: true },
  Block: { body: true },
  If: { condition: true, then: true, otherwise: true },
  When: { subject: true, arms: true },
  For: { name: true, list: true, where: true, body: true },
  Bind: { name: true, type: true, value: true },
  Destructure: { fields: true, value: true },
  Assign: { target: true, value: true },
  Return: { value: true },
  Break: none,
  Continue: none,
  Fail: { value: true },
  Try: { body: true, catches: true, finally: true },
  Retry: { count: true, body: true },
  Classify: { value: true, type: true, hints: true, ...operation },
  Summarize: { value: true, count: true, unit: true, format: true, ...operation },
  Draft: { description: true, options: true, ...operation },
  Extract: { type: true, from: true, ...operation },
  Translate: { value: true, targets: true, ...operation },
  Decide: { value: true, options: true, ...operation },
  Prompt: { options: true, type: true, ...operation },
  Ask: { question: true, timeout: true },
  Confirm: { question: true, timeout: true, then: true },
  Notify: { value: true },
  Show: { value: true },
  Remind: { value: true },
  Wait: { duration: true },
  WaitUntil: { condition: true, timeout: true },
  After: { delay: true, body: true },
  Fetch: { source: true, where: true, with: true, limit: true },
  Send: { value: true, to: true },
  Archive: { value: true },
  Search: { query: true, limit: true },
  Remember: { value: true },
  Recall: { query: true, limit: true, type: true },
  Forget: { query: true },
  Run: { agent: true },
  Stop: { agent: true },
  Delegate: { task: true, arguments: true, to: true, fallback: true },
  Missing: none,
  TextPart: none,
  Entry: { key: true, value: true },
  Spread: { value: true },
  Argument: { name: true, value: true },
  Arm: { patterns: true, guard: true, body: true },
  DestructureField: { field: true, name: true },
  Catch: { name: true, types: true, body: true },
  Hint: { text: true, variant: true },
  WildcardPattern: none,
  LiteralPattern: { value: true },
  NamePattern: { owner: true, name: true },
  VariantPattern: { owner: true, name: true, fields: true },
  StructPattern: { fields: true },
  FieldPattern: { name: true, pattern: true },
};

const fieldNames: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(childFields).map(([kind, fields]) => [kind, Object.keys(fields)]),
);

/** The nodes right below a node, in the order of the text. */
export function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  const fields = node as unknown as { readonly [field: string]: Node | readonly Node[] | undefined };
  for (const name of fieldNames.get(node.kind) ?? []) {
    const value = fields[name];
    if (value === undefined) continue;
    if (isNode(value)) found.push(value);
    else found.push(...value);
  }
  return found;
}

function isNode(value: Node | readonly Node[]): value is Node {
  return !Array.isArray(value);
}

/** Calls `visit` for a node and all below it, parents first; what `visit` answers `false` to is not entered. */
export function walk(node: Node, visit: (node: Node) => boolean | undefined | void): void {
  const open: Node[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (visit(next) === false) continue;
    const below = children(next);
    for (let index = below.length - 1; index >= 0; index -= 1) {
      const child = below[index];
      if (child !== undefined) open.push(child);
    }
  }
}
