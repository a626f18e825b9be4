// What can be said of an agent's schedules before it runs: times of day, durations and zones that are literals. What the
// environment or an input gives is read when the agent starts, by the same rules.

import type { DurationLiteral, Expression, NodeOf } from "../parser/ast.ts";
import { betterInterval, isZone, readWallTime, type WallTime } from "../source/wall-time.ts";
import type { Context } from "./context.ts";
import { units } from "./literals.ts";
import { didYouMean } from "./missing.ts";

/** `every D { }` and `every D at T { }`. */
export function checkEvery(cx: Context, { interval, at }: NodeOf<"EveryMember">): void {
  const time = at === undefined ? undefined : checkTime(cx, at);
  const written = durationOf(interval);
  if (written === undefined || (at !== undefined && time === undefined)) return;
  const better = betterInterval(written.ms, time);
  if (better !== undefined) cx.report("K2041", interval.span, { expected: better, got: written.text });
}

/** The time of day that a literal is; one that is none is reported. */
export function checkTime(cx: Context, at: Expression): WallTime | undefined {
  const text = textOf(at);
  if (text === undefined) return undefined;
  const time = readWallTime(text);
  if (!("why" in time)) return time;
  cx.report("K2040", at.span, { text, why: time.why });
  return undefined;
}

export function checkZone(cx: Context, zone: Expression): void {
  const name = textOf(zone);
  if (name === undefined || isZone(name)) return;
  const { help, edits = [] } = didYouMean(name, zone.span, Intl.supportedValuesOf("timeZone"));
  const quoted = edits.map((edit) => ({ ...edit, text: JSON.stringify(edit.text) }));
  cx.report("K2042", zone.span, { name }, help === undefined ? {} : { help, edits: quoted });
}

/** The text of a literal without holes. */
function textOf(node: Expression): string | undefined {
  if (node.kind !== "StringLiteral") return undefined;
  const texts = node.parts.map((part) => (part.kind === "TextPart" ? part.text : undefined));
  return texts.includes(undefined) ? undefined : texts.join("");
}

interface WrittenDuration {
  readonly ms: number;
  readonly text: string;
}

function durationOf(node: Expression): WrittenDuration | undefined {
  if (node.kind === "DurationLiteral") return writtenDuration(node);
  if (node.kind !== "Unary") return undefined;
  const positive = durationOf(node.operand);
  return positive === undefined ? undefined : { ms: -positive.ms, text: `-${positive.text}` };
}

function writtenDuration({ amount, unit }: DurationLiteral): WrittenDuration | undefined {
  if (!Object.hasOwn(units, unit.text)) return undefined;
  const ms = Math.round(Number(amount.replaceAll("_", "")) * (units[unit.text] ?? 0));
  return { ms, text: `${amount}.${unit.text}` };
}
