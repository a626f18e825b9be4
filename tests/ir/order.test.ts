// Where effects happen: left to right, and only where evaluation reaches them.

import { describe, expect, test } from "vitest";
import type { Effect } from "../../src/interp/effect.ts";
import { errorValue, Failure } from "../../src/interp/failure.ts";
import type { Value } from "../../src/interp/value.ts";
import { build, drive, effectsOf } from "./drive.ts";

/** Every question is answered by its own text. */
const echo = (effect: Effect): Value => {
  if (effect.kind === "Ask") return effect.given.question;
  return effect.kind === "Confirm" ? effect.given.question === "yes" : null;
};

const offline = (message: string): Failure => new Failure(errorValue("NetworkError", message));

describe("operands", () => {
  test("are evaluated from left to right", () => {
    const text = `
      task pair(a: str, b: str, c: str = "c") -> str { "{a}{b}{c}" }
      notify user "{ask user "1"}-{ask user "2"}" + ask user "3"
      notify user pair(b: ask user "b", a: ask user "a")
      notify user [ask user "x", ask user "y"].join(ask user "z")
    `;
    expect(effectsOf(text, echo)).toEqual([
      "Ask 1",
      "Ask 2",
      "Ask 3",
      "Notify 1-23",
      "Ask b",
      "Ask a",
      "Notify abc",
      "Ask x",
      "Ask y",
      "Ask z",
      "Notify xzy",
    ]);
  });

  test("that an effect stands right of are evaluated before it", () => {
    const text = `
      agent Counter {
        role "Counts"
        state { n: int = 0 }
        task bump() -> int {
          self.n = self.n + 1
          notify user "bump"
          self.n
        }
        task both() -> int { self.n * 100 + bump() * 10 + self.n }
        every 1.day { notify user "{both()}" }
      }
      run Counter
    `;
    const { program } = build(text);
    expect(drive(program, { function: "Counter.both", state: { n: 4 } }).value).toBe(4 * 100 + 5 * 10 + 5);
  });

  test("that fail do so before the effects right of them", () => {
    const text = `
      x: list[str] = []
      try { notify user x[0]! + ask user "never" } catch err: NullError { notify user "null" }
    `;
    expect(effectsOf(text, echo)).toEqual(["Notify null"]);
  });
});

describe("what may not be reached", () => {
  test("and, or, ?? stop where the answer is known", () => {
    const text = `
      a = confirm user "no" and confirm user "never"
      b = confirm user "yes" or confirm user "never"
      c = not (confirm user "yes" and confirm user "no")
      x: str? = "x"
      none_yet: str? = none
      d = x ?? ask user "never"
      e = none_yet ?? ask user "e"
      notify user "{a} {b} {c} {d} {e}"
    `;
    expect(effectsOf(text, echo)).toEqual([
      "Confirm no",
      "Confirm yes",
      "Confirm yes",
      "Confirm no",
      "Ask e",
      "Notify false true true x e",
    ]);
  });

  test("conditions of if, guards and where", () => {
    const text = `
      type Light = red | green
      task cross(light: Light) -> str {
        when light {
          red where confirm user "no" => "ran"
          green where confirm user "yes" => "went"
          _ => "waited"
        }
      }
      if confirm user "no" or confirm user "yes" { notify user "then" } else { notify user "else" }
      notify user cross(red)
      notify user cross(green)
      for n in [1, 2] where confirm user "{n}" == "1" or n == 2 { notify user "{n}" }
    `;
    expect(effectsOf(text.replace('confirm user "{n}" == "1" or n == 2', '(ask user "{n}") == "1"'), echo)).toEqual([
      "Confirm no",
      "Confirm yes",
      "Notify then",
      "Confirm no",
      "Notify waited",
      "Confirm yes",
      "Notify went",
      "Ask 1",
      "Notify 1",
      "Ask 2",
    ]);
  });

  test("a chain that is cut short", () => {
    const text = `
      type Mail { subject: str, body: str? }
      task first(mail: Mail?) -> str { mail?.subject.slice(0, (ask user "how far?").length) ?? "nothing" }
      notify user first({subject: "Hello", body: none})
      notify user first(none)
    `;
    expect(effectsOf(text, () => "abc")).toEqual(["Ask how far?", "Notify Hel", "Notify nothing"]);
  });

  test("a fallback", () => {
    const text = `
      a = summarize "text" fallback ask user "a?"
      b = summarize "text" fallback ask user "b?"
      notify user "{a} {b}"
    `;
    const answer = (effect: Effect, nth: number): Value => {
      return effect.kind === "Ask" ? "typed" : nth === 1 ? "short" : null;
    };
    expect(effectsOf(text, answer)).toEqual([
      "Summarize text none",
      "Summarize text none",
      "Ask b?",
      "Notify short typed",
    ]);
  });

  test("what is confirmed", () => {
    const text = `
      confirm user "no" then notify user "sent"
      confirm user "yes" then notify user "sent too"
    `;
    expect(effectsOf(text, echo)).toEqual(["Confirm no", "Confirm yes", "Notify sent too"]);
  });
});

