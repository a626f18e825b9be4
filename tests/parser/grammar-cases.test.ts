// Lines that try to break the grammar, and what they mean: one case a line of the design's list, by its number.

import { describe, expect, it } from "vitest";
import { read } from "./shape.ts";

/** Number, text (`⏎` is a line break), then the shapes of its items; or what is wrong with it, by code. */
const cases: readonly (readonly [number: number, text: string, ...shapes: string[]])[] = [
  [1, "x = a ⏎ - b", "Bind(name: x, value: a)", "Unary -(operand: b)"],
  [2, "x = email! ⏎ y = 1", "Bind(name: x, value: Assert(target: email))", "Bind(name: y, value: 1)"],
  [
    3,
    "type P { a: str? ⏎ b: int }",
    "TypeDeclaration(name: P, parameters: [], body: StructType(fields: [TypeField(name: a, type: str?), TypeField(name: b, type: int)]))",
  ],
  [4, "if c { return ⏎ }", "If(condition: c, then: Block(body: [Return()]))"],
  [4, 'return ⏎ notify user "x"', "Return()", "Notify(value: 'x')"],
  [5, "a = 1 ⏎ using = 2", "Bind(name: a, value: 1)", "Bind(name: using, value: 2)"],
  [
    5,
    "a = classify x as T ⏎ using = 2",
    "Bind(name: a, value: Classify(value: x, type: T, hints: []))",
    "Bind(name: using, value: 2)",
  ],
  [
    6,
    "x = { a: classify b as T ⏎ fallback: medium }",
    "Bind(name: x, value: StructLiteral(entries: [Entry(key: a, value: Classify(value: b, type: T, hints: [])), Entry(key: fallback, value: medium)]))",
  ],
  [7, "summarize article ⏎ in 3 sentences", "Summarize(value: article, count: 3, unit: sentences)"],
  [8, "extract {a: str} ⏎ from text", "Extract(type: StructType(fields: [TypeField(name: a, type: str)]), from: text)"],
  [9, "fetch email ⏎ where unread", "Fetch(source: email, where: unread)"],
  [10, "x = user ⏎ y = 2", "Bind(name: x, value: user)", "Bind(name: y, value: 2)"],
  [
    11,
    "x = a ⏎ # note ⏎ ⏎ .trim()",
    "Bind(name: x, value: Call(callee: Member(target: a, name: trim), arguments: []))",
  ],
  [12, "f ⏎ (x)", "f", "x"],
  [12, "xs ⏎ [0]", "xs", "ListLiteral(items: [0])"],
  [
    15,
    "when n { 1 => a ⏎ -1 => b ⏎ _ => c }",
    "When(subject: n, arms: [Arm(patterns: [LiteralPattern(value: 1)], body: a), Arm(patterns: [LiteralPattern(value: Unary -(operand: 1))], body: b), Arm(patterns: [WildcardPattern()], body: c)])",
  ],
  [
    16,
    "when u { low => f(x), medium, high => g }",
    "When(subject: u, arms: [Arm(patterns: [NamePattern(name: low)], body: Call(callee: f, arguments: [Argument(value: x)])), Arm(patterns: [NamePattern(name: medium), NamePattern(name: high)], body: g)])",
  ],
  [
    18,
    "x => { y: int = 3 ⏎ y }",
    "Lambda(parameters: [Parameter(name: x)], body: Block(body: [Bind(name: y, type: int, value: 3), y]))",
  ],
  [
    19,
    "x => { y: high == low }",
    "Lambda(parameters: [Parameter(name: x)], body: StructLiteral(entries: [Entry(key: y, value: Binary ==(left: high, right: low))]))",
  ],
  [
    20,
    "{a, b: c} = e",
    "Destructure(fields: [DestructureField(field: a, name: a), DestructureField(field: b, name: c)], value: e)",
  ],
  [
    21,
    'x = {headers: {"Content-Type": "x"}}',
    "Bind(name: x, value: StructLiteral(entries: [Entry(key: headers, value: StructLiteral(entries: [Entry quoted(key: Content-Type, value: 'x')]))]))",
  ],
  [
    22,
    "if f({a: 1}) { g }",
    "If(condition: Call(callee: f, arguments: [Argument(value: StructLiteral(entries: [Entry(key: a, value: 1)]))]), then: Block(body: [g]))",
  ],
  [
    24,
    "agent A { every config { g } ⏎ }",
    "AgentDeclaration(name: A, members: [EveryMember(interval: config, body: Block(body: [g]))])",
  ],
  [24, "after d { g }", "After(delay: d, body: Block(body: [g]))"],
  [25, "if prompt { g }", "If(condition: prompt, then: Block(body: [g]))"],
  [26, "search(q)", "Call(callee: search, arguments: [Argument(value: q)])"],
  [26, "search (q)", "Search(query: q)"],
  [27, 'send (reply ?? "x") to email', "Send(value: Logical ??(left: reply, right: 'x'), to: email)"],
  [28, "archive[0]", "Index(target: archive, index: 0)"],
  [28, "archive [m]", "Archive(value: ListLiteral(items: [m]))"],
  [29, "wait - 5", "Binary -(left: wait, right: 5)"],
  [29, "fail -x", "Binary -(left: fail, right: x)"],
  [30, "classify draft as T", "Classify(value: draft, type: T, hints: [])"],
  [31, "send a ?? b to c", "Send(value: Logical ??(left: a, right: b), to: c)"],
  [32, 'notify user name ?? "you"', "Notify(value: Logical ??(left: name, right: 'you'))"],
  [
    33,
    'notify user draft "x" ?? "y"',
    "Notify(value: Logical ??(left: Draft(description: 'x', options: []), right: 'y'))",
  ],
  [
    34,
    'if confirm user "ok?" and ready { g }',
    "If(condition: Logical and(left: Confirm(question: 'ok?'), right: ready), then: Block(body: [g]))",
  ],
  [35, "wait until n > 3", "WaitUntil(condition: Binary >(left: n, right: 3))"],
  [
    36,
    "fetch email where unread and from == x",
    "Fetch(source: email, where: Logical and(left: unread, right: Binary ==(left: from, right: x)))",
  ],
  [
    37,
    "for e in fetch email where e.unread { g }",
    "For(name: e, list: Fetch(source: email, where: Member(target: e, name: unread)), body: Block(body: [g]))",
  ],
  [
    37,
    "for e in fetch email where unread where e.urgent { g }",
    "For(name: e, list: Fetch(source: email, where: unread), where: Member(target: e, name: urgent), body: Block(body: [g]))",
  ],
  [
    38,
    'env.A ?? env.B ?? "x"',
    "Logical ??(left: Member(target: env, name: A), right: Logical ??(left: Member(target: env, name: B), right: 'x'))",
  ],
  [
    40,
    "classify parse_json(s) as T",
    "Classify(value: Call(callee: parse_json, arguments: [Argument(value: s)]), type: T, hints: [])",
  ],
  [41, "x: (A) -> B? = f", "Bind(name: x, type: FunctionType(parameters: [A], result: B?), value: f)"],
  [41, "f[int](x)", "Call(callee: Index(target: f, index: int), arguments: [Argument(value: x)])"],
  [
    43,
    "task t() { urgency: high }",
    "TaskDeclaration(name: t, typeParameters: [], parameters: [], body: Block(body: [StructLiteral(entries: [Entry(key: urgency, value: high)])]))",
  ],
  [43, "if c { x: 5 ⏎ }", "If(condition: c, then: Block(body: [StructLiteral(entries: [Entry(key: x, value: 5)])]))"],
  [
    44,
    "task f() -> {a: int} { {a: 1} }",
    "TaskDeclaration(name: f, typeParameters: [], parameters: [], result: StructType(fields: [TypeField(name: a, type: int)]), body: Block(body: [StructLiteral(entries: [Entry(key: a, value: 1)])]))",
  ],
  [45, "not a == b", "Unary not(operand: Binary ==(left: a, right: b))"],
  [45, "-x.abs()", "Unary -(operand: Call(callee: Member(target: x, name: abs), arguments: []))"],
];

const faults: readonly (readonly [number: number, text: string, code: string])[] = [
  [13, '"Hello {name ⏎ }"', "K0005"],
  [14, "when u { low => 1 high => 2 }", "K0012"],
  [17, "item => {a, b: c}", "K0013"],
  [23, 'for e in fetch "u" with {method: "POST"} { ⏎ }', "K0016"],
  [24, "within t { g }", "K0900"],
  [39, "a |> x => x + 1", "K0018"],
  [39, "a |> f or g", "K0018"],
  [42, "confirm user x then f() ⏎ else { g() }", "K0019"],
  [45, "a == b == c", "K0017"],
];

describe("what the lines mean", () => {
  it.each(cases.map(([number, text, ...shapes]) => ({ number, text, shapes })))(
    "$number: $text",
    ({ text, shapes }) => {
      expect(read(text)).toEqual({ shapes, codes: [] });
    },
  );
});

describe("what is wrong with the lines", () => {
  it.each(faults)("%i: %s", (_, text, code) => {
    expect(read(text).codes).toEqual([code]);
  });

  it("covers the whole list", () => {
    const numbers = new Set([...cases, ...faults].map(([number]) => number));
    expect([...numbers].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 45 }, (_, index) => index + 1));
  });
});
