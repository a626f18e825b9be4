import { expect, test } from "vitest";
import type { Expression, Node } from "../../src/parser/ast.ts";
import { children } from "../../src/parser/walk.ts";
import { typeText } from "../../src/checker/type.ts";
import { checkText } from "./checking.ts";

const program = `type Urgency = low | high
type Action = | reply { to: str, tone: str? } | skip
connect work via maildir { path: "mail" }
limit = 5
task triage(e: {body: str}, strict: bool = false) -> Urgency {
  classify e.body as Urgency considering ["now" => high] fallback low
}
task each(xs: list[int], f: (int) -> int) -> list[int] { xs.map(f) }
task act(a: Action) -> str {
  when a {
    reply {to: t, tone} where t != "" => "{t} {tone ?? "none"}"
    reply => a.to
    skip => limit.to_str()
  }
}
agent Desk {
  role "desk"
  tools [work, email]
  state { n: int = 0, last: Urgency? = none }
  task handle(e: Email) {
    u = triage(e)
    self.last = u
    self.n = self.n + [1, 2].map(x => x + self.n).sum()
    confirm user "{u}" then send reply_text(e) to e
  }
  task reply_text(e: Email) -> str { e.subject |> upper |> lower(mark: "!") }
  every 5.minutes {
    for e in fetch work where unread and limit > 3 { handle(e) }
    try { fail "no" } catch err: Failure { notify user err.message } catch err { fail err }
    port = env.PORT.to_int() ?? 3000
    notify user "{port} {random()} {now}"
  }
}
task upper(s: str) -> str { s.upper() }
task lower(s: str, mark: str) -> str { s.lower() + mark }
{a, b: c} = {a: 1, b: [2.5]}
x = each([a], n => n * 2).first
y = c[0] ?? 0
z = act(reply(to: "x"))
run Desk in background
`;

function everything(root: Node): Node[] {
  const found: Node[] = [];
  const stack: Node[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    found.push(node);
    stack.push(...children(node));
  }
  return found;
}

test("a program without errors has every fact that is promised", () => {
  const { checked, diagnostics, source } = checkText(program);
  expect(diagnostics).toEqual([]);
  const missing: string[] = [];
  for (const node of everything(checked.program)) {
    const need = (has: boolean, fact: string): void => {
      if (!has) missing.push(`${fact} of ${node.kind} \`${source.text.slice(node.span.start, node.span.end)}\``);
    };
    if (node.kind === "Reference") need(checked.references.has(node), "reference");
    if (node.kind === "Member") need(checked.members.has(node), "member");
    if (node.kind === "Call") need(checked.calls.has(node), "call");
    if (node.kind === "Pipe" && node.right.kind === "Reference") need(checked.calls.has(node), "call");
    if (node.kind === "Bind" || node.kind === "For" || node.kind === "DestructureField") {
      need(checked.bindings.has(node), "binding");
    }
    if (node.kind === "Parameter") need(checked.bindings.has(node), "binding");
    if (node.kind === "Arm") need(checked.arms.has(node), "arm");
    if (node.kind.endsWith("Pattern") && node.kind !== "FieldPattern")
      need(checked.patterns.has(node as never), "pattern");
    if (isExpression(node)) need(checked.types.has(node), "type");
    if (node.kind === "Lambda" || node.kind === "TaskDeclaration") need(checked.effects.has(node), "effects");
  }
  expect(missing).toEqual([]);
});

const others: ReadonlySet<string> = new Set(
  "Program Name TypeField EnumBody VariantNode TypeParameter Parameter ExternOwner SettingField StateField TextPart Entry Spread Argument Arm DestructureField Catch Hint FieldPattern".split(
    " ",
  ),
);

function isExpression(node: Node): node is Expression {
  return (
    !others.has(node.kind) && !/(Declaration|Member|Pattern|Type)$/.test(node.kind.replace(/^Member$/, "Expression"))
  );
}

test("effects flow through calls", () => {
  const { checked } = checkText(program);
  const effects: { [task: string]: string } = {};
  for (const [callable, set] of checked.effects) {
    if (callable.kind === "TaskDeclaration") effects[callable.name.text] = [...set].sort().join(" ");
  }
  expect(effects).toEqual({
    triage: "ai",
    each: "",
    act: "",
    handle: "ai connection:email human state",
    reply_text: "",
    upper: "",
    lower: "",
  });
  const each = [...checked.callsParameter].find(
    ([callable]) => callable.kind === "TaskDeclaration" && callable.name.text === "each",
  );
  expect(each?.[1]).toBe(true);
});

test("a higher-order task has its callers' effects only where they are given", () => {
  const { checked } = checkText(
    'task each(xs: list[str], f: (str) -> str) -> list[str] { xs.map(f) }\ntask pure() -> list[str] { each(["a"], x => x) }\ntask asks() -> list[str] { each(["a"], x => { ask user x }) }',
  );
  const of = (name: string): string[] =>
    [...checked.effects].flatMap(([callable, set]) =>
      callable.kind === "TaskDeclaration" && callable.name.text === name ? [...set] : [],
    );
  expect([of("each"), of("pure"), of("asks")]).toEqual([[], [], ["human"]]);
});

test("a lambda that calls a parameter makes its task one that does", () => {
  const { checked } = checkText(
    "task each(xs: list[int], f: (int) -> int) -> list[int] { xs.map(x => f(x) + 1) }\ntask plain(xs: list[int]) -> list[int] { xs.map(x => x + 1) }",
  );
  const calls = [...checked.callsParameter].flatMap(([callable, does]) =>
    callable.kind === "TaskDeclaration" ? [`${callable.name.text} ${does}`] : [],
  );
  expect(calls).toEqual(expect.arrayContaining(["each true", "plain false"]));
});

test("an integer literal where a float is expected has the type float", () => {
  const { checked } = checkText("x: float = 1\ny = x * 2");
  const literals = everything(checked.program).filter((node) => node.kind === "IntLiteral");
  expect(literals.map((node) => typeText(checked.types.get(node) ?? { kind: "Primitive", name: "unknown" }))).toEqual([
    "float",
    "float",
  ]);
});

test("arguments are in the order of the parameters", () => {
  const { checked } = checkText('task f(a: int, b: str = "x", c: bool = true) -> int { a }\ny = 1 |> f(c: false)');
  const [target] = [...checked.calls.values()];
  expect(target?.kind === "Task" && target.given.map(({ kind }) => kind)).toEqual(["Piped", "Default", "BoolLiteral"]);
});

test("unset env is none-safe only as the root of a chain left of `??`", () => {
  const { checked } = checkText("a = env.A.to_int() ?? 1\nb = env.B.upper()\nc = env.C!.length ?? 2");
  const safe = [...checked.members.values()].flatMap((target) => (target.kind === "Env" ? [target.noneSafe] : []));
  expect(safe).toEqual([true, false, false]);
});
