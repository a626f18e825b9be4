// What asks a model, a person, the clock or another agent, as expressions and as statements.

import { argument } from "./calls.ts";
import { several } from "./control.ts";
import { expression, operand, type Production } from "./expressions.ts";
import { variantOf } from "./literals.ts";
import { type Agent, deeper, type Effects, type Place, type Task } from "./place.ts";
import { anyType, structTypeOf } from "./some-type.ts";
import {
  bool,
  datetime,
  duration,
  type EnumType,
  float,
  isData,
  isKey,
  same,
  str,
  type Type,
  typeText,
} from "./types.ts";

/** Whatever a model may be asked about: anything but a function. */
const matter = (place: Place): string => operand(place, anyType(place));

export function effectsOf(place: Place, type: Type): readonly Production[] {
  const { effects } = place;
  if (effects === undefined) return [];
  return [
    [3, () => `noted(${expression(place, type, false)})`],
    [1, () => `retry ${place.making.choices.pick(["1", "0", "2"])} times${backoff(place)} ${tried(place, type)}`],
    ...asked(place, effects, type),
    ...delegations(place, effects, type),
    ...(type.kind === "Nullable" ? operations(place, type.of) : withFallback(place, type)),
    ...(effects.isSequential ? [] : chance(type)),
  ];
}

function asked(place: Place, { isSequential }: Effects, type: Type): readonly Production[] {
  const mayEnd = (): boolean => !isSequential && place.making.choices.percent(20);
  const inTime = (): string => (mayEnd() ? ` timeout ${operand(place, duration)}` : "");
  if (type === str) {
    return [
      [4, () => `ask user ${matter(place)}${inTime()}`],
      [1, () => `env.PORT ?? ${operand(place, str)}`],
      [1, () => "env.NOT_SET"],
    ];
  }
  if (type === bool) return [[4, () => `confirm user ${matter(place)}${inTime()}`]];
  return [];
}

/** What a rerun of the program would not give again. */
function chance(type: Type): readonly Production[] {
  if (type === datetime) return [[4, () => "now"]];
  return type === float ? [[3, () => "random()"]] : [];
}

const backoff = (place: Place): string => (place.making.choices.percent(30) ? " with backoff" : "");

function tried(place: Place, type: Type): string {
  const { statements, after } = several({ ...place, inLoop: false });
  const value = expression(after, type, false);
  return place.isLine ? `{ ${value} }` : `{\n${[...statements, value].join("\n")}\n}`;
}

/** Forms that may give nothing, by what they give otherwise. */
function operations(place: Place, type: Type): readonly Production[] {
  const { choices } = place.making;
  const using = (): string => (choices.percent(15) ? ' using "claude-haiku"' : "");
  const subject = (): string => matter(place);
  return [
    [type === str ? 2 : 0, () => `draft ${operand(place, str)}${options(place)}${using()}`],
    [type === str ? 1 : 0, () => `summarize ${subject()} in ${choices.pick(["1 line", "3 sentences"])}${using()}`],
    [type === str ? 1 : 0, () => `translate ${subject()} to ${choices.pick(["french", '"pt-BR"'])}${using()}`],
    [isPlainEnum(type) ? 6 : 0, () => classify(place, type) + using()],
    [type.kind === "Struct" && isData(type) ? 3 : 0, () => `extract ${typeText(type)} from ${subject()}${using()}`],
    [isData(type) ? 2 : 0, () => `prompt { user: ${expression(place, str)} } as ${typeText(type)}${using()}`],
    [type.kind === "List" && isData(type.of) ? 3 : 0, () => recalled(place, type)],
  ];
}

const isPlainEnum = (type: Type): boolean => type.kind === "Enum" && isKey(type);

function classify(place: Place, type: Type): string {
  if (type.kind !== "Enum") return "none";
  const hints = place.making.choices.percent(40)
    ? ` considering [${operand(place, str)} => ${variant(place, type)}]`
    : "";
  return `classify ${matter(place)} as ${type.name}${hints}`;
}

