// What an operand is before its program runs: a value that is known by then, or a hole named by the operand's text. Known
// is what literals, constants and bindings of such make. What tasks and lambdas work out, and built-ins that could take
// forever, counts as computed; inputs, the environment, parameters and results of steps only a run has.
//
// Invariant: what is known is what a run would have, for the interpreter evaluates it. A slot is followed only where one
// step alone gives it its value.

import { Failure } from "../interp/failure.ts";
import { link } from "../interp/link.ts";
import { text } from "../interp/text.ts";
import type { Value } from "../interp/value.ts";
import type { Json, Program, StepFunction, Term } from "../ir/kir.ts";
import { sourceForm } from "../ir/source-form.ts";
import type { Expression, NodeOf } from "../parser/ast.ts";

type JsonRecord = { readonly [key: string]: Json };
type TermOf<K extends Term["kind"]> = Extract<Term, { readonly kind: K }>;

/** The marks around a hole's name. */
export function hole(name: string): string {
  return `‹${name}›`;
}

/** The operands of one function's steps. `holes` are those that were left, in the order in which they were met. */
export class Operands {
  readonly #holes = new Set<string>();
  readonly #slots: ReadonlyMap<number, Term | undefined>;

  constructor(
    private readonly program: Program,
    private readonly code: StepFunction,
  ) {
    this.#slots = slotsOf(code);
  }

  get holes(): readonly string[] {
    return [...this.#holes];
  }

  /** The operand with the term it was lowered to. */
  value(node: Expression, given: Term): Value {
    const known = this.known(given);
    if (known !== undefined) return known.value;
    const term = this.form(given);
    const composed = this.#composed(node, term);
    return composed === undefined ? this.#hole(node) : composed;
  }

  /** What the term gives in any run; undefined where that depends on the run. */
  known(term: Term): { readonly value: Value } | undefined {
    const body = this.#closed(term as unknown as Json, new Set());
    if (body === undefined) return undefined;
    const node = { kind: "Pure", captures: 0, parameters: 0, slots: this.code.slots, body: body as unknown as Term };
    const functions = { ...this.program.functions, "": node as Program["functions"][string] };
    const pure = link({ ...this.program, functions }).pure("");
    try {
      return { value: pure.body(Array.from({ length: pure.slots }, () => null)) };
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  /** The term that a slot was given, where there is one. */
  form(term: Term): Term {
    const given = term.kind === "Slot" ? this.#slots.get(term.slot) : undefined;
    return given === undefined ? term : this.form(given);
  }

  #hole(node: Expression): Value {
    const mark = hole(sourceForm(node));
    this.#holes.add(mark);
    return mark;
  }

  /** A literal with parts of which some are known. */
  #composed(node: Expression, term: Term): Value | undefined {
    if (node.kind === "StringLiteral" && term.kind === "Text") return this.#text(node, term);
    if (node.kind === "ListLiteral" && term.kind === "List" && node.items.length === term.items.length) {
      return node.items.map((item, index) => this.value(item, term.items[index] ?? nothing));
    }
    if (node.kind === "StructLiteral" && term.kind === "Struct" && term.base === undefined) {
      const terms = new Map(term.fields);
      const fields = node.entries.flatMap((entry) => {
        const of = entry.kind === "Entry" ? terms.get(entry.key.text) : undefined;
        return entry.kind === "Entry" && of !== undefined ? [[entry.key.text, this.value(entry.value, of)]] : [];
      });
      return fields.length === term.fields.length ? (Object.fromEntries(fields) as Value) : undefined;
    }
    return undefined;
  }

  #text(node: NodeOf<"StringLiteral">, term: TermOf<"Text">): Value | undefined {
    const terms = term.parts.filter((part) => typeof part !== "string");
    const holes = node.parts.filter((part) => part.kind !== "TextPart");
    if (terms.length !== holes.length) return undefined;
    const values = holes.map((part, index) => text(this.value(part, terms[index] ?? nothing)));
    let next = 0;
    return node.parts.map((part) => (part.kind === "TextPart" ? part.text : (values[next++] ?? ""))).join("");
  }

