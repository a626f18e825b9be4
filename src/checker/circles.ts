// Who waits for whom: a delegation waits for the other agent's mailbox, so a circle of delegations would wait forever.
// Only agents that can delegate to one another at all are looked at closely.

import type { Delegate, TaskDeclaration } from "../parser/ast.ts";
import { components } from "./components.ts";
import type { AgentInfo, Shared } from "./context.ts";
import type { Effects } from "./effects.ts";
import { entries, reach, type Reached } from "./reach.ts";

export function checkCircles(shared: Shared, effects: Effects): void {
  const told = new Set<string>();
  const waits = waitsOf(effects);
  const groups = groupsOf(shared, effects);
  for (const agent of shared.agents.values()) {
    const others = groups.get(agent);
    if (others === undefined) continue;
    checkWaiting(shared, agent, delegatesOf(reach(effects, entries(agent))), { others, waits, told });
  }
}

/** For each agent that may come back to itself by delegations: those it may come through. */
function groupsOf(shared: Shared, effects: Effects): ReadonlyMap<AgentInfo, ReadonlySet<AgentInfo>> {
  const next = new Map<AgentInfo, ReadonlySet<AgentInfo>>();
  for (const agent of shared.agents.values()) next.set(agent, delegatedTo(shared, effects, agent));
  const groups = new Map<AgentInfo, ReadonlySet<AgentInfo>>();
  for (const group of components(next.keys(), (agent) => next.get(agent) ?? [])) {
    const others = new Set(group);
    for (const agent of group) if (group.length > 1 || next.get(agent)?.has(agent) === true) groups.set(agent, others);
  }
  return groups;
}

/** The agents that an agent's code delegates to. */
function delegatedTo(shared: Shared, effects: Effects, agent: AgentInfo): ReadonlySet<AgentInfo> {
  const found = new Set<AgentInfo>();
  for (const { callable } of entries(agent)) {
    for (const node of effects.delegatesOf(callable)) {
      const other = receiver(shared, node);
      if (other !== undefined) found.add(other);
    }
  }
  return found;
}

function receiver(shared: Shared, { to }: Delegate): AgentInfo | undefined {
  return shared.agents.get(shared.facts.agentNames.get(to) ?? "");
}

interface Search {
  /** The agents that a circle can go through. */
  readonly others: ReadonlySet<AgentInfo>;
  readonly waits: Waits;
  readonly told: Set<string>;
}

/** A circle of delegations that comes back to the agent that waits. */
function checkWaiting(shared: Shared, agent: AgentInfo, own: readonly Delegate[], search: Search): void {
  const seen = new Set<TaskDeclaration>();
  const queue: Waiting[] = [{ step: agent.name, before: undefined, delegates: own, begin: undefined }];
  for (const at of queue) {
    for (const node of at.delegates) {
      const other = receiver(shared, node);
      const task = other?.tasks.get(node.task.text);
      if (other === undefined || task === undefined || !search.others.has(other)) continue;
      const next = { step: `${other.name}.${task.name.text}`, before: at, begin: at.begin ?? node };
      if (other === agent) tell(agent, next.begin, pathTo({ ...next, delegates: [] }), search.told);
      else if (!seen.has(task)) {
        seen.add(task);
        queue.push({ ...next, delegates: search.waits(task) });
      }
    }
  }
}

/** Once for a circle, whichever of its agents is asked. */
function tell(agent: AgentInfo, begin: Delegate, path: readonly string[], told: Set<string>): void {
  const circle = [...new Set(path.map((step) => step.split(".")[0] ?? ""))].toSorted().join(" ");
  if (!told.has(circle)) agent.home.report("K4003", begin.span, { path: path.join(" → ") });
  told.add(circle);
}

/** A delegated task, the one it was delegated by, and the agent's own delegation that all began with. */
interface Waiting {
  readonly step: string;
  readonly before: Waiting | undefined;
  readonly delegates: readonly Delegate[];
  readonly begin: Delegate | undefined;
}

/** What a task delegates, itself or through what it calls. */
type Waits = (task: TaskDeclaration) => readonly Delegate[];

function waitsOf(effects: Effects): Waits {
  const known = new Map<TaskDeclaration, readonly Delegate[]>();
  return (task) => {
    const found = known.get(task) ?? delegatesOf(reach(effects, [{ callable: task, name: task.name.text }]));
    known.set(task, found);
    return found;
  };
}

const delegatesOf = (reached: readonly Reached[]): Delegate[] => reached.flatMap(({ direct }) => direct.delegates);

function pathTo(end: Waiting): readonly string[] {
  const steps: string[] = [];
  for (let at: Waiting | undefined = end; at !== undefined; at = at.before) steps.push(at.step);
  return steps.toReversed();
}
