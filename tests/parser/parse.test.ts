import { describe, expect, it } from "vitest";
import { Grammar } from "../../src/parser/grammar-declarations.ts";
import { only, read } from "./shape.ts";

it("has a grammar that chevrotain finds sound", () => {
  expect(() => new Grammar(false)).not.toThrow();
});

describe("contextual words", () => {
  it.each([
    ["draft = 3", "Bind(name: draft, value: 3)"],
    ["x = draft + prompt", "Bind(name: x, value: Binary +(left: draft, right: prompt))"],
    ["state.limit.if", "Member(target: Member(target: state, name: limit), name: if)"],
    [
      "f(draft: 1, in: 2)",
      "Call(callee: f, arguments: [Argument(name: draft, value: 1), Argument(name: in, value: 2)])",
    ],
    [
      "x = {for: 1, type: 2}",
      "Bind(name: x, value: StructLiteral(entries: [Entry(key: for, value: 1), Entry(key: type, value: 2)]))",
    ],
    ["input = task", "Bind(name: input, value: task)"],
    ["type |> f", "Pipe(left: type, right: f)"],
    ["fail(x)", "Call(callee: fail, arguments: [Argument(value: x)])"],
    ["after(x)", "Call(callee: after, arguments: [Argument(value: x)])"],
    ["for task in user { task }", "For(name: task, list: user, body: Block(body: [task]))"],
    ["show user", "/"],
  ])("%s", (text, expected) => {
    if (expected === "/") expect(read(text).codes).toEqual(["K0001"]);
    else expect(only(text)).toBe(expected);
  });
});

describe("newlines", () => {
  it.each([
    [
      "x = a ⏎ .b(c) ⏎ |> d ⏎ ?? e ⏎ and f",
      "Bind(name: x, value: Logical ??(left: Pipe(left: Call(callee: Member(target: a, name: b), arguments: [Argument(value: c)]), right: d), right: Logical and(left: e, right: f)))",
    ],
    [
      "x = f(a ⏎ + b ⏎ , c)",
      "Bind(name: x, value: Call(callee: f, arguments: [Argument(value: Binary +(left: a, right: b)), Argument(value: c)]))",
    ],
    [
      "if a { b } ⏎ else if c { d } ⏎ else { e }",
      "If(condition: a, then: Block(body: [b]), otherwise: If(condition: c, then: Block(body: [d]), otherwise: Block(body: [e])))",
    ],
    [
      "type A = low ⏎ | high",
      "TypeDeclaration(name: A, parameters: [], body: EnumBody(variants: [VariantNode(name: low, fields: []), VariantNode(name: high, fields: [])]))",
    ],
    [
      "f(x => { a ⏎ b })",
      "Call(callee: f, arguments: [Argument(value: Lambda(parameters: [Parameter(name: x)], body: Block(body: [a, b])))])",
    ],
    ["x = a + ⏎ b", "Bind(name: x, value: Binary +(left: a, right: b))"],
    ["draft x ⏎ using m ⏎ fallback y", "Draft(description: x, options: [], fallback: y, using: m)"],
  ])("%s", (text, expected) => {
    expect(only(text)).toBe(expected);
  });

  it("ends the form before a line that binds the clause's word", () => {
    expect(read("fetch email ⏎ limit(5)").shapes).toHaveLength(2);
    expect(read("fetch email ⏎ limit.x").shapes).toHaveLength(2);
  });

  it("takes options only from the form's own line", () => {
    expect(read('draft "x" ⏎ { a: 1 }').shapes).toEqual([
      "Draft(description: 'x', options: [])",
      "StructLiteral(entries: [Entry(key: a, value: 1)])",
    ]);
  });
});