  /** The term without slots of the function around it; undefined where it needs more than literals and constants. */
  #closed(node: Json, own: ReadonlySet<number>): Json | undefined {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return allOf((node as readonly Json[]).map((each) => this.#closed(each, own)));
    const of = node as JsonRecord;
    const { kind, slot } = of;
    if (kind === "Literal") return node;
    if (kind === "Slot" && typeof slot === "number" && !own.has(slot)) {
      const given = this.#slots.get(slot) as unknown as Json | undefined;
      return given === undefined ? undefined : this.#closed(given, own);
    }
    if (typeof kind === "string" && !this.#isPlain(of)) return undefined;
    const within = kind === "Do" || kind === "Chain" ? new Set([...own, ...slotsSetIn(node)]) : own;
    const entries = Object.entries(of).map(([key, part]) => [key, this.#closed(part, within)] as const);
    return entries.some(([, part]) => part === undefined) ? undefined : (Object.fromEntries(entries) as Json);
  }

  #isPlain(node: JsonRecord): boolean {
    const { kind } = node;
    if (kind === "Builtin") return !endless.has(String(node["id"]));
    if (kind === "Constant") return this.#isPlainConstant(String(node["function"]));
    return plain.has(String(kind));
  }

  #isPlainConstant(id: string): boolean {
    const code = this.program.functions[id];
    if (code?.kind !== "Pure") return false;
    const body = code.body as unknown as Json;
    const own = new Set(Array.from({ length: code.slots }, (_, slot) => slot));
    return this.#closed(body, own) !== undefined;
  }
}

const nothing: Term = { kind: "Literal", value: null };

/** What is evaluated at once, whatever its parts are. */
const plain: ReadonlySet<string> = new Set<Term["kind"]>([
  "Slot",
  "Set",
  "Do",
  "Field",
  "JsonField",
  "Chain",
  "Assert",
  "IsNone",
  "IsVariant",
  "Text",
  "Unary",
  "Binary",
  "And",
  "Or",
  "Coalesce",
  "If",
  "List",
  "Struct",
  "Map",
  "Variant",
]);

/** Built-ins whose result can be as large as a number says. */
const endless: ReadonlySet<string> = new Set(["range", "str.repeat", "str.pad_start", "str.pad_end"]);

function allOf(parts: readonly (Json | undefined)[]): Json | undefined {
  return parts.includes(undefined) ? undefined : (parts as readonly Json[]);
}

/** By slot, the term that alone gives it its value; undefined where it has another origin, or several. */
function slotsOf(code: StepFunction): ReadonlyMap<number, Term | undefined> {
  const found = new Map<number, Term | undefined>();
  for (let slot = 0; slot < code.captures + code.parameters; slot += 1) found.set(slot, undefined);
  const give = (slot: number, term: Term | undefined): void => {
    found.set(slot, found.has(slot) ? undefined : term);
  };
  /** What a term that is evaluated whole gives to slots: bindings stand right in it, or one after the other. */
  const evaluate = (term: Term): void => {
    if (term.kind === "Do") return term.body.forEach(evaluate);
    if (term.kind === "Set") give(term.slot, term.value);
    for (const slot of slotsSetIn((term.kind === "Set" ? term.value : term) as unknown as Json)) give(slot, undefined);
  };
  for (const step of code.steps) {
    if (step.kind !== "Eval") for (const slot of slotsSetIn(step as unknown as Json)) give(slot, undefined);
    else {
      if (step.slot !== undefined) give(step.slot, step.term);
      evaluate(step.term);
    }
  }
  return found;
}

/** The slots that a piece of code gives values to. */
function slotsSetIn(code: Json): readonly number[] {
  if (typeof code !== "object" || code === null) return [];
  if (Array.isArray(code)) return (code as readonly Json[]).flatMap(slotsSetIn);
  const { kind, slot } = code as JsonRecord;
  if (kind === "Literal") return [];
  const own = typeof slot === "number" && kind !== "Slot" ? [slot] : [];
  return [...own, ...Object.values(code as JsonRecord).flatMap(slotsSetIn)];
}
