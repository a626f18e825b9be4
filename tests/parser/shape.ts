// A tree on one line, for tests: `Bind(name: x, value: Binary -(left: a, right: b))`.

import type { Node } from "../../src/parser/ast.ts";
import { parse } from "../../src/parser/parse.ts";
import { childFields } from "../../src/parser/walk.ts";
import { Source } from "../../src/source/text.ts";

/** Shapes of the items of a text (`⏎` is a line break), and the codes of what is wrong with it. */
export function read(text: string): { readonly shapes: string[]; readonly codes: string[] } {
  const { program, diagnostics } = parse(source(text));
  return { shapes: program.items.map(shape), codes: diagnostics.map(({ code }) => code) };
}

export function source(text: string): Source {
  return new Source("main.keel", text.replaceAll(/ ?⏎ ?/g, "\n"));
}

/** The shape of the only item of a text without faults. */
export function only(text: string): string {
  const { shapes, codes } = read(text);
  if (codes.length > 0 || shapes.length !== 1) return `${codes.join(" ")} / ${shapes.join(" ; ")}`;
  return shapes[0] ?? "";
}

export function shape(node: Node): string {
  const plain = leaf(node);
  return plain ?? `${node.kind}${attributes(node)}(${fields(node)})`;
}

function leaf(node: Node): string | undefined {
  if (node.kind === "Name" || node.kind === "IntLiteral" || node.kind === "FloatLiteral") return node.text;
  if (node.kind === "Reference") return node.name;
  if (node.kind === "DurationLiteral") return `${node.amount}.${node.unit.text}`;
  if (node.kind === "TextPart") return JSON.stringify(node.text);
  if (node.kind === "BoolLiteral") return String(node.value);
  if (node.kind === "NoneLiteral") return "none";
  if (node.kind === "Self") return "self";
  if (node.kind === "NullableType") return `${shape(node.of)}?`;
  if (node.kind === "NamedType") {
    return node.arguments.length === 0 ? node.name.text : `${node.name.text}[${node.arguments.map(shape).join(", ")}]`;
  }
  if (node.kind !== "StringLiteral") return undefined;
  return `'${node.parts.map((part) => (part.kind === "TextPart" ? part.text : `{${shape(part)}}`)).join("")}'`;
}

function attributes(node: Node): string {
  const shown = ["operator", "safe", "quoted", "many", "background", "backoff", "block", "doc"];
  const entries = Object.entries(node).filter(([key, value]) => shown.includes(key) && value !== false);
  return entries.map(([key, value]) => (value === true ? ` ${key}` : ` ${String(value)}`)).join("");
}

function fields(node: Node): string {
  const record = node as unknown as { readonly [field: string]: Node | readonly Node[] | undefined };
  return Object.keys(childFields[node.kind])
    .filter((field) => record[field] !== undefined)
    .map((field) => {
      const value = record[field];
      return `${field}: ${Array.isArray(value) ? `[${value.map(shape).join(", ")}]` : shape(value as Node)}`;
    })
    .join(", ");
}
