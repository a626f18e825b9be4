// What an agent may do: connections by `tools [...]`, delegation by `team [...]`, both through everything its code can
// reach. The shortest path to the deed is shown. And who waits for whom: a delegation waits for the other agent's
// mailbox, so a circle of them would wait forever.

import type { Delegate, Node, TaskDeclaration } from "../parser/ast.ts";
import type { Callable } from "./checked.ts";
import type { AgentInfo, Context } from "./context.ts";
import { addName } from "./edits.ts";
import type { Deed, Direct, Edge, Effects } from "./effects.ts";

/** A body reached from an agent, and how. */
interface Reached {
  readonly callable: Callable;
  readonly direct: Direct;
  /** The call in the agent's own code that the path begins with; undefined in that code itself. */
  readonly first: Node | undefined;
  readonly path: readonly string[];
}

export function checkCapabilities(cx: Context, effects: Effects): void {
  const circles = new Set<string>();
  const waits = waitsOf(effects);
  for (const agent of cx.ownAgents()) {
    const reached = reach(effects, entries(agent));
    checkTools(cx, agent, reached);
    checkTeam(cx, agent, reached);
    checkWaiting(cx, agent, reached, waits, circles);
  }
}

interface Entry {
  readonly callable: Callable;
  readonly name: string;
}

/** The bodies in which an agent's code begins. */
function entries(agent: AgentInfo): Entry[] {
  const all: Entry[] = [];
  for (const member of agent.node.members) {
    if (member.kind === "TaskDeclaration") all.push({ callable: member, name: member.name.text });
    else if (member.kind === "OnMember") all.push({ callable: member.body, name: `on ${member.event.text}` });
    else if (member.kind === "EveryMember") all.push({ callable: member.body, name: "every" });
    else if (member.kind === "AfterMember") all.push({ callable: member.body, name: "after" });
    else if (member.kind === "AtMember") all.push({ callable: member.body, name: "at" });
  }
  return all;
}

/** Everything reachable by calls, nearest first. */
function reach(effects: Effects, from: readonly Entry[]): Reached[] {
  const seen = new Set<Callable>(from.map(({ callable }) => callable));
  const found: Reached[] = from.map(({ callable, name }) => ({
    callable,
    direct: effects.directOf(callable),
    first: undefined,
    path: [name],
  }));
  for (let index = 0; index < found.length; index += 1) {
    const at = found[index];
    if (at === undefined) break;
    for (const edge of at.direct.edges) {
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      const direct = effects.directOf(edge.to);
      found.push({ callable: edge.to, direct, first: at.first ?? edge.node, path: [...at.path, ...label(edge)] });
    }
  }
  return found;
}

const label = ({ to }: Edge): string[] => (to.kind === "TaskDeclaration" ? [to.name.text] : []);

function checkTools(cx: Context, agent: AgentInfo, reached: readonly Reached[]): void {
  const tools = agent.node.members.find((member) => member.kind === "ToolsMember");
  if (tools === undefined) return;
  const allowed = new Set(tools.names.map(({ text }) => cx.connections.get(text)?.name));
  const said = new Set<string>();
  for (const { direct, first, path } of reached) {
    for (const deed of direct.deeds) {
      const connection = connectionOf(deed);
      if (connection === undefined || allowed.has(connection)) continue;
      const place = first ?? deed.node;
      const key = `${connection} ${place.span.start}`;
      if (said.has(key)) continue;
      said.add(key);
      const words = [...path, verb(deed.node)].join(" → ");
      const related = first === undefined ? [] : [{ span: deed.node.span, message: `'${connection}' is used here` }];
      const word = wordFor(cx.connections, connection);
      const edits = word === undefined ? [] : addName(cx.source, tools, word);
      cx.report("K4001", place.span, { agent: agent.name, connection, path: words }, { related, edits });
    }
  }
}

/** What this file calls it, if it does. */
function wordFor(known: ReadonlyMap<string, { readonly name: string }>, name: string): string | undefined {
  return [...known].find(([, info]) => info.name === name)?.[0];
}

function connectionOf({ effect }: Deed): string | undefined {
  return effect.startsWith("connection:") ? effect.slice("connection:".length) : undefined;
}

function verb(node: Node): string {
  if (node.kind === "Call" && node.callee.kind === "Member") return node.callee.name.text;
  return node.kind === "For" ? "for" : node.kind.toLowerCase();
}

function checkTeam(cx: Context, agent: AgentInfo, reached: readonly Reached[]): void {
  const team = agent.node.members.find((member) => member.kind === "TeamMember");
  if (team === undefined) return;
  const allowed = new Set(team.names.map(({ text }) => cx.agents.get(text)?.name));
  for (const { direct, first, path } of reached) {
    for (const node of direct.delegates) {
      const other = cx.facts.agentNames.get(node.to) ?? node.to.text;
      if (allowed.has(other)) continue;
      const place = first ?? node;
      const words = [...path, `delegate ${node.task.text}`].join(" → ");
      const related = first === undefined ? [] : [{ span: node.span, message: "delegated here" }];
      const word = wordFor(cx.agents, other);
      const edits = word === undefined ? [] : addName(cx.source, team, word);
      cx.report("K4002", place.span, { agent: agent.name, other, path: words }, { related, edits });
    }
  }
}

/** A circle of delegations that comes back to the agent that waits. */
function checkWaiting(
  cx: Context,
  agent: AgentInfo,
  own: readonly Reached[],
  waits: Waits,
  circles: Set<string>,
): void {
  const seen = new Set<TaskDeclaration>();
  const queue: Waiting[] = [{ step: agent.name, before: undefined, delegates: delegatesOf(own), begin: undefined }];
  for (const at of queue) {
    for (const node of at.delegates) {
      const other = cx.shared.agents.get(cx.facts.agentNames.get(node.to) ?? "");
      const task = other?.tasks.get(node.task.text);
      if (other === undefined || task === undefined) continue;
      const next = { step: `${other.name}.${task.name.text}`, before: at, begin: at.begin ?? node };
      if (other === agent) {
        const path = pathTo({ ...next, delegates: [] });
        const circle = [...new Set(path.map((step) => step.split(".")[0] ?? ""))].toSorted().join(" ");
        if (!circles.has(circle)) cx.report("K4003", next.begin.span, { path: path.join(" → ") });
        circles.add(circle);
      } else if (!seen.has(task)) {
        seen.add(task);
        queue.push({ ...next, delegates: waits(task) });
      }
    }
  }
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

const delegatesOf = (reached: readonly Reached[]): Delegate[] => reached.flatMap(({ direct }) => [...direct.delegates]);

function pathTo(end: Waiting): string[] {
  const steps: string[] = [];
  for (let at: Waiting | undefined = end; at !== undefined; at = at.before) steps.unshift(at.step);
  return steps;
}
