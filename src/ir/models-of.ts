// The model names that a program's AI operations can use and that are known before it runs: those of `using`, and, for
// operations without it, that of the agent on whose behalf they run, or `claude-sonnet`. On whose behalf: every agent,
// and `main`, from which a chain of calls leads to the operation.

import type { AgentNode } from "./kir.ts";
import { constantText } from "./lower-models.ts";
import type { Unit } from "./unit.ts";

const standard = "claude-sonnet";

export function modelsOf(unit: Unit, agents: readonly (readonly [string, AgentNode])[]): readonly string[] {
  const names = new Set<string>();
  for (const models of unit.models.values()) for (const name of models) if (name !== undefined) names.add(name);
  const asking = askingWithoutName(unit);
  if (asking.has("main")) names.add(standard);
  for (const [name, agent] of agents) {
    const { tasks, schedules, onMessage, onStart, onStop } = agent;
    const own = [...Object.values(tasks), ...schedules.map((one) => one.function), onMessage, onStart, onStop];
    if (!own.some((id) => id !== undefined && asking.has(id))) continue;
    const model = agentModel(unit, name);
    if (model !== undefined) names.add(model);
  }
  return [...names].toSorted();
}

/** The functions that ask a model without naming it, themselves or through those that they speak of. */
function askingWithoutName({ functions, models }: Unit): ReadonlySet<string> {
  const speakers = new Map<string, string[]>();
  for (const [id, code] of functions) {
    for (const other of mentioned(code)) {
      const known = speakers.get(other);
      if (known === undefined) speakers.set(other, [id]);
      else known.push(id);
    }
  }
  const asking = new Set<string>();
  const work = [...models].flatMap(([id, names]) => (names.has(undefined) ? [id] : []));
  for (let id = work.pop(); id !== undefined; id = work.pop()) {
    if (asking.has(id)) continue;
    asking.add(id);
    work.push(...(speakers.get(id) ?? []));
  }
  return asking;
}

/** The model an agent declares; undefined where only the run will know it. */
function agentModel(unit: Unit, name: string): string | undefined {
  const node = unit.checked.agents.find((agent) => agent.name === name)?.node;
  const member = node?.members.find((one) => one.kind === "ModelMember");
  return member === undefined ? standard : constantText(unit, member.value);
}

/** The functions that a piece of KIR speaks of: it is data, so they are found by where their ids stand. */
export function mentioned(code: unknown): readonly string[] {
  const found: string[] = [];
  const work: unknown[] = [code];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (typeof node !== "object" || node === null) continue;
    if ("function" in node && typeof node.function === "string") found.push(node.function);
    work.push(...Object.values(node).filter((part) => part !== undefined && part !== null));
  }
  return found;
}