describe("handlers", () => {
  const failing = (effect: Effect): Value | Failure =>
    effect.kind === "Notify" && effect.given.text === "down" ? offline("down") : null;

  test("take an error of an effect, by its type", () => {
    const text = `
      x = try { notify user "down"; } catch err: MailError { "mail" } catch err: NetworkError { err.message }
      notify user "caught {x}"
    `;
    const lines = text.replace('"down"; }', '"down"\n "fine" }');
    expect(effectsOf(lines, failing)).toEqual(["Notify down", "Notify caught down"]);
  });

  test("are left by break, continue and return", () => {
    const text = `
      task leave(how: str) -> str {
        for n in [1, 2, 3] {
          try {
            notify user "{n}"
            if how == "return" { return "returned" }
            if how == "break" { break }
            if how == "continue" { continue }
          } catch err { notify user "inner" }
          notify user "end {n}"
        }
        notify user "down"
        "after"
      }
      for how in ["return", "break", "continue"] {
        try { notify user leave(how) } catch err { notify user "outer" }
      }
    `;
    expect(effectsOf(text, failing)).toEqual([
      "Notify 1",
      "Notify returned",
      "Notify 1",
      "Notify down",
      "Notify outer",
      "Notify 1",
      "Notify 2",
      "Notify 3",
      "Notify down",
      "Notify outer",
    ]);
  });

  test("retry begins its block again", () => {
    const text = `
      x = retry 2 times { ask user "again?" }
      notify user x
    `;
    const answer = (effect: Effect, nth: number): Value | Failure =>
      effect.kind === "Ask" ? (nth < 4 ? offline("no") : "yes") : null;
    const effects = effectsOf(text, answer);
    expect(effects.filter((effect) => effect.startsWith("Ask"))).toHaveLength(3);
    expect(effects.at(-1)).toBe("Notify yes");
  });
});

describe("loops", () => {
  test("collect values, and none of an iteration that was continued", () => {
    const text = `
      xs = for n in [1, 2, 3, 4] {
        if n == 2 { continue }
        if n == 4 { break }
        (ask user "{n}").length
      }
      notify user "{xs}"
    `;
    expect(effectsOf(text, echo)).toEqual(["Ask 1", "Ask 3", "Notify [1, 1]"]);
  });

  test("collection methods call a function with effects for each element", () => {
    const text = `
      ask_for = (n: int) => ask user "{n}"
      notify user [1, 2].map(ask_for).join("+")
      notify user "{[1, 2, 3].filter(n => confirm user "{n}").count}"
    `;
    const answer = (effect: Effect): Value => (effect.kind === "Ask" ? "a" : effect.kind === "Confirm" ? true : null);
    expect(effectsOf(text, answer)).toEqual([
      "Ask 1",
      "Ask 2",
      "Notify a+a",
      "Confirm 1",
      "Confirm 2",
      "Confirm 3",
      "Notify 3",
    ]);
  });

  test("an iteration over mail settles its item, unless an error leaves it", () => {
    const text = `
      task look(stop: bool) -> str {
        for mail in fetch email where unread {
          if mail.subject == "skip" { continue }
          if mail.subject == "bad" { fail "bad mail" }
          if stop { return mail.subject }
          notify user mail.subject
        }
        "end"
      }
      try { look(false) } catch err { notify user "failed" }
      notify user look(true)
    `;
    const mails = ["skip", "good", "bad"].map((subject) => ({ subject }));
    const answer = (effect: Effect): Value => (effect.kind === "Fetch" ? mails : null);
    const seen = effectsOf(text, answer).map((effect) => effect.replace(/ .*"subject": "?(\w+)"?.*/, " $1"));
    expect(seen.filter((effect) => !effect.startsWith("Fetch"))).toEqual([
      "Settle skip",
      "Notify good",
      "Settle good",
      "Notify failed",
      "Settle skip",
      "Settle good",
      "Notify good",
    ]);
  });
});
