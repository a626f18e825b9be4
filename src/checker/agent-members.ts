// The inside of an agent: what it is (role, model, rules, config), what it may (tools, team), what it keeps (state), and
// when it acts (schedules, messages, its own tasks).

import type { AgentDeclaration, AgentMember, Block, Entry, Expression, Name, OnMember } from "../parser/ast.ts";
import { programTypes, resolveType } from "./annotations.ts";
import type { AgentInfo, Body, Context, Env } from "./context.ts";
import { blockBody } from "./control.ts";
import { check, unused } from "./expressions.ts";
import { closeScope } from "./lint.ts";
import { didYouMean } from "./missing.ts";
import { onlyConstants, pureEnv } from "./pure.ts";
import { holdsFunction } from "./relate.ts";
import { checkEvery, checkTime, checkZone } from "./schedules.ts";
import { Scope } from "./scope.ts";
import { duration, float, int, listOf, str } from "./type.ts";
import type { Type } from "./type.ts";
import { preludeType } from "./world.ts";

/** What others ask of an agent: its state's types and what messages it takes. Done before any body is checked. */
export function declareAgent(cx: Context, agent: AgentInfo): void {
  for (const member of agent.node.members) {
    if (member.kind === "StateMember") declareState(cx, agent, member);
    if (member.kind !== "OnMember" || member.event.text !== "message") continue;
    const written = member.parameter?.type;
    const type = written === undefined ? preludeType(pureEnv(cx), "Message") : resolveType(programTypes(cx), written);
    if (agent.message === undefined) agent.message = type;
  }
}

function declareState(cx: Context, agent: AgentInfo, member: Extract<AgentMember, { kind: "StateMember" }>): void {
  for (const field of member.fields) {
    const name = field.name.text;
    const first = agent.state.get(name);
    if (first !== undefined) {
      const related = [{ span: first.node.name.span, message: "first here" }];
      cx.report("K1005", field.name.span, { what: "State field", name }, { related });
      continue;
    }
    const type = resolveType(programTypes(cx), field.type);
    if (holdsFunction(type)) cx.report("K2018", field.type.span, { where: "state" });
    agent.state.set(name, { node: field, type });
  }
}

export function checkAgent(cx: Context, agent: AgentInfo): void {
  const { node } = agent;
  if (!node.members.some(({ kind }) => kind === "RoleMember")) {
    cx.report("K2023", node.name.span, { name: agent.name });
  }
  onceEach(cx, node);
  for (const member of node.members) checkMember(cx, agent, member);
}

const onceOnly: { readonly [K in AgentMember["kind"]]?: string } = {
  RoleMember: "role",
  ModelMember: "model",
  ToolsMember: "tools",
  MemoryMember: "memory",
  StateMember: "state",
  ConfigMember: "config",
  TeamMember: "team",
  RulesMember: "rules",
  LimitsMember: "limits",
};

function onceEach(cx: Context, node: AgentDeclaration): void {
  const seen = new Map<string, AgentMember>();
  for (const member of node.members) {
    const word = member.kind === "OnMember" ? `on ${member.event.text}` : onceOnly[member.kind];
    if (word === undefined) continue;
    const first = seen.get(word);
    if (first === undefined) seen.set(word, member);
    else {
      const related = [{ span: wordSpan(first, word), message: "first here" }];
      cx.report("K2024", wordSpan(member, word), { agent: node.name.text, member: word }, { related });
    }
  }
}

const wordSpan = (member: AgentMember, word: string) => ({
  start: member.span.start,
  end: member.span.start + word.length,
});

