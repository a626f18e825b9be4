// The door of the checker: a tree in, facts and diagnostics out. It never throws on a program, however wrong. What is
// checked when: declarations are collected, then statements, tasks and agents (each asks for what it needs), then effects,
// then what depends on them.

import type { Program, TaskDeclaration } from "../parser/ast.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import { checkAgent, declareAgent } from "./agent-members.ts";
import { checkCapabilities } from "./capabilities.ts";
import type { Checked, CheckedAgent } from "./checked.ts";
import { checkConnections } from "./connections.ts";
import { Context } from "./context.ts";
import { checkDeclarations, collect, resolveInputs } from "./declarations.ts";
import { Effects } from "./effects.ts";
import { checkStyle, warnUnusedValues } from "./lint.ts";
import { preludeOf } from "./prelude.ts";
import type { Stdlib } from "./prelude.ts";
import { checkConstants } from "./purity.ts";
import { checkTask } from "./tasks.ts";
import { checkTopLevel, collectTop } from "./top-level.ts";

export interface CheckResult {
  readonly checked: Checked;
  readonly diagnostics: readonly Diagnostic[];
}

export function check(program: Program, source: Source, stdlib: Stdlib): CheckResult {
  const cx = new Context(program, source, preludeOf(stdlib));
  collect(cx);
  collectTop(cx);
  resolveInputs(cx);
  checkDeclarations(cx);
  for (const agent of cx.agents.values()) declareAgent(cx, agent);
  checkConnections(cx);
  checkTopLevel(cx);
  for (const task of allTasks(cx)) checkTask(cx, task);
  for (const agent of cx.agents.values()) checkAgent(cx, agent);
  const effects = new Effects(cx);
  const wrong = cx.errors > 0;
  checkConstants(cx, effects);
  if (!wrong) checkCapabilities(cx, effects);
  warnUnusedValues(cx, (expression) => effects.hasEffect(expression));
  checkStyle(cx);
  return { checked: checkedOf(cx, effects), diagnostics: inOrder(cx.diagnostics) };
}

/** Those of agents, those of the top level, and those that another of the same name hides. */
function allTasks(cx: Context): TaskDeclaration[] {
  const top = cx.program.items.filter((item) => item.kind === "TaskDeclaration");
  return [...top, ...cx.shared.ownerOf.keys()];
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

function checkedOf(cx: Context, effects: Effects): Checked {
  const agents: CheckedAgent[] = [...cx.agents.values()].map(({ node, name, tasks }) => ({ node, name, tasks }));
  return {
    program: cx.program,
    ...cx.facts,
    effects: effects.all,
    callsParameter: effects.callsParameter,
    hasEffect: (expression) => effects.hasEffect(expression),
    agents,
    connections: [...cx.connections.values()].map(({ name, via, node }) => ({ name, via, node })),
    typeDeclarations: new Map([...cx.prelude.types, ...cx.types]),
  };
}
