// Declarations and the members of agents.

import { unreachable } from "../source/invariant.ts";
import type {
  AgentMember,
  Block,
  Declaration,
  EnumBody,
  Expression,
  ExternDeclaration,
  ExternOwner,
  NodeOf,
  SettingField,
  StateField,
  TypeDeclaration,
  VariantNode,
} from "./ast.ts";
import { choice, hardline, indent, isHard, type Doc } from "./doc.ts";
import { laidOutBody } from "./format-bodies.ts";
import { head } from "./format-control.ts";
import { bracketOf, options } from "./format-entries.ts";
import type { Original } from "./format-original.ts";
import { free } from "./format-parens.ts";
import type { Printer } from "./format-printer.ts";
import { bracketed, gap, laidOut, type Apart, type Entry } from "./format-sequence.ts";
import {
  fieldBraces,
  fields,
  names,
  paddedBraces,
  parameter,
  parameters,
  square,
  type,
  typeParameters,
} from "./format-types.ts";

export function declaration(node: Declaration, printer: Printer): Doc {
  const { original } = printer;
  switch (node.kind) {
    case "UseDeclaration": {
      const list = names(original.openedFrom(node.span.start, "{"), node.names, paddedBraces, original);
      return ["use ", list, " from ", printer.expression(node.from, free)];
    }
    case "ConnectDeclaration": {
      const start = ["connect ", node.name.text, " via ", node.via.text];
      if (node.settings.length === 0) return start;
      const bracket = bracketOf("{", node.settings, node.via.span.end, printer);
      return [start, " ", laidOut(options(bracket, node.settings, printer))];
    }
    case "InputDeclaration":
      return ["input ", node.name.text, ": ", type(node.type, original), initial(node.value, printer)];
    case "TypeDeclaration":
      return typeDeclaration(node, printer);
    case "TaskDeclaration":
      return task(node, printer);
    case "ExternDeclaration":
      return extern(node, printer);
    case "KindDeclaration": {
      const parts = [...node.settings, ...node.operations].toSorted((a, b) => a.span.start - b.span.start);
      const entries = parts.map((part) => ({
        span: part.span,
        print: () => (part.kind === "SettingField" ? setting(part, printer) : extern(part, printer)),
      }));
      const list = bracketed(original, original.closedAt(node.span.end), entries, tall);
      return ["extern connection ", node.name.text, " ", laidOut(list)];
    }
    case "AgentDeclaration":
      return ["agent ", node.name.text, " ", agentBody(node, printer)];
    default:
      return unreachable(node);
  }
}

/** Rows of their own: state, members. */
const tall = { ...fieldBraces, tall: true };

function initial(value: Expression | undefined, printer: Printer): Doc {
  return value === undefined ? "" : [" = ", printer.expression(value, free)];
}

// ── types ──

function typeDeclaration(node: TypeDeclaration, printer: Printer): Doc {
  const { original } = printer;
  const { body } = node;
  const only = node.parameters.map((name) => ({ kind: "TypeParameter", name, span: name.span }) as const);
  const start = ["type ", node.name.text, typeParameters(node.name.span.end, only, original)];
  if (body.kind === "EnumBody") return [start, " =", variants(body, printer)];
  if (body.kind !== "StructType") return [start, " = ", type(body, original)];
  return [start, " ", fields(original.closedAt(body.span.end), body.fields, fieldBraces, original)];
}

/** On one line, or one a line, each behind its `|`; what was begun on a line of its own stays so. */
function variants({ variants: nodes, span }: EnumBody, printer: Printer): Doc {
  const { original } = printer;
  let isBroken = original.isOnNewLine(span.start);
  const rows = nodes.map((node) => {
    isBroken ||= original.hasBefore(node.span.start);
    const before = gap(original, node.span.start, hardline);
    const inner = node.fields.length === 0 ? "" : [" ", variantFields(node, original)];
    return { before, doc: [node.name.text, inner] };
  });
  const broken = indent(rows.map(({ before, doc }) => [before, "| ", doc]));
  if (isBroken) return broken;
  const bar = nodes.length === 1 ? " | " : " ";
  return choice([bar, rows.map(({ doc }, index) => [index === 0 ? "" : " | ", doc])], [], broken);
}

function variantFields(node: VariantNode, original: Original): Doc {
  return fields(original.closedAt(node.span.end), node.fields, fieldBraces, original);
}

// ── tasks and built-ins ──

