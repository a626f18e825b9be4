// The handlers of effects over a real Maildir: values out, Failures as outcomes, doubts settled.

import { describe, expect, test } from "vitest";
import type { EffectOf } from "../../src/interp/effect.ts";
import { Failure, errorValue } from "../../src/interp/failure.ts";
import { Duration, FunctionValue, Variant, type Value } from "../../src/interp/value.ts";
import { Connections } from "../../src/runtime/connections/connections.ts";
import { archiveHandler } from "../../src/runtime/effects/archive.ts";
import { fetchHandler } from "../../src/runtime/effects/fetch.ts";
import type { StepContext } from "../../src/runtime/effects/handler.ts";
import { lineOf, retryLine } from "../../src/runtime/effects/lines.ts";
import { rememberHandler } from "../../src/runtime/effects/remember.ts";
import { sendHandler } from "../../src/runtime/effects/send.ts";
import { settleHandler } from "../../src/runtime/effects/settle.ts";
import { unsupported } from "../../src/runtime/effects/unsupported.ts";
import { testWorld } from "../support/world.ts";
import { mailFolder, message } from "./mail-folder.ts";

function stepFor(given: Partial<StepContext> & { readonly path?: string } = {}): StepContext {
  return {
    world: testWorld(),
    program: {
      keel: 1,
      semantics: 1,
      main: "main",
      functions: {},
      agents: {},
      connections: {},
      prompts: {},
      env: [],
      models: [],
    },
    run: "run",
    key: "run/main:1",
    place: { step: "main/send", indices: [] },
    agent: undefined,
    signal: new AbortController().signal,
    call: () => true,
    settings: () => ({ via: "maildir", values: { path: given.path ?? "nowhere" } }),
    progress: () => undefined,
    mask: (text) => text,
    memory: { put: () => undefined, all: () => [], drop: () => undefined },
    ...given,
  };
}

const fetchEffect: EffectOf<"Fetch"> = { kind: "Fetch", connection: "email", given: {} };
const failureOf = (name: string, text: string): object => ({
  outcome: { kind: "Failure", error: { name, fields: { message: text } } },
});

describe("fetch", () => {
  test("applies the program's condition to each mail", async () => {
    const folder = mailFolder({ "new/1.a": message({ Subject: "a" }), "new/2.b": message({ Subject: "b" }) });
    const asked: Value[] = [];
    const call = (_: FunctionValue, [item]: readonly Value[]): Value => {
      asked.push(item ?? null);
      return (item as { readonly subject: string }).subject === "b";
    };
    const effect: EffectOf<"Fetch"> = { ...fetchEffect, given: { where: new FunctionValue("where", []) } };
    const { outcome } = await fetchHandler(new Connections()).perform(effect, stepFor({ path: folder.path, call }));
    expect(asked).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: "Value", value: [{ subject: "b", unread: true }] });
  });

  test("what the condition raises, the fetch raises", async () => {
    const folder = mailFolder({ "new/1.a": message({}) });
    const call = (): Value => {
      throw new Failure(errorValue("ArithmeticError", "division by zero"));
    };
    const effect: EffectOf<"Fetch"> = { ...fetchEffect, given: { where: new FunctionValue("where", []) } };
    const performed = await fetchHandler(new Connections()).perform(effect, stepFor({ path: folder.path, call }));
    expect(performed).toMatchObject(failureOf("ArithmeticError", "division by zero"));
  });

  test("a mailbox that is none, settings that cannot be read, kinds that are not there yet", async () => {
    const handler = fetchHandler(new Connections());
    const at = (given: Partial<StepContext>): Promise<object> => handler.perform(fetchEffect, stepFor(given));
    expect(await at({ settings: () => ({ via: "ftp", values: {} }) })).toMatchObject(
      failureOf("ToolError", "connection kind ftp is not supported yet"),
    );
    const unset = (): never => {
      throw new Failure(errorValue("EnvError", "MAILBOX is not set"));
    };
    expect(await at({ settings: unset })).toMatchObject(failureOf("EnvError", "MAILBOX is not set"));
    expect(await at({ settings: () => ({ via: "maildir", values: {} }) })).toMatchObject(
      failureOf("MailError", "the maildir connection has no path"),
    );
    expect(await at({ settings: () => ({ via: "imap", values: {} }) })).toMatchObject(
      failureOf("MailError", "connection kind imap is not supported yet; run with --connect email=maildir:PATH"),
    );
  });

  test("an interrupted run stops reading", async () => {
    const folder = mailFolder({ "new/1.a": message({}) });
    const performed = await fetchHandler(new Connections()).perform(
      fetchEffect,
      stepFor({ path: folder.path, signal: AbortSignal.abort() }),
    );
    expect(performed.outcome.kind).toBe("Failure");
  });
});

