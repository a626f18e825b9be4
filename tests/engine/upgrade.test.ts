// Another program for a run that waits: what is live must have come to where it is with the new one as well, state is
// matched by name and by what it holds, and what cannot be taken over is said before anything is changed.

import { expect, test } from "vitest";
import { planUpgrade, upgradeRun, type Obstacle, type UpgradePlan } from "../../src/runtime/engine/upgrade.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { checkReplay } from "../support/replay.ts";
import { compiled, session, type Session } from "../support/session.ts";

const decoder = await loadDecoder();
const offer = { inputs: {}, env: {} };
const at = Date.UTC(2026, 0, 6);

async function waiting(text: string): Promise<{ opened: Session; run: string }> {
  const opened = session();
  const first = opened.start(text, { ticks: 3 });
  expect((await first.end).status).toBe("suspended");
  return { opened, run: first.run };
}

function upgrade({ opened, run }: { opened: Session; run: string }, text: string): UpgradePlan {
  return upgradeRun(run, compiled(text), opened.store, decoder, offer, at);
}

const kinds = (obstacles: readonly Obstacle[]): readonly string[] => obstacles.map(({ kind }) => kind);

const asking = `
notify user "first"
name = ask user "who?"
notify user "hello {name}"
`;

test("what comes after the question may be another thing altogether", async () => {
  const here = await waiting(asking);
  const plan = upgrade(
    here,
    asking.replace('notify user "hello {name}"', 'notify user "welcome, {name}"\nnotify user "bye"'),
  );
  expect(plan).toMatchObject({ obstacles: [], notes: [], live: 1, steps: 2 });
  const second = here.opened.resume(here.run, { answers: ["Ada"] });
  expect(await second.end).toEqual({ status: "completed" });
  expect(second.world.terminal.lines).toEqual(["  ▸ welcome, Ada", "  ▸ bye"]);
  checkReplay(here.opened.store, here.run);
});

test("what came before it may not: the first difference is the reason, and nothing is changed", async () => {
  const here = await waiting(asking);
  const before = here.opened.store.head(here.run);
  for (const [changed, kind] of [
    [asking.replace("first", "1st"), "OtherStep"],
    [`notify user "zeroth"\n${asking}`, "OtherStep"],
    [asking.replace('notify user "first"\n', ""), "OtherStep"],
    [asking.replace('"first"', '"{1 + 1}"'), "OtherStep"],
  ] as const) {
    const { obstacles } = upgrade(here, changed);
    expect(kinds(obstacles)).toEqual(["Differs"]);
    expect(obstacles[0]).toMatchObject({ activation: "main", finding: { kind } });
  }
  expect(here.opened.store.head(here.run)).toEqual(before);
  const second = here.opened.resume(here.run, { answers: ["Ada"] });
  expect(await second.end).toEqual({ status: "completed" });
});

const counting = (state: string, body: string): string => `
agent Counter {
  role "counts"
  state { ${state} }
  every 1.minute {
    ${body}
  }
}
run Counter
`;
const plain = counting(
  "seen: int = 0",
  'self.seen = self.seen + 1\n    ask user "go on?"\n    notify user "seen {self.seen}"',
);

test("an agent goes on with its state: new fields have their default, dropped ones are gone", async () => {
  const here = await waiting(plain);
  const second = here.opened.resume(here.run, { answers: ["y"] });
  expect((await second.end).status).toBe("suspended");
  const next = counting(
    'seen: int = 0, said: list[str] = ["start"]',
    'self.seen = self.seen + 1\n    ask user "go on?"\n    self.said = self.said.append("{self.seen}")\n    notify user "{self.seen} {self.said}"',
  );
  expect(upgrade(here, next)).toMatchObject({
    obstacles: [],
    notes: [{ kind: "NewField", agent: "Counter", field: "said" }],
  });
  const third = here.opened.resume(here.run, { answers: ["y", "y"] });
  expect(await third.end).toEqual({ status: "completed" });
  expect(third.world.terminal.lines).toEqual(['  ▸ 2 ["start", "2"]', '  ▸ 3 ["start", "2", "3"]']);
  checkReplay(here.opened.store, here.run);
});

