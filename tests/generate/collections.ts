// Lists and maps: what makes them, and what is taken out of them.

import { lambda, reference } from "./calls.ts";
import { loop } from "./control.ts";
import { expression, operand, type Production } from "./expressions.ts";
import { smallInt } from "./literals.ts";
import { type Place, repeated } from "./place.ts";
import { anyType, keyType, orderedType } from "./some-type.ts";
import {
  bool,
  int,
  isKey,
  isOrdered,
  type ListType,
  listOf,
  type MapType,
  mapOf,
  nullable,
  same,
  str,
  structOf,
  type Type,
} from "./types.ts";

/** A list that is gone through: a long one would take too long inside of others. */
export function few(place: Place, of: Type): string {
  const { choices } = place.making;
  if (of === int && choices.percent(40)) return `range(${choices.pick(["3", "1", "0", "5", "2, 5", "-1, 2"])})`;
  return `${operand(place, listOf(of))}.take(4)`;
}

/** A value of the type that is taken out of a list or map, or computed from one. */
export function elementOf(place: Place, type: Type, isExpected: boolean): readonly Production[] {
  const { making } = place;
  const list = (): string => operand(place, listOf(type));
  const key = (): Type => keyType(making);
  const orElse = (text: string): string => `${text} ?? ${operand(place, type, isExpected)}`;
  if (type.kind === "Nullable") {
    const of = type.of;
    const inner = (): string => operand(place, listOf(of));
    return [
      [2, () => `${inner()}.${making.choices.pick(["first", "last"])}`],
      [2, () => `${inner()}[${making.choices.percent(50) ? smallInt(place) : expression(place, int)}]`],
      [2, () => lookUp(place, key(), of)],
      [1, () => `${inner()}.find(${lambda(place, { parameters: [of], result: bool })})`],
      [isOrdered(of) ? 1 : 0, () => `${inner()}.${making.choices.pick(["min", "max"])}()`],
      [of.kind === "Enum" && of.variants.every(({ fields }) => fields.length === 0) ? 2 : 0, () => fromText(place, of)],
      [of === int ? 1 : 0, () => indexOf(place)],
    ];
  }
  return [
    [1, () => orElse(`${list()}[${smallInt(place)}]`)],
    [1, () => orElse(lookUp(place, key(), type))],
    ...folds(place, type),
  ];
}

function fromText(place: Place, type: Type): string {
  return type.kind === "Enum" ? `${type.name}.from(${expression(place, str)})` : "none";
}

function indexOf(place: Place): string {
  const type = anyType(place, 1);
  return `${operand(place, listOf(type))}.index_of(${expression(place, type)})`;
}

function lookUp(place: Place, key: Type, value: Type): string {
  const map = operand(place, mapOf(key, value));
  const by = expression(place, key);
  return place.making.choices.percent(50) ? `${map}[${by}]` : `${map}.get(${by})`;
}

/** What grows with every element would be too large after a few: texts and lists are cut. */
function folds(place: Place, type: Type): readonly Production[] {
  if (type.kind === "Struct" || type.kind === "Map" || type.kind === "Enum") return [];
  const cut = type === str ? ".slice(0, 30)" : type.kind === "List" ? ".take(4)" : "";
  const reduced = (): string => {
    const of = anyType(place, 1);
    const start = expression(place, type, false);
    const f = lambda(place, { parameters: [type, of], result: type });
    return `${few(place, of)}.reduce(${start}, ${f})${cut}`;
  };
  return [
    [cut === "" ? 2 : 1, reduced],
    [type === bool ? 3 : 0, () => someOrAll(place)],
  ];
}

function someOrAll(place: Place): string {
  const of = anyType(place, 1);
  const method = place.making.choices.pick(["any", "all"]);
  return `${few(place, of)}.${method}(${lambda(place, { parameters: [of], result: bool })})`;
}

export function collectionsOf(place: Place, type: ListType | MapType, isExpected: boolean): readonly Production[] {
  return type.kind === "List" ? listsOf(place, type, isExpected) : mapsOf(place, type, isExpected);
}