describe("once effects", () => {
  test("send: absent, done, found", async () => {
    const { path } = mailFolder();
    const effect: EffectOf<"Send"> = { kind: "Send", connection: "email", given: { value: "Hi", to: "a@x.org" } };
    const handler = (): ReturnType<typeof sendHandler> => sendHandler(new Connections());
    expect(await handler().settle?.(effect, stepFor({ path }))).toEqual({ kind: "Absent" });
    expect(await handler().perform(effect, stepFor({ path }))).toEqual({ outcome: { kind: "Value", value: null } });
    expect(await handler().settle?.(effect, stepFor({ path }))).toMatchObject({ kind: "Happened" });
    expect(await handler().settle?.(effect, stepFor({ path: "/nowhere" }))).toMatchObject({ kind: "Unknown" });
  });

  test("archive and settle name the field they miss", async () => {
    const { path } = mailFolder();
    const connections = new Connections();
    const given = { item: { subject: "no id" } };
    expect(
      await archiveHandler(connections).perform({ kind: "Archive", connection: "email", given }, stepFor({ path })),
    ).toMatchObject(failureOf("MailError", 'cannot archive this value: it has no field "id"'));
    const text = { item: "a text" };
    expect(
      await settleHandler(connections).perform({ kind: "Settle", connection: "email", given: text }, stepFor({ path })),
    ).toMatchObject(failureOf("MailError", 'cannot mark this value as seen: it is not a struct with a field "id"'));
  });

  test("remember writes the value", async () => {
    const written: Value[] = [];
    const step = stepFor({
      memory: { put: (value) => void written.push(value), all: () => [], drop: () => undefined },
    });
    const effect: EffectOf<"Remember"> = { kind: "Remember", given: { value: { a: 1 } } };
    expect(await rememberHandler.perform(effect, step)).toEqual({ outcome: { kind: "Value", value: null } });
    expect(written).toEqual([{ a: 1 }]);
  });
});

test("what is not supported yet says so", async () => {
  const effect: EffectOf<"Recall"> = { kind: "Recall", given: { query: "x" } };
  expect(await unsupported<"Recall">("recall").perform(effect, stepFor())).toMatchObject(
    failureOf("ToolError", "recall is not supported yet"),
  );
});

test("the lines of a program", () => {
  expect(lineOf({ kind: "Notify", given: { text: "Hello from Keel!" } })).toBe("  ▸ Hello from Keel!");
  expect(lineOf({ kind: "Notify", given: { text: new Variant("Mood", "happy") } })).toBe("  ▸ happy");
  expect(lineOf({ kind: "Notify", given: { text: new Duration(90_000) } })).toBe("  ▸ 90s");
  expect(lineOf({ kind: "Show", given: { value: { from: "a@b.c", urgency: new Variant("Urgency", "high") } } })).toBe(
    "  ┌\n  │ from     a@b.c\n  │ urgency  Urgency.high\n  └",
  );
  expect(retryLine(1, 3, 1000, "Network error")).toBe("  ↻ Retry 1/3 in 1s: Network error");
  expect(lineOf({ kind: "RetryFailed", of: 3, given: { message: "Network error" } })).toBe(
    "  ✗ Failed after 3 retries: Network error",
  );
});