test("a field that is gone is dropped from the state, also when it comes back", async () => {
  const here = await waiting(counting("seen: int = 7, old: int = 0", 'self.old = self.old + 1\n    ask user "?"'));
  await here.opened.resume(here.run, { answers: ["y"] }).end;
  const without = counting("seen: int = 7", 'ask user "?"');
  const plan = upgrade(here, without);
  expect(plan.obstacles).toEqual([]);
  expect(plan.event.dropped).toEqual({ Counter: ["old"] });
  expect(here.opened.store.head(here.run).states).toEqual({});
  checkReplay(here.opened.store, here.run);
});

test("a value that is no longer of its field's type is a reason; a wider type takes it", async () => {
  const here = await waiting(plain);
  await here.opened.resume(here.run, { answers: ["y"] }).end;
  const { obstacles } = upgrade(
    here,
    plain.replace("seen: int = 0", 'seen: str = ""').replace("self.seen + 1", '"{self.seen}x"'),
  );
  expect(obstacles).toContainEqual(
    expect.objectContaining({ kind: "State", agent: "Counter", field: "seen", value: 1, shape: { kind: "str" } }),
  );
  const wider = plain.replace("seen: int = 0", "seen: int? = 0").replace("self.seen + 1", "(self.seen ?? 0) + 1");
  expect(upgrade(here, wider).obstacles).toEqual([]);
});

test("an agent that runs, a timer's block and a waiting message must be there", async () => {
  const text = `
agent Clerk {
  role "handles"
  on message(m: {id: int}) { ask user "{m.id}?" }
}
run Clerk in background
send {id: 1} to Clerk
send {id: 2} to Clerk
after 1.hour { notify user "an hour" }
answer = ask user "main?"
`;
  const here = await waiting(`${text}\nnotify user "{answer}"`);
  const plan = (changed: string): readonly string[] =>
    kinds(planUpgrade(here.run, compiled(changed).program, here.opened.store, decoder, offer).obstacles);
  expect(plan(`${text}\nnotify user "more"`)).toEqual([]);
  expect(plan(text.replace("an hour", "one hour"))).toEqual(["Block"]);
  expect(
    plan(
      text
        .replace("{id: int}", "{id: int, name: str}")
        .replaceAll("{id: 1}", '{id: 1, name: "a"}')
        .replaceAll("{id: 2}", '{id: 2, name: "b"}'),
    ),
  ).toContain("Message");
  expect(plan(`x = 1\nanswer = ask user "main?"`)).toContain("Agent");
});

test("a checkpoint of the old program is not used; where the beginning was pruned it cannot be done", async () => {
  const long = `for n in range(1_200) { notify user "{n}" }\nanswer = ask user "?"\n`;
  const here = await waiting(long);
  expect(here.opened.store.head(here.run).live[0]?.checkpoint).toBeDefined();
  expect(upgrade(here, `${long}notify user "{answer}!"`)).toMatchObject({ obstacles: [], steps: 1_201 });
  expect(here.opened.store.head(here.run).live[0]?.checkpoint).toBeUndefined();
  const second = here.opened.resume(here.run, { answers: ["done"] });
  expect(await second.end).toEqual({ status: "completed" });
  expect(second.world.terminal.lines).toEqual(["  ▸ done!"]);

  const there = await waiting(long);
  const lease = there.opened.store.acquire(there.run, at);
  there.opened.store.prune(lease, at);
  there.opened.store.release(lease);
  expect(kinds(upgrade(there, `${long}notify user "{answer}!"`).obstacles)).toEqual(["Pruned"]);
});

test("variables and inputs that are new are recorded with the upgrade", async () => {
  const here = await waiting(asking);
  const next = `input loud: bool = true\n${asking}notify user "{env.PLACE ?? "nowhere"} {loud}"`;
  const plan = upgradeRun(
    here.run,
    compiled(next),
    here.opened.store,
    decoder,
    { inputs: { loud: false }, env: { PLACE: "here" } },
    at,
  );
  expect(plan.event).toMatchObject({
    env: { PLACE: { kind: "value", value: "here" } },
    inputs: { loud: { value: false } },
  });
  const second = here.opened.resume(here.run, { answers: ["Ada"], env: { PLACE: "elsewhere" } });
  await second.end;
  expect(second.world.terminal.lines).toEqual(["  ▸ hello Ada", "  ▸ here false"]);
  checkReplay(here.opened.store, here.run);
});