describe("forms", () => {
  it.each([
    [
      'classify e.body as Urgency considering [ "a" => high, ⏎ "b" => low ] fallback low using "m"',
      "Classify(value: Member(target: e, name: body), type: Urgency, hints: [Hint(text: 'a', variant: high), Hint(text: 'b', variant: low)], fallback: low, using: 'm')",
    ],
    [
      "classify e as U using m fallback l considering [a => b]",
      "Classify(value: e, type: U, hints: [Hint(text: a, variant: b)], fallback: l, using: m)",
    ],
    ["summarize r format bullets", "Summarize(value: r, format: bullets)"],
    [
      'draft "x" { tone: a } using m ?? "y"',
      "Logical ??(left: Draft(description: 'x', options: [Entry(key: tone, value: a)], using: m), right: 'y')",
    ],
    ["extract Contact from e ?? c", "Logical ??(left: Extract(type: Contact, from: e), right: c)"],
    ["translate m to french", "Translate(value: m, targets: [french])"],
    ["translate m to [a, b] fallback none", "Translate many(value: m, targets: [a, b], fallback: none)"],
    [
      "decide e { options: [a], based_on: [b] }",
      "Decide(value: e, options: [Entry(key: options, value: ListLiteral(items: [a])), Entry(key: based_on, value: ListLiteral(items: [b]))])",
    ],
    ['prompt { user: "x" } as T ⏎ fallback y', "Prompt(options: [Entry(key: user, value: 'x')], type: T, fallback: y)"],
    ['ask user "x" timeout 5.minutes', "Ask(question: 'x', timeout: 5.minutes)"],
    ["confirm user r then send r to e", "Confirm(question: r, then: Send(value: r, to: e))"],
    ["remind user x", "Remind(value: x)"],
    ["wait 5.seconds", "Wait(duration: 5.seconds)"],
    ["wait until f() timeout d", "WaitUntil(condition: Call(callee: f, arguments: []), timeout: d)"],
    ["search q limit 3", "Search(query: q, limit: 3)"],
    ["recall q limit 5 as T", "Recall(query: q, limit: 5, type: T)"],
    ["forget q", "Forget(query: q)"],
    ["remember { a: b }", "Remember(value: StructLiteral(entries: [Entry(key: a, value: b)]))"],
    ["run A in background", "Run background(agent: A)"],
    ["stop A", "Stop(agent: A)"],
    [
      "delegate t(a, b: 1) to A ?? c",
      "Logical ??(left: Delegate(task: t, arguments: [Argument(value: a), Argument(name: b, value: 1)], to: A), right: c)",
    ],
    [
      'fetch "u" with { method: "POST" }',
      "Fetch(source: 'u', with: StructLiteral(entries: [Entry(key: method, value: 'POST')]))",
    ],
    ["send draft x to e", "Send(value: Draft(description: x, options: []), to: e)"],
    ["fail err", "Fail(value: err)"],
    ["retry 3 times with backoff { send e }", "Retry backoff(count: 3, body: Block(body: [Send(value: e)]))"],
    [
      "try { f } catch e: A, B { g } catch { h }",
      "Try(body: Block(body: [f]), catches: [Catch(name: e, types: [A, B], body: Block(body: [g])), Catch(types: [], body: Block(body: [h]))])",
    ],
    [
      "self.n = self.n + 1",
      "Assign(target: Member(target: self, name: n), value: Binary +(left: Member(target: self, name: n), right: 1))",
    ],
    ["x = y as list[T]? ?? z", "Bind(name: x, value: Logical ??(left: Cast(value: y, type: list[T]?), right: z))"],
    [
      "when x { A.b => 1 ⏎ reply {to: t, tone} where t == 1 => y = 2 ⏎ {f: -1} => { } ⏎ none, true => 3 }",
      "When(subject: x, arms: [Arm(patterns: [NamePattern(owner: A, name: b)], body: 1), Arm(patterns: [VariantPattern(name: reply, fields: [FieldPattern(name: to, pattern: NamePattern(name: t)), FieldPattern(name: tone, pattern: NamePattern(name: tone))])], guard: Binary ==(left: t, right: 1), body: Bind(name: y, value: 2)), Arm(patterns: [StructPattern(fields: [FieldPattern(name: f, pattern: LiteralPattern(value: Unary -(operand: 1)))])], body: Block(body: [])), Arm(patterns: [LiteralPattern(value: none), LiteralPattern(value: true)], body: 3)])",
    ],
    [
      "xs.map((a, b: int) => a + b)",
      "Call(callee: Member(target: xs, name: map), arguments: [Argument(value: Lambda(parameters: [Parameter(name: a), Parameter(name: b, type: int)], body: Binary +(left: a, right: b)))])",
    ],
    ["{..a, b: 1}", "StructLiteral(entries: [Spread(value: a), Entry(key: b, value: 1)])"],
    ["a?.b!.c[0]", "Index(target: Member(target: Assert(target: Member safe(target: a, name: b)), name: c), index: 0)"],
    ["1 + 2 * 3 - 4", "Binary -(left: Binary +(left: 1, right: Binary *(left: 2, right: 3)), right: 4)"],
    ["a or b and not c", "Logical or(left: a, right: Logical and(left: b, right: Unary not(operand: c)))"],
  ])("%s", (text, expected) => {
    expect(only(text)).toBe(expected);
  });
});