function variant(place: Place, type: EnumType): string {
  const [first] = type.variants;
  return first === undefined ? "none" : variantOf(place, type, first, true);
}

function recalled(place: Place, type: Type): string {
  const of = type.kind === "List" ? typeText(type.of) : "str";
  return `recall ${operand(place, str)} as ${of}${place.making.choices.percent(30) ? " limit 2" : ""}`;
}

function options(place: Place): string {
  return place.making.choices.percent(40)
    ? ""
    : ` { tone: "warm", about: ${expression(place, anyType(place, 1), false)} }`;
}

function withFallback(place: Place, type: Type): readonly Production[] {
  const forms = operations(place, type).filter(([weight]) => weight > 0);
  return forms.map(([weight, form]) => [weight, (): string => `${form()} ${fallback(place, type)}`]);
}

function fallback(place: Place, type: Type): string {
  const word = place.making.choices.percent(70) && type.kind !== "List" ? "fallback" : "??";
  return `${word} ${operand(place, type, true)}`;
}

// agents

function delegations(place: Place, { agents }: Effects, type: Type): readonly Production[] {
  const wanted = type.kind === "Nullable" ? type.of : type;
  return agents.flatMap((agent) =>
    agent.tasks
      .filter((task) => same(task.result, wanted) && place.weight < 40)
      .map((task): Production => {
        const form = (): string => delegated(place, agent, task);
        return [6, type.kind === "Nullable" ? form : () => `${form()} fallback ${operand(place, type, true)}`];
      }),
  );
}

function delegated(place: Place, agent: Agent, task: Task): string {
  const given = task.parameters.map((parameter) => argument(place, parameter, task));
  return `delegate ${task.name}(${given.join(", ")}) to ${agent.name}`;
}

/** A statement that is there for what it does. */
export function effect(place: Place, effects: Effects): string {
  const { choices } = place.making;
  const state = effects.state[choices.below(effects.state.length)];
  const agent = effects.agents[choices.below(effects.agents.length)];
  return choices.weighted<string>([
    [8, () => `notify user ${matter(place)}`],
    [2, () => `show user ${operand(place, choices.percent(50) ? structTypeOf(place.making) : anyType(place))}`],
    [1, () => `remind user ${operand(place, str)}`],
    [2, () => `wait ${choices.pick(["1.ms", "5.seconds", "3.hours"])}`],
    [1, () => `wait until ${operand(quiet(place), bool)} or true`],
    [1, () => `remember ${matter(place)}`],
    [1, () => `forget ${operand(place, str)}`],
    [2, () => `confirm user ${matter(place)} then notify user ${matter(place)}`],
    [2, () => `if ${operand(place, bool)} ${doing(place)}`],
    [2, () => `try ${doing(place)} catch ${doing(place)}`],
    [
      effects.isSequential || !isRoot(place) ? 0 : 2,
      () => `after ${choices.pick(["1.minute", "0.s", "2.minutes"])} ${doing(later(place))}`,
    ],
    [
      state === undefined ? 0 : 8,
      () => (state === undefined ? "" : `${state.text} = ${expression(place, state.type)}`),
    ],
    [agent === undefined || !isRoot(place) ? 0 : 5, () => (agent === undefined ? "" : sent(place, agent))],
  ]);
}

/** Done once, not for each element: mailboxes and timers would fill up. */
const isRoot = (place: Place): boolean => place.weight === 1;

function sent(place: Place, agent: Agent): string {
  return `send ${operand(place, agent.message, place.making.choices.percent(50))} to ${agent.name}`;
}

/** A condition that is evaluated again and again must not ask anyone. */
const quiet = (place: Place): Place => ({ ...place, effects: undefined, functions: [], recursion: undefined });

const later = (place: Place): Place => ({ ...place, inLoop: false, returns: undefined, recursion: undefined });

function doing(place: Place): string {
  const inside = deeper(place);
  const { statements } = several(inside);
  return `{\n${[...statements, 'notify user "done"'].join("\n")}\n}`;
}
