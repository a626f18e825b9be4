// A text that a model is writing, at a real terminal and into a pipe: the built command against a server that speaks a
// provider's protocol.

import { expect, onTestFinished, test } from "vitest";
import { ProviderServer } from "../models/provider-server.ts";
import type { Behaviour } from "../models/provider-server.ts";
import { atTerminal, hasTerminals } from "./at-terminal.ts";
import { place } from "./command.ts";

const program = `letter = draft "a letter to {"Ada"}" using "openai:m" fallback "(none)"
notify user letter
`;
const text = "Dear Ada, thank you for your letter.";
const paused = { kind: "Paused", text } as const;

async function serverThat(...does: readonly Behaviour[]): Promise<ProviderServer> {
  const server = await ProviderServer.start();
  onTestFinished(() => server.stop());
  server.will(...does);
  return server;
}

function envOf({ address }: ProviderServer) {
  return { KEEL_LLM: "", ANTHROPIC_API_KEY: "", OPENAI_API_KEY: "", OPENAI_BASE_URL: `${address}/v1` };
}

const head = ({ address }: ProviderServer): string =>
  `⚡ LLM provider: OpenAI-compatible (${address}/v1)\n  🤖 Drafting using m (openai @ ${address}/v1)\n`;

test.skipIf(!hasTerminals)("is shown while it grows, and stands there once when it is done", async () => {
  const here = place();
  here.write("a.keel", program);
  const server = await serverThat(paused);
  const run = atTerminal(here, "keel run a.keel", envOf(server));
  await run.shows("  │ Dear Ada");
  server.release();
  expect(await run.end).toBe(0);
  expect(run.screen.text).toBe(`${head(server)}  ✓ Result: ${text}\n  ▸ ${text}`);
});

test.skipIf(!hasTerminals)("is gone after Ctrl+C, and so is its connection", async () => {
  const here = place();
  here.write("a.keel", program);
  const server = await serverThat(paused);
  const closing = server.closing();
  const run = atTerminal(here, "keel run a.keel", envOf(server));
  await run.shows("  │ Dear Ada");
  run.type("\u0003");
  await closing;
  expect(await run.end).toBe(130);
  expect(run.screen.text).not.toContain("│");
  expect(run.screen.text).toMatch(/\n▸ Run r\w+ is interrupted/);
});

test("into a pipe, nothing of it but the result", async () => {
  const here = place();
  here.write("a.keel", program);
  const server = await serverThat({ kind: "Text", text });
  const { code, out, err } = await here.keel(["run", "a.keel"], { env: envOf(server) });
  expect({ code, out, err }).toStrictEqual({
    code: 0,
    out: `${head(server)}  ✓ Result: ${text}\n  ▸ ${text}\n`,
    err: "",
  });
});
