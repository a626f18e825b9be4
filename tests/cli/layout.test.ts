// Times as people read them.

import { expect, test } from "vitest";
import { roughly } from "../../src/cli/layout.ts";

test.each([
  [999, "less than a second"],
  [1_000, "1 second"],
  [59_600, "1 minute"],
  [89_000, "1 minute"],
  [3_599_998, "1 hour"],
  [3_540_000, "59 minutes"],
  [5_400_000, "2 hours"],
  [86_399_000, "1 day"],
  [172_800_000, "2 days"],
])("%i ms are roughly %s", (ms, text) => expect(roughly(ms)).toBe(text));