describe("declarations", () => {
  it.each([
    ['use { a, B } from "./x.keel"', "UseDeclaration(names: [a, B], from: './x.keel')"],
    [
      "connect work via imap { host: env.H }",
      "ConnectDeclaration(name: work, via: imap, settings: [Entry(key: host, value: Member(target: env, name: H))])",
    ],
    ['input branch: str = "main"', "InputDeclaration(name: branch, type: str, value: 'main')"],
    [
      "type H = (Email) -> str",
      "TypeDeclaration(name: H, parameters: [], body: FunctionType(parameters: [Email], result: str))",
    ],
    [
      "type O = | only",
      "TypeDeclaration(name: O, parameters: [], body: EnumBody(variants: [VariantNode(name: only, fields: [])]))",
    ],
    [
      "type P[T] { items: list[T], next: str? }",
      "TypeDeclaration(name: P, parameters: [T], body: StructType(fields: [TypeField(name: items, type: list[T]), TypeField(name: next, type: str?)]))",
    ],
    [
      "type A = reply { to: str } | archive",
      "TypeDeclaration(name: A, parameters: [], body: EnumBody(variants: [VariantNode(name: reply, fields: [TypeField(name: to, type: str)]), VariantNode(name: archive, fields: [])]))",
    ],
    [
      "## Doc. ⏎ task f[T](a: T, b: int = 1) -> T { a }",
      "TaskDeclaration Doc.(name: f, typeParameters: [TypeParameter(name: T)], parameters: [Parameter(name: a, type: T), Parameter(name: b, type: int, value: 1)], result: T, body: Block(body: [a]))",
    ],
    [
      "extern list[N: number].sum() -> N",
      "ExternDeclaration(owner: ExternOwner(name: list, parameters: [TypeParameter(name: N, constraint: number)]), name: sum, typeParameters: [], parameters: [], result: N)",
    ],
    [
      "extern list[T].count: int",
      "ExternDeclaration(owner: ExternOwner(name: list, parameters: [TypeParameter(name: T)]), name: count, typeParameters: [], result: int)",
    ],
    [
      "extern list[T].map[U](f: (T) -> U) -> list[U]",
      "ExternDeclaration(owner: ExternOwner(name: list, parameters: [TypeParameter(name: T)]), name: map, typeParameters: [TypeParameter(name: U)], parameters: [Parameter(name: f, type: FunctionType(parameters: [T], result: U))], result: list[U])",
    ],
    [
      "extern parse_json(text: str) -> json?",
      "ExternDeclaration(name: parse_json, typeParameters: [], parameters: [Parameter(name: text, type: str)], result: json?)",
    ],
    [
      "extern connection maildir { path: str ⏎ pass: secret = none ⏎ extern fetch() -> list[Email] }",
      "KindDeclaration(name: maildir, settings: [SettingField(name: path, type: str), SettingField(name: pass, type: secret, value: none)], operations: [ExternDeclaration(name: fetch, typeParameters: [], parameters: [], result: list[Email])])",
    ],
    [
      'agent A { role "r" ⏎ model m ⏎ tools [email, web] ⏎ memory none ⏎ state { n: int = 0 } ⏎ config { temperature: 0.2 } ⏎ team [B] ⏎ rules ["x"] ⏎ every 1.day at "09:00" { } ⏎ at "mon 09:00" { } ⏎ after 2.hours { } ⏎ on message(m: T) { } ⏎ on start { } }',
      "AgentDeclaration(name: A, members: [RoleMember(value: 'r'), ModelMember(value: m), ToolsMember(names: [email, web]), MemoryMember(mode: none), StateMember(fields: [StateField(name: n, type: int, value: 0)]), ConfigMember(entries: [Entry(key: temperature, value: 0.2)]), TeamMember(names: [B]), RulesMember(value: ListLiteral(items: ['x'])), EveryMember(interval: 1.day, at: '09:00', body: Block(body: [])), AtMember(time: 'mon 09:00', body: Block(body: [])), AfterMember(delay: 2.hours, body: Block(body: [])), OnMember(event: message, parameter: Parameter(name: m, type: T), body: Block(body: [])), OnMember(event: start, body: Block(body: []))])",
    ],
  ])("%s", (text, expected) => {
    expect(only(text)).toBe(expected);
  });
});

describe("what arrives later", () => {
  it.each([
    ["parallel { a }", "parallel"],
    ["for e in xs parallel 5 { a }", "parallel"],
    ["within 30.seconds { a }", "within"],
    ['once "x" for 7.days { a }', "once"],
    ["f() undo { g() }", "undo"],
    ["try { a } finally { b }", "finally"],
    ['wait for event "paid"', "wait for event"],
    ['emit "paid" with { a: 1 }', "emit"],
    ['test "x" { a }', "test"],
    ["agent A { limits { cost: 1 } }", "limits"],
  ])("%s is refused", (text) => {
    expect(read(text).codes).toEqual(["K0900"]);
  });

  it.each(["parallel = 1", "once(x)", "within.a", "f(undo)", "test(x)", "emit"])("%s is a name", (text) => {
    expect(read(text).codes).toEqual([]);
  });
});
