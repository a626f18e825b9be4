// Exhaustiveness and usefulness of patterns, by Maranget's algorithm ("Warnings for pattern matching", JFP 2007): a row
// of patterns is useful if some value matches it and none of the rows above. Matching is complete if `_` is not useful
// below all arms; the values that would reach it are the missing patterns. Types decide the constructors of a column:
// the variants of an enum, `true` and `false`, `none` and the rest; texts and numbers have no end.

import { isUnknown } from "./type.ts";
import type { StructShape, Type } from "./type.ts";

export type Space =
  | { readonly kind: "Any" }
  /** `arguments` are the patterns of the constructor's fields, in their order. */
  | { readonly kind: "Constructor"; readonly name: string; readonly arguments: readonly Space[] }
  | { readonly kind: "Or"; readonly of: readonly Space[] };

export const any: Space = { kind: "Any" };
export const constructor = (name: string, args: readonly Space[] = []): Space => ({
  kind: "Constructor",
  name,
  arguments: args,
});

/** The constructor of a `T?` that is not none, of a struct. */
export const some = "some";
export const record = "record";

interface Shape {
  readonly name: string;
  readonly fields: readonly Type[];
}

/** All constructors of a type; undefined where they have no end. */
export function constructors(type: Type): readonly Shape[] | undefined {
  switch (type.kind) {
    case "Nullable":
      return [
        { name: "none", fields: [] },
        { name: some, fields: [type.of] },
      ];
    case "Enum":
      return [...type.variants].map(([name, fields]) => ({ name, fields: fieldTypes(fields) }));
    case "Struct":
      return [{ name: record, fields: fieldTypes(type) }];
    case "Primitive":
      if (type.name === "bool") return [shape("true"), shape("false")];
      if (type.name === "none") return [shape("none")];
      return type.name === "never" ? [] : undefined;
    case "List":
    case "Map":
    case "Function":
    case "Variable":
      return undefined;
  }
}

const shape = (name: string): Shape => ({ name, fields: [] });
const fieldTypes = (fields: StructShape | undefined): readonly Type[] => [...(fields?.fields.values() ?? [])];

type Row = readonly Space[];

/** Thrown inside when a match takes more steps than any sensible one; caught at the two doors below. */
class TooLarge extends Error {}

class Budget {
  #left = 50_000;
  spend(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new TooLarge();
  }
}

