// Agents: what they keep, what they do at which time, what they are asked and told. One may address those that are
// declared before it, so that nobody waits for himself and no message goes round for ever.

import { several } from "./control.ts";
import { literal } from "./literals.ts";
import { placeIn, task } from "./declarations.ts";
import {
  type Agent,
  type Effects,
  freshName,
  type Making,
  type Place,
  type Task,
  type Value,
  withValues,
} from "./place.ts";
import { anyType } from "./some-type.ts";
import { fieldsText, type Field, type Type, typeText } from "./types.ts";

export interface MadeAgent {
  readonly agent: Agent;
  readonly text: string;
}

export function agent(making: Making, earlier: readonly Agent[]): MadeAgent {
  const { choices } = making;
  const name = freshName(making, "A");
  const state = stateOf(making);
  const effects: Effects = { state: state.map(({ value }) => value), agents: earlier, isSequential: false };
  const before = making.tasks.length;
  const tasks = Array.from({ length: 1 + choices.below(2) }, () => task(making, effects));
  const own = making.tasks.slice(before);
  const message = messageType(making);
  const members = [
    `role "${name}"`,
    ...(choices.percent(30) ? ['model "claude-haiku"', 'rules ["be brief"]'] : []),
    ...(choices.percent(30) ? [`memory ${choices.pick(["session", "persistent"])}`] : []),
    `state {\n${state.map(({ text }) => text).join("\n")}\n}`,
    ...tasks,
    ...handlers(making, effects),
    `on message(m: ${typeText(message)}) ${handler(making, effects, [{ text: "m", type: message }])}`,
  ];
  making.tasks.splice(before);
  const called = own.filter(isCallable);
  return { agent: { name, tasks: called, message }, text: `agent ${name} {\n${members.join("\n")}\n}` };
}

/** What can be given to a task in a mailbox: no functions. */
function isCallable({ parameters, isRecursive }: Task): boolean {
  return !isRecursive && parameters.every(({ type }) => "kind" in type);
}

function messageType(making: Making): Type {
  const type = anyType({ making });
  return type.kind === "Nullable" ? type.of : type;
}

function stateOf(making: Making): readonly { readonly text: string; readonly value: Value }[] {
  const place: Place = { ...placeIn(making), depth: 0 };
  return Array.from({ length: 1 + making.choices.below(3) }, () => {
    const type = anyType({ making });
    const field: Field = { name: freshName(making, "s"), type };
    return {
      text: `${fieldsText([field])} = ${literal(place, type, true)}`,
      value: { text: `self.${field.name}`, type },
    };
  });
}

function handlers(making: Making, effects: Effects): readonly string[] {
  const { choices } = making;
  const heads = ["on start", "every 1.hour", "after 5.minutes", "on stop"].filter(() => choices.percent(40));
  return heads.map((head) => `${head} ${handler(making, effects, [])}`);
}

function handler(making: Making, effects: Effects, given: readonly Value[]): string {
  const place: Place = { ...withValues(placeIn(making), ...given), depth: 4, effects };
  return `{\n${several(place, 5).statements.join("\n")}\n}`;
}
