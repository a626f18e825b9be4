// What a session knows: what was declared, and the values that were bound. Each input becomes a program of its own
// (`assembly`).
//
// Invariants: an input that is wrong changes nothing; a new declaration replaces those of its name, and what does not
// fit it any more is set aside, never silently; a value is computed once, and goes when a type it is made of is declared
// anew.

import type { Type } from "../../checker/type.ts";
import type { Places, Program } from "../../ir/kir.ts";
import type { Declaration, Expression, Item, TypeDeclaration } from "../../parser/ast.ts";
import { parse } from "../../parser/parse.ts";
import { Source } from "../../source/text.ts";
import { assemble, words, type Input, type Known, type Library } from "./assembly.ts";
import { pieceText, type Said } from "./collage.ts";
import { declare, declareText, label, without, type Declared } from "./declared.ts";
import { inputProgram, isWritable, typeNames, type Kept } from "./keeping.ts";
import { findings, wrap, type Bound, type Wrapping } from "./wrapping.ts";

/** An input as it was understood; nothing of it is in the session yet. `said` are its diagnostics. */
export type Reading =
  | { readonly kind: "Wrong"; readonly said: readonly Said[] }
  | {
      readonly kind: "Right";
      readonly said: readonly Said[];
      readonly declared: readonly Declared[];
      readonly work: Work | undefined;
    };

/** What is to be done for an input. `Known`: its value is a function, and there is nothing to do. */
export type Work = { readonly kind: "Known"; readonly type: Type } | RunWork;

export interface RunWork {
  readonly kind: "Run";
  readonly program: Program;
  readonly places: Places;
  /** The value's, where it is shown. */
  readonly type: Type;
  readonly result: Wrapping["result"];
  readonly names: ReadonlyMap<string, Bound>;
}

/** What changed beside what was asked for, and why. */
export interface Changes {
  readonly said: readonly Said[];
  readonly notes: readonly string[];
}

export class Session {
  #declared: readonly Declared[] = [];
  readonly #kept = new Map<string, Kept>();
  #isSettled = true;

  constructor(readonly library: Library) {}

