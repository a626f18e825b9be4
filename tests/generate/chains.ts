// Postfix chains that may be cut short: `a?.b.c[0]?.d.upper()`. They are made from their end: which link gives the type
// that is wanted, and on what does it stand?

import { lambda } from "./calls.ts";
import { expression, operand } from "./expressions.ts";
import { smallInt } from "./literals.ts";
import type { Place } from "./place.ts";
import { bool, int, listOf, mapOf, nullable, same, str, type StructType, type Type } from "./types.ts";

interface Chain {
  readonly text: string;
  /** Whether what stands here may be none, not only because the chain was cut short. */
  readonly mayBeNone: boolean;
}

type Link = () => Chain;

/** A chain whose value is the type's, or none. */
export function chain(place: Place, type: Type): string {
  return chainTo(place, type, 1 + place.making.choices.below(4)).text;
}

function chainTo(place: Place, type: Type, links: number): Chain {
  const all = links === 0 ? [] : linksTo(place, type, links - 1);
  if (all.length === 0) return { text: operand(place, nullable(type)), mayBeNone: true };
  return place.making.choices.weighted(all.map((link) => [1, link] as const));
}

function linksTo(place: Place, type: Type, links: number): readonly Link[] {
  const { choices, structs } = place.making;
  const fields = structs.flatMap((owner) =>
    owner.fields.filter((field) => same(field.type, type) || same(field.type, nullable(type))).map(({ name }) => ({ owner, name })),
  );
  const dot = (owner: Type, member: string): Chain => follow(chainTo(place, owner, links), member, false);
  return [
    ...fields.map(({ owner, name }) => () => field(chainTo(place, owner, links), owner, name)),
    () => dot(listOf(type), choices.pick(["first", "last"])).text === "" ? none : orNone(dot(listOf(type), "first")),
  ];
}
