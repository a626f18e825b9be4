// Types, parameters, patterns and lists of names.

import { unreachable } from "../source/invariant.ts";
import type { FieldPattern, Name, Parameter, Pattern, TypeField, TypeNode, TypeParameter } from "./ast.ts";
import { group, indent, type Doc } from "./doc.ts";
import type { Bracket, Original } from "./format-original.ts";
import { free } from "./format-parens.ts";
import type { Printer } from "./format-printer.ts";
import { bracketed, gap, laidOut, type ListStyle } from "./format-sequence.ts";

export const round: ListStyle = { marks: ["(", ")"] };
export const square: ListStyle = { marks: ["[", "]"], keeps: true };
/** A value. */
export const braces: ListStyle = { marks: ["{", "}"], keeps: true };
/** What belongs to the word before it. */
export const paddedBraces: ListStyle = { marks: ["{", "}"], keeps: true, padded: true };
/** Fields that are declared. */
export const fieldBraces: ListStyle = { marks: ["{", "}"], keeps: true, padded: true, bare: true };

export function type(node: TypeNode, original: Original): Doc {
  switch (node.kind) {
    case "NamedType": {
      if (node.arguments.length === 0) return node.name.text;
      return [node.name.text, types(original.closedAt(node.span.end), node.arguments, square, original)];
    }
    case "NullableType":
      return node.of.kind === "FunctionType" ? ["(", type(node.of, original), ")?"] : [type(node.of, original), "?"];
    case "FunctionType": {
      const parameters = types(original.openedFrom(node.span.start, "("), node.parameters, round, original);
      return [parameters, " -> ", type(node.result, original)];
    }
    case "StructType":
      return fields(original.closedAt(node.span.end), node.fields, braces, original);
    case "MissingType":
      return "";
    default:
      return unreachable(node);
  }
}

function types(bracket: Bracket, nodes: readonly TypeNode[], style: ListStyle, original: Original): Doc {
  const entries = nodes.map((node) => ({ span: node.span, print: () => type(node, original) }));
  return laidOut(bracketed(original, bracket, entries, { ...style, keeps: false }));
}

export function fields(bracket: Bracket, nodes: readonly TypeField[], style: ListStyle, original: Original): Doc {
  const print = (node: TypeField): Doc => [node.name.text, ": ", type(node.type, original)];
  const entries = nodes.map((node) => ({ span: node.span, print: () => print(node) }));
  return laidOut(bracketed(original, bracket, entries, style));
}

export function names(bracket: Bracket, nodes: readonly Name[], style: ListStyle, original: Original): Doc {
  const entries = nodes.map((node) => ({ span: node.span, print: () => node.text }));
  return laidOut(bracketed(original, bracket, entries, style));
}

export function typeParameters(from: number, nodes: readonly TypeParameter[], original: Original): Doc {
  if (nodes.length === 0) return "";
  const print = ({ name, constraint }: TypeParameter): Doc =>
    constraint === undefined ? name.text : `${name.text}: ${constraint.text}`;
  const entries = nodes.map((node) => ({ span: node.span, print: () => print(node) }));
  return laidOut(bracketed(original, original.openedFrom(from, "["), entries, { ...square, keeps: false }));
}

export function parameters(from: number, nodes: readonly Parameter[], printer: Printer): Doc {
  const bracket = printer.original.openedFrom(from, "(");
  const entries = nodes.map((node) => ({ span: node.span, print: () => parameter(node, printer) }));
  return laidOut(bracketed(printer.original, bracket, entries, round));
}

export function parameter(node: Parameter, printer: Printer): Doc {
  return [
    node.name.text,
    node.type === undefined ? "" : [": ", type(node.type, printer.original)],
    node.value === undefined ? "" : [" = ", printer.expression(node.value, free)],
  ];
}

export function pattern(node: Pattern, printer: Printer): Doc {
  switch (node.kind) {
    case "WildcardPattern":
      return "_";
    case "LiteralPattern":
      return printer.expression(node.value, free);
    case "NamePattern":
      return qualified(node.owner, node.name);
    case "VariantPattern":
      return [qualified(node.owner, node.name), " ", fieldPatterns(node.span.end, node.fields, printer)];
    case "StructPattern":
      return fieldPatterns(node.span.end, node.fields, printer);
    default:
      return unreachable(node);
  }
}

/** The patterns of one arm. */
export function patterns(nodes: readonly Pattern[], printer: Printer): Doc {
  const rest = (node: Pattern): Doc => [",", gap(printer.original, node.span.start), pattern(node, printer)];
  return group(indent(nodes.map((node, index) => (index === 0 ? pattern(node, printer) : rest(node)))));
}

function qualified(owner: Name | undefined, name: Name): string {
  return owner === undefined ? name.text : `${owner.text}.${name.text}`;
}

function fieldPatterns(end: number, nodes: readonly FieldPattern[], printer: Printer): Doc {
  const print = (node: FieldPattern): Doc => {
    const inner = node.pattern;
    const isShort = inner.kind === "NamePattern" && inner.owner === undefined && inner.name.text === node.name.text;
    return isShort ? node.name.text : [node.name.text, ": ", pattern(inner, printer)];
  };
  const entries = nodes.map((node) => ({ span: node.span, print: () => print(node) }));
  return laidOut(bracketed(printer.original, printer.original.closedAt(end), entries, { ...braces, keeps: false }));
}
