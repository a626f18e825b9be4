import { beforeAll, expect, it } from "vitest";
import { encode } from "../../src/interp/codec.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { cases } from "./reply-cases.ts";
it("score", async () => {
  const decode = await loadDecoder();
  const res: Record<string, number> = {};
  for (const c of cases) {
    let d;
    try {
      d = decode(c.reply, c.shape);
    } catch (e) {
      d = { kind: "Throw" } as any;
    }
    let kind;
    if (c.expected.kind === "Value")
      kind =
        d.kind === "Value"
          ? JSON.stringify(encode(d.value)) === JSON.stringify(encode(c.expected.value))
            ? "right value"
            : "WRONG VALUE"
          : "missed value";
    else kind = d.kind === "Value" ? "WRONG: value where failure" : "right failure";
    res[kind] = (res[kind] ?? 0) + 1;
    if (process.env["V"] && !kind.startsWith("right"))
      console.log(kind, c.title, JSON.stringify(d.kind === "Value" ? encode(d.value) : d));
  }
  console.log(res);
});
