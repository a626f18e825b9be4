// Programs by chance, as texts: every construct of the grammar, names that are also words of the language, operands in
// and out of parentheses, clauses in any order, and a free layout (`layout.ts`). They have no syntax errors; whether they
// mean anything is no concern here.

import fc from "fast-check";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";
import { doc, gap, laidOut, nl, sp, type LayoutOptions } from "./layout.ts";

type Text = fc.Arbitrary<string>;

const one = (...texts: readonly string[]): Text => fc.constantFrom(...texts);
const any = (...texts: readonly Text[]): Text => fc.oneof(...texts);
/** Texts one after the other. */
const seq = (...parts: readonly (string | Text)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part))).map((all) => all.join(""));
const maybe = (text: Text): Text => fc.oneof(fc.constant(""), text);
const list = (item: Text, separator: string, minLength = 0, maxLength = 3): Text =>
  fc.array(item, { minLength, maxLength }).map((items) => items.join(separator));
const shuffled = (...clauses: readonly Text[]): Text =>
  fc.tuple(...clauses.map((clause) => fc.tuple(fc.nat(), maybe(clause)))).map((all) =>
    all
      .toSorted(([a], [b]) => a - b)
      .map(([, text]) => text)
      .join(""),
  );

// ── words ──

const verbs = ["draft", "search", "fetch", "retry", "send", "wait", "ask", "show", "prompt"];
const clauses = ["from", "to", "where", "limit", "timeout", "using", "then", "as", "with", "fallback", "format"];
const others = ["task", "type", "use", "input", "user", "model", "until", "times", "at", "after", "email", "state"];
const plain = one("a", "b", "item", "reply", "count", "x1", "_", "größe");
/** May be bound. */
const name = any(plain, plain, one(...verbs, ...clauses, ...others));
const field = any(name, one("if", "none", "in", "self", "and"));
const typeName = one("T", "Urgency", "int", "str", "Email");

const letters = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .map((text) => text.replace(/["\\{]/g, (mark) => `\\${mark}`).replace(/[\p{Cc}\u2028\u2029\uFFFD\p{Cs}]/gu, ""));
const long = one("a sentence that takes its room on the line, as sentences do", "short");
const text: Text = any(
  any(letters, long).map((inner) => `"${inner}"`),
  one('"Dear {a}"', '"{f("x")} {b + 1}"', '"\\n \\u{1F600} \\" }"', '""', '"{ {a: "b"} }"'),
  one('"""\n    two\n      lines {a}\n  """', '"""one"""', '"""\n  {f(\n  # inside\n a)}"""'),
);
const number = one("0", "42", "1_000", "3.14", "1e-3", "9_007");
const duration = one("5.minutes", "1.day", "30.s", "2.h");
const literal = any(number, duration, text, one("true", "false", "none", "self.count"));

// ── types ──

const type: Text = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 2 },
    seq(typeName, one("", "?", "??")),
    seq("list[", gap, tie("type"), gap, "]"),
    seq("map[str,", sp, tie("type"), "]", one("", "?")),
    seq("{", gap, list(seq(field, ": ", tie("type")), `,${sp}`), gap, "}"),
    seq("(", list(tie("type"), `,${sp}`, 0, 2), ") ->", sp, tie("type")),
    seq("((", tie("type"), ") -> ", tie("type"), ")?"),
  ),
})).type;
const fieldOf = seq(doc, field, ": ", type);
const separator = any(fc.constant(`,${sp}`), fc.constant(nl));
const fieldsOf = (least: number): Text =>
  fc
    .tuple(fc.array(fieldOf, { minLength: least, maxLength: 3 }), separator)
    .map(([fields, between]) => `{${gap}${fields.join(between)}${gap}}`);

// ── expressions ──

type Tied = {
  /** Anything. */
  value: string;
  /** What an operator takes as it is. */
  operand: string;
  head: string;
  form: string;
  block: string;
  statement: string;
};

const nested = { maxDepth: 6, depthSize: "medium", depthIdentifier: "nested" } as const;

