// The words a step's id is named by, taken from the tree and not from the text: layout, comments and quotes are not in
// them. `notify user "Archived: {email.subject}"` is named `archived-email-subject`.

import type { Node } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";

const longest = 32;

export function stepWords(nodes: readonly Node[]): string {
  const work: Node[] = [...nodes].reverse();
  let slug = "";
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (const word of wordsOf(node)) {
      const longer = slug === "" ? word : `${slug}-${word}`;
      if (longer.length > longest) return slug === "" ? [...word].slice(0, longest).join("") : slug;
      slug = longer;
    }
    work.push(...[...children(node)].reverse());
  }
  return slug;
}

function wordsOf(node: Node): readonly string[] {
  switch (node.kind) {
    case "Name":
    case "TextPart":
    case "IntLiteral":
    case "FloatLiteral":
      return split(node.text);
    case "Reference":
      return split(node.name);
    case "DurationLiteral":
      return split(node.amount);
    case "BoolLiteral":
      return [String(node.value)];
    case "NoneLiteral":
      return ["none"];
    case "Self":
      return ["self"];
    default:
      return [];
  }
}

function split(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
