// `send` to a mailbox: to an agent by its name, or to the sender of a Message, who may be any agent that takes what is
// sent. Every delivery that can happen is written down; which agent it was is known only when the program runs.

import type { Send } from "../parser/ast.ts";
import type { Delivery } from "./checked.ts";
import type { AgentInfo, Env } from "./context.ts";
import { fits } from "./relate.ts";
import { isUnknown, present, str, typeText } from "./type.ts";
import type { Type } from "./type.ts";

/** An agent, unless a variable has its name. */
export function mailbox(env: Env, name: string): AgentInfo | undefined {
  return env.scope.find(name) === undefined ? env.cx.agents.get(name) : undefined;
}

export function sendToAgent(env: Env, node: Send, agent: AgentInfo, value: Type, message: Type): void {
  const { cx } = env;
  cx.facts.routes.set(node, `agent:${agent.name}`);
  if (agent.message === undefined) {
    cx.report("K2034", node.to?.span ?? node.span, { agent: `Agent '${agent.name}'` });
    return;
  }
  const delivery = deliveryTo(agent, value, message);
  if (delivery !== undefined) cx.facts.deliveries.set(node, [delivery]);
  else cx.report("K2001", node.value.span, { expected: typeText(agent.message), got: typeText(value) });
}

/** `main` takes no messages: where it wrote the message, answering fails when the program runs. */
export function sendToSender(env: Env, node: Send, value: Type, message: Type): void {
  const { cx } = env;
  cx.facts.routes.set(node, "message");
  const deliveries = [...cx.shared.agents.values()].flatMap((agent) => deliveryTo(agent, value, message) ?? []);
  cx.facts.deliveries.set(node, deliveries);
  if (deliveries.length > 0 || isUnknown(value)) return;
  const help = {
    help: "no agent of the program takes such a value: one of them needs `on message(m: …)` of that type",
  };
  cx.report("K2001", node.value.span, { expected: "what an agent takes", got: typeText(value) }, help);
}

/** A text becomes a Message; everything else must be what the agent takes. */
function deliveryTo(agent: AgentInfo, given: Type, message: Type): Delivery | undefined {
  const wanted = agent.message;
  const value = present(given);
  if (wanted === undefined) return undefined;
  if (fits(value, wanted)) return { agent: agent.name, letter: false };
  return fits(value, str) && fits(message, wanted) ? { agent: agent.name, letter: true } : undefined;
}
