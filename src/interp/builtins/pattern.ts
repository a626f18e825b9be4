// `matches`: regular expressions in RE2 syntax, in time linear in the text. The pattern becomes a program of a
// Thompson machine, and all its threads are moved over the text at once (Cox, "Regular Expression Matching: the
// Virtual Machine Approach", 2009). Since only whether it matches is asked, greediness and groups mean nothing.

import { toolError } from "../failure.ts";
import { parsePattern } from "./pattern-syntax.ts";
import type { Node } from "./pattern-syntax.ts";

type Instruction =
  | { readonly kind: "Point"; readonly accepts: (point: number) => boolean }
  | { readonly kind: "Split"; readonly a: number; readonly b: number }
  | { readonly kind: "Look"; readonly holds: (before: number, after: number) => boolean }
  | { readonly kind: "Match" };

const MAX_INSTRUCTIONS = 10_000;

/** Whether the pattern is found anywhere in the text. */
export function matches(text: string, pattern: string): boolean {
  const program: Instruction[] = [];
  emit(parsePattern(pattern), program);
  program.push({ kind: "Match" });
  return run(
    program,
    Array.from(text, (point) => point.codePointAt(0) ?? 0),
  );
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > MAX_INSTRUCTIONS) throw toolError("the pattern is too large");
  switch (node.kind) {
    case "Point":
    case "Look":
      program.push(node);
      return;
    case "Sequence":
      for (const each of node.of) emit(each, program);
      return;
    case "Choice":
      return emitChoice(node.of, program);
    case "Repeat":
      return emitRepeat(node, program);
  }
}

function emitChoice(nodes: readonly Node[], program: Instruction[]): void {
  const jumps: number[] = [];
  nodes.forEach((node, index) => {
    if (index === nodes.length - 1) return emit(node, program);
    const split = reserve(program);
    emit(node, program);
    jumps.push(reserve(program));
    program[split] = { kind: "Split", a: split + 1, b: program.length };
  });
  for (const jump of jumps) program[jump] = { kind: "Split", a: program.length, b: program.length };
}

function emitRepeat({ of, min, max }: Extract<Node, { readonly kind: "Repeat" }>, program: Instruction[]): void {
  for (let time = 0; time < min; time++) emit(of, program);
  if (max === Infinity) {
    const split = reserve(program);
    emit(of, program);
    program.push({ kind: "Split", a: split, b: split });
    program[split] = { kind: "Split", a: split + 1, b: program.length };
    return;
  }
  const splits: number[] = [];
  for (let time = min; time < max; time++) {
    splits.push(reserve(program));
    emit(of, program);
  }
  for (const split of splits) program[split] = { kind: "Split", a: split + 1, b: program.length };
}

function reserve(program: Instruction[]): number {
  return program.push({ kind: "Match" }) - 1;
}

/** −1 stands for the edge of the text. */
function run(program: readonly Instruction[], points: readonly number[]): boolean {
  let threads = new Set<number>();
  for (let at = 0; at <= points.length; at++) {
    const before = points[at - 1] ?? -1;
    const after = points[at] ?? -1;
    const reached = new Set<number>();
    const pending = [0, ...threads];
    for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
      if (reached.has(pc)) continue;
      reached.add(pc);
      const instruction = program[pc] as Instruction;
      if (instruction.kind === "Match") return true;
      if (instruction.kind === "Split") pending.push(instruction.a, instruction.b);
      else if (instruction.kind === "Look" && instruction.holds(before, after)) pending.push(pc + 1);
    }
    threads = new Set();
    for (const pc of reached) {
      const instruction = program[pc] as Instruction;
      if (instruction.kind === "Point" && after !== -1 && instruction.accepts(after)) threads.add(pc + 1);
    }
  }
  return false;
}
