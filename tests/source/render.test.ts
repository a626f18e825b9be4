import { describe, expect, it } from "vitest";
import { diagnosticJson } from "../../src/source/diagnostic-json.ts";
import { diagnose } from "../../src/source/codes.ts";
import type { Diagnostic } from "../../src/source/diagnostic.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { distance, suggest } from "../../src/source/suggest.ts";
import { Source } from "../../src/source/text.ts";

/** A diagnostic about the first place in `text` where `part` stands. */
function about(text: string, part: string, more: Partial<Diagnostic> = {}): string {
  const start = text.indexOf(part);
  const span = { start, end: start + part.length };
  const base = diagnose("K3001", span, { type: "Priority", missing: "high" });
  return renderDiagnostic(new Source("main.keel", text), { ...base, ...more }, { color: false });
}

describe("the framed form", () => {
  it("shows the line with its neighbours, the place and what to do", () => {
    const text = "when priority {\n  critical => 1\n}\n";
    expect(about(text, "critical")).toBe(
      [
        "  × Type error K3001",
        "   ╭─[main.keel:2:3]",
        " 1 │ when priority {",
        " 2 │   critical => 1",
        "   ·   ────┬───",
        "   ·       ╰── Non-exhaustive match on Priority: missing high",
        " 3 │ }",
        "   ╰────",
        "  help: add the missing arms, or `_` for the rest",
      ].join("\n"),
    );
  });

  it("keeps the frame straight where line numbers grow", () => {
    const text = `${"\n".repeat(8)}abc\nd`;
    expect(about(text, "abc").split("\n").slice(1, 7)).toEqual([
      "    ╭─[main.keel:9:1]",
      "  8 │",
      "  9 │ abc",
      "    · ─┬─",
      "    ·  ╰── Non-exhaustive match on Priority: missing high",
      " 10 │ d",
    ]);
  });

  it("says that a warning is one", () => {
    expect(about("x", "x", { severity: "warning" }).split("\n")[0]).toBe("  ⚠ Warning K3001");
  });

  it("says what an edit does where there is no other help, like any help", () => {
    const { help: _, ...rest } = diagnose("K3005", { start: 0, end: 1 }, { error: "Error" });
    const edits = [{ title: "Remove the `catch`", span: rest.span, text: "" }];
    const shown = renderDiagnostic(new Source("main.keel", "x"), { ...rest, edits }, { color: false });
    expect(shown.split("\n").at(-1)).toBe("  help: remove the `catch`");
  });

  it("shows other places that belong to the story", () => {
    const text = "type A = b\ntype A = c";
    const related = [{ span: { start: 5, end: 6 }, message: "first declared here" }];
    const shown = about(text, "A = c", { related });
    expect(shown).toContain("╭─[main.keel:2:6]");
    expect(shown).toContain("╭─[main.keel:1:6]");
    expect(shown).toContain("╰── first declared here");
  });

  it("counts terminal columns: wide characters, tabs, control characters", () => {
    const lines = about('\tx = "日本" + \u001b[31my', "y").split("\n");
    expect(lines[2]).toBe(' 1 │     x = "日本" + ␛[31my');
    expect(lines[3]).toBe(`   · ${" ".repeat(22)}┬`);
  });

  it("cuts a long line around the place", () => {
    const lines = about(`${"a".repeat(500)} HERE ${"b".repeat(500)}`, "HERE").split("\n");
    expect(lines[2]?.length).toBeLessThan(130);
    expect(lines[2]).toMatch(/…a+ HERE b+…/);
    expect(lines[3]?.indexOf("─")).toBe(lines[2]?.indexOf("HERE"));
  });

  it("points at the end of a file and at an empty one", () => {
    expect(about("", "")).toContain("[main.keel:1:1]");
    const end = diagnose("K0001", { start: 4, end: 4 }, { expected: "a", found: "b" });
    expect(renderDiagnostic(new Source("m.keel", "x =\n"), end, { color: false })).toContain("[m.keel:2:1]");
  });

  it("underlines only the first line of a longer place", () => {
    const lines = about("when x {\n}\n", "when x {\n}").split("\n");
    expect(lines[3]).toBe("   · ────┬───");
  });

  it("colours only where asked", () => {
    const d = diagnose("K0001", { start: 0, end: 1 }, { expected: "a", found: "b" });
    expect(renderDiagnostic(new Source("m.keel", "x"), d, { color: true })).toContain("\u001b[31m");
    expect(renderDiagnostic(new Source("m.keel", "x"), d, { color: false })).not.toContain("\u001b");
  });
});

it("is plain data for other programs", () => {
  const edits = [{ title: "remove it", span: { start: 2, end: 4 }, text: "" }];
  const d = diagnose("K0001", { start: 4, end: 5 }, { expected: "a", found: "b" }, { help: "try", edits });
  const start = { line: 2, column: 2, offset: 4 };
  expect(diagnosticJson(new Source("m.keel", "a\n😀x"), d)).toEqual({
    code: "K0001",
    severity: "error",
    message: "Expected a, found b",
    help: "try",
    span: { start, end: { line: 2, column: 3, offset: 5 } },
    related: [],
    edits: [{ title: "remove it", span: { start: { line: 2, column: 1, offset: 2 }, end: start }, text: "" }],
  });
});

it("names the file of what stands in another one", () => {
  const other = new Source("lib.keel", "\n\nx");
  const related = [{ span: { start: 0, end: 1 }, message: "here", source: new Source("m.keel", "a") }];
  const d = { ...diagnose("K0001", { start: 2, end: 3 }, { expected: "a", found: "b" }, { related }), source: other };
  const json = diagnosticJson(new Source("main.keel", "a"), d);
  expect(json).toMatchObject({
    file: "lib.keel",
    span: { start: { line: 3, column: 1 } },
    related: [{ file: "m.keel", span: { start: { line: 1 } } }],
  });
});

describe("did you mean", () => {
  it("counts insertions, deletions, replacements and swaps", () => {
    expect(["", "task", "tsak", "taks_", "agent"].map((word) => distance("task", word))).toEqual([4, 0, 1, 2, 5]);
  });

  it("offers what is near, and nothing else", () => {
    expect(suggest("notfy", ["notify", "show"])).toBe("notify");
    expect(suggest("Urgency", ["urgency", "Emergency"])).toBe("urgency");
    expect(suggest("x", ["y", "z"])).toBe(undefined);
    expect(suggest("banana", ["notify", "show"])).toBe(undefined);
  });
});
