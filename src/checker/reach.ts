// What an agent's code can reach by calls, and how: the way to a deed is shown where the deed is refused.

import type { Node } from "../parser/ast.ts";
import type { Callable } from "./checked.ts";
import type { AgentInfo } from "./context.ts";
import type { Direct, Effects } from "./effects.ts";

/** A body in which an agent's code begins. */
export interface Entry {
  readonly callable: Callable;
  readonly name: string;
}

/** A body reached from an agent, and how. */
export interface Reached {
  readonly name: string | undefined;
  readonly direct: Direct;
  /** The call in the agent's own code that the path begins with; undefined in that code itself. */
  readonly first: Node | undefined;
  readonly before: Reached | undefined;
}

export function entries(agent: AgentInfo): readonly Entry[] {
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
export function reach(effects: Effects, from: readonly Entry[]): readonly Reached[] {
  const seen = new Set<Callable>(from.map(({ callable }) => callable));
  const found: Reached[] = from.map(({ callable, name }) => ({
    name,
    direct: effects.directOf(callable),
    first: undefined,
    before: undefined,
  }));
  for (const at of found) {
    for (const { to, node } of at.direct.edges) {
      if (seen.has(to)) continue;
      seen.add(to);
      const name = to.kind === "TaskDeclaration" ? to.name.text : undefined;
      found.push({ name, direct: effects.directOf(to), first: at.first ?? node, before: at });
    }
  }
  return found;
}

/** `every → triage → read → fetch`. */
export function pathText(reached: Reached, deed: string): string {
  const words = [deed];
  for (let at: Reached | undefined = reached; at !== undefined; at = at.before) {
    if (at.name !== undefined) words.push(at.name);
  }
  return words.toReversed().join(" → ");
}
