// The AI operations of a compiled program: where each stands in the text, the step that it became, and on whose behalf
// it can run: every agent, and the program itself, from which a chain of calls leads to it.

import type { Checked } from "../checker/checked.ts";
import { moduleAt } from "../checker/modules.ts";
import type { AgentNode, ModelEffect, Places, Program, StepFunction, Term } from "../ir/kir.ts";
import { mentioned } from "../ir/models-of.ts";
import { operationKinds } from "../parser/forms.ts";
import { walk } from "../parser/walk.ts";
import { invariant } from "../source/invariant.ts";
import type { Operation } from "./prompt-effects.ts";

export interface PlacedOperation {
  readonly node: Operation;
  /** The function that it stands in, the step's id, and its effect. */
  readonly code: StepFunction;
  readonly step: string;
  readonly effect: ModelEffect<Term>;
  /** As seen from the program's own file; undefined: in that file. */
  readonly file: string | undefined;
  readonly line: number;
  readonly lastLine: number;
  readonly column: number;
  readonly askers: readonly Asker[];
}

/** Nobody: nothing in the program calls the task that it stands in. */
export type Asker =
  { readonly kind: "Agent"; readonly name: string } | { readonly kind: "Main" } | { readonly kind: "Nobody" };

/** In the order of the text, the program's own file first. */
export function operationsOf(checked: Checked, program: Program, places: Places): readonly PlacedOperation[] {
  const steps = stepsOf(program, places);
  const askers = askersOf(program);
  return nodesOf(checked).flatMap((node) => {
    const { module, file, line, column } = placeOf(checked, node);
    const found = steps.get(keyOf(line, column, file)) ?? [];
    const [first] = found;
    // What stands behind a `return` became no step.
    if (first === undefined) return [];
    const all = new Map(found.flatMap(({ id }) => askers(id)).map((asker) => [JSON.stringify(asker), asker]));
    const known = [...all.values()];
    const lastLine = module.source.position(node.span.end - module.base).line;
    const { code, step, effect } = first;
    return {
      ...{ node, code, step, effect, file, line, lastLine, column },
      askers: known.length === 0 ? [{ kind: "Nobody" }] : known,
    };
  });
}

interface FoundStep {
  /** The function's. */
  readonly id: string;
  readonly code: StepFunction;
  readonly step: string;
  readonly effect: ModelEffect<Term>;
}

/** By place; a task that is made a second time for arguments with effects has its steps twice. */
function stepsOf(program: Program, places: Places): ReadonlyMap<string, readonly FoundStep[]> {
  const found = new Map<string, FoundStep[]>();
  for (const [id, code] of Object.entries(program.functions)) {
    if (code.kind !== "Steps") continue;
    for (const step of code.steps) {
      if (step.kind !== "Perform" || !isModelEffect(step.effect)) continue;
      const place = places.steps[step.id];
      invariant(place !== undefined, `the step ${step.id} has a place`);
      const key = keyOf(...place);
      found.set(key, [...(found.get(key) ?? []), { id, code, step: step.id, effect: step.effect }]);
    }
  }
  return found;
}

const kinds: ReadonlySet<string> = new Set(operationKinds);

function isModelEffect(effect: { readonly kind: string }): effect is ModelEffect<Term> {
  return kinds.has(effect.kind);
}

function nodesOf({ modules }: Checked): readonly Operation[] {
  const found: Operation[] = [];
  for (const { program } of modules.all) {
    walk(program, (node) => {
      if (kinds.has(node.kind)) found.push(node as Operation);
    });
  }
  return found;
}

function placeOf({ modules }: Checked, node: Operation) {
  const module = moduleAt(modules, node.span.start);
  const { line, column } = module.source.position(node.span.start - module.base);
  return { module, file: module === modules.main ? undefined : module.path, line, column };
}

function keyOf(line: number, column: number, file?: string): string {
  return `${file ?? ""}:${line}:${column}`;
}

function askersOf(program: Program): (id: string) => readonly Asker[] {
  const main = reachedFrom(program, [program.main]);
  const agents = Object.values(program.agents).map(
    (agent) => [agent.name, reachedFrom(program, rootsOf(agent))] as const,
  );
  return (id) => [
    ...(main.has(id) ? [{ kind: "Main" } as const] : []),
    ...agents.flatMap(([name, reached]) => (reached.has(id) ? [{ kind: "Agent", name } as const] : [])),
  ];
}

function rootsOf({ tasks, schedules, onMessage, onStart, onStop }: AgentNode): readonly string[] {
  const handlers = [onMessage, onStart, onStop].filter((id) => id !== undefined);
  return [...Object.values(tasks), ...schedules.map((each) => each.function), ...handlers];
}

function reachedFrom({ functions }: Program, roots: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const work = [...roots];
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    if (reached.has(id) || functions[id] === undefined) continue;
    reached.add(id);
    work.push(...mentioned(functions[id]));
  }
  return reached;
}
