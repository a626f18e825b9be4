// Kills a real process before and after every transaction of a run, lets others bring the run to its end, and compares
// with one that was never killed. Together the stories perform every kind of effect that there is.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manners } from "../../src/interp/effect.ts";
import type { Program } from "../../src/ir/kir.ts";
import { compiledStory, Course, ground, inParallel, killsOf, type Ground } from "./course.ts";
import { expectSame, picture, type Picture } from "./picture.ts";
import { stories, type Story } from "./stories.ts";

interface Clean {
  readonly compiled: string;
  readonly course: Course;
  readonly picture: Picture;
}

let here: Ground;
const clean = new Map<string, Clean>();

beforeAll(async () => {
  here = await ground("crash");
  await inParallel(stories, async (story) => {
    const compiled = compiledStory(here, story);
    const course = new Course(here, story, `${story.name}-clean`);
    await course.finish(compiled);
    clean.set(story.name, { compiled, course, picture: picture(course, here.shop.requests(`${story.name}-clean`)) });
  });
});

afterAll(() => here.close());

for (const story of stories) {
  test(`${story.name}: a kill at every transaction changes nothing`, { timeout: 600_000 }, async () => {
    const { compiled, course, picture: quiet } = clean.get(story.name) as Clean;
    await inParallel(killsOf(transactionsOf(story, course)), async (kill) => {
      const label = `${story.name}-${kill.transaction}-${kill.when}`;
      const torn = new Course(here, story, label);
      await torn.finish(
        compiled,
        kill,
        course.lives.map(({ transactions }) => transactions),
      );
      expect(torn.lives.filter(({ end }) => end === undefined).length, label).toBe(1);
      expectSame(label, picture(torn, here.shop.requests(label)), quiet);
      torn.remove();
    });
  });
}

/** All of them, or of a long story those around its checkpoints. */
function transactionsOf({ long }: Story, { lives }: Course): readonly number[] {
  const all = lives.at(-1)?.transactions ?? 0;
  expect(all).toBeGreaterThan(8);
  if (long === undefined) return Array.from({ length: all }, (_, index) => index + 1);
  const checkpoints = lives.flatMap((each) => each.checkpoints);
  expect(checkpoints).toHaveLength(2);
  return checkpoints.flatMap((at) => [at - 1, at, at + 1]);
}

/** No backend yet: such an effect raises a ToolError, which is recorded like the failure of any other. */
const withoutBackend = ["Search", "Operation"];

test("the stories perform every kind of effect", () => {
  const performed = new Set([...clean.values()].flatMap(({ picture: { kinds } }) => [...kinds]));
  for (const { compiled } of clean.values()) for (const kind of derivedKinds(compiled)) performed.add(kind);
  expect([...performed, ...withoutBackend].toSorted()).toEqual(Object.keys(manners).toSorted());
});

test("once and repeatable requests are both among them", () => {
  const { course } = clean.get("orders") as Clean;
  const begun = course.withStore((store) =>
    [...store.events(store.find() ?? "")].filter((event) => "effect" in event && event.effect === "FetchUrl"),
  );
  expect(begun.filter(({ type }) => type === "step.intended")).toHaveLength(3);
  expect(begun.filter(({ type }) => type === "step.completed")).toHaveLength(4);
});

/** What is recorded nowhere stands in the program. */
function derivedKinds(compiled: string): readonly string[] {
  const { program } = JSON.parse(readFileSync(compiled, "utf8")) as { readonly program: Program };
  const text = JSON.stringify(program);
  return Object.entries(manners).flatMap(([kind, manner]) =>
    manner === "derived" && text.includes(`"effect":{"kind":"${kind}"`) ? [kind] : [],
  );
}
