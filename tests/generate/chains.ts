// Postfix chains that may be cut short: `a?.b.c[0]?.d.upper()`. They are made from their end: which link gives the type
// that is wanted, and on what does it stand?

import { lambda } from "./calls.ts";
import { expression, operand } from "./expressions.ts";
import { smallInt } from "./literals.ts";
import type { Place } from "./place.ts";
import { anyType, keyType } from "./some-type.ts";
import { bool, int, listOf, mapOf, nullable, present, same, str, type Type } from "./types.ts";

interface Chain {
  readonly text: string;
  /** Whether what stands here may be none; cut short it may be in any case. */
  readonly mayBeNone: boolean;
}

/** A chain whose value is of the type, or none. */
export function chain(place: Place, type: Type): string {
  return chainTo(place, type, 1 + place.making.choices.below(4)).text;
}

function chainTo(place: Place, type: Type, links: number): Chain {
  if (links === 0) return { text: operand(place, nullable(type)), mayBeNone: true };
  const { choices } = place.making;
  const all = linksTo(place, type, links - 1);
  return (all[choices.below(all.length)] ?? all[0])();
}

type Links = readonly [() => Chain, ...(() => Chain)[]];

/** The last link, and the chain that it stands on. */
function linksTo(place: Place, type: Type, links: number): Links {
  const { choices, structs } = place.making;
  const from = (owner: Type): Chain => chainTo(place, owner, links);
  const owners = structs.flatMap((owner) =>
    owner.fields.filter((field) => same(present(field.type), type)).map((field) => ({ owner, field })),
  );
  return [
    () => member(from(listOf(type)), choices.pick(["first", "last"]), true),
    ...owners.map(({ owner, field }) => (): Chain => {
      return member(from(owner), field.name, field.type.kind === "Nullable");
    }),
    () => ({ text: `${member(from(listOf(type)), "drop(0)").text}[${smallInt(place)}]`, mayBeNone: true }),
    () => {
      const key = keyType(place.making);
      return member(from(mapOf(key, type)), `get(${expression(place, key)})`, true);
    },
    ...methodsTo(place, type, from),
  ];
}

function methodsTo(place: Place, type: Type, from: (owner: Type) => Chain): readonly (() => Chain)[] {
  const { choices } = place.making;
  if (type === str) {
    return [
      () => member(from(str), choices.pick(["upper()", "trim()"])),
      () => member(from(str), `slice(${expression(place, int)}, ${expression(place, int)})`),
      () => member(from(listOf(str)), `join(${expression(place, str)})`),
    ];
  }
  if (type === int) return [() => member(from(str), "length"), () => member(from(listOf(anyType(place, 1))), "count")];
  if (type.kind !== "List") return [];
  const { of } = type;
  return [
    () => member(from(type), `append(${expression(place, of)})`),
    () => member(from(type), `take(4).filter(${lambda(place, { parameters: [of], result: bool })})`),
    () => {
      const item = anyType(place, 1);
      const f = lambda(place, { parameters: [item], result: of }, { isExpected: false });
      return member(from(listOf(item)), `take(4).map(${f})`);
    },
  ];
}

function member(on: Chain, name: string, mayBeNone = false): Chain {
  return { text: `${on.text}${on.mayBeNone ? "?." : "."}${name}`, mayBeNone };
}