function listsOf(place: Place, type: ListType, isExpected: boolean): readonly Production[] {
  const { choices } = place.making;
  const { of } = type;
  const list = (): string => operand(place, type);
  return [
    [4, () => mapped(place, of)],
    [4, () => loop(place, of, isExpected)],
    [2, () => `${list()}.filter(${lambda(place, { parameters: [of], result: bool })})`],
    [2, () => sorted(place, type)],
    [1, () => `${list()} + ${operand(place, type)}`],
    [1, () => `${list()}.concat(${expression(place, type)})`],
    [1, () => `${list()}.append(${expression(place, of)})`],
    [1, () => `${list()}.${choices.pick(["reverse", "unique"])}()`],
    [1, () => `${list()}.${choices.pick(["take", "drop"])}(${smallInt(place)})`],
    [1, () => `${list()}.slice(${smallInt(place)}${choices.percent(50) ? `, ${smallInt(place)}` : ""})`],
    [2, () => flattened(place, of)],
    [1, () => `${operand(place, mapOf(keyType(place.making), of))}.values`],
    [of.kind === "Nullable" ? 0 : 1, () => `${operand(place, listOf(nullable(of)))}.compact()`],
    ...ofKind(place, of),
  ];
}

/** Lists whose elements only some methods give. */
function ofKind(place: Place, of: Type): readonly Production[] {
  if (of === int) return [[2, () => few(place, int)]];
  if (of === str) {
    return [
      [2, () => `${operand(place, str)}.split(${place.making.choices.pick(['","', '""', '" "'])}).take(6)`],
      [1, () => `${operand(place, str)}.lines()`],
    ];
  }
  if (of.kind === "Enum" && of.variants.every(({ fields }) => fields.length === 0))
    return [[2, () => `${of.name}.values`]];
  if (of.kind === "List")
    return [[2, () => `${operand(place, of)}.chunk(${place.making.choices.pick(["2", "1", "3", "0"])})`]];
  const [first, second] = of.kind === "Struct" ? of.fields : [];
  if (first?.name === "first" && second?.name === "second") {
    return [[4, () => `${operand(place, listOf(first.type))}.zip(${operand(place, listOf(second.type))})`]];
  }
  return [];
}

function mapped(place: Place, of: Type): string {
  const from = anyType(place, 1);
  if (place.making.choices.percent(10)) return pairs(place, of);
  const known = reference(place, { parameters: [from], result: of });
  return `${few(place, from)}.map(${known ?? lambda(place, { parameters: [from], result: of }, { isExpected: false })})`;
}

/** A list zipped with another, and one side of each pair. */
function pairs(place: Place, of: Type): string {
  const other = operand(place, listOf(anyType(place, 1)));
  const name = place.making.choices.pick(["first", "second"]);
  const own = operand(place, listOf(of));
  const [left, right] = name === "first" ? [own, other] : [other, own];
  return `${left}.zip(${right}).map(pair => pair.${name})`;
}

function sorted(place: Place, { of }: ListType): string {
  const { choices } = place.making;
  const key = orderedType(place);
  const by = lambda(place, { parameters: [of], result: key }, { isExpected: false });
  return `${few(place, of)}.sort_by(${by}${choices.pick(["", ", descending: true", ", true"])})`;
}

function flattened(place: Place, of: Type): string {
  const from = anyType(place, 1);
  const body = lambda(repeated(place, 2), { parameters: [from], result: listOf(of) }, { isExpected: false });
  return `${few(place, from)}.flat_map(${body}).take(6)`;
}

function mapsOf(place: Place, type: MapType, isExpected: boolean): readonly Production[] {
  const map = (): string => operand(place, type);
  const { key, value } = type;
  const grouped: readonly Production[] = value.kind === "List" ? [[4, () => group(place, key, value.of)]] : [];
  return [
    [2, () => `${map()}.set(${expression(place, key)}, ${expression(place, value)})`],
    [1, () => `${map()}.remove(${expression(place, key)})`],
    [1, () => `${map()}.merge(${expression(place, type)})`],
    [isExpected ? 1 : 0, () => "map_of([])"],
    [isKey(key) ? 1 : 0, () => `map_of(${fromPairs(place, type)})`],
    ...grouped,
  ];
}

/** Pairs that are no literal: structs with `key` and `value`, or lists of one type. */
function fromPairs(place: Place, { key, value }: MapType): string {
  if (same(key, value) && place.making.choices.percent(30)) {
    const pair = `[${expression(place, key, false)}, ${expression(place, value, false)}]`;
    return `[${pair}, ${pair}].reverse()`;
  }
  const pair = structOf({ name: "key", type: key }, { name: "value", type: value });
  return expression(place, listOf(pair), false);
}

function group(place: Place, key: Type, of: Type): string {
  return `${few(place, of)}.group_by(${lambda(place, { parameters: [of], result: key }, { isExpected: false })})`;
}
