// Who waits for whom: a delegation waits for the other agent's mailbox, so a circle of delegations would wait forever.
// Only agents that can delegate to one another at all are looked at closely.

import type { Delegate, TaskDeclaration } from "../parser/ast.ts";
import { components } from "./components.ts";
import type { AgentInfo, Shared } from "./context.ts";
import type { Effects } from "./effects.ts";
import { entries, reach, type Reached } from "./reach.ts";

/** Agents that may come back to themselves by delegations to each other. */
interface Group {
  readonly agents: ReadonlySet<AgentInfo>;
  /** The circles that were told, each by the names of its agents. */
  readonly told: Set<string>;
  /** One of them goes through the whole group: to look for more would say the same again. */
  isWhole: boolean;
}

export function checkCircles(shared: Shared, effects: Effects): void {
  const waits = waitsOf(effects);
  const groups = groupsOf(shared, effects);
  for (const agent of shared.agents.values()) {
    const group = groups.get(agent);
    if (group === undefined || group.isWhole) continue;
    checkWaiting(shared, agent, delegatesOf(reach(effects, entries(agent))), group, waits);
  }
}

function groupsOf(shared: Shared, effects: Effects): ReadonlyMap<AgentInfo, Group> {
  const next = new Map<AgentInfo, ReadonlySet<AgentInfo>>();
  for (const agent of shared.agents.values()) next.set(agent, delegatedTo(shared, effects, agent));
  const groups = new Map<AgentInfo, Group>();
  for (const agents of components(next.keys(), (agent) => next.get(agent) ?? [])) {
    const group: Group = { agents: new Set(agents), told: new Set(), isWhole: false };
    for (const agent of agents) {
      if (agents.length > 1 || next.get(agent)?.has(agent) === true) groups.set(agent, group);
    }
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

/** A delegated task, the one it was delegated by, and the agent's own delegation that all began with. */
interface Waiting {
  readonly agent: AgentInfo;
  readonly task: TaskDeclaration | undefined;
  readonly before: Waiting | undefined;
  readonly begin: Delegate | undefined;
}

/** Circles of delegations that come back to the agent that waits. */
function checkWaiting(
  shared: Shared,
  agent: AgentInfo,
  own: readonly Delegate[],
  group: Group,
  waits: (task: TaskDeclaration) => readonly Delegate[],
): void {
  const seen = new Set<TaskDeclaration>();
  const queue: Waiting[] = [{ agent, task: undefined, before: undefined, begin: undefined }];
  for (const at of queue) {
    for (const node of at.task === undefined ? own : waits(at.task)) {
      const other = receiver(shared, node);
      const task = other?.tasks.get(node.task.text);
      if (other === undefined || task === undefined || !group.agents.has(other)) continue;
      const next = { agent: other, task, before: at, begin: at.begin ?? node };
      if (other === agent) tell(next, group);
      else if (!seen.has(task)) {
        seen.add(task);
        queue.push(next);
      }
    }
  }
}

/** Once for a circle, whichever of its agents is asked. */
function tell(end: Waiting & { readonly begin: Delegate }, group: Group): void {
  const steps: string[] = [];
  const agents = new Set<AgentInfo>();
  for (let at: Waiting | undefined = end; at !== undefined; at = at.before) {
    steps.push(at.task === undefined ? at.agent.name : `${at.agent.name}.${at.task.name.text}`);
    agents.add(at.agent);
  }
  const circle = [...agents]
    .map(({ name }) => name)
    .toSorted()
    .join(" ");
  if (group.told.has(circle)) return;
  group.told.add(circle);
  group.isWhole ||= agents.size === group.agents.size;
  end.agent.home.report("K4003", end.begin.span, { path: steps.toReversed().join(" → ") });
}

/** What a task delegates, itself or through what it calls, nearest first. */
function waitsOf(effects: Effects): (task: TaskDeclaration) => readonly Delegate[] {
  const known = new Map<TaskDeclaration, readonly Delegate[]>();
  return (task) => {
    const found = known.get(task) ?? delegatesOf(reach(effects, [{ callable: task, name: task.name.text }]));
    known.set(task, found);
    return found;
  };
}

const delegatesOf = (reached: readonly Reached[]): Delegate[] => reached.flatMap(({ direct }) => direct.delegates);