export function task(node: NodeOf<"TaskDeclaration">, printer: Printer): Doc {
  const { original } = printer;
  const { end } = node.name.span;
  const types = typeParameters(end, node.typeParameters, original);
  const from = node.typeParameters.at(-1)?.span.end ?? end;
  const list = parameters(from, node.parameters, printer);
  const result = node.result === undefined ? "" : [" -> ", type(node.result, original)];
  return ["task ", node.name.text, types, list, result, " ", laidOutBody(node.body, printer)];
}

function extern(node: ExternDeclaration, printer: Printer): Doc {
  const { original } = printer;
  const { end } = node.name.span;
  const name = [node.name.text, typeParameters(end, node.typeParameters, original)];
  const start = node.owner === undefined ? name : [owner(node.owner, printer), ".", name];
  const result = type.bind(undefined, node.result, original);
  if (node.parameters === undefined) return ["extern ", start, ": ", result()];
  const from = node.typeParameters.at(-1)?.span.end ?? end;
  return ["extern ", start, parameters(from, node.parameters, printer), " -> ", result()];
}

function owner(node: ExternOwner, { original }: Printer): Doc {
  return [node.name.text, typeParameters(node.name.span.end, node.parameters, original)];
}

function setting(node: SettingField, printer: Printer): Doc {
  return [node.name.text, ": ", type(node.type, printer.original), initial(node.value, printer)];
}

// ── agents ──

/** Members stand apart. Where an author has put them into groups, those of one line without a body may stand together. */
function agentBody(node: NodeOf<"AgentDeclaration">, printer: Printer): Doc {
  const { original } = printer;
  const entries = node.members.map((each) => ({ span: each.span, print: () => member(each, printer) }));
  const isGrouped = node.members.some(({ span }, index) => {
    const above = node.members[index - 1];
    return above !== undefined && original.hasEmptyLine({ start: above.span.end, end: span.start });
  });
  const isShort = (row: Doc, at: number): boolean => !isHard(row) && !("body" in (node.members[at] ?? {}));
  const apart: Apart = (above, below, index) => !isGrouped || !isShort(above, index - 1) || !isShort(below, index);
  return laidOut(bracketed(original, original.closedAt(node.span.end), entries, { ...tall, apart }));
}

function member(node: AgentMember, printer: Printer): Doc {
  const { original } = printer;
  switch (node.kind) {
    case "RoleMember":
      return ["role ", printer.expression(node.value, free)];
    case "ModelMember":
      return ["model ", printer.expression(node.value, free)];
    case "RulesMember":
      return ["rules ", printer.expression(node.value, free)];
    case "ToolsMember":
      return ["tools ", names(original.closedAt(node.span.end), node.names, square, original)];
    case "TeamMember":
      return ["team ", names(original.closedAt(node.span.end), node.names, square, original)];
    case "MemoryMember":
      return ["memory ", node.mode.text];
    case "StateMember": {
      const entries = node.fields.map((field) => stateField(field, printer));
      return ["state ", laidOut(bracketed(original, original.closedAt(node.span.end), entries, tall))];
    }
    case "ConfigMember":
      return ["config ", laidOut(options(original.closedAt(node.span.end), node.entries, printer))];
    case "LimitsMember":
      return ["limits ", laidOut(options(original.closedAt(node.span.end), node.entries, printer))];
    case "EveryMember": {
      const interval = printer.expression(node.interval, head(node.at && "at"));
      const at = node.at === undefined ? "" : [" at ", printer.expression(node.at, head())];
      return ["every ", interval, at, " ", laidOutBody(node.body, printer)];
    }
    case "AtMember":
      return timed("at ", node.time, node.body, printer);
    case "AfterMember":
      return timed("after ", node.delay, node.body, printer);
    case "OnMember": {
      const given = node.parameter === undefined ? "" : ["(", parameter(node.parameter, printer), ")"];
      return ["on ", node.event.text, given, " ", laidOutBody(node.body, printer)];
    }
    case "TaskDeclaration":
      return task(node, printer);
    default:
      return unreachable(node);
  }
}

function timed(word: string, when: Expression, body: Block, printer: Printer): Doc {
  return [word, printer.expression(when, head()), " ", laidOutBody(body, printer)];
}

function stateField(node: StateField, printer: Printer): Entry {
  const print = (): Doc => [node.name.text, ": ", type(node.type, printer.original), initial(node.value, printer)];
  return { span: node.span, print };
}
