// What a person declared in the session: its names, its text, and how it is listed.

import { dirname, relative, resolve, sep } from "node:path";
import { pathText } from "../../checker/modules.ts";
import { typeText, type Type } from "../../checker/type.ts";
import type { Bind, Declaration, TypeDeclaration, TypeField, TypeNode, UseDeclaration } from "../../parser/ast.ts";
import { unreachable } from "../../source/invariant.ts";
import { Source, type Span } from "../../source/text.ts";
import { pieceText, type Piece } from "./collage.ts";

/** Names of one space replace one another. */
export type Space = "types" | "values" | "connections";

export interface Declared {
  /** A Bind where its value is kept as it was written: a function. */
  readonly node: Declaration | Bind;
  readonly names: readonly string[];
  readonly space: Space;
  readonly piece: Piece;
  /** The type of a Bind. */
  readonly type?: string;
  /** It does not fit what was declared after it: left out of the program until it does again. */
  aside: boolean;
}

export function declare(node: Declaration, source: Source): Declared {
  const isElsewhere = node.kind === "UseDeclaration" && dirname(source.name) !== ".";
  const piece = isElsewhere ? usePiece(node, namesOf(node), source) : { source, span: withDoc(node.span, source) };
  return { node, names: namesOf(node), space: spaceOf(node), piece, aside: false };
}

export function declareText(node: Bind, source: Source, type: Type): Declared {
  const piece = { source, span: node.span };
  return { node, names: [node.name.text], space: "values", piece, type: typeText(type), aside: false };
}

function namesOf(node: Declaration): readonly string[] {
  return node.kind === "UseDeclaration" ? node.names.map((name) => name.text) : [node.name.text];
}

function spaceOf(node: Declaration): Space {
  switch (node.kind) {
    case "TypeDeclaration":
    case "AgentDeclaration":
      return "types";
    case "ConnectDeclaration":
    case "KindDeclaration":
      return "connections";
    case "TaskDeclaration":
    case "InputDeclaration":
    case "ExternDeclaration":
    case "UseDeclaration":
      return "values";
    default:
      return unreachable(node);
  }
}

/** The declaration's doc comment stands in the lines above it. */
function withDoc(span: Span, source: Source): Span {
  let { line } = source.position(span.start);
  while (
    line > 1 &&
    source
      .line(line - 1)
      .trimStart()
      .startsWith("##")
  )
    line -= 1;
  return { start: Math.min(span.start, source.lineStart(line)), end: span.end };
}

/** `type Mood`, `task greet`, `double: (int) -> int`. */
export function label({ node, names, type }: Declared): string {
  if (node.kind === "Bind") return `${names.join(", ")}: ${type ?? ""}`;
  return `${words[node.kind]} ${names.join(", ")}`;
}

const words: { readonly [kind in Declaration["kind"]]: string } = {
  TypeDeclaration: "type",
  AgentDeclaration: "agent",
  TaskDeclaration: "task",
  ConnectDeclaration: "connection",
  InputDeclaration: "input",
  UseDeclaration: "use",
  ExternDeclaration: "extern",
  KindDeclaration: "kind",
};

/** What is left of a declaration when some of its names mean something else now. */
export function without(declared: Declared, taken: ReadonlySet<string>): Declared | undefined {
  const left = declared.names.filter((name) => !taken.has(name));
  if (left.length === declared.names.length) return declared;
  if (declared.node.kind !== "UseDeclaration" || left.length === 0) return undefined;
  const piece = usePiece(declared.node, left, declared.piece.source);
  return { ...declared, names: left, piece };
}

/** A `use` of these names, its path as seen from the working directory: that is where the session's text stands. */
function usePiece({ from }: UseDeclaration, names: readonly string[], { name }: Source): Piece {
  const path = relative(process.cwd(), resolve(dirname(name), pathText(from) ?? ""))
    .split(sep)
    .join("/");
  const text = `use { ${names.join(", ")} } from ${JSON.stringify(`./${path}`)}`;
  return { source: new Source("repl", text), span: { start: 0, end: text.length } };
}

// ── as it is listed ─────────────────────────────────────────────────────────────────────────────────────────────

/** `Mood = happy | sad`, `Task { title: str }`. */
export function typeLine(node: TypeDeclaration, source: Source): string {
  const { body } = node;
  const parameters = node.parameters.map(({ text }) => text).join(", ");
  const name = node.name.text + (parameters === "" ? "" : `[${parameters}]`);
  if (body.kind === "StructType") return `${name} ${typeSource(body, source)}`;
  if (body.kind !== "EnumBody") return `${name} = ${typeSource(body, source)}`;
  const variants = body.variants.map((variant) => {
    const fields = variant.fields.length === 0 ? "" : ` ${fieldsText(variant.fields, source)}`;
    return variant.name.text + fields;
  });
  return `${name} = ${variants.length === 1 ? "| " : ""}${variants.join(" | ")}`;
}

function typeSource(node: TypeNode, source: Source): string {
  if (node.kind === "StructType") return fieldsText(node.fields, source);
  return pieceText({ source, span: node.span }).replace(/\s+/g, " ");
}

function fieldsText(fields: readonly TypeField[], source: Source): string {
  return `{ ${fields.map(({ name, type }) => `${name.text}: ${typeSource(type, source)}`).join(", ")} }`;
}

/** A declaration on one line, without its body: `task greet(name: str) -> str`. */
export function headLine(declared: Declared): string {
  const { node, piece } = declared;
  const span = node.kind === "TaskDeclaration" ? { start: node.span.start, end: node.body.span.start } : undefined;
  if (span === undefined) return label(declared);
  return pieceText({ source: piece.source, span }).replace(/\s+/g, " ").trim();
}