function checkMember(cx: Context, agent: AgentInfo, member: AgentMember): void {
  switch (member.kind) {
    case "RoleMember":
      return constant(cx, member.value, str, "`role`");
    case "ModelMember":
      return constant(cx, member.value, str, "`model`");
    case "RulesMember":
      return constant(cx, member.value, listOf(str), "`rules`");
    case "ToolsMember":
      return names(cx, member.names, (name) => {
        if (cx.connections.has(name.text)) return;
        cx.report(
          "K1004",
          name.span,
          { name: name.text },
          didYouMean(name.text, name.span, cx.connections.keys(), true),
        );
      });
    case "TeamMember":
      return names(cx, member.names, (name) => {
        if (cx.agents.has(name.text) || cx.silenced.has(name.text)) return;
        cx.report("K1003", name.span, { name: name.text }, didYouMean(name.text, name.span, cx.agents.keys(), true));
      });
    case "MemoryMember":
      return oneOf(cx, member.mode, "memory", ["none", "session", "persistent"]);
    case "StateMember":
      for (const field of member.fields) {
        const type = agent.state.get(field.name.text)?.type;
        if (type !== undefined) constant(cx, field.value, type, "A default of state");
      }
      return;
    case "ConfigMember":
      entries(cx, member.entries, "config", configKeys);
      for (const { key, value } of member.entries) if (key.text === "zone") checkZone(cx, value);
      return;
    case "LimitsMember":
      return entries(cx, member.entries, "limit", limitKeys);
    case "EveryMember":
      constant(cx, member.interval, duration, "`every`");
      if (member.at !== undefined) constant(cx, member.at, str, "`at`");
      checkEvery(cx, member);
      return handler(cx, agent, member.body);
    case "AtMember":
      constant(cx, member.time, str, "`at`");
      checkTime(cx, member.time);
      return handler(cx, agent, member.body);
    case "AfterMember":
      constant(cx, member.delay, duration, "`after`");
      return handler(cx, agent, member.body);
    case "OnMember":
      return on(cx, agent, member);
    case "TaskDeclaration":
      return;
  }
}

/** A duration is a constant too; what else stands here must be known when the agent starts. */
function constant(cx: Context, value: Expression, type: Type, what: string): void {
  check(pureEnv(cx), value, type);
  onlyConstants(cx, value, what);
}

function names(cx: Context, list: readonly Name[], each: (name: Name) => void): void {
  const seen = new Map<string, Name>();
  for (const name of list) {
    const first = seen.get(name.text);
    if (first !== undefined) {
      const related = [{ span: first.span, message: "first here" }];
      cx.report("K1005", name.span, { what: "Name", name: name.text }, { related });
    }
    seen.set(name.text, name);
    each(name);
  }
}

function oneOf(cx: Context, word: Name, what: string, known: readonly string[]): void {
  if (!known.includes(word.text)) {
    cx.report("K1019", word.span, { what, name: word.text }, didYouMean(word.text, word.span, known, true));
  }
}

const configKeys: { readonly [key: string]: Type } = {
  temperature: float,
  top_p: float,
  max_tokens: int,
  seed: int,
  timeout: duration,
  zone: str,
};

const limitKeys: { readonly [key: string]: Type } = { cost: float, calls: int, tokens: int, time: duration };

function entries(cx: Context, list: readonly Entry[], what: string, known: { readonly [key: string]: Type }): void {
  const seen = new Map<string, Entry>();
  for (const entry of list) {
    const { key, value } = entry;
    const first = seen.get(key.text);
    if (first !== undefined) {
      const related = [{ span: first.key.span, message: "first here" }];
      cx.report("K1005", key.span, { what: "Key", name: key.text }, { related });
    }
    seen.set(key.text, entry);
    const type = Object.hasOwn(known, key.text) ? known[key.text] : undefined;
    if (type !== undefined) constant(cx, value, type, `\`${key.text}\``);
    else {
      oneOf(cx, key, what, Object.keys(known));
      check(pureEnv(cx), value, { kind: "Primitive", name: "unknown" });
    }
  }
}

export function handlerEnv(cx: Context, agent: AgentInfo): Env {
  const body: Body = {
    kind: "Handler",
    agent,
    returns: undefined,
    inLoop: false,
    variables: new Map(),
    index: undefined,
  };
  return { cx, scope: new Scope(undefined), body };
}

function handler(cx: Context, agent: AgentInfo, block: Block, prepare?: (env: Env) => void): void {
  const env = handlerEnv(cx, agent);
  prepare?.(env);
  blockBody(env, block, unused);
  closeScope(env);
}

function on(cx: Context, agent: AgentInfo, member: OnMember): void {
  oneOf(cx, member.event, "event", ["message", "start", "stop"]);
  const { parameter } = member;
  if (parameter !== undefined && member.event.text !== "message") {
    cx.report("K2004", parameter.span, { callee: `\`on ${member.event.text}\``, count: 0, got: 1 });
  }
  handler(cx, agent, member.body, (env) => {
    if (parameter === undefined) return;
    const type =
      parameter.type === undefined
        ? (agent.message ?? preludeType(env, "Message"))
        : resolveType(programTypes(cx), parameter.type);
    if (holdsFunction(type)) cx.report("K2018", parameter.span, { where: "a message" });
    cx.bind(env.scope, { name: parameter.name.text, node: parameter, type });
  });
}
