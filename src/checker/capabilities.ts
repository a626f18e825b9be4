// What an agent may do: connections by `tools [...]`, delegation by `team [...]`, both through everything its code can
// reach. Whether something is wrong is known from the effects; only then the shortest path to the deed is looked for.

import type { Delegate, Node } from "../parser/ast.ts";
import type { Effect } from "./checked.ts";
import type { AgentInfo, Context } from "./context.ts";
import { addName } from "./edits.ts";
import type { Effects } from "./effects.ts";
import { entries, pathText, reach } from "./reach.ts";

export function checkCapabilities(cx: Context, effects: Effects): void {
  for (const agent of cx.ownAgents()) {
    checkTools(cx, agent, effects);
    checkTeam(cx, agent, effects);
  }
}

function checkTools(cx: Context, agent: AgentInfo, effects: Effects): void {
  const tools = agent.node.members.find((member) => member.kind === "ToolsMember");
  if (tools === undefined) return;
  const allowed = new Set(tools.names.map(({ text }) => cx.connections.get(text)?.name));
  const isAllowed = (effect: Effect): boolean => {
    const connection = connectionOf(effect);
    return connection === undefined || allowed.has(connection);
  };
  const begins = entries(agent);
  if (begins.every(({ callable }) => [...(effects.all.get(callable) ?? [])].every(isAllowed))) return;
  const said = new Set<string>();
  for (const reached of reach(effects, begins)) {
    const { direct, first } = reached;
    for (const deed of direct.deeds) {
      const connection = connectionOf(deed.effect);
      if (connection === undefined || isAllowed(deed.effect)) continue;
      const place = first ?? deed.node;
      const key = `${connection} ${place.span.start}`;
      if (said.has(key)) continue;
      said.add(key);
      const path = pathText(reached, verb(deed.node));
      const related = first === undefined ? [] : [{ span: deed.node.span, message: `'${connection}' is used here` }];
      const word = wordFor(cx.connections, connection);
      const edits = word === undefined ? [] : addName(cx.source, tools, word);
      cx.report("K4001", place.span, { agent: agent.name, connection, path }, { related, edits });
    }
  }
}

/** What this file calls it, if it does. */
function wordFor(known: ReadonlyMap<string, { readonly name: string }>, name: string): string | undefined {
  return [...known].find(([, info]) => info.name === name)?.[0];
}

function connectionOf(effect: Effect): string | undefined {
  return effect.startsWith("connection:") ? effect.slice("connection:".length) : undefined;
}

function verb(node: Node): string {
  if (node.kind === "Call" && node.callee.kind === "Member") return node.callee.name.text;
  return node.kind === "For" ? "for" : node.kind.toLowerCase();
}

function checkTeam(cx: Context, agent: AgentInfo, effects: Effects): void {
  const team = agent.node.members.find((member) => member.kind === "TeamMember");
  if (team === undefined) return;
  const allowed = new Set(team.names.map(({ text }) => cx.agents.get(text)?.name));
  const nameOf = ({ to }: Delegate): string => cx.facts.agentNames.get(to) ?? to.text;
  const isAllowed = (node: Delegate): boolean => allowed.has(nameOf(node));
  const begins = entries(agent);
  if (begins.every(({ callable }) => [...effects.delegatesOf(callable)].every(isAllowed))) return;
  for (const reached of reach(effects, begins)) {
    const { direct, first } = reached;
    for (const node of direct.delegates) {
      if (isAllowed(node)) continue;
      const other = nameOf(node);
      const place = first ?? node;
      const path = pathText(reached, `delegate ${node.task.text}`);
      const related = first === undefined ? [] : [{ span: node.span, message: "delegated here" }];
      const word = wordFor(cx.agents, other);
      const edits = word === undefined ? [] : addName(cx.source, team, word);
      cx.report("K4002", place.span, { agent: agent.name, other, path }, { related, edits });
    }
  }
}