/** Whether `row` matches a value that no row above does. Undefined: too large to tell. */
export function isUseful(above: readonly Space[], pattern: Space, type: Type): boolean | undefined {
  try {
    return witnesses([...above.map((space) => [space])], [pattern], [type], 1, new Budget(), false).length > 0;
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Patterns for the values that no arm matches, at most `limit`. Undefined: too large to tell. */
export function missing(arms: readonly Space[], type: Type, limit = 12): readonly Space[] | undefined {
  if (arms.some(({ kind }) => kind === "Any")) return [];
  try {
    const rows = arms.map((space) => [space]);
    return witnesses(rows, [any], [type], limit, new Budget(), true).map((row) => row[0] ?? any);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

/** Rows of values that `row` matches and `rows` do not. `spell`: say every variant instead of `_`. */
function witnesses(
  rows: readonly Row[],
  row: Row,
  types: readonly Type[],
  limit: number,
  budget: Budget,
  spell: boolean,
): Row[] {
  budget.spend();
  const [first, ...rest] = row;
  const [type, ...otherTypes] = types;
  if (first === undefined || type === undefined) return rows.length === 0 ? [[]] : [];
  if (first.kind === "Or") {
    const found: Row[] = [];
    let above = rows;
    for (const option of first.of) {
      const left = limit - found.length;
      if (left <= 0) break;
      found.push(...witnesses(above, [option, ...rest], types, left, budget, spell));
      above = [...above, [option, ...rest]];
    }
    return found;
  }
  const all = isUnknown(type) ? undefined : constructors(type);
  if (first.kind === "Constructor") {
    const fields = all?.find(({ name }) => name === first.name)?.fields ?? first.arguments.map(() => type);
    return specialised(rows, first.name, first.arguments, fields, rest, otherTypes, limit, budget, spell);
  }
  const byHead = buckets(rows);
  if (all !== undefined && (all.length === 0 || all.some(({ name }) => byHead.has(name)))) {
    const open = byHead.get(undefined) ?? [];
    const found: Row[] = [];
    for (const { name, fields } of all) {
      const left = limit - found.length;
      if (left <= 0) break;
      const args = fields.map(() => any);
      found.push(...specialised(byHead.get(name) ?? open, name, args, fields, rest, otherTypes, left, budget, spell));
    }
    return found;
  }
  const defaults = rows.flatMap((other) => defaultRows(other));
  const tails = witnesses(defaults, rest, otherTypes, limit, budget, false);
  if (all === undefined || !spell || type.kind === "Struct" || type.kind === "Nullable")
    return tails.map((tail) => [any, ...tail]);
  return tails
    .flatMap((tail) =>
      all.map(({ name, fields }) => [
        constructor(
          name,
          fields.map(() => any),
        ),
        ...tail,
      ]),
    )
    .slice(0, limit);
}

function specialised(
  rows: readonly Row[],
  name: string,
  args: readonly Space[],
  fields: readonly Type[],
  rest: Row,
  otherTypes: readonly Type[],
  limit: number,
  budget: Budget,
  spell: boolean,
): Row[] {
  const matching = rows.flatMap((row) => specialise(row, name, args.length));
  const found = witnesses(
    matching,
    [...args, ...rest],
    [...fields, ...otherTypes],
    limit,
    budget,
    spell && name === some,
  );
  return found.map((row) => [constructor(name, row.slice(0, args.length)), ...row.slice(args.length)]);
}

/** The row as it matches values of one constructor, that constructor's fields in front. */
function specialise(row: Row, name: string, arity: number): Row[] {
  const [first, ...rest] = row;
  if (first === undefined) return [];
  if (first.kind === "Any") return [[...Array.from({ length: arity }, () => any), ...rest]];
  if (first.kind === "Or") return first.of.flatMap((option) => specialise([option, ...rest], name, arity));
  if (first.name !== name) return [];
  const args = Array.from({ length: arity }, (_, index) => first.arguments[index] ?? any);
  return [[...args, ...rest]];
}

/** The row as it matches values of constructors that no row names. */
function defaultRows(row: Row): Row[] {
  const [first, ...rest] = row;
  if (first === undefined || first.kind === "Constructor") return [];
  if (first.kind === "Any") return [rest];
  return first.of.flatMap((option) => defaultRows([option, ...rest]));
}

/** The rows that can match each constructor; under undefined, those that match every one. */
function buckets(rows: readonly Row[]): ReadonlyMap<string | undefined, readonly Row[]> {
  const open = rows.filter(([first]) => first === undefined || first.kind !== "Constructor");
  const found = new Map<string | undefined, Row[]>([[undefined, open]]);
  for (const row of rows) for (const head of headsOf(row[0])) if (!found.has(head)) found.set(head, [...open]);
  for (const row of rows) {
    if (row[0]?.kind === "Constructor") found.get(row[0].name)?.push(row);
  }
  return found;
}

function headsOf(space: Space | undefined): readonly string[] {
  if (space === undefined || space.kind === "Any") return [];
  return space.kind === "Constructor" ? [space.name] : space.of.flatMap(headsOf);
}

/** Patterns that the patterns of one `when` are compared with, all in all. */
const mostComparisons = 1_000_000;

/** Patterns of arms so far, found again by their constructor. */
export class Covered {
  readonly all: Space[] = [];
  /** One pattern was too large to tell about; then all that follow are. */
  tooLarge = false;
  #comparisons = 0;
  readonly #byHead = new Map<string, Space[]>();
  readonly #open: Space[] = [];

  add(space: Space): void {
    this.all.push(space);
    if (space.kind !== "Constructor") this.#open.push(space);
    else {
      const known = this.#byHead.get(space.name);
      if (known === undefined) this.#byHead.set(space.name, [space]);
      else known.push(space);
    }
  }

  /** Those that can match a value that `space` matches. */
  near(space: Space): readonly Space[] {
    return space.kind === "Constructor" ? [...(this.#byHead.get(space.name) ?? []), ...this.#open] : this.all;
  }

  /** Whether one more pattern may be compared with so many. */
  allows(count: number): boolean {
    this.#comparisons += count;
    return !this.tooLarge && this.#comparisons <= mostComparisons;
  }

  has(name: string): boolean {
    return this.#byHead.has(name);
  }
}

/** A pattern as a person would write it. */
export function spaceText(space: Space, type: Type): string {
  switch (space.kind) {
    case "Any":
      return "_";
    case "Or":
      return space.of.map((option) => spaceText(option, type)).join(", ");
    case "Constructor": {
      if (space.name === some && type.kind === "Nullable") return spaceText(space.arguments[0] ?? any, type.of);
      const fields = type.kind === "Struct" ? type : type.kind === "Enum" ? type.variants.get(space.name) : undefined;
      const parts = [...(fields?.fields ?? [])].flatMap(([name, of], index) => {
        const argument = space.arguments[index];
        return argument === undefined || argument.kind === "Any" ? [] : [`${name}: ${spaceText(argument, of)}`];
      });
      const body = parts.length === 0 ? "" : `{${parts.join(", ")}}`;
      if (space.name === record) return body === "" ? "_" : body;
      return body === "" ? space.name : `${space.name} ${body}`;
    }
  }
}
