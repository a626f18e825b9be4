// A request in doubt of which a person says that it was made: nobody knows what came of it, so a program that wants its
// answer is given an error, and one that does not goes on.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { place } from "./command.ts";

async function silentShop(): Promise<{ readonly address: string; readonly asked: Promise<void> }> {
  let heard: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (heard = resolve));
  const server = createServer(() => heard());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const unread = `fetch env.SHOP with { method: "POST", body: "x" }
notify user "on"
`;
const read = `try {
  r = fetch env.SHOP with { method: "POST", body: "x" }
  notify user "{r.status}"
} catch err: ToolError { notify user err.message }
`;

test.each([
  ["whose answer nobody reads", unread, "▸ on"],
  ["whose answer is read", read, "was done, and what came of it is not known"],
])("a request %s", async (_, text, line) => {
  const here = place();
  const { address, asked } = await silentShop();
  here.write("a.keel", text);
  const env = { SHOP: address };
  const first = here.start(["run", "a.keel"], { env });
  await asked;
  first.child.kill("SIGKILL");
  await first.end;
  expect((await here.keel(["resume"], { env })).code).toBe(75);
  const run = await here.run();
  const resolved = await here.keel(["resolve", run, "main:1", "--done", "--resume"], { env });
  expect(resolved).toMatchObject({ code: 0, out: expect.stringContaining(line) });
});
