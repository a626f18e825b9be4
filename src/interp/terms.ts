// The child terms of every kind of term, in the order they are evaluated. A kind that is missing does not compile.

import type { Term } from "../ir/kir.ts";

type Children = { readonly [K in Term["kind"]]: (term: Extract<Term, { readonly kind: K }>) => readonly Term[] };

const none = (): readonly Term[] => [];
const of = (term: { readonly of: Term }): readonly Term[] => [term.of];
const value = (term: { readonly value: Term }): readonly Term[] => [term.value];
const both = (term: { readonly left: Term; readonly right: Term }): readonly Term[] => [term.left, term.right];
const given = (term: { readonly arguments: readonly Term[] }): readonly Term[] => term.arguments;

const table: Children = {
  Literal: none,
  Slot: none,
  Set: value,
  Do: (term) => term.body,
  State: none,
  SetState: value,
  Field: of,
  JsonField: of,
  Chain: (term) => [term.of, term.then],
  Assert: of,
  IsNone: of,
  IsVariant: of,
  Text: (term) => term.parts.filter((part) => typeof part !== "string"),
  Unary: of,
  Binary: both,
  And: both,
  Or: both,
  Coalesce: both,
  If: (term) => (term.otherwise ? [term.test, term.then, term.otherwise] : [term.test, term.then]),
  For: (term) => (term.where ? [term.list, term.where, term.body] : [term.list, term.body]),
  List: (term) => term.items,
  Struct: (term) => [...(term.base ? [term.base] : []), ...term.fields.map(([, field]) => field)],
  Map: (term) => term.entries.flat(),
  Variant: (term) => term.fields.map(([, field]) => field),
  Builtin: given,
  Constant: none,
  Input: none,
  Call: given,
  CallValue: (term) => [term.callee, ...term.arguments],
  Closure: (term) => term.captures,
  Cast: of,
  Return: value,
  Break: none,
  Continue: none,
  Fail: value,
  Try: (term) => [term.body, ...term.catches.map((each) => each.body)],
};

export function children(term: Term): readonly Term[] {
  return (table[term.kind] as (term: Term) => readonly Term[])(term);
}
