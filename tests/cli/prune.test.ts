// `keel prune` with the built command: what it says it would do, what it does, and what is left afterwards.

import { statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { place } from "./command.ts";

const waiting = `agent Digest {
  role "gathers"
  state { count: int = 0 }
  every 1.second {
    self.count = self.count + 1
    notify user "gathered {self.count} ${"x".repeat(3_000)}"
    if self.count == 3 { ask user "publish?" }
  }
}
run Digest
`;

test("nothing is changed until it is said with --yes; then the run goes on as before, and its chain holds", async () => {
  const here = place();
  here.write("digest.keel", waiting);
  const first = await here.keel(["run", "digest.keel", "--no-input", "--ticks", "4"]);
  expect(first.code).toBe(75);
  const events = (await here.timeline()).length;

  const said = await here.keel(["prune", "--older-than", "0d"]);
  expect(said).toMatchObject({ code: 0, err: "" });
  expect(said.out).toMatch(
    /^would be pruned:\n {2}r\w{8} {2}digest\.keel {2}\d+ events of 2 activations\nnothing was changed/,
  );
  expect(await here.timeline()).toHaveLength(events);

  const done = await here.keel(["prune", "--older-than", "0d", "--yes", "--json"]);
  const [report] = JSON.parse(done.out) as readonly { readonly events: number; readonly done: boolean }[];
  expect(report).toMatchObject({ action: "prune", activations: 2, done: true });
  expect(await here.timeline()).toHaveLength(events - (report?.events ?? 0));
  expect((await here.keel(["show"])).out).toContain(`pruned: ${report?.events ?? 0} events`);

  const run = await here.run();
  const resumed = await here.keel(["answer", run, "yes", "--resume"]);
  expect(resumed.out).toContain("▸ gathered 4 ");
  expect(resumed.code).toBe(0);
});

test("runs that ended are removed whole, younger ones and those that wait are not", async () => {
  const here = place();
  here.write("long.keel", `notify user "${"y".repeat(200_000)}"`);
  here.write("wait.keel", `ask user "?"`);
  await here.keel(["run", "wait.keel", "--no-input"]);
  const kept = await here.run();
  await here.keel(["run", "long.keel"]);
  await here.keel(["run", "long.keel"]);
  expect((await here.keel(["prune", "--yes"])).out).toBe("nothing is old enough to be pruned\n");
  const done = await here.keel(["prune", "--older-than", "0d", "--yes"]);
  expect(done.out.match(/the whole run, \d+ events/g)).toHaveLength(2);
  const listed = JSON.parse((await here.keel(["ls", "--json"])).out) as readonly { readonly run: string }[];
  expect(listed.map(({ run }) => run)).toEqual([kept]);
  expect(statSync(path.join(here.data, "journal.db")).size).toBeLessThan(200_000);
});

test("a run that another process drives is left alone, and said so", async () => {
  const here = place();
  here.write("ticks.keel", `agent A {\n  role "r"\n  every 1.second { notify user "tick" }\n}\nrun A`);
  const running = here.start(["run", "ticks.keel"]);
  await running.until("▸ tick");
  await running.until("tick\n  ▸ tick");
  const said = await here.keel(["prune", "--older-than", "0d", "--yes"]);
  expect(said.out).toContain("left alone, another process drives the run");
  running.child.kill("SIGINT");
  expect((await running.end).code).toBe(130);
});

test("a wrong age and a run that is not there are said", async () => {
  const here = place();
  expect((await here.keel(["prune", "--older-than", "soon"])).err).toContain("90m, 12h, 30d, 8w");
  expect((await here.keel(["prune"])).out).toBe("nothing is old enough to be pruned\n");
  expect((await here.keel(["prune", "r123"])).code).toBe(2);
});