const tied = fc.letrec<Tied>((tie) => {
  const value = tie("value");
  const operand = tie("operand");
  const block = tie("block");
  const statement = tie("statement");
  const closed = seq("(", gap, value, gap, ")");
  const named = any(plain, plain, seq("(", one(...verbs, ...clauses, ...others), ")"));
  const parameter = seq(name, maybe(seq(": ", type)), maybe(seq(" =", sp, value)));
  const given = any(value, value, seq(field, ": ", value));
  const call = seq(any(name, named), "(", gap, list(given, `,${sp}`), gap, ")");
  const entry = any(seq(field, ": ", value), seq(text.filter(isPlainText), ": ", value), seq("..", value));
  const keyed = any(seq(field, ": ", value), seq('"a key": ', value));
  const entries = (item: Text): Text =>
    fc.tuple(fc.array(item, { maxLength: 3 }), separator).map(([all, between]) => `{${gap}${all.join(between)}${gap}}`);
  const options = any(entries(keyed), seq("{ tone: ", value, " }"));
  const lambda = seq(any(name, seq("(", list(parameter, `,${sp}`), ")")), " =>", sp, any(value, block));
  const infix = (left: Text): Text =>
    any(
      seq(left, any(seq(" ", one("+", "-", "*", "/", "%"), sp), seq(sp, one("and", "or", "??"), sp)), operand),
      seq(left, " ", one("==", "!=", "<", "<=", ">", ">="), sp, operand),
      seq(left, " ", one("+", "*", "-"), sp, operand, sp, one("and", "??", "or"), " ", operand),
      seq(left, sp, "??", sp, operand, sp, "?? ", operand),
      seq(left, sp, "|>", " ", any(call, plain), maybe(seq(sp, "|> ", call))),
      seq(left, " as", sp, type),
    );
  const pattern: Text = fc.letrec<{ pattern: string }>((inner) => ({
    pattern: fc.oneof(
      { maxDepth: 2 },
      one("_", "low", "high", "Urgency.low", "none", "-1", '"x"', "true", "5.minutes", "from", "to"),
      seq(one("reply ", "Action.reply", ""), "{", list(seq(plain, maybe(seq(": ", inner("pattern")))), ", "), "}"),
    ),
  })).pattern;
  const guard = maybe(seq(" where ", operand, maybe(seq(" ", one("==", "<", "or", "and"), sp, operand))));
  const arm = seq(list(pattern, `,${sp}`, 1, 2), guard, " =>", sp, any(statement, block));
  const when = fc
    .tuple(tie("head"), fc.array(arm, { maxLength: 3 }), one(",", nl, `,${nl}`))
    .map(([subject, arms, between]) => `when ${subject} {${gap}${arms.join(between === "," ? ", " : between)}${gap}}`);
  const branches = seq("if ", tie("head"), " ", block, maybe(seq(sp, "else if ", tie("head"), " ", block)));
  const where = maybe(seq(" where ", tie("head")));
  const control = any(
    seq(branches, maybe(seq(sp, "else ", block))),
    when,
    seq("for ", name, " in ", tie("head"), where, " ", block),
    seq(
      "try ",
      block,
      list(seq(sp, "catch", maybe(seq(" ", plain, maybe(one(": NetworkError", ": A, B")))), " ", block), "", 0, 2),
    ),
    seq("retry ", any(plain, number, closed), " times", one("", " with backoff"), " ", block),
  );
  const chain = seq(
    any(plain, closed, text, seq("[", list(value, ", "), "]")),
    list(
      any(
        seq(one("?.", ".", "."), field),
        seq(gap, ".", name, "(", list(given, ", ", 0, 2), ")"),
        seq("[", value, "]"),
        fc.constant("!"),
      ),
      "",
      1,
      4,
    ),
  );
  const operation = (start: Text, ...more: readonly Text[]): Text =>
    seq(start, shuffled(...more, seq(sp, "fallback ", operand), seq(sp, "using", sp, operand)));
  const verbOperand = any(plain, text, closed, seq("not ", plain), seq("self.", field));
  const hint = seq(operand, " =>", sp, operand);
  const form = any(
    operation(
      seq("classify ", verbOperand, " as ", typeName),
      seq(sp, "considering [", gap, list(hint, `,${sp}`), gap, "]"),
    ),
    operation(
      seq("summarize ", verbOperand),
      seq(sp, "in ", any(number, operand), " ", one("sentences", "limit", "lines", "user")),
      seq(sp, "format ", field),
    ),
    operation(seq("draft ", verbOperand), seq(" ", options)),
    seq("draft ", verbOperand, " { }"),
    operation(
      seq(
        "extract ",
        any(typeName, seq("{", list(seq(field, ": ", type), ", "), "}"), one("(from)")),
        sp,
        "from ",
        operand,
      ),
    ),
    operation(seq("translate ", verbOperand, sp, "to ", any(operand, seq("[", list(value, `,${sp}`), "]")))),
    operation(seq("decide ", verbOperand, " ", options)),
    operation(seq("prompt ", options), seq(sp, "as ", type)),
    seq("ask user ", operand, maybe(seq(sp, "timeout ", operand))),
    seq("confirm user ", operand, shuffled(seq(sp, "timeout ", operand), seq(sp, "then", sp, any(statement, block)))),
    seq(one("notify user ", "show user ", "remind user "), any(operand, value.filter(isOperators))),
    seq(one("archive ", "remember ", "forget ", "fail "), verbOperand, maybe(seq(sp, "?? ", operand))),
    seq("send ", verbOperand, maybe(seq(sp, "?? ", operand)), maybe(seq(sp, "to ", operand))),
    seq("wait ", any(duration, closed, one("until"))),
    seq("wait until ", any(verbOperand, closed), maybe(seq(sp, "timeout ", operand))),
    seq(
      "fetch ",
      verbOperand,
      shuffled(seq(sp, "where ", operand), seq(sp, "with ", any(options, operand)), seq(sp, "limit ", operand)),
    ),
    seq("search ", verbOperand, maybe(seq(sp, "limit ", operand))),
    seq("recall ", verbOperand, shuffled(seq(sp, "limit ", operand), seq(sp, "as ", type))),
    seq("run Bot", one("", " in background")),
    fc.constant("stop Bot"),
    seq("delegate ", plain, "(", gap, list(given, `,${sp}`), ") to Bot", maybe(seq(sp, "fallback ", operand))),
  );
  const returned = seq("return", maybe(seq(" ", operand)));
  return {
    value: fc.oneof(nested, literal, operand, infix(operand), lambda, control, form, returned),
    operand: fc.oneof(
      nested,
      any(literal, named),
      closed,
      call,
      chain,
      seq("[", gap, list(value, `,${sp}`), gap, "]"),
      entries(entry),
      seq(one("not ", "-"), operand),
      seq("(", tie("form"), ")"),
    ),
    head: fc.oneof(
      nested,
      any(plain, number, text),
      closed,
      seq(plain, one(".", "?."), field),
      seq(plain, " ", one("==", ">", "+", "and", "or", "??"), sp, any(plain, closed)),
      seq("not ", plain),
      seq("confirm user ", plain, " and ", plain),
    ),
    form,
    block: fc.oneof(
      nested,
      one("{ }", "{}"),
      seq("{ ", value, " }"),
      seq("{", gap, "{a: 1}", gap, "}"),
      seq("{", any(fc.constant(nl), fc.constant(gap)), list(statement, nl, 1, 3), gap, "}"),
    ),
    statement: fc.oneof(
      nested,
      any(seq(name, " =", sp, literal), call),
      value,
      seq(name, maybe(seq(": ", type)), " =", sp, value),
      seq("{", gap, list(seq(field, maybe(seq(": ", name))), separatorText(), 1), gap, "} =", sp, value),
      seq(any(seq("self.", field), seq("(", plain, ")"), seq(plain, "[0]")), " =", sp, value),
      control,
      form,
      seq("after ", any(duration, plain, closed), " ", block),
      one("break", "continue", "return"),
    ),
  };
});

