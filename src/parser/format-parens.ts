// Where parentheses are needed. The parser reads operands at a level and takes every operator and clause it can, so an
// expression must be closed off where it binds more loosely than its place asks for, where something in it would take
// the word or operator that comes next, and where its first word would be read as something else.

import * as t from "../lexer/tokens.ts";
import type { Expression, NodeOf, StructLiteral } from "./ast.ts";
import { formOf, isSettings, type Form } from "./format-clauses.ts";
import { Level } from "./powers.ts";
import { walk } from "./walk.ts";

/** Levels beyond those of the operators. */
export const Tight = { any: 0, unary: 10, postfix: 11, closed: 12 } as const;

/** What comes right after an expression, where no bracket or line break closes it. */
export interface Next {
  /** The operator's level. */
  readonly level?: number;
  readonly word?: string;
  /** It stands on the next line: only clauses reach it. */
  readonly isBelow?: boolean;
}

export interface Position {
  /** The loosest operator that may stand here. */
  readonly level: number;
  readonly next?: Next | undefined;
  /** A `{` outside brackets would open a body. */
  readonly head?: boolean;
  /** What the first word could be taken for: a declaration, a body, or no operand of the verb before it. */
  readonly first?: "statement" | "body" | "operand" | undefined;
}

/** In brackets, and wherever else nothing around it matters. */
export const free: Position = { level: Tight.any };

export function needsParentheses(node: Expression, position: Position): boolean {
  if (levelOf(node) < position.level || takesNext(node, position.next)) return true;
  if (isControl(node)) return position.level > Level.pipe || position.first === "operand" || position.head === true;
  switch (node.kind) {
    case "Reference":
      return isMistaken(node.name, position);
    case "StructLiteral":
      return position.head === true || (position.first === "body" && !readsAsLiteral(node));
    case "Unary":
      return node.operator === "-" && position.first === "operand";
    case "Return":
    case "Break":
    case "Continue":
      return position.first === "operand" || (node.kind === "Return" && position.head === true);
    default:
      return position.head === true && showsBrace(formOf(node));
  }
}

// ── levels ──

const compare: readonly string[] = ["==", "!=", "<", "<=", ">", ">="];

export function levelOf(node: Expression): number {
  switch (node.kind) {
    case "Lambda":
      return Tight.any;
    case "Logical":
      return { "??": Level.default, or: Level.or, and: Level.and }[node.operator];
    case "Pipe":
      return Level.pipe;
    case "Binary":
      if (compare.includes(node.operator)) return Level.compare;
      return node.operator === "+" || node.operator === "-" ? Level.sum : Level.product;
    case "Cast":
      return Level.cast;
    case "Unary":
    case "Return":
      return Tight.unary;
    default:
      return isControl(node) || isForm(node) ? Tight.unary : Tight.postfix;
  }
}

function isForm(node: Expression): boolean {
  return node.kind === "Delegate" || formOf(node) !== undefined;
}

export function isControl(node: Expression): boolean {
  return ["If", "When", "For", "Try", "Retry"].includes(node.kind);
}

// ── what comes next ──

function takesNext(node: Expression, next: Next | undefined): boolean {
  if (next === undefined) return false;
  if (node.kind === "Unary") return node.operator === "not" && reaches(Level.compare, next);
  if (node.kind === "Return")
    return next.isBelow !== true && (node.value === undefined || reaches(Level.default, next));
  if (node.kind === "Pipe") return next.word === "=>";
  if (node.kind === "Delegate")
    return node.fallback === undefined ? next.word === "fallback" : reaches(Level.sum, next);
  const form = formOf(node);
  if (form === undefined) return false;
  if (form.clauses.at(-1)?.kind === "Then" && isMark(next.word)) return true;
  return form.takes.includes(next.word ?? "") || reaches(lastLevel(form), next);
}

/** A statement may go on with it: a function, an assignment. */
function isMark(word: string | undefined): boolean {
  return word === "=" || word === "=>";
}

function reaches(level: number, next: Next): boolean {
  return next.isBelow !== true && next.level !== undefined && next.level >= level;
}

/** The level at which a form reads what stands last in it. */
function lastLevel({ operand, clauses }: Form): number {
  const last = clauses.at(-1);
  if (last === undefined) return operand?.kind === "Value" ? operand.level : Infinity;
  if (last.kind === "Operand") return last.level;
  if (last.kind === "Targets") return Level.sum;
  return last.kind === "Then" ? Tight.any : Infinity;
}

// ── first words ──

const verbs: ReadonlySet<string> = new Set(t.verbWords);
const userVerbs: ReadonlySet<string> = new Set(t.userVerbWords);
const clauses: ReadonlySet<string> = new Set(t.clauseWords);
const declarations: ReadonlySet<string> = new Set(t.declarationWords);
const reserved: ReadonlySet<string> = new Set(t.hardWords);
const operandWords: ReadonlySet<string> = new Set(["true", "false", "none", "self", "not", "if", "when", "for", "try"]);

/** The name would be read as a verb, a clause or the beginning of a declaration. */
function isMistaken(name: string, { first, next }: Position): boolean {
  if (first === "operand" && clauses.has(name)) return true;
  if (next?.word === undefined || next.isBelow === true || isMark(next.word)) return false;
  if (first === "statement" && declarations.has(name)) return true;
  if (userVerbs.has(name)) return next.word === "user";
  return verbs.has(name) && isOperand(next.word);
}

function isOperand(word: string): boolean {
  return operandWords.has(word) || !(clauses.has(word) || reserved.has(word));
}

/** The word that an expression begins with, if on a line of its own it could be a clause of the form above. */
export function leadingClause(node: Expression): string | undefined {
  switch (node.kind) {
    case "Reference":
      return clauses.has(node.name) ? node.name : undefined;
    case "Lambda": {
      const [only] = node.parameters;
      return isBare(node) && only !== undefined && clauses.has(only.name.text) ? only.name.text : undefined;
    }
    case "Binary":
    case "Logical":
    case "Pipe":
      return leadingClause(node.left);
    case "Cast":
      return leadingClause(node.value);
    case "Index":
    case "Assert":
    case "Assign":
      return leadingClause(node.target);
    case "Member":
      return node.target.kind === "Reference" ? undefined : leadingClause(node.target);
    case "Call":
      return node.callee.kind === "Reference" ? undefined : leadingClause(node.callee);
    default:
      return undefined;
  }
}

/** One parameter without a type is written without parentheses. */
export function isBare(node: NodeOf<"Lambda">): boolean {
  const [only] = node.parameters;
  return node.parameters.length === 1 && only?.type === undefined && only?.value === undefined;
}

// ── braces ──

/** Where a body could stand, the literal is read as one: see LANGUAGE, braces. */
export function readsAsLiteral(node: StructLiteral): boolean {
  const [first] = node.entries;
  if (first === undefined) return false;
  if (first.kind === "Spread") return true;
  let binds = false;
  walk(first.value, (inner) => {
    if (inner.kind === "Confirm" && inner.then !== undefined) binds = true;
  });
  return !binds;
}

function showsBrace(form: Form | undefined): boolean {
  if (form === undefined) return false;
  if (form.operand?.kind === "Type" && form.operand.type.kind !== "NamedType") return true;
  return form.clauses.some((clause) => clause.kind === "Options" || clause.kind === "Then" || isSettings(clause));
}
