// Documents: where lines break.

import { expect, it } from "vitest";
import {
  choice,
  flat,
  group,
  hardline,
  indent,
  join,
  line,
  note,
  render,
  softline,
  verbatim,
} from "../../src/parser/doc.ts";

const list = group(["[", indent([softline, join(["one", "two"], [",", line])]), softline, "]"]);

it("sets a group on one line where it fits, what follows it included", () => {
  expect(render(list, 10)).toBe("[one, two]");
  expect(render(list, 9)).toBe("[\n  one,\n  two\n]");
  expect(render([list, "."], 10)).toBe("[\n  one,\n  two\n].");
  expect(render([list, hardline, "…"], 10)).toBe("[one, two]\n…");
});

it("breaks the outer group and keeps the inner one", () => {
  const outer = group(["(", indent([softline, list, ",", line, list]), softline, ")"]);
  expect(render(outer, 14)).toBe("(\n  [one, two],\n  [one, two]\n)");
});

it("breaks every group around a line that must break", () => {
  expect(render(group(["a", line, group(["b", hardline, "c"])]), 80)).toBe("a\nb\nc");
});

it("takes the first layout that fits", () => {
  const call = choice("f(a, {b})", [["f(a, {", indent([hardline, "b"]), hardline, "})"]], "f(…)");
  expect(render(call, 9)).toBe("f(a, {b})");
  expect(render(call, 8)).toBe("f(a, {\n  b\n})");
  expect(render(call, 5)).toBe("f(…)");
});

it("counts code points, and leaves no blanks on empty lines", () => {
  expect(render(group(["🔥🔥", line, "🔥"]), 4)).toBe("🔥🔥 🔥");
  expect(render(indent(["a", hardline, hardline, "b"]), 80)).toBe("a\n\n  b");
});

it("gives notes no room, and a column to those of neighbouring lines", () => {
  expect(render([group(["a", line, "b"]), note(" # long"), hardline, "cd", note(" # x")], 3)).toBe(
    "a b # long\ncd  # x",
  );
});

it("keeps a text of several lines as it is", () => {
  expect(render(indent([hardline, verbatim("a\n b"), "c"]), 80)).toBe("\n  a\n bc");
});

it("holds together what must stay on one line", () => {
  expect(render(flat(list), 3)).toBe("[one, two]");
});
