// The words a step's id is named by, taken from the tree and not from the text: layout, comments and quotes are not in
// them. `notify user "Archived: {email.subject}"` is named `archived-email-subject`.

import type { Node, NodeOf } from "../parser/ast.ts";
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

type Words = { readonly [K in Node["kind"]]?: (node: NodeOf<K>) => string };

const named: Words = {
  Name: (node) => node.text,
  TextPart: (node) => node.text,
  IntLiteral: (node) => node.text,
  FloatLiteral: (node) => node.text,
  Reference: (node) => node.name,
  DurationLiteral: (node) => node.amount,
  BoolLiteral: (node) => String(node.value),
  NoneLiteral: () => "none",
  Self: () => "self",
};

function wordsOf(node: Node): readonly string[] {
  const words = named[node.kind] as ((node: Node) => string) | undefined;
  return words === undefined ? [] : split(words(node));
}

function split(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