function separatorText(): string {
  return `,${sp}`;
}

function isPlainText(written: string): boolean {
  return !written.startsWith('"""') && !/(?<!\\)\{/.test(written);
}

/** No lambda: what a form may take without parentheses. */
function isOperators(written: string): boolean {
  return /^[a-z"([{0-9]/.test(written) && !written.includes("=>") && !written.startsWith("return");
}

// ── declarations ──

const { value, statement, block } = tied;
const setting = seq(field, ": ", value);
const settings = seq("{", gap, list(setting, `,${sp}`), gap, "}");
const typed = seq(name, ": ", type, maybe(seq(" =", sp, value)));
const typeParameters = maybe(one("[T]", "[T, U]"));
const task = seq(
  doc,
  "task ",
  name,
  typeParameters,
  "(",
  gap,
  list(typed, `,${sp}`),
  gap,
  ")",
  maybe(seq(" ->", sp, type)),
  " ",
  block,
);
const variant = seq(plain, maybe(seq(" ", fieldsOf(1))));
const nameList = seq("[", gap, list(plain, `,${sp}`), gap, "]");
const member = any(
  seq(one("role ", "model ", "rules "), value),
  seq(one("tools ", "team "), nameList),
  one("memory none", "memory persistent"),
  seq("state {", gap, list(seq(field, ": ", type, " =", sp, value), nl), gap, "}"),
  seq("config ", settings),
  seq("every ", tied.head, maybe(seq(" at ", text)), " ", block),
  seq(one("at ", "after "), tied.head, " ", block),
  seq("on ", one("start", "stop", "message(m: T)"), " ", block),
  task,
);
const extern = seq(
  any(fc.constant("extern "), one("extern list[T].", "extern any.")),
  plain,
  maybe(one("[K: ordered]", "[U]")),
  any(seq("(", list(typed, `,${sp}`), ") -> ", type), seq(": ", type)),
);
const declaration = any(
  seq("use {", gap, list(plain, `,${sp}`), gap, '} from "./other.keel"'),
  seq("connect ", plain, " via imap", maybe(seq(" ", settings))),
  seq("input ", plain, ": ", type, maybe(seq(" =", sp, value))),
  seq(doc, "type ", typeName, typeParameters, " ", fieldsOf(0)),
  seq(doc, "type ", typeName, " =", sp, list(variant, `${sp}|${sp}`, 2)),
  seq("type ", typeName, " =", sp, "| ", variant),
  seq("type ", typeName, " =", sp, type),
  task,
  seq(doc, "agent ", typeName, " {", gap, list(member, nl), gap, "}"),
  seq(doc, extern),
  seq(doc, "extern connection imap {", gap, list(any(seq(doc, field, ": ", type), seq(doc, extern)), nl), gap, "}"),
);

/** Statements and declarations; the few that are no programs after all are left out. */
export function programs(options: LayoutOptions): fc.Arbitrary<string> {
  const items = list(any(declaration, statement), nl, 1, 4);
  return laidOut(seq(gap, items, nl), options).filter((text) => parse(new Source("", text)).diagnostics.length === 0);
}
