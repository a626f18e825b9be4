// Whatever stands in a file, the compiler answers: see `answered`. KEEL_FUZZ_SEED and KEEL_FUZZ_COUNT try other and more
// texts.

import { expect, test } from "vitest";
import { answered } from "./answered.ts";
import { chance, langCases, mutateBytes, programFiles, type Written } from "./mutate.ts";

const first = Number(process.env["KEEL_FUZZ_SEED"] ?? 20_260_501);
const count = Number(process.env["KEEL_FUZZ_COUNT"] ?? 300);

const files = programFiles();
const cases = langCases();

test("there are programs to change", () => {
  expect(files.length).toBeGreaterThan(5);
  expect(cases.length).toBeGreaterThan(100);
});

test(`${count} texts made by chance compile or are refused`, { timeout: 60_000 + count * 100 }, () => {
  const wrong: string[] = [];
  let refused = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const by = chance(seed);
    const all: readonly Written[] = by.below(3) === 0 ? files : cases;
    const written = all[by.below(all.length)];
    if (written === undefined) continue;
    const text = mutateBytes(written.text, by);
    const { compiled, fault } = answered(text, written.load);
    if (compiled?.program === undefined) refused += 1;
    if (fault !== undefined) wrong.push(`seed ${seed}, ${written.name}: ${fault}\n${JSON.stringify(text)}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(refused).toBeGreaterThan(count / 2);
});
