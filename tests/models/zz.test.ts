import { it } from "vitest";
import { replies, none } from "./replies.ts";
import { cases } from "./reply-cases.ts";
import { shapes } from "./reply-shapes.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { jsonOf } from "../../src/interp/text.ts";
it("x", async () => {
  const d = await loadDecoder();
  const names = new Map(Object.entries(shapes).map(([n, s]) => [JSON.stringify(s), n]));
  for (const [shape, reply, expected] of replies) {
    const name = names.get(JSON.stringify(shape));
    const known = cases.find((c) => JSON.stringify(c.shape) === JSON.stringify(shape) && c.reply === reply);
    const got = d(reply, shape);
    const same = got.kind === "Value" ? JSON.stringify(jsonOf(got.value)) === JSON.stringify(expected) : expected === none;
    if (!known || !same) console.log(same ? "new" : "DIFF", name, JSON.stringify(reply), expected === none ? "none" : JSON.stringify(expected), same ? (got.kind === "Unusable" ? got.reason : "") : JSON.stringify(got));
  }
});
