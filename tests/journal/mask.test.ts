// No secret gets through, in whatever form; what is no secret stays as it is.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/runtime/journal/event.ts";
import { fingerprint, makeMask } from "../../src/runtime/journal/mask.ts";
import { of, started } from "./sample.ts";

const secret = 'pä"ss/w\\rd+ 1\n';
const mask = makeMask([{ name: "PASS", value: secret }]);
const hidden = "‹secret:PASS›";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("forms of a secret", () => {
  test.each([
    ["as it is", `a ${secret} b`, `a ${hidden} b`],
    ["twice", `${secret}${secret}`, `${hidden}${hidden}`],
    ["in JSON", JSON.stringify({ a: secret }), `{"a":"${hidden}"}`],
    ["in JSON in JSON", JSON.stringify(JSON.stringify(secret)), `"\\"${hidden}\\""`],
    ["in JSON of ASCII", JSON.stringify(secret).replace("ä", "\\u00E4"), `"${hidden}"`],
    ["in a URL", `?q=${encodeURIComponent(secret)}&x`, `?q=${hidden}&x`],
    ["in a URL, small letters", encodeURIComponent(secret).toLowerCase(), hidden],
    ["in a form", String(new URLSearchParams({ q: secret })), `q=${hidden}`],
    ["with another line break", secret.replace("\n", "\r\n"), hidden],
  ])("%s", (_, text, expected) => {
    expect(mask.text(text)).toBe(expected);
  });

  test.each(["", "u", "us", "use", "user:"])("in base64 after %j", (before) => {
    for (const after of ["", "!", "!!", "and more of it"]) {
      for (const encoded of [
        base64(before + secret + after),
        Buffer.from(before + secret + after).toString("base64url"),
      ]) {
        const masked = mask.text(`Basic ${encoded}`);
        expect(masked).toContain(hidden);
        const rest = Buffer.from(masked.replace(hidden, " ").replace("Basic ", ""), "base64").toString("latin1");
        expect(rest).not.toContain('"ss/w');
      }
    }
  });

  test("in base64 of either alphabet", () => {
    const odd = makeMask([{ name: "ODD", value: "???>>>~~~" }]);
    const bytes = Buffer.from("???>>>~~~");
    expect(bytes.toString("base64")).not.toBe(bytes.toString("base64url"));
    expect([odd.text(bytes.toString("base64")), odd.text(bytes.toString("base64url"))]).toEqual([
      "‹secret:ODD›",
      "‹secret:ODD›",
    ]);
  });

  test("in base64 that is broken into lines", () => {
    const long = makeMask([{ name: "KEY", value: "k".repeat(90) + "end of the key" }]);
    const lines = base64(`${"k".repeat(90)}end of the key`).replace(/.{76}/g, "$&\r\n");
    expect(long.text(lines)).toMatch(/^‹secret:KEY›=*$/);
  });
});

test("several secrets: the longest stretch goes, under the longest one's name", () => {
  const both = makeMask([
    { name: "SHORT", value: "abcd" },
    { name: "LONG", value: "cdefgh" },
    { name: "WHOLE", value: "abcdefghij" },
  ]);
  expect(both.text("xabcdefghx")).toBe("x‹secret:LONG›x");
  expect(both.text("abcdefghij abcd")).toBe("‹secret:WHOLE› ‹secret:SHORT›");
});

test("a short secret is not searched for", () => {
  expect(
    makeMask([
      { name: "A", value: "abc" },
      { name: "B", value: "" },
    ]).empty,
  ).toBe(true);
  expect(makeMask([{ name: "A", value: "abc" }]).text("abc")).toBe("abc");
  expect(makeMask([{ name: "A", value: "abcd" }]).empty).toBe(false);
});

test("a secret that is a word of the mask", () => {
  const weak = makeMask([
    { name: "TOKEN", value: "secret" },
    { name: "OTHER", value: "TOKEN" },
  ]);
  const once = weak.text("the secret TOKEN");
  expect(once).toBe("the ‹secret:TOKEN› ‹secret:OTHER›");
  expect(weak.text(once)).toBe(once);
});

test("a long run of backslashes takes no time", () => {
  const slashes = makeMask([{ name: "A", value: `${"\\".repeat(30)}x` }]);
  expect(slashes.text("\\".repeat(20_000))).toBe("\\".repeat(20_000));
});

test("values of the codec keep their form", () => {
  const weak = makeMask([
    { name: "A", value: "high" },
    { name: "B", value: "1234" },
  ]);
  const value = {
    $m: [
      ["high", { $e: "Urgency.high", of: { high: "so high" } }],
      ["n", { $i: "12345678901234567890" }],
    ],
  };
  expect(weak.json(value)).toEqual({
    $m: [
      ["‹secret:A›", { $e: "Urgency.high", of: { high: "so ‹secret:A›" } }],
      ["n", { $i: "12345678901234567890" }],
    ],
  });
  expect(weak.json({ $s: [["$high", "high"]] })).toEqual({ $s: [["$high", "‹secret:A›"]] });
  expect(weak.json([1234, null, true])).toEqual([1234, null, true]);
});

test("an event keeps what a resume finds its way by", () => {
  const weak = makeMask([
    { name: "A", value: "main" },
    { name: "B", value: "value" },
    { name: "C", value: "secret" },
  ]);
  const event: Event = { type: "step.completed", ...of("main", 1, "Fetch"), value: "from main", line: "main" };
  expect(weak.event(event)).toEqual({ ...event, value: "from ‹secret:A›", line: "‹secret:A›" });
  const run = {
    ...started,
    env: { X: { kind: "value", value: "a main" }, Y: { kind: "secret", fingerprint: "0" } },
  } as const;
  expect(weak.event(run)).toEqual({ ...run, env: { ...run.env, X: { kind: "value", value: "a ‹secret:A›" } } });
});

const character = fc.constantFrom(..."abcXYZ019 \"\\/\n\t+-_%&=é漢🎉'");
const value = fc.string({ unit: character, minLength: 4, maxLength: 24 });
const around = fc.string({ unit: character, maxLength: 12 });

test("property: no form of any secret is left, and masking twice changes nothing", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), around, around, (values, before, after) => {
      const secrets = values.map((text, index) => ({ name: `S${index}`, value: text }));
      const many = makeMask(secrets);
      for (const { value: text } of secrets) {
        const forms = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
        for (const form of forms) {
          const masked = many.text(`${before}${form}${after}`);
          expect(masked.replace(/‹secret:S\d›/g, "\u0000")).not.toContain(form);
          expect(many.text(masked)).toBe(masked);
        }
        const masked = many.text(base64(before + text + after));
        expect(masked).toContain("‹secret:");
      }
    }),
    { numRuns: 300 },
  );
});

test("property: text without a secret is left alone", () => {
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 200 }), (text) => {
      expect(makeMask([{ name: "K", value: "Qq7~Qq7~Qq7~" }]).text(text)).toBe(text);
    }),
  );
});

test("a fingerprint tells one secret from another, and differs from run to run", () => {
  expect(fingerprint("salt", "one")).toMatch(/^[0-9a-f]{8}$/);
  expect(fingerprint("salt", "one")).toBe(fingerprint("salt", "one"));
  expect(fingerprint("salt", "one")).not.toBe(fingerprint("salt", "two"));
  expect(fingerprint("salt", "one")).not.toBe(fingerprint("pepper", "one"));
});
