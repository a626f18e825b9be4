// Every built-in has a doc comment with an example, and each example has the type that it says it has.

import { expect, test } from "vitest";
import type { ExternDeclaration } from "../../src/parser/ast.ts";
import { loadStdlib } from "../support/stdlib.ts";
import { accepts } from "./checking.ts";

const externs = loadStdlib().program.items.filter(
  (item): item is ExternDeclaration => item.kind === "ExternDeclaration",
);

const documented = new Map(
  externs.map((extern) => [`${extern.owner?.name.text ?? ""}.${extern.name.text}`, extern.doc ?? ""] as const),
);

test("there are built-ins", () => expect(documented.size).toBeGreaterThan(70));

for (const [name, doc] of documented) {
  // What a request gives cannot be written down.
  if (name === "Response.json") continue;
  test(name, () => {
    const examples = [...doc.matchAll(/^ {4}(.+?) {2}# (.+)$/gm)];
    expect(examples.length).toBeGreaterThan(0);
    for (const [, expression, value] of examples) accepts(`x = (${expression}) == ${value}`);
  });
}
