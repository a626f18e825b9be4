// Thousands of courses of a few programs: schedules, failing calls, crashes at any write, frozen processes that wake up.
// Whatever happens, the laws hold, and where the program says nothing of time the outcome is that of a quiet run. A failure names its seed:
// `SEED=1234 npx vitest run tests/simulation` runs that course alone.

import { expect, test } from "vitest";
import { programs } from "./programs.ts";
import { simulate } from "./simulate.ts";

const only = process.env["SEED"] === undefined ? undefined : Number(process.env["SEED"]);
const courses = Number(process.env["COURSES"] ?? 200);
const first = only ?? 1;
const last = only ?? courses;

for (const program of programs) {
  test(program.name, { timeout: 300_000 }, async () => {
    const quiet = await simulate(program, 0, 0);
    let processes = 0;
    for (let seed = first; seed <= last; seed += 1) {
      const chance = seed % 3 === 0 ? 0 : 0.01 + (seed % 7) / 100;
      const course = await simulate(program, seed, chance).catch((error: unknown) => {
        throw new Error(`seed ${seed}`, { cause: error });
      });
      if (program.isOpen === undefined) expect(course.outcome, `seed ${seed}`).toEqual(quiet.outcome);
      processes += course.processes;
    }
    if (only === undefined) expect(processes, "processes died").toBeGreaterThan(2 * courses);
  });
}
