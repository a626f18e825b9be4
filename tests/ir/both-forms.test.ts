// One meaning, two forms: every body here is compiled twice, with `k` pure (then all of it is a term) and with `k`
// having an effect (then all of it is steps). The text it gives must be the same.

import { describe, expect, test } from "vitest";
import { build, drive, functionOf } from "./drive.ts";

const shared = `
type Level = low | mid | high
type Action = | reply { to: str, copies: int } | archive | wait { level: Level }
type Item { name: str, size: int?, level: Level }
task add(a: int, b: int = 10, c: int = a + b) -> int { a + b * 2 + c * 3 }
task apply(f: (int) -> int, n: int) -> int { f(f(n)) }
task item(n: int) -> Item? { if n > 2 { none } else { {name: "item {n}", size: n, level: high} } }
task act(n: int) -> Action { if n == 1 { reply(to: "ann", copies: 2) } else if n == 2 { archive } else { wait(level: mid) } }
`;

const bodies: { readonly [name: string]: string } = {
  arithmetic: `"{k(7) / 2} {k(7) % 4} {-k(3) * k(2)} {k(1).to_float() / 3.0} {k(1) + 2 * k(3) - k(4)}"`,
  "long sums": `"{k(1)${" + 1 - 2 * 2".repeat(1_000)} + k(2)}"`,
  "long conditions": `a = k(1)
    "{k(1) == 1${" and a > 0".repeat(2_000)} and k(2) == 2} {k(1) == 2${" or a == 0".repeat(2_000)} or k(2) == 3}"`,
  comparison: `"{k(1) < 2} {k(1) == 1} {not (k(1) != 1)} {"a{k(1)}" <= "a2"}"`,
  "and, or": `"{k(1) == 1 and k(2) == 3} {k(1) == 2 or k(2) == 2} {not (k(1) == 1 and (k(2) == 2 or k(3) == 0))}"`,
  "text and lists": `"{[k(1), k(2)] + [k(3)]} {"a{k(1)}" + "b{k(2)}"} {[k(5), 6, 7][k(1)] ?? 0} {[k(1)][-1] ?? 0}"`,
  structs: `
    p = {name: "a{k(1)}", at: {x: k(2), y: 3}}
    q = {..p, name: "b{k(3)}"}
    {name, at: place} = q
    "{p == q} {name} {place.x + p.at.y} {q}"`,
  "chains that are cut short": `"{item(k(1))?.name.upper() ?? "none"} {item(k(3))?.name.upper() ?? "none"} {(item(k(1))?.size ?? 0) + k(1)}"`,
  assertions: `try { "{item(k(1))!.name} {item(k(5))!.name}" } catch err: NullError { "null {k(2)}" }`,
  "if as a value": `
    x = if k(1) > 0 { if k(2) > 5 { "a" } else if k(3) == 3 { "b" } else { "c" } } else { "d" }
    "{x}"`,
  "early return": `
    for n in [1, 2, 3] {
      if k(n) == 2 { return "at {n}" }
    }
    "never"`,
  "when over an enum": `
    texts = for l in [low, mid, high] {
      when l {
        low where k(1) == 2 => "never"
        low, mid => "small {k(1)}"
        high => { y = k(9); "big" }
      }
    }
    texts.join(",")`,
  "when over fields": `
    texts = for n in [1, 2, 3] {
      when act(k(n)) {
        reply {to: "bob"} => "never"
        reply {to, copies: 2} where to == "ann" and k(1) == 1 => "reply {to}"
        reply {to} => to
        archive => "archive"
        wait {level: high} => "high"
        wait {level: low}, wait {level: mid} => "not high"
      }
    }
    texts.join(",")`,
  "when over other values": `
    texts = for n in [-1, 0, 5, 7] {
      when k(n) { 0 => "zero", -1 => "minus", _ where n > 6 => "big {n}", _ => "{n}" }
    }
    maybe = for n in [1, 3] { when item(k(n)) { none => "none", _ => "some" } }
    "{texts} {maybe}"`,
  loops: `
    xs = for n in range(k(6)) where n != k(1) {
      if n == 2 { continue }
      if n == 5 { break }
      ys = for m in [n, n + 1] { m * k(10) }
      ys.sum()
    }
    "{xs}"`,
  "loops and handlers": `
    xs = for n in [1, 2, 3, 4] {
      try {
        if k(n) == 2 { continue }
        if n == 3 { fail "three {k(n)}" }
        "{n}"
      } catch err { err.message }
    }
    xs.join(",")`,
  "nested handlers": `
    try {
      try { fail "inner {k(1)}" } catch err: NetworkError { "never" }
    } catch err: Failure { "outer {err.message} {k(2)}" }`,
  "collection methods": `
    xs = [3, 1, 2].map(n => k(n) * 2).filter(n => k(n) > 2).sort_by(n => k(n), descending: true)
    folded = xs.reduce("", (text, n) => "{text}{k(n)}+")
    groups = xs.group_by(n => k(n) % 4).keys
    "{xs} {folded} {groups} {xs.find(n => k(n) == 4) ?? 0} {xs.any(n => k(n) > 5)} {xs.all(n => k(n) > 5)}"`,
  "functions as values": `
    times = (n: int) => n * k(3)
    "{apply(times, k(2))} {apply(n => n + k(1), 5)} {[1, 2].map(k)} {times(k(4))}"`,
  captures: `
    base = k(100)
    xs = [1, 2].flat_map(n => [3, 4].map(m => base + n * m + k(1)))
    "{xs}"`,
  "calls and pipes": `"{add(k(1))} {add(b: k(2), a: k(3))} {k(4) |> add(c: k(5))} {k(1) |> k |> add}"`,
  json: `
    j = parse_json("\\{\\"a\\": [1, \\{\\"b\\": {k(5)}\\}], \\"l\\": \\"high\\"\\}")
    level = (j?.l as Level) ?? low
    "{j!.a![k(1)]!.b} {level} {Level.from("mid") ?? low} {Level.values.count + k(1)}"`,
  shadowing: `
    x = k(1)
    x = x + k(1)
    y = if k(1) == 1 { z = x + 10; z } else { 0 }
    "{x} {y}"`,
};

describe("terms and steps give the same", () => {
  for (const [name, body] of Object.entries(bodies)) {
    test(name, () => {
      const text = (k: string): string => {
        return `${shared}\ntask k(n: int) -> int { ${k}\n n }\ntask body() -> str {\n${body.replaceAll(";", "\n")}\n}\nnotify user body()`;
      };
      const pure = build(text("")).program;
      const steps = build(text('notify user ""')).program;
      expect([functionOf(pure, "body").kind, functionOf(steps, "body").kind]).toEqual(["Pure", "Steps"]);
      const [asTerm, asSteps] = [pure, steps].map((program) => drive(program));
      expect(asTerm?.effects.at(-1)).not.toBe("Notify ");
      expect(asSteps?.effects.at(-1)).toBe(asTerm?.effects.at(-1));
      expect(asTerm?.error ?? asSteps?.error).toBeUndefined();
    });
  }
});
