// Agents: what starts one (`setup`), what it does when (`schedules`), what it does when asked (`tasks`, `on`); and how a
// task of one is delegated to it.

import type { Given } from "../checker/checked.ts";
import type {
  AgentDeclaration,
  AgentMember,
  Argument,
  Expression,
  NodeOf,
  OnMember,
  TaskDeclaration,
} from "../parser/ast.ts";
import { Body } from "./body.ts";
import { isStable, stepEvaluator } from "./evaluate-all.ts";
import type { AgentNode, ScheduleNode, Shape, ShapeField, Term } from "./kir.ts";
import { none } from "./literal.ts";
import { taskArguments } from "./lower-calls.ts";
import { finishHandler, taskFunction } from "./lower-functions.ts";
import { looseShapeOf } from "./shape.ts";
import type { Unit } from "./unit.ts";

type Schedule = NodeOf<"EveryMember" | "AfterMember" | "AtMember">;

const scheduleKinds = { EveryMember: "Every", AfterMember: "After", AtMember: "At" } as const;

export function lowerAgent(unit: Unit, agent: AgentDeclaration): AgentNode {
  const name = unit.agentName(agent);
  const tasks = agent.members.filter((member) => member.kind === "TaskDeclaration");
  const on = (event: string): OnMember | undefined =>
    agent.members.find((member): member is OnMember => member.kind === "OnMember" && member.event.text === event);
  const handler = (event: string): string | undefined => {
    const member = on(event);
    return member === undefined ? undefined : handlerFunction(unit, agent, member);
  };
  const [onMessage, onStart, onStop] = [handler("message"), handler("start"), handler("stop")];
  for (const member of agent.members) refuseMember(unit, member);
  return {
    name,
    setup: setupFunction(unit, agent),
    memory: memoryOf(agent),
    state: stateShapes(unit, agent),
    schedules: scheduleNodes(unit, agent),
    tasks: Object.fromEntries(tasks.map((task) => [task.name.text, taskFunction(unit, task, false)])),
    ...(onMessage === undefined ? {} : { onMessage, ...messageShape(unit, on("message")) }),
    ...(onStart === undefined ? {} : { onStart }),
    ...(onStop === undefined ? {} : { onStop }),
  };
}

function refuseMember(unit: Unit, member: AgentMember): void {
  if (member.kind === "LimitsMember") unit.refuse(member, "`limits`");
}

function stateShapes(unit: Unit, agent: AgentDeclaration): readonly ShapeField[] {
  const fields = agent.members.flatMap((member) => (member.kind === "StateMember" ? member.fields : []));
  return fields.map(({ name, type }) => ({ name: name.text, shape: looseShapeOf(unit, type) }));
}

function messageShape(unit: Unit, member: OnMember | undefined): { readonly message?: Shape } {
  const type = member?.parameter?.type;
  return type === undefined ? {} : { message: looseShapeOf(unit, type) };
}

function memoryOf(agent: AgentDeclaration): AgentNode["memory"] {
  const mode = agent.members.find((member) => member.kind === "MemoryMember")?.mode.text;
  return mode === "none" || mode === "persistent" ? mode : "session";
}

function schedulesOf(agent: AgentDeclaration): readonly Schedule[] {
  return agent.members.filter(
    (member) => member.kind === "EveryMember" || member.kind === "AfterMember" || member.kind === "AtMember",
  );
}

function scheduleNodes(unit: Unit, agent: AgentDeclaration): readonly ScheduleNode[] {
  const counts = new Map<string, number>();
  return schedulesOf(agent).map((member): ScheduleNode => {
    const kind = scheduleKinds[member.kind];
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const id = `${unit.agentName(agent)}/${kind.toLowerCase()}#${count}`;
    unit.ask(id, () => finishHandler(new Body(unit, id, { form: "Steps", agent }), member.body));
    return { kind, id, function: id };
  });
}

function handlerFunction(unit: Unit, agent: AgentDeclaration, member: OnMember): string {
  const id = `${unit.agentName(agent)}/${member.event.text}`;
  const parameters = member.parameter === undefined ? [] : [member.parameter];
  unit.ask(id, () => finishHandler(new Body(unit, id, { form: "Steps", agent, parameters }), member.body));
  return id;
}

