// Calls: of tasks with positional, named and left out arguments, of generic ones, of functions in variables, through a
// pipe, of the task itself; and the functions that are given to them.

import { block } from "./control.ts";
import { expression, operand, type Production } from "./expressions.ts";
import { asBody } from "./patterns.ts";
import { deeper, freshName, inLambda, type Parameter, type Place, type Task, withValues } from "./place.ts";
import { anyType } from "./some-type.ts";
import {
  bool,
  fits,
  type FunctionType,
  isNumber,
  isOrdered,
  nullable,
  same,
  str,
  type Type,
  typeText,
} from "./types.ts";

/** More evaluations than this are too many for one task of chance. */
const MOST = 20_000;

export function callsOf(place: Place, type: Type, isExpected: boolean): readonly Production[] {
  const gives = (result: Type): boolean => (isExpected ? fits(result, type) : same(result, type));
  const tasks = place.making.tasks.filter((task) => gives(task.result) && mayCall(place, task));
  const functions = place.functions.filter(({ type: { result } }) => gives(result));
  const { recursion, making } = place;
  return [
    ...tasks.map((task): Production => [4, () => call(place, task)]),
    ...functions.map((each): Production => [4, () => `${each.name}(${positional(place, each.type)})`]),
    ...(recursion !== undefined && gives(recursion.result) && making.selfCalls < 2 && place.weight <= 4
      ? ([[12, () => selfCall(place, recursion)]] as const)
      : []),
    ...generic(place, type),
  ];
}

function mayCall(place: Place, task: Task): boolean {
  return place.weight * task.cost < MOST && (!task.hasEffects || place.effects !== undefined || place.making.probes);
}

/** Texts and lists are cut, for a chain of calls could double them again and again. */
function cut(task: Task, text: string): string {
  if (task.result === str) return `${text}.slice(0, 60)`;
  return task.result.kind === "List" ? `${text}.take(8)` : text;
}

export function call(place: Place, task: Task): string {
  const { making } = place;
  making.spent += place.weight * task.cost;
  const { parameters } = task;
  const [first, ...rest] = parameters;
  if (first !== undefined && "kind" in first.type && making.choices.percent(25) && !task.isRecursive) {
    return cut(task, `(${operand(place, first.type)} |> ${task.name}(${args(place, rest, task)}))`);
  }
  return cut(task, `${task.name}(${args(place, parameters, task)})`);
}

/** Positional ones first, then named ones in any order; what has a default may be left out. */
function args(place: Place, parameters: readonly Parameter[], task: Task): string {
  const { choices } = place.making;
  const named = choices.percent(30) ? choices.below(parameters.length + 1) : parameters.length;
  const leftOut = parameters.findIndex(({ hasDefault }) => hasDefault && choices.percent(40));
  return parameters
    .flatMap((parameter, index) => {
      if (index === leftOut) return [];
      const isNamed = index >= named || (leftOut >= 0 && index > leftOut);
      return [`${isNamed ? `${parameter.name}: ` : ""}${argument(place, parameter, task)}`];
    })
    .join(", ");
}

export function argument(place: Place, { name, type }: Parameter, task: Task): string {
  if (!("kind" in type)) return reference(place, type) ?? lambda(place, type);
  if (task.isRecursive && name === "n") return place.making.choices.pick(["2", "0", "1", "3"]);
  return expression(place, type);
}

function positional(place: Place, { parameters }: FunctionType): string {
  return parameters.map((type) => expression(place, type)).join(", ");
}

function selfCall(place: Place, task: Task): string {
  place.making.selfCalls += 1;
  const rest = task.parameters.slice(1).map((parameter) => argument(place, parameter, task));
  return cut(task, `${task.name}(${["n - 1", ...rest].join(", ")})`);
}

/** The tasks with type parameters that every program has. */
function generic(place: Place, type: Type): readonly Production[] {
  const of = (is: Type): string => expression(place, is, false);
  const f = (parameter: Type, isAnnotated: boolean): string =>
    lambda(place, { parameters: [parameter], result: type }, { isAnnotated, isExpected: false });
  const grows = type === str || type.kind === "List" || type.kind === "Map";
  return [
    [1, () => `same(${of(type)})`],
    [1, () => `choose(${of(bool)}, ${of(type)}, ${of(type)})`],
    [1, () => withSome(place, (from) => `apply(${f(from, true)}, ${of(from)})`)],
    [1, () => withSome(place, (from) => `${operand(place, from)} |> give(${f(from, false)})`)],
    [grows ? 0 : 1, () => `twice(${f(type, true)}, ${of(type)})`],
    [type.kind === "Nullable" ? 0 : 1, () => `or_else(${of(nullable(type))}, ${of(type)})`],
    [isOrdered(type) ? 1 : 0, () => `larger(${of(type)}, ${of(type)})`],
    [isNumber(type) ? 1 : 0, () => `both(${of(type)}, ${of(type)})`],
  ];
}

const withSome = (place: Place, make: (type: Type) => string): string => make(anyType(place, 1));

interface LambdaForm {
  /** Where the parameters' types cannot be known. */
  readonly isAnnotated?: boolean;
  /** Whether the place says what it gives. */
  readonly isExpected?: boolean;
}

export function lambda(place: Place, { parameters, result }: FunctionType, form: LambdaForm = {}): string {
  const { isExpected = true, isAnnotated = false } = form;
  const { making } = place;
  const named = parameters.map((type) => ({ text: freshName(making, "p"), type }));
  const inside = withValues(inLambda(deeper(place), { type: result, isExpected }), ...named);
  const written = named.map(({ text, type }) =>
    isAnnotated || making.choices.percent(10) ? `${text}: ${typeText(type)}` : text,
  );
  const [only] = named;
  const head = named.length === 1 && written[0] === only?.text ? only?.text : `(${written.join(", ")})`;
  const isBlock = !place.isLine && making.choices.percent(30);
  return `${head} => ${isBlock ? block(inside, result, isExpected) : asBody(expression(inside, result, isExpected))}`;
}

/** A task or function that has just this type, by its name. */
export function reference(place: Place, wanted: FunctionType): string | undefined {
  const { making, functions } = place;
  if (!making.choices.percent(30)) return undefined;
  const isWanted = (parameters: readonly (Type | FunctionType)[], result: Type): boolean =>
    parameters.length === wanted.parameters.length &&
    same(result, wanted.result) &&
    parameters.every((type, index) => "kind" in type && same(type, wanted.parameters[index] ?? str));
  const tasks = making.tasks.filter(
    (task) =>
      !task.isRecursive &&
      mayCall({ ...place, weight: place.weight * 4 }, task) &&
      isWanted(
        task.parameters.map(({ type }) => type),
        task.result,
      ),
  );
  const local = functions.filter(({ type }) => isWanted(type.parameters, type.result));
  const names = [...local, ...tasks].map(({ name }) => name);
  const found = names[making.choices.below(names.length)];
  const task = tasks.find(({ name }) => name === found);
  making.spent += place.weight * 4 * (task?.cost ?? 1);
  return found;
}

/** An expression through a task that may have an effect: see `pure-program`. */
export function probe(place: Place, type: Type): readonly Production[] {
  const { making } = place;
  if (!making.probes) return [];
  const through = (task: string) => (): string => {
    const probe = `${task}${making.choices.pick(["0", "1"])}`;
    return `${probe}(${freshName(making, "")}, ${expression(place, type, false)})`;
  };
  return [
    [12, through("k")],
    [place.mayStop ? 8 : 0, through("stop")],
  ];
}
