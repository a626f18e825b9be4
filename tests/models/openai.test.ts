// What OpenAI-compatible servers differ in: what they take, how they answer, and what they say of their trouble. What
// they have in common with the other providers is in `providers.test.ts`.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Float, Variant } from "../../src/interp/value.ts";
import type { Performed } from "../../src/runtime/effects/handler.ts";
import { connector } from "../../src/runtime/models/access.ts";
import { eventData } from "../../src/runtime/models/server-events.ts";
import { ProviderServer } from "./provider-server.ts";
import type { Asked, Behaviour } from "./provider-server.ts";
import { classifyMood, perform, testStep } from "./step.ts";

let server: ProviderServer;

beforeAll(async () => {
  server = await ProviderServer.start();
});

afterAll(() => server.stop());

const happy = { kind: "Text", text: '{"value": "happy"}' } as const;
const config = { temperature: new Float(0.2), max_tokens: 300, top_p: new Float(0.9), seed: 7 };

function env(more: { readonly [name: string]: string } = {}) {
  return { OPENAI_BASE_URL: `${server.address}/v1`, ...more };
}

/** Asks once; `refuses` says what the server does not take. */
async function ask(
  behaviour: Behaviour = happy,
  refuses: (body: Asked["body"]) => string | object | undefined = () => undefined,
  more: { readonly [name: string]: string } = {},
): Promise<Performed> {
  server.will(behaviour);
  server.refuses = refuses;
  const step = testStep({ config });
  return perform({ kind: "live", env: env(more) }, classifyMood("x", "openai:gpt-5"), step);
}

const mood = { outcome: { kind: "Value", value: new Variant("Mood", "happy") } };

