// A run that is killed, given another program or pruned by a process that is killed too, and then killed once more: what
// comes of it is what came of a run that all this happened to in peace.

import { afterAll, beforeAll, expect, test } from "vitest";
import { Course, ground, inParallel, killsOf, type Ground } from "./course.ts";
import { expectSame, picture, type Effects, type Picture } from "./picture.ts";
import { own, read, type Story } from "./stories.ts";
import type { Job, Kill } from "./work.ts";

let here: Ground;

beforeAll(async () => {
  here = await ground("between");
});

afterAll(() => here.close());

/** The deaths of one course, each in a process of its own: its transaction is counted from that process's first. */
interface Deaths {
  readonly first: Kill;
  readonly between: Kill | undefined;
  readonly last: Kill | undefined;
}

interface Plan {
  readonly story: Story;
  readonly started: string;
  readonly between: Pick<Job, "task" | "compiled">;
  /** How many transactions that takes. */
  readonly writes: number;
  /** What the run goes on with. */
  readonly resumed: string;
}

/** Starts it, does what is done in between, and brings it to its end. */
async function through({ story, started, between, resumed }: Plan, label: string, deaths?: Deaths): Promise<Course> {
  const course = new Course(here, story, label);
  await course.process({ ...course.next(), compiled: started }, deaths?.first);
  for (const kill of [deaths?.between, undefined]) {
    const { end } = await course.process({ ...between, start: course.next().start }, counted(course, kill));
    if (end !== undefined) break;
  }
  course.help();
  if (deaths?.last !== undefined) {
    await course.process({ ...course.next(), compiled: resumed }, counted(course, deaths.last));
    course.help();
  }
  if (course.lives.at(-1)?.end !== "completed") await course.finish(resumed);
  return course;
}

function counted({ lives }: Course, kill: Kill | undefined): Kill | undefined {
  return kill === undefined
    ? undefined
    : { ...kill, transaction: kill.transaction + (lives.at(-1)?.transactions ?? 0) };
}

const died = ({ lives }: Course): number => lives.filter(({ end }) => end === undefined).length;

/** Every first death that leaves a run, each with other later ones; `step` leaves some of them out. */
function deathsOf(started: number, { writes }: Plan, resumed: number, step: number): readonly Deaths[] {
  const [first = [], between = [], last = []] = [started, writes, resumed].map((count) =>
    killsOf(Array.from({ length: count }, (_, n) => n + 1)),
  );
  return first
    .filter((_, index) => index % step === 1 % step && index > 0)
    .map((kill, index) => ({
      first: kill,
      between: index % 3 === 2 ? undefined : between[(index * 5) % between.length],
      last: index % 3 === 1 ? undefined : last[(index * 7) % last.length],
    }));
}

async function everyDeath(
  plan: Plan,
  all: readonly Deaths[],
  compare: (label: string, torn: Picture, kills: number) => void,
): Promise<void> {
  await inParallel(all, async (deaths) => {
    const kills = [deaths.first, deaths.between, deaths.last];
    const label = `${plan.story.name} ${kills.map((kill) => `${kill?.when} ${kill?.transaction}`).join(", ")}`;
    const torn = await through(plan, label, deaths);
    expect(died(torn), label).toBeGreaterThan(0);
    compare(label, picture(torn, []), died(torn));
    torn.remove();
  });
}

test("given another program between two crashes", { timeout: 300_000 }, async () => {
  const [started = "", resumed = ""] = ["before", "after"].map((name) => here.compiled(name, read(own(name).file)));
  const plan: Plan = {
    story: { ...own("before"), elsewhere: { "Who goes on": "Zoe" } },
    started,
    between: { task: "upgrade", compiled: resumed },
    writes: 3,
    resumed,
  };
  const clean = await through(plan, "upgraded");
  const quiet = picture(clean, []);
  expect(quiet.lines).toContain("  ▸ nothing lost at all");
  const [begun = 0, upgraded = 0, over = 0] = clean.lives.map(({ transactions }) => transactions);
  expect(upgraded - begun).toBe(plan.writes);
  await everyDeath(plan, deathsOf(begun, plan, over - upgraded, 1), (label, torn, kills) =>
    expectSame(label, torn, quiet, kills),
  );
});

test("pruned between two crashes", { timeout: 300_000 }, async () => {
  const story = { ...own("team"), ticks: 3, replies: read("tests/crash/programs/team.replies.json") };
  const compiled = here.compiled("team", read(story.file));
  const plan: Plan = { story, started: compiled, between: { task: "prune", compiled }, writes: 4, resumed: compiled };
  const clean = new Course(here, story, "whole");
  await clean.finish(compiled);
  const quiet = picture(clean, []);
  const all = clean.lives[0]?.transactions ?? 0;
  let gone = 0;
  await everyDeath(plan, deathsOf(all, plan, all / 2, 3), (label, torn, kills) => {
    // Of what is pruned only digests are left; what is there is as it would have been. A message's activation is known
    // here by which one it is, so of those nothing can be said.
    const effects: { [activation: string]: Effects[string] } = {};
    for (const [id, left] of Object.entries(torn.effects)) {
      if (id.includes("/message[")) effects[id] = left;
      else effects[id] = (quiet.effects[id] ?? []).filter(({ n }) => left.some((each) => each.n === n));
    }
    gone += Object.keys(quiet.effects).length - Object.keys(torn.effects).length;
    const { recordedCalls } = torn;
    expectSame(label, torn, { ...quiet, effects, recordedCalls }, kills);
  });
  expect(gone, "activations that were pruned").toBeGreaterThan(10);
});
