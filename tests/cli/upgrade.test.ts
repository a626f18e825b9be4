// `keel upgrade` with the built command: what it says, what it refuses, and that a resume goes on with the new version.

import { expect, test } from "vitest";
import { expectComplaint, place, type Place } from "./command.ts";

const first = `agent Desk {
  role "keeps count"
  state { seen: int = 0 }
  every 1.second {
    self.seen = self.seen + 1
    notify user "seen {self.seen}"
    answer = ask user "go on?"
    notify user "you said {answer}"
  }
}
run Desk
`;

async function waiting(): Promise<{ here: Place; run: string }> {
  const here = place();
  here.write("desk.keel", first);
  expect((await here.keel(["run", "desk.keel", "--no-input", "--ticks", "2"])).code).toBe(75);
  return { here, run: await here.run() };
}

test("--check changes nothing; the upgrade is in the journal, and the run goes on with the new version", async () => {
  const { here, run } = await waiting();
  here.write(
    "desk.keel",
    first.replace("you said", "thanks for").replace("seen: int = 0", 'seen: int = 0, more: str = "m"'),
  );
  const checked = await here.keel(["upgrade", run, "--to", "desk.keel", "--check"]);
  expect(checked).toEqual({
    code: 0,
    err: "",
    out: `✓ ${run} with desk.keel: 2 live activations, 3 steps: the same so far
  nothing was changed: without --check the run is upgraded
`,
  });
  expect((await here.timeline()).map(({ type }) => type)).not.toContain("run.upgraded");
  expect((await here.keel(["upgrade", run, "--to", "desk.keel"])).code).toBe(0);
  expect((await here.keel(["upgrade", run, "--to", "desk.keel"])).out).toContain(
    "has the program of desk.keel already",
  );
  const resumed = await here.keel(["answer", run, "that", "--resume"]);
  expect(resumed.out).toContain("▸ thanks for that");
  expect((await here.keel(["show"])).out).toContain("run upgraded, program ");
  expect((await here.keel(["replay"])).code).toBe(0);
});

test("what would have gone another way is shown with both places", async () => {
  const { here, run } = await waiting();
  here.write("next.keel", first.replace('notify user "seen {self.seen}"', 'notify user "count {self.seen}"'));
  const refused = await here.keel(["upgrade", run, "--to", "next.keel"]);
  expectComplaint(refused, 1, `✗ ${run} cannot go on with next.keel: 1 reason; nothing was changed`, "next.keel:6:5");
  const json = await here.keel(["upgrade", run, "--to", "next.keel", "--check", "--json"]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ upgraded: false, obstacles: [{ kind: "Differs" }] });
  expect((await here.keel(["resume", "--no-input"])).code).toBe(75);
});

test("a program with errors, a run that is over, a run that is driven, a file that is not there", async () => {
  const { here, run } = await waiting();
  here.write("bad.keel", "notify user nobody");
  expect((await here.keel(["upgrade", run, "--to", "bad.keel"])).code).toBe(1);
  expectComplaint(await here.keel(["upgrade", run, "--to", "missing.keel"]), 2, "missing.keel");
  here.write("done.keel", `notify user "done"`);
  here.write("other.keel", `notify user "other"`);
  await here.keel(["run", "done.keel"]);
  expectComplaint(await here.keel(["upgrade", await here.run(), "--to", "other.keel"]), 2, "is over");
  here.write("long.keel", `wait 1.hour\nnotify user "late"`);
  const running = here.start(["run", "long.keel"]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const held = await here.keel(["upgrade", await here.run(), "--to", "other.keel"]);
  expectComplaint(held, 69, "is being executed by process");
  running.child.kill("SIGINT");
  await running.end;
});