  get known(): Known {
    return { declared: this.#declared, kept: [...this.#kept.values()] };
  }

  /** The types of other files that a `use` has brought in; `source` is the text that their places are in. */
  usedTypes(): readonly { readonly node: TypeDeclaration; readonly source: Source }[] {
    const { modules } = assemble(this.known, nothing, this.library, false).compiled.checked;
    return [...modules.main.uses].flatMap(([{ names }, used]) => {
      if (used.kind !== "Module") return [];
      const wanted = new Set(names.map(({ text }) => text));
      return used.module.program.items.flatMap((node) =>
        node.kind === "TypeDeclaration" && wanted.has(node.name.text) ? [{ node, source: modules.source }] : [],
      );
    });
  }

  clear(): void {
    this.#declared = [];
    this.#kept.clear();
  }

  read(source: Source): Reading {
    const { program, diagnostics } = parse(source);
    if (diagnostics.some(isError))
      return { kind: "Wrong", said: diagnostics.map((each) => ({ diagnostic: each, source })) };
    const statements = program.items.filter(isStatement);
    const declared = program.items.filter(isDeclaration).map((node) => declare(node, source));
    const input: Input = { source, declared, statements, keep: [] };
    const { compiled, said: all } = assemble(this.known, input, this.library, false);
    const said = once(all.filter((each) => isAbout(each, input)));
    if (said.some(({ diagnostic }) => isError(diagnostic))) return { kind: "Wrong", said };
    const { type, names } = findings(compiled.checked, statements);
    const texts = [...names.values()].filter(isText);
    const functions = texts.flatMap(({ node, type: of }) =>
      node.kind === "Bind" ? [declareText(node, source, of)] : [],
    );
    const right = { kind: "Right" as const, said, declared: [...declared, ...functions] };
    if (functions.length === statements.length) return { ...right, work: undefined };
    if (type.kind === "Function") return { ...right, work: { kind: "Known", type } };
    const values = new Map([...names].filter(([, bound]) => !isText(bound)));
    return this.#prepare({ ...input, keep: [...values.keys()] }, right, { type, names: values });
  }

  #prepare(
    input: Input,
    right: Omit<Reading & { kind: "Right" }, "work">,
    of: Pick<RunWork, "type" | "names">,
  ): Reading {
    const { compiled, said, collage } = assemble(this.known, input, this.library, true);
    if (compiled.program === undefined || compiled.places === undefined) return { kind: "Wrong", said: once(said) };
    const program = inputProgram(compiled.program, this.#kept.values());
    const about = once(said.filter((each) => isAbout(each, input)));
    const { result } = wrap(input.statements, input.source, input.keep);
    const work: Work = { kind: "Run", program, places: collage.places(compiled.places), result, ...of };
    return { ...right, said: about, work };
  }

  /** Takes up what an input declared. The notes say which values went. */
  declare(declared: readonly Declared[]): readonly string[] {
    const notes: string[] = [];
    for (const each of declared) {
      const names = new Set(each.names);
      this.#replace(names, each.space);
      this.#declared = [...this.#declared, each];
      if (each.space === "values") for (const name of names) this.#kept.delete(name);
      if (each.space === "types") notes.push(...this.#dropValues(names));
    }
    this.#isSettled &&= declared.length === 0;
    return notes;
  }

  /** Keeps values under their names. */
  keep(values: readonly Kept[]): void {
    const names = new Set(values.map(({ name }) => name));
    this.#replace(names, "values");
    for (const each of values) this.#kept.set(each.name, each);
    const isRead = this.#declared.some(({ piece }) => [...words(pieceText(piece))].some((word) => names.has(word)));
    this.#isSettled &&= !isRead;
  }

  #replace(names: ReadonlySet<string>, space: Declared["space"]): void {
    this.#declared = this.#declared.flatMap((each) => (each.space === space ? (without(each, names) ?? []) : each));
  }

  #dropValues(types: ReadonlySet<string>): readonly string[] {
    const notes: string[] = [];
    for (const { name, type } of [...this.#kept.values()]) {
      const old = [...typeNames(type)].find((each) => types.has(each));
      if (old === undefined) continue;
      this.#kept.delete(name);
      notes.push(`⚠ ${name} is gone: it was made with the ${old} of before`);
    }
    return notes;
  }

  /** Sets aside what does not fit together, and takes back what does again: to be asked after each input. */
  settle(): Changes {
    if (this.#isSettled) return { said: [], notes: [] };
    this.#isSettled = true;
    const before = new Set(this.#declared.filter(({ aside }) => aside));
    for (const each of this.#declared) each.aside = false;
    const told: Said[] = [];
    for (let found = true; found;) {
      found = false;
      const { said } = assemble(this.known, nothing, this.library, false);
      for (const each of said) {
        const wrong = this.#declared.find(({ piece }) => piece === each.piece);
        if (wrong === undefined || !isError(each.diagnostic)) continue;
        if (!before.has(wrong)) told.push(each);
        found = true;
        wrong.aside = true;
      }
    }
    const changed = this.#declared.filter((each) => each.aside !== before.has(each));
    const notes = changed.map((each) =>
      each.aside ? `⚠ ${label(each)} is set aside until it fits again` : `✓ ${label(each)} fits again`,
    );
    return { said: once(told), notes };
  }
}

const nothing: Input = { source: new Source("repl", ""), declared: [], statements: [], keep: [] };

/** The warning that a name of a `use` is not used: it will be, further down the session. */
const notUsedYet = "K1103";

/** Whether a diagnostic is about the input, or about a file that is used. */
function isAbout({ source, piece, diagnostic }: Said, input: Input): boolean {
  if (diagnostic.code === notUsedYet) return false;
  if (source === input.source || diagnostic.source !== undefined) return true;
  return input.declared.some((each) => each.piece === piece);
}

const isError = ({ severity }: { readonly severity: string }): boolean => severity === "error";

function isDeclaration(item: Item): item is Declaration {
  return item.kind.endsWith("Declaration");
}

function isStatement(item: Item): item is Expression {
  return !isDeclaration(item);
}

/** What is kept as it was written: functions, and values of types that nobody can write (`[]`). They have no effects. */
function isText({ node, type, hasEffect }: Bound): boolean {
  return node.kind === "Bind" && !hasEffect && !isWritable(type);
}

/** The same said twice (of a binding and of the constant it is) is said once. */
function once(said: readonly Said[]): readonly Said[] {
  const seen = new Set<string>();
  return said.filter(({ diagnostic: { code, span, message } }) => {
    const key = `${code} ${span.start} ${span.end} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