// setup

function setupFunction(unit: Unit, agent: AgentDeclaration): string {
  const id = `${unit.agentName(agent)}/setup`;
  unit.ask(id, () => {
    const f = new Body(unit, id, { form: "Steps", agent });
    const fields = setupFields(f, agent);
    f.emit({ kind: "Return", value: { kind: "Struct", fields } });
    f.finish();
  });
  return id;
}

type Fields = readonly (readonly [string, Term])[];

function setupFields(f: Body, agent: AgentDeclaration): Fields {
  const { members } = agent;
  const of = (kind: "RoleMember" | "ModelMember" | "RulesMember"): Expression | undefined =>
    members.find((member): member is NodeOf<typeof kind> => member.kind === kind)?.value;
  const rules = of("RulesMember");
  const config = members.flatMap((member) => (member.kind === "ConfigMember" ? member.entries : []));
  const state = members.flatMap((member) => (member.kind === "StateMember" ? member.fields : []));
  const schedules = schedulesOf(agent);
  return [
    ["role", given(f, of("RoleMember"))],
    ["model", given(f, of("ModelMember"))],
    ["rules", rules === undefined ? { kind: "List", items: [] } : given(f, rules)],
    ["config", struct(config.map(({ key, value }) => [key.text, given(f, value)]))],
    ["state", struct(state.map(({ name, value }) => [name.text, given(f, value)]))],
    ["intervals", { kind: "List", items: schedules.map((schedule) => given(f, intervalOf(schedule))) }],
    ["times", { kind: "List", items: schedules.map((schedule) => given(f, timeOf(schedule))) }],
  ];
}

/** A value of the setup, in a slot unless it is a literal: the values after it may have steps of their own. */
function given(f: Body, node: Expression | undefined): Term {
  if (node === undefined) return none;
  const term = f.value(node);
  return isStable(term) ? term : f.spill(term);
}

function intervalOf(schedule: Schedule): Expression | undefined {
  switch (schedule.kind) {
    case "EveryMember":
      return schedule.interval;
    case "AfterMember":
      return schedule.delay;
    case "AtMember":
      return undefined;
  }
}

function timeOf(schedule: Schedule): Expression | undefined {
  switch (schedule.kind) {
    case "EveryMember":
      return schedule.at;
    case "AtMember":
      return schedule.time;
    case "AfterMember":
      return undefined;
  }
}

function struct(fields: Fields): Term {
  return { kind: "Struct", fields };
}

// asking an agent

export function delegateSteps(f: Body, node: NodeOf<"Delegate">, slot: number | undefined): void {
  const agent = f.unit.checked.agents.find(({ name }) => name === f.unit.namedAgent(node.to));
  const task = agent?.tasks.get(node.task.text);
  if (agent === undefined || task === undefined)
    return f.unit.refuse(node, "delegating a task that is not the agent's");
  const terms = taskArguments(f, task, givenOf(task, node.arguments), undefined, stepEvaluator(f));
  const taken = node.fallback === undefined ? slot : (slot ?? f.slot());
  f.perform(
    "delegate",
    node,
    [node.task],
    { kind: "Delegate", agent: agent.name, task: node.task.text, given: { arguments: { kind: "List", items: terms } } },
    taken,
  );
  if (node.fallback === undefined || taken === undefined) return;
  const [fallback, end] = [f.label(), f.label()];
  f.branch({ kind: "IsNone", of: { kind: "Slot", slot: taken } }, fallback, end);
  f.place(fallback);
  f.into(node.fallback, taken);
  f.place(end);
}

/** Positional arguments, then named ones, in the order of the parameters. */
function givenOf(task: TaskDeclaration, args: readonly Argument[]): readonly Given[] {
  const positional = args.filter(({ name }) => name === undefined);
  return task.parameters.map((parameter, at): Given => {
    const named = args.find(({ name }) => name?.text === parameter.name.text);
    return (named ?? positional[at])?.value ?? { kind: "Default", of: parameter };
  });
}
