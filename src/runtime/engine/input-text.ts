// An input as a person writes it on a command line: texts, dates and variants as they are, a duration as `5m` or
// `5.minutes`, what has parts as JSON.

import { cast } from "../../interp/cast.ts";
import { parseJson } from "../../interp/json.ts";
import { parseFloat64, parseInt64 } from "../../interp/numbers.ts";
import { Duration, type Value } from "../../interp/value.ts";
import { unitsInMs } from "../../ir/duration-units.ts";
import type { Shape } from "../../ir/kir.ts";

/** The value, or undefined where the text is none of the shape's. */
export function readInput(shape: Shape, text: string): Value | undefined {
  switch (shape.kind) {
    case "str":
    case "datetime":
      return cast(text, shape);
    case "int":
      return parseInt64(text.trim().replaceAll("_", "")) ?? undefined;
    case "float":
      return parseFloat64(text.trim().replaceAll("_", "")) ?? undefined;
    case "bool":
      return new Map([
        ["true", true],
        ["false", false],
      ]).get(text.trim());
    case "none":
      return text.trim() === "none" ? null : undefined;
    case "duration":
      return readDuration(text.trim());
    case "nullable":
      return text === "none" && shape.of.kind !== "str" ? null : readInput(shape.of, text);
    case "enum":
      return cast(text.trim(), shape) ?? readJson(shape, text);
    case "json":
    case "list":
    case "map":
    case "struct":
      return readJson(shape, text);
  }
}

function readJson(shape: Shape, text: string): Value | undefined {
  const value = parseJson(text);
  return value === undefined ? undefined : cast(value, shape);
}

function readDuration(text: string): Value | undefined {
  const match = /^(\d[\d_]*(?:\.\d+)?)\s*\.?\s*([a-z]+)$/.exec(text);
  const unit = match?.[2] ?? "";
  if (match?.[1] === undefined || !Object.hasOwn(unitsInMs, unit)) return undefined;
  return new Duration(Math.round(Number(match[1].replaceAll("_", "")) * (unitsInMs[unit] ?? 0)));
}

/** The shape as a person writes its type; an enum as its variants. */
export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case "list":
      return `list[${shapeText(shape.of)}]`;
    case "map":
      return `map[${shapeText(shape.key)}, ${shapeText(shape.value)}]`;
    case "nullable":
      return `${shapeText(shape.of)}?`;
    case "struct":
      return `{${shape.fields.map((field) => `${field.name}: ${shapeText(field.shape)}`).join(", ")}}`;
    case "enum":
      return shape.variants.map(({ name }) => name).join(" | ");
    case "int":
    case "float":
    case "str":
    case "bool":
    case "none":
    case "json":
    case "duration":
    case "datetime":
      return shape.kind;
  }
}

/** A value of the shape as it may be written. */
export function exampleText(shape: Shape): string {
  switch (shape.kind) {
    case "int":
      return "3";
    case "float":
      return "0.5";
    case "str":
      return "text";
    case "bool":
      return "true";
    case "none":
      return "none";
    case "duration":
      return "5m";
    case "datetime":
      return "2026-05-01T09:00:00Z";
    case "nullable":
      return exampleText(shape.of);
    case "enum": {
      const [first] = shape.variants;
      return first === undefined || first.fields === undefined ? (first?.name ?? "") : exampleJson(shape);
    }
    case "json":
    case "list":
    case "map":
    case "struct":
      return exampleJson(shape);
  }
}

function exampleJson(shape: Shape): string {
  switch (shape.kind) {
    case "json":
      return "{}";
    case "list":
      return `[${exampleJson(shape.of)}]`;
    case "map":
      return `{"${shape.key.kind === "int" ? 1 : "key"}": ${exampleJson(shape.value)}}`;
    case "nullable":
      return exampleJson(shape.of);
    case "struct":
      return `{${shape.fields.map((field) => `"${field.name}": ${exampleJson(field.shape)}`).join(", ")}}`;
    case "enum": {
      const [first] = shape.variants;
      if (first?.fields === undefined) return `"${first?.name ?? ""}"`;
      return `{"${first.name}": ${exampleJson({ kind: "struct", fields: first.fields })}}`;
    }
    case "none":
      return "null";
    case "duration":
      return "300000";
    case "str":
    case "datetime":
      return `"${exampleText(shape)}"`;
    case "int":
    case "float":
    case "bool":
      return exampleText(shape);
  }
}
