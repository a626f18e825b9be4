// What is attached to a value: `.name`, `?.name`, `!`, `[index]`, `(arguments)`. Of several calls in a chain that does not
// fit on its line, each begins a line with its `.`.

import type { Argument, Assert, Call, Expression, Index, Member } from "./ast.ts";
import { choice, flat, hardline, indent, isHard, join, type Doc } from "./doc.ts";
import type { Bracket } from "./format-original.ts";
import { free, isControl, Tight, type Position } from "./format-parens.ts";
import type { Printer } from "./format-printer.ts";
import { bracketed, collect, gap, isPlain, laidOut, opened, within } from "./format-sequence.ts";
import { round } from "./format-types.ts";

type Suffix = Member | Assert | Index | Call;

/** A name and what is attached to it; the first one of a chain has no name. */
interface Link {
  doc: Doc;
  isCall: boolean;
  /** It ends with braces that may stay open on its line. */
  isOpen: boolean;
  /** Comments before it, which break the line. */
  readonly comments: Doc | undefined;
}

export function chain(node: Suffix, position: Position, printer: Printer): Doc {
  const suffixes: Suffix[] = [];
  let base: Expression = node;
  while (isSuffix(base)) {
    suffixes.unshift(base);
    base = base.kind === "Call" ? base.callee : base.target;
  }
  const inner: Position = { level: Tight.postfix, first: position.first, head: position.head === true };
  const value = printer.expression(base, inner);
  const root: Link = {
    doc: isUnit(base, suffixes) ? ["(", value, ")"] : value,
    isCall: false,
    isOpen: false,
    comments: undefined,
  };
  const links = [root];
  for (const suffix of suffixes) {
    const last = links.at(-1) ?? root;
    if (suffix.kind === "Member") links.push(memberLink(suffix, printer));
    else last.doc = [last.doc, attached(suffix, printer)];
    if (suffix.kind === "Call") last.isCall = true;
    last.isOpen = suffix.kind === "Call" && hugs(suffix.arguments.at(-1)?.value);
  }
  return laidOutChain(links);
}

function isSuffix(node: Expression): node is Suffix {
  return node.kind === "Member" || node.kind === "Assert" || node.kind === "Index" || node.kind === "Call";
}

/** `1.x` and `1.d(x)` would be read otherwise. */
function isUnit(base: Expression, [first, second]: readonly Suffix[]): boolean {
  if (base.kind === "DurationLiteral") return first?.kind === "Call";
  if (base.kind !== "IntLiteral" && base.kind !== "FloatLiteral") return false;
  return first?.kind === "Member" && !first.safe && (second?.kind !== "Call" || /[^\w]/.test(first.name.text));
}

function memberLink({ name, safe }: Member, { original }: Printer): Link {
  const comments = original.hasBefore(name.span.start) ? gap(original, name.span.start) : undefined;
  return { doc: `${safe ? "?." : "."}${name.text}`, isCall: false, isOpen: false, comments };
}

function attached(suffix: Assert | Index | Call, printer: Printer): Doc {
  if (suffix.kind === "Assert") return "!";
  if (suffix.kind === "Index") return ["[", printer.expression(suffix.index, free), "]"];
  return callArguments(printer.original.closedAt(suffix.span.end), suffix.arguments, printer);
}

function laidOutChain(links: readonly Link[]): Doc {
  const oneLine = links.map((link) => link.doc);
  const isCommented = links.some((link) => link.comments !== undefined);
  if (!isCommented && links.filter((link) => link.isCall).length < 2) return oneLine;
  const [root, ...rest] = links;
  const broken = [
    root?.doc ?? "",
    indent(rest.map(({ doc, isCall, comments }) => [comments ?? (isCall ? hardline : ""), doc])),
  ];
  const before = oneLine.slice(0, -1);
  if (isCommented || isHard(before)) return broken;
  return choice(oneLine, links.at(-1)?.isOpen === true ? [[flat(before), oneLine.at(-1) ?? ""]] : [], broken);
}

// ── arguments ──

/** Arguments side by side, or one a line; braces of the last one may stay open on the line of the call. */
export function callArguments(bracket: Bracket, nodes: readonly Argument[], printer: Printer): Doc {
  const { original } = printer;
  const entries = nodes.map((node) => ({ span: node.span, print: () => argument(node, printer) }));
  if (!hugs(nodes.at(-1)?.value)) return laidOut(bracketed(original, bracket, entries, round));
  const found = collect(original, entries, within(bracket));
  const broken = opened(found, "(", ")", ",");
  if (!isPlain(found)) return broken;
  const docs = found.rows.map((row) => row.doc);
  const before = docs.slice(0, -1);
  if (isHard(before)) return broken;
  const oneLine: Doc = ["(", join(docs, ", "), ")"];
  if (nodes.length === 1) return oneLine;
  return choice(oneLine, [["(", flat(join(before, ", ")), ", ", docs.at(-1) ?? "", ")"]], broken);
}

function argument({ name, value }: Argument, printer: Printer): Doc {
  const doc = printer.expression(value, free);
  return name === undefined ? doc : [name.text, ": ", doc];
}

/** Its braces may stay open on the line of the call. */
function hugs(node: Expression | undefined): boolean {
  if (node === undefined) return false;
  if (node.kind === "Lambda") return node.body.kind === "Block" || hugs(node.body);
  if (node.kind === "StructLiteral") return node.entries.length > 0;
  return isControl(node) || (node.kind === "ListLiteral" && node.items.length > 0);
}
