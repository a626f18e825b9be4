// Without a network: nobody answers, or a script does.

import { describe, expect, it } from "vitest";
import { Variant } from "../../src/interp/value.ts";
import { parseScript } from "../../src/runtime/models/mock.ts";
import type { ModelAccess } from "../../src/runtime/models/access.ts";
import { classifyMood, perform, testStep } from "./step.ts";

function script(json: unknown): ModelAccess {
  return { kind: "script", text: JSON.stringify(json) };
}

const none = { kind: "Value", value: null };
const sad = { kind: "Value", value: new Variant("Mood", "sad") };

describe("mock", () => {
  it("gives none, says nothing and costs nothing", async () => {
    const step = testStep();
    const { outcome, model } = await perform({ kind: "mock" }, classifyMood("x", "claude-haiku"), step);
    expect(outcome).toStrictEqual(none);
    expect(model).toStrictEqual({
      model: "claude-haiku",
      used: "mock",
      request: [],
      replies: [],
      reason: "mock",
      cost: 0,
      ms: 0,
    });
    expect(step.lines).toStrictEqual([]);
  });
});

describe("a script", () => {
  it("answers as a provider would, and costs what the program's model costs", async () => {
    const step = testStep();
    const access = script({ replies: [{ operation: "classify", reply: "Sad.", usage: { input: 100, output: 10 } }] });
    const { outcome, model } = await perform(access, classifyMood("x", "claude-haiku"), step);
    expect(outcome).toStrictEqual(sad);
    expect(model).toMatchObject({
      used: "script:claude-haiku-4-5-20251001",
      cost: 150,
      replies: [{ text: "Sad.", input: 100, output: 10 }],
    });
    expect(model?.request.map(([role]) => role)).toStrictEqual(["system", "user"]);
    expect(step.lines[0]).toBe("  🤖 Classifying as [happy, neutral, sad] using claude-haiku-4-5-20251001 (script)");
  });

  it("takes JSON as a reply, and estimates what it uses", async () => {
    const access = script({ replies: [{ operation: "classify", reply: { value: "sad" } }], model: "claude-opus" });
    const { outcome, model } = await perform(access, classifyMood("x"), testStep());
    expect(outcome).toStrictEqual(sad);
    const sent = model?.request.map(([, text]) => text).join("\n") ?? "";
    const input = Math.ceil(sent.length / 4);
    expect(model).toMatchObject({
      used: "script:claude-opus-4-6-20260415",
      replies: [{ input, output: 4 }],
      cost: input * 5 + 4 * 25,
    });
  });

  it("is matched by operation, step and text, the first entry first", async () => {
    const access = script({
      replies: [
        { operation: "draft", reply: "happy" },
        { operation: "classify", step: "other/classify", reply: "happy" },
        { operation: "classify", contains: "invoice", reply: "neutral" },
        { operation: "classify", step: "triage/classify", reply: "sad" },
        { operation: "classify", reply: "happy" },
      ],
    });
    const reply = async (text: string) =>
      (await perform(access, classifyMood(text), testStep())).model?.replies[0]?.text;
    expect(await reply("an invoice")).toBe("neutral");
    expect(await reply("a letter")).toBe("sad");
    expect(await reply("a letter")).toBe("sad");
    const elsewhere = async (step: string) => {
      const place = { step, indices: [] };
      return (await perform(access, classifyMood("x"), { ...testStep(), place })).model?.replies[0]?.text;
    };
    expect(await elsewhere("triage/classify:email-body#2")).toBe("sad");
    expect(await elsewhere("triage/classify_all")).toBe("happy");
  });

  it("without an entry that matches gives none", async () => {
    const step = testStep();
    const { outcome, model } = await perform(script({ replies: [] }), classifyMood("x"), step);
    expect(outcome).toStrictEqual(none);
    expect(model).toMatchObject({ reason: "no scripted reply", replies: [], cost: 0 });
    expect(step.lines.at(-1)).toBe("  ✗ No result: no scripted reply");
  });

  it("waits on the world's clock", async () => {
    const step = testStep();
    const { model } = await perform(
      script({ replies: [{ operation: "classify", reply: "sad", delay_ms: 40 }] }),
      classifyMood("x"),
      step,
    );
    expect(step.clock.waits).toStrictEqual([40]);
    expect(model?.ms).toBe(40);
  });

  it.each([
    ["rate_limit", "rate limited"],
    ["bad_key", "bad key"],
    ["unreachable", "unreachable"],
  ])("plays %s, once", async (error, reason) => {
    const step = testStep();
    const { outcome } = await perform(script({ replies: [{ operation: "classify", error }] }), classifyMood("x"), step);
    expect(outcome).toMatchObject({
      kind: "Failure",
      error: { name: "AIError", fields: { reason, source: "script" } },
    });
    expect(step.clock.waits).toStrictEqual([]);
  });

  it.each([
    ["refused", "the model refused to answer"],
    ["cut_off", "the reply was cut off at its token limit"],
  ])("plays %s", async (error, reason) => {
    const entry = { operation: "classify", error, reply: "sad" };
    const { outcome, model } = await perform(script({ replies: [entry] }), classifyMood("x"), testStep());
    expect(outcome).toStrictEqual(none);
    expect(model?.reason).toBe(reason);
  });

  it.each<readonly [string, string]>([
    ["{", "it is not JSON"],
    ["[]", "has to be an object"],
    ["{}", "`replies` has to be a list"],
    ['{"replies": [], "modle": "x"}', "the script has the unknown key `modle`"],
    [
      '{"replies": [{"operation": "classify", "reply": "x"}, {"operation": "clasify", "reply": "x"}]}',
      "replies[1]: `operation` has to be one of classify,",
    ],
    ['{"replies": [{"operation": "classify"}]}', "replies[0]: `reply` is missing"],
    ['{"replies": [{"operation": "classify", "reply": "x", "delay": 1}]}', "replies[0] has the unknown key `delay`"],
    [
      '{"replies": [{"operation": "classify", "reply": "x", "delay_ms": -1}]}',
      "replies[0]: `delay_ms` has to be a whole number",
    ],
    [
      '{"replies": [{"operation": "classify", "reply": "x", "contains": 1}]}',
      "replies[0]: `contains` has to be a text",
    ],
    [
      '{"replies": [{"operation": "classify", "reply": "x", "usage": {"input": 1}}]}',
      "replies[0]: `usage.output` has to be",
    ],
    [
      '{"replies": [{"operation": "classify", "reply": "x", "error": "oops"}]}',
      "replies[0]: `error` has to be one of unreachable,",
    ],
  ])("%s is refused: %s", (text, message) => {
    expect(() => parseScript(text)).toThrow(message);
  });

  it("may answer null", () => {
    expect(parseScript('{"replies": [{"operation": "prompt", "reply": null}]}').replies[0]?.reply).toBe("null");
  });
});