describe("what is sent", () => {
  it("is a chat with all of the config and a strict schema", async () => {
    const performed = await ask(happy, undefined, { OPENAI_API_KEY: " key-of-a-test " });
    const [asked] = server.asked;
    expect(asked?.path).toBe("/v1/chat/completions");
    expect(asked?.headers).toMatchObject({ authorization: "Bearer key-of-a-test", "content-type": "application/json" });
    expect(asked?.body).toMatchObject({
      model: "gpt-5",
      temperature: 0.2,
      max_tokens: 300,
      top_p: 0.9,
      seed: 7,
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "system" }, { role: "user" }],
      response_format: {
        type: "json_schema",
        json_schema: { name: "classify", strict: true, schema: { type: "object", required: ["value"] } },
      },
    });
    expect(performed.model).toMatchObject({ model: "openai:gpt-5", used: "openai:gpt-5", cost: null });
  });

  it("holds no key where none is set, and a user and password of the address", async () => {
    await ask();
    expect(server.asked[0]?.headers).not.toHaveProperty("authorization");
    const performed = await ask(happy, undefined, {
      OPENAI_BASE_URL: `${server.address.replace("//", "//ada:s3cret@")}/v1/`,
    });
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from("ada:s3cret").toString("base64")}`);
    expect(JSON.stringify(performed)).not.toContain("s3cret");
  });

  it("is a schema that is not strict where it has a map", async () => {
    server.says('{"a": 1}');
    const shape = { kind: "map", key: { kind: "str" }, value: { kind: "int" } } as const;
    const given = { parts: ["Count."], model: "openai:m" };
    await perform({ kind: "live", env: env() }, { kind: "Prompt", shape, given }, testStep());
    expect(server.asked[0]?.body).toMatchObject({ response_format: { json_schema: { strict: false } } });
  });
});

describe("what a server does not take", () => {
  const forms = (): unknown[] =>
    server.asked.map(({ body }) => (body["response_format"] as { type: string } | undefined)?.type);

  const onlyObject = (body: Asked["body"]) =>
    (body["response_format"] as { type?: string } | undefined)?.type === "json_schema"
      ? { error: { message: "This response_format type is unavailable now", type: "invalid_request_error" } }
      : undefined;
  const noForm = (body: Asked["body"]) =>
    body["response_format"] === undefined ? undefined : { error: "'response_format.type' must be 'text'" };
  const noWords = (body: Asked["body"]) => (body["response_format"] === undefined ? undefined : "no");

  it.each([
    ["a JSON Schema", onlyObject, ["json_schema", "json_object"]],
    ["any form", noForm, ["json_schema", "json_object", undefined]],
    ["any form, without saying so", noWords, ["json_schema", "json_object", undefined]],
  ] as const)("%s: is asked for the next best", async (_, refuses, expected) => {
    expect(await ask(happy, refuses)).toMatchObject(mood);
    expect(forms()).toStrictEqual(expected);
  });

  it("is known the next time", async () => {
    server.will(happy);
    server.refuses = noForm;
    const line = connector({ kind: "live", env: env() })("openai:m", { operation: "x", step: "x" }, testStep().clock);
    if (line?.kind !== "Line") throw new Error("no line");
    const request = { model: "m", system: "", messages: [], sampling: {}, schema: { name: "x", schema: {} } };
    const never = new AbortController().signal;
    for (let n = 0; n < 2; n += 1) expect(await line.provider.send(request, never)).toMatchObject({ kind: "Reply" });
    expect(server.asked).toHaveLength(4);
  });

  it("a limit by its old name: is told the new one", async () => {
    const message = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.";
    const refuses = (body: Asked["body"]) => ("max_tokens" in body ? { error: { message } } : undefined);
    expect(await ask(happy, refuses)).toMatchObject(mood);
    expect(server.asked).toHaveLength(2);
    expect(server.asked[1]?.body).toMatchObject({ max_completion_tokens: 300 });
  });

  it("to say its usage: it is estimated", async () => {
    const refuses = (body: Asked["body"]) =>
      "stream_options" in body ? { error: { message: "Extra inputs: stream_options" } } : undefined;
    const performed = await ask(happy, refuses);
    expect(performed).toMatchObject(mood);
    const sent = (performed.model?.request ?? []).reduce((sum, [, text]) => sum + Math.ceil(text.length / 4), 0);
    expect(performed.model?.replies).toMatchObject([{ input: sent, output: Math.ceil(happy.text.length / 4) }]);
  });

  it("a setting: is an error, and nothing is left out", async () => {
    const message = "Unsupported value: 'temperature' does not support 0.2 with this model.";
    const performed = await ask(happy, () => ({ error: { message, param: "temperature" } }));
    expect(performed.outcome).toMatchObject({ kind: "Failure", error: { fields: { reason: "bad request" } } });
    expect(server.asked).toHaveLength(1);
  });
});

describe("what is received", () => {
  it("may come in one piece", async () => {
    const performed = await ask({ kind: "Whole", text: '{"value": "happy"}' });
    expect(performed).toMatchObject(mood);
    expect(performed.model?.replies).toMatchObject([{ input: 20, output: 5, stop: "end" }]);
  });

  it("tells of what was read from a cache", async () => {
    const performed = await ask({ ...happy, input: 100, cacheRead: 900 });
    expect(performed.model?.replies).toMatchObject([{ input: 1000, cacheRead: 900 }]);
  });

  it("a page that is no API is told with the variable to set", async () => {
    const performed = await ask(happy, undefined, { OPENAI_BASE_URL: server.address });
    expect(performed.outcome).toMatchObject({
      error: { fields: { reason: "unreachable", message: expect.stringContaining("OPENAI_BASE_URL") as string } },
    });
  });

  it("a key that no header can carry is a bad key, and no request", async () => {
    const performed = await ask(happy, undefined, { OPENAI_API_KEY: "key\nof" });
    expect(performed.outcome).toMatchObject({ error: { fields: { reason: "bad key" } } });
    expect(server.asked).toHaveLength(0);
  });
});

describe("a stream of events", () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["an event a chunk", ["data: a\n\n", "data: b\n\n"], ["a", "b"]],
    ["chunks that end anywhere", ["da", "ta: a\n", "\ndata:b\n\n"], ["a", "b"]],
    ["carriage returns", ["data: a\r", "\n\r\ndata: b\r\rdata: c\r\n\r\n"], ["a", "b", "c"]],
    ["comments, names and lines", [": hi\n\nevent: x\ndata: a\ndata: b\nid: 1\n\n"], ["a\nb"]],
    ["an event that breaks off", ["data: a\n\ndata: b\n"], ["a"]],
  ];
  it.each(cases)("%s", async (_, chunks, expected) => {
    const bytes = ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
    const found: string[] = [];
    for await (const data of eventData(bytes)) found.push(data);
    expect(found).toStrictEqual(expected);
  });

  it("a sign in two chunks", async () => {
    const bytes = new TextEncoder().encode("data: é\n\n");
    const found: string[] = [];
    for await (const data of eventData(ReadableStream.from([bytes.slice(0, 7), bytes.slice(7)]))) found.push(data);
    expect(found).toStrictEqual(["é"]);
  });
});
