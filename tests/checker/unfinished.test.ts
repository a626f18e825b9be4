// Programs as they stand while somebody types: one thing in the middle is not finished. It is said once, and the
// mistakes above and below it are still found.

import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { Source } from "../../src/source/text.ts";
import { loadStdlib } from "../support/stdlib.ts";

const above = `type Urgency = low | medium | high
task above(n: int) -> str { n }
`;

const below = `
task below(u: Urgency) -> int {
  when u {
    low => 1
    medium => 2
  }
}
agent Bot {
  role "helps"
  every 1.hour { notify user unknown_name }
}
run Bot
`;

/** The codes of the errors that are not those above and below; these must be there. */
function own(text: string): readonly string[] {
  const source = new Source("main.keel", above + text + below);
  const end = above.length + text.length;
  const errors = compile(source, loadStdlib()).diagnostics.filter(({ severity }) => severity === "error");
  const [before, inside, after] = [
    errors.filter(({ span }) => span.start < above.length),
    errors.filter(({ span }) => span.start >= above.length && span.start <= end),
    errors.filter(({ span }) => span.start > end),
  ];
  expect(before.map(({ code }) => code)).toEqual(["K2001"]);
  expect(after.map(({ code }) => code)).toEqual(["K3001", "K1001"]);
  return inside.map(({ code }) => code);
}

const inTask = (body: string, head = "task t(s: str, n: int, u: Urgency) -> str"): string => `${head} {\n${body}\n}\n`;

test.each([
  ["a call without its end", inTask('  x = s.replace("a",\n  y = x.upper()\n  y'), "K0008"],
  ["a call with all but its bracket", inTask('  x = s.replace("a", "b"\n  y = x.upper()\n  y'), "K0008"],
  ["a variant half built", "type Act = | go { far: int, to: str } | stop\nx: Act = go(far: 1,\n", "K0008"],
  ["a text in a call without its end", inTask('  notify user s.replace("a, "b")\n  s'), "K0004"],
  ["a text without its end", inTask('  x = "hello {s}\n  x'), "K0004"],
  ["a hole without its end", inTask('  x = "hello {s.upp"\n  x'), "K0005"],
  ["a body without its end", "task t(s: str) -> str {\n  x = s.upper()\n  x\n", "K0008"],
  ["a bracket too many", inTask("  x = s.upper())\n  x"), "K0009"],
  ["a brace too many", `${inTask("  s.upper()")}}\n`, "K0009"],
  ["half an arm", inTask('  when u {\n    low => "l"\n    medium =>\n  }'), "K0001"],
  ["an arm without its arrow", inTask('  when u {\n    low "l"\n    _ => "m"\n  }'), "K0001"],
  ["a dot", inTask("  s."), "K0001"],
  ["an operator", inTask("  x = n +\n  y = 2\n  (x + y).to_str()"), "K0001"],
  ["half a condition", inTask("  if n >\n  s"), "K0001"],
  ["half a loop at the end", inTask("  for x in"), "K0001"],
  ["half a `classify`", inTask("  classify s as", "task t(s: str) -> Urgency"), "K0001"],
  [
    "half a hint",
    inTask('  classify s as Urgency considering [\n    "x" =>\n  ] fallback low', "task t(s: str) -> Urgency"),
    "K0001",
  ],
  ["half a `catch`", inTask("  try { s } catch err:"), "K0001"],
  ["half a parameter", "task t(s: str, n: ) -> str {\n  s\n}\n", "K0001"],
  ["half a signature", "task t(s: str\n", "K0008"],
  ["half a type", "type Mail { from: str, subject:\n", "K0008"],
  ["half a `use`", "use { a, b\n", "K0008"],
  ["half a member", 'agent Half {\n  role "x"\n  ta\n  task go(n: int) -> int { n }\n}\nrun Half\n', "K0021"],
  ["half a list", "xs = [1, 2,\nys = 3\n", "K0008"],
])("%s", (_, text, code) => {
  expect(own(text)).toEqual([code]);
});
