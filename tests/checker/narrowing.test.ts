import { expect, test } from "vitest";
import { accepts, errors } from "./checking.ts";

const mail = "type Mail { subject: str, body: str? }\n";

test("conditions", () => {
  accepts("task f(x: str?) -> int { if x != none { x.length } else { 0 } }");
  accepts("task f(x: str?) -> int { if x == none { 0 } else { x.length } }");
  accepts("task f(x: str?) -> int { if not (x == none) { x.length } else { 0 } }");
  accepts("task f(x: str?, y: str?) -> int { if x != none and y != none { x.length + y.length } else { 0 } }");
  accepts("task f(x: str?) -> bool { x != none and x.length > 3 }");
  accepts("task f(x: str?) -> bool { x == none or x.length > 3 }");
  expect(errors("task f(x: str?) -> bool { x != none or x.length > 3 }")).toEqual([
    "K2007 1:42 'length' of a value that may be none: it is none",
  ]);
});

test("an early exit", () => {
  accepts("task f(x: str?) -> int {\n  if x == none { return 0 }\n  x.length\n}");
  accepts('task f(x: str?) -> int {\n  if x == none or x == "" { fail "empty" }\n  x.length\n}');
  accepts("for x in [1, none] {\n  if x == none { continue }\n  notify user x + 1\n}");
  expect(errors("task f(x: str?) -> int {\n  if x == none { notify user 1 }\n  x.length\n}")).toHaveLength(1);
});

test("field paths", () => {
  accepts(`${mail}task f(m: Mail) -> int { if m.body != none { m.body.length } else { 0 } }`);
  accepts(`${mail}task f(m: Mail?) -> int { if m?.body != none { m.body.length + m.subject.length } else { 0 } }`);
});

test("not state: it can change in between", () => {
  expect(
    errors(
      'agent A {\n  role "r"\n  state { x: str? = none }\n  task t() -> int { if self.x != none { self.x.length } else { 0 } }\n}',
    ),
  ).toEqual(["K2007 4:48 'length' of a value that may be none: it is str?"]);
});

test("a guard, a filter of `for`, a lambda inside", () => {
  accepts("for x in [1, none] where x != none { notify user x + 1 }");
  accepts("task f(x: str?) -> int { if x != none { [1].map(n => n + x.length).sum() } else { 0 } }");
});

test("`confirm user X then S`: X is not none in S", () => {
  accepts("task f(x: str?) { confirm user x then notify user x.length }");
});

test("a confirmed value is not none", () => {
  accepts("task f(x: str?) { if confirm user x { notify user x.length } }");
});

test("the matched name in an arm", () => {
  accepts("task f(x: str?) -> int {\n  when x {\n    none => 0\n    _ => x.length\n  }\n}");
  accepts(
    'type A = | reply { to: str } | skip\ntask f(a: A) -> str {\n  when a {\n    skip => ""\n    _ => a.to\n  }\n}',
  );
  expect(
    errors(
      "type A = | reply { to: str } | skip\ntask f(a: A) -> str {\n  when a {\n    reply => a.to\n    _ => a.to\n  }\n}",
    ),
  ).toEqual(["K1007 5:12 A has no field 'to'"]);
});

test("a caught error has the fields of its kind", () => {
  accepts('try { notify user 1 } catch e: NetworkError { notify user "{e.status} {e.message}" }');
  expect(errors('try { notify user 1 } catch e { notify user "{e.status}" }')).toEqual([
    "K1007 1:49 Error has no field 'status'",
  ]);
});
