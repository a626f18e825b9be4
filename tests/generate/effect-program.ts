// Programs that do something: with agents, timers and messages, or as one row of statements. They check; what they need
// from outside are answers of people and, where a script has them, replies of models.

import fc from "fast-check";
import { agent } from "./agents.ts";
import { type Choices, chosen } from "./choices.ts";
import { several } from "./control.ts";
import { constants, generics, newMaking, placeIn, task, types } from "./declarations.ts";
import type { Agent, Effects, Making } from "./place.ts";

export interface EffectProgram {
  readonly text: string;
  /** What a person says, question by question. */
  readonly answers: readonly string[];
  [fc.toStringMethod]: () => string;
}

/** `isSequential`: without agents, timers, the clock and chance. */
export function effectPrograms(isSequential: boolean, length = 1_200): fc.Arbitrary<EffectProgram> {
  return chosen((choices) => effectProgram(choices, isSequential), length);
}

export function effectProgram(choices: Choices, isSequential: boolean): EffectProgram {
  const making = newMaking(choices);
  const noted = 'task noted[T](x: T) -> T {\nnotify user "noted {x}"\nx\n}';
  const parts: string[] = [...types(making), ...constants(making), generics, noted];
  for (let left = choices.below(2); left > 0; left -= 1) parts.push(task(making));
  const agents: Agent[] = [];
  const effects: Effects = { state: [], agents, isSequential };
  for (let left = isSequential ? 0 : choices.below(3); left > 0; left -= 1) {
    const made = agent(making, [...agents]);
    agents.push(made.agent);
    parts.push(made.text);
  }
  for (let left = choices.below(2); left > 0; left -= 1) parts.push(task(making, effects));
  const answers = Array.from({ length: choices.below(6) }, () => choices.pick(["y", "no", "42", "", "größe 😀"]));
  parts.push(...agents.map(({ name }) => `run ${name} in background`), ...main(making, effects));
  parts.push(...(choices.percent(50) ? agents.map(({ name }) => `stop ${name}`) : []));
  const text = `${parts.join("\n")}\n`;
  return { text, answers, [fc.toStringMethod]: () => `\n${text}answers ${JSON.stringify(answers)}\n` };
}

function main(making: Making, effects: Effects): readonly string[] {
  return several({ ...placeIn(making), effects }, 8).statements;
}
