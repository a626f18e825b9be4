// The door of the checker: a tree in, facts and diagnostics out. It never throws on a program, however wrong. What is
// checked when: declarations are collected, then statements, tasks and agents (each asks for what it needs), then effects,
// then what depends on them.

import type { Program, TaskDeclaration } from "../parser/ast.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import { checkAgent, declareAgent } from "./agent-members.ts";
import { checkCapabilities } from "./capabilities.ts";
import type { Checked, CheckedAgent } from "./checked.ts";
import { checkCircles } from "./circles.ts";
import { checkConnections } from "./connections.ts";
import { Context, Shared } from "./context.ts";
import { checkDeclarations, collect, predeclareConnections, resolveInputs } from "./declarations.ts";
import { Effects } from "./effects.ts";
import { refuseEndlessTypes } from "./endless-types.ts";
import { refuseEndlessValues } from "./endless-values.ts";
import { checkStyle, warnUnusedValues } from "./lint.ts";
import { type Module, type Modules, oneModule } from "./modules.ts";
import { preludeOf } from "./prelude.ts";
import type { Stdlib } from "./prelude.ts";
import { checkConstants } from "./purity.ts";
import { checkTask } from "./tasks.ts";
import { checkTopLevel, collectTop } from "./top-level.ts";
import { linkUses, warnUnusedUses } from "./uses.ts";

export interface CheckResult {
  readonly checked: Checked;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(program: Program, source: Source, stdlib: Stdlib): CheckResult {
  return checkModules(oneModule(program, source), stdlib);
}

export function checkModules(modules: Modules, stdlib: Stdlib): CheckResult {
  const shared = new Shared();
  const contexts = new Map<Module, Context>();
  for (const module of modules.all) {
    const cx = new Context(module.program, modules.source, preludeOf(stdlib), module.prefix, shared);
    contexts.set(module, cx);
    collect(cx);
    collectTop(cx);
  }
  const all = [...contexts.values()];
  for (const [module, cx] of contexts) linkUses(module, cx, contexts);
  for (const cx of all) predeclareConnections(cx);
  refuseEndlessTypes(all, shared);
  for (const cx of all) resolveInputs(cx);
  for (const cx of all) checkDeclarations(cx);
  refuseEndlessValues(all, shared);
  for (const cx of all) for (const agent of cx.ownAgents()) declareAgent(cx, agent);
  for (const cx of all) checkConnections(cx);
  for (const cx of all) checkTopLevel(cx);
  for (const cx of all) for (const task of allTasks(cx)) checkTask(cx, task);
  for (const cx of all) for (const agent of cx.ownAgents()) checkAgent(cx, agent);
  const effects = new Effects(shared.facts, modules);
  checkConstants(all, effects);
  for (const cx of all) checkCapabilities(cx, effects);
  checkCircles(shared, effects);
  for (const cx of all) warnUnusedValues(cx, (expression) => effects.hasEffect(expression));
  for (const [module, cx] of contexts) warnUnusedUses(module, cx);
  for (const cx of all) checkStyle(cx);
  return { checked: checkedOf(modules, shared, effects), diagnostics: inOrder(shared.diagnostics) };
}

/** Those of agents, those of the top level, and those that another of the same name hides. */
function allTasks(cx: Context): TaskDeclaration[] {
  const top = cx.program.items.filter((item) => item.kind === "TaskDeclaration");
  return [...top, ...[...cx.shared.ownerOf].filter(([, agent]) => agent.home === cx).map(([task]) => task)];
}

/** In the order of the text; what was said twice of one place is said once. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const once = diagnostics.filter(({ code, span, message }) => {
    const key = `${code} ${span.start} ${span.end} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
  return once.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function checkedOf(modules: Modules, shared: Shared, effects: Effects): Checked {
  const agents: CheckedAgent[] = [...shared.agents.values()].map(({ node, name, tasks }) => ({ node, name, tasks }));
  return {
    program: modules.main.program,
    modules,
    ...shared.facts,
    effects: effects.all,
    callsParameter: effects.callsParameter,
    hasEffect: (expression) => effects.hasEffect(expression),
    agents,
    connections: [...shared.connections.values()].map(({ name, via, node }) => ({ name, via, node })),
  };
}
