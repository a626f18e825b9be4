// The program of an input, put together from what the session knows and what was typed. First come the kept values,
// since what is bound is seen only below; then declarations in the order in which they were made; then the input.

import type { Load } from "../../checker/modules.ts";
import type { Stdlib } from "../../checker/prelude.ts";
import { compile, type Compiled } from "../../compile.ts";
import type { Bind, Destructure, Expression } from "../../parser/ast.ts";
import type { Source } from "../../source/text.ts";
import { Collage, pieceText, type Said } from "./collage.ts";
import { without, type Declared } from "./declared.ts";
import { keptText, type Kept } from "./keeping.ts";
import { INPUT_TASK, wrap } from "./wrapping.ts";

/** What every program can use. */
export interface Library {
  readonly stdlib: Stdlib;
  /** Reads the files that a `use` names. */
  readonly load: Load;
}

export interface Known {
  readonly declared: readonly Declared[];
  readonly kept: readonly Kept[];
}

export interface Input {
  readonly source: Source;
  readonly declared: readonly Declared[];
  readonly statements: readonly Expression[];
  /** The names whose values are wanted, of several statements. */
  readonly keep: readonly string[];
}

export interface Assembled {
  readonly compiled: Compiled;
  /** Every diagnostic, in the text that it is about. */
  readonly said: readonly Said[];
  readonly collage: Collage;
}

/** `lean`: without what the input cannot reach, so that its program holds, reads and needs no more than it uses. */
export function assemble(known: Known, input: Input, library: Library, lean: boolean): Assembled {
  const { source, statements } = input;
  const bindings = constants(input);
  const taken = new Set(input.declared.flatMap(({ names }) => names));
  const bound = new Set([...taken, ...bindings.flatMap(boundNames)]);
  const before = known.declared.filter(({ aside }) => !aside);
  const declared = [...before.flatMap((each) => without(each, taken) ?? []), ...input.declared];
  const kept = known.kept.filter(({ name }) => !bound.has(name));
  const wanted = lean ? reach(input, declared, kept) : undefined;
  const collage = new Collage();
  for (const each of kept) if (wanted?.has(each.name) ?? true) collage.add(keptText(each));
  for (const each of declared) if (wanted === undefined || isWanted(each, wanted)) collage.add(each.piece, "\n");
  for (const { span } of bindings) collage.add({ source, span }, "\n");
  if (statements.length > 0) collage.add(...wrap(statements, source, input.keep).parts, `${INPUT_TASK}()\n`);
  const compiled = compile(collage.source("repl"), library.stdlib, library.load);
  return { compiled, collage, said: compiled.diagnostics.map((each) => collage.said(each)) };
}

/** Bindings that stand beside declarations: those may read them as constants, as in a file. */
function constants({ declared, statements }: Input): readonly (Bind | Destructure)[] {
  if (declared.length === 0) return [];
  return statements.filter((each) => each.kind === "Bind" || each.kind === "Destructure");
}

function boundNames(node: Bind | Destructure): readonly string[] {
  return node.kind === "Bind" ? [node.name.text] : node.fields.map(({ name }) => name.text);
}

/** Types cost nothing at run time, and a connection may be meant where it is not named. */
function isWanted({ node, names }: Declared, wanted: ReadonlySet<string>): boolean {
  if (node.kind === "TypeDeclaration" || node.kind === "ConnectDeclaration") return true;
  return names.some((name) => wanted.has(name));
}

/** The words of the input, of what they name, and so on. What reaches something has its name in it. */
function reach(input: Input, declared: readonly Declared[], kept: readonly Kept[]): ReadonlySet<string> {
  const always = declared.filter(({ node }) => node.kind === "ConnectDeclaration");
  const texts = [...input.declared, ...always].map(({ piece }) => pieceText(piece));
  for (const { span } of input.statements) texts.push(pieceText({ source: input.source, span }));
  const wanted = new Set<string>();
  const left = new Set(declared);
  const values = new Set(kept);
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const word of words(text)) wanted.add(word);
    for (const each of left) if (isWanted(each, wanted) && left.delete(each)) texts.push(pieceText(each.piece));
    for (const each of values) if (wanted.has(each.name) && values.delete(each)) texts.push(keptText(each));
  }
  return wanted;
}

/** Everything in a text that could be a name. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\p{L}_][\p{L}\p{M}\p{N}_]*/gu));
}
