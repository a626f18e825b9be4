// Lowering: a checked program to KIR. This is the entry and the assembly; the families are `lower-term` (without
// effects), `lower-steps` and `lower-control` (with), `lower-effects` and `lower-models` (the effects themselves),
// `lower-agents`, `lower-connections`. The same text gives the same JSON, byte for byte; what nothing reaches stays out.

import type { Checked } from "../checker/checked.ts";
import type { Stdlib } from "../checker/prelude.ts";
import type { Declaration, Item, TaskDeclaration } from "../parser/ast.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import { Body } from "./body.ts";
import type { AgentNode, Places, Program } from "./kir.ts";
import { none } from "./literal.ts";
import { lowerAgent } from "./lower-agents.ts";
import { lowerConnections, secretVariables } from "./lower-connections.ts";
import { taskFunction } from "./lower-functions.ts";
import { lowerInputs } from "./lower-inputs.ts";
import { into, run, value } from "./lower-steps.ts";
import { term } from "./lower-term.ts";
import { modelsOf } from "./models-of.ts";
import { Unit } from "./unit.ts";

export interface Lowered {
  readonly program: Program;
  readonly places: Places;
  readonly diagnostics: readonly Diagnostic[];
}

/** Only for a program without errors. `also`: tasks that are to be lowered even where nothing reaches them. */
export function lower(
  checked: Checked,
  source: Source,
  stdlib: Stdlib,
  also: readonly TaskDeclaration[] = [],
): Lowered {
  const unit = new Unit(checked, stdlib, { term, value, into, run });
  unit.ask("main", () => lowerMain(unit));
  for (const task of also) taskFunction(unit, task, false);
  const agents: [string, AgentNode][] = checked.agents.map(({ name, node }) => [name, lowerAgent(unit, node)]);
  unit.finish();
  const connections = lowerConnections(unit);
  unit.finish();
  const inputs = lowerInputs(unit);
  unit.finish();
  const secrets = secretVariables(unit);
  const program: Program = {
    keel: 1,
    semantics: 1,
    main: "main",
    functions: Object.fromEntries(sorted(unit.functions)),
    agents: Object.fromEntries(agents),
    connections,
    prompts: promptsOf(unit),
    env: [...unit.environment].toSorted().map((name) => ({ name, secret: secrets.has(name) })),
    ...(inputs.length === 0 ? {} : { inputs }),
    models: modelsOf(unit, agents),
  };
  const places: Places = { file: source.name, steps: Object.fromEntries(sorted(unit.places)) };
  return { program, places, diagnostics: unit.diagnostics };
}

function lowerMain(unit: Unit): void {
  const f = new Body(unit, "main", { form: "Steps", agent: undefined });
  for (const item of unit.checked.program.items) if (!isDeclaration(item)) f.run(item);
  f.emit({ kind: "Return", value: none });
  f.finish();
}

const declarations: { readonly [kind in Declaration["kind"]]: true } = {
  UseDeclaration: true,
  ConnectDeclaration: true,
  InputDeclaration: true,
  TypeDeclaration: true,
  TaskDeclaration: true,
  ExternDeclaration: true,
  KindDeclaration: true,
  AgentDeclaration: true,
};

function isDeclaration(item: Item): item is Declaration {
  return item.kind in declarations;
}

function promptsOf(unit: Unit): Program["prompts"] {
  const used = [...unit.operations].toSorted();
  return Object.fromEntries(used.map((operation) => [operation, unit.stdlib.prompts[operation] ?? ""]));
}

/** By the id's code units, so that where a function stands in the text says nothing about where it stands here. */
function sorted<T>(entries: Iterable<readonly [string, T]>): readonly (readonly [string, T])[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
