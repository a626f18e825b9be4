// Replies as models write them when they do not write what they were asked for: what each has to come to stands in
// `replies/`, written before the code was asked. A wrong value is worse than none: not one may be wrong.

import { beforeAll, describe, expect, it } from "vitest";
import { encode } from "../../src/interp/codec.ts";
import { fits } from "../../src/interp/fits.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import type { Decoder } from "../../src/runtime/models/structured.ts";
import { cases, families } from "./reply-cases.ts";
import type { ReplyCase } from "./reply-cases.ts";
import { shapes } from "./reply-shapes.ts";

/** What the reason says, by the name that a failure has in `replies/`. */
const reasons: { readonly [failure: string]: RegExp } = {
  absent: /^there is no JSON in the reply$/,
  broken: /can be read in more than one way|does not end, or a quote/,
  cut: /does not end, or a quote/,
  elided: /leaves some out/,
  empty: /^the reply is empty$/,
  retracted: /takes its answer back/,
  several: /more than one answer/,
  thoughts: /nothing but thoughts/,
  twice: /says ".*" twice/,
  unclear: /is not clearly one of/,
  unfit: /./,
};

type Outcome = "right" | "wrong value" | "no value" | "wrong reason" | "threw";

let decode: Decoder;

beforeAll(async () => {
  decode = await loadDecoder();
});

function outcomeOf({ shape, reply, expected }: ReplyCase): Outcome {
  let decoded: ReturnType<Decoder>;
  try {
    decoded = decode(reply, shape);
  } catch {
    return "threw";
  }
  if (decoded.kind === "Value") {
    const isRight = expected.kind === "Value" && same(decoded.value, expected.value) && fits(decoded.value, shape);
    return isRight ? "right" : "wrong value";
  }
  if (expected.kind === "Value") return "no value";
  return reasons[expected.why]?.test(decoded.reason) === true ? "right" : "wrong reason";
}

function same(a: Parameters<typeof encode>[0], b: Parameters<typeof encode>[0]): boolean {
  return JSON.stringify(encode(a)) === JSON.stringify(encode(b));
}

describe("the corpus", () => {
  it("is large, and every family has both outcomes", () => {
    expect(cases.length).toBeGreaterThanOrEqual(1000);
    for (const family of families) {
      const kinds = cases.filter((each) => each.family === family).map(({ expected }) => expected.kind);
      expect(new Set(kinds), family).toStrictEqual(new Set(["Value", "Failure"]));
    }
  });

  it("has each reply once", () => {
    const keys = cases.map(({ shape, reply }) => JSON.stringify([shape, reply]));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("names only failures that there are", () => {
    const named = cases.flatMap(({ expected }) => (expected.kind === "Failure" ? [expected.why] : []));
    expect(new Set(named)).toStrictEqual(new Set(Object.keys(reasons)));
  });
});

describe("the score", () => {
  it("is 99 % or more, with no wrong value and nothing thrown", () => {
    const outcomes = cases.map((each) => ({ title: each.title, outcome: outcomeOf(each) }));
    const missed = outcomes.filter(({ outcome }) => outcome !== "right");
    const right = outcomes.length - missed.length;
    process.stdout.write(
      `replies: ${right} of ${outcomes.length} right (${((100 * right) / outcomes.length).toFixed(1)} %)\n`,
    );
    expect(missed.filter(({ outcome }) => outcome === "wrong value" || outcome === "threw")).toStrictEqual([]);
    expect(right / outcomes.length, JSON.stringify(missed, null, 2)).toBeGreaterThanOrEqual(0.99);
  });

  it.each(families)("%s", (family) => {
    const missed = cases.filter((each) => each.family === family && outcomeOf(each) !== "right");
    expect(missed.map((each) => `${outcomeOf(each)}: ${each.title}`)).toStrictEqual([]);
  });

  it("would notice", () => {
    const [first] = cases.filter(({ expected, shape }) => expected.kind === "Failure" && shape === shapes["urgency"]);
    expect(first && outcomeOf({ ...first, reply: '{"value": "high"}' })).toBe("wrong value");
  });
});
