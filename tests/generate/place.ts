// Where an expression stands while it is made: what it may refer to, how deep it may grow, what it may do.

import type { Choices } from "./choices.ts";
import type { EnumType, FunctionType, StructType, Type } from "./types.ts";
import { fits, same } from "./types.ts";

export interface Place {
  readonly making: Making;
  /** Names and field paths with their types, the nearest last. */
  readonly values: readonly Value[];
  /** Paths of which more is known here than a program needs to know. */
  readonly hidden: readonly string[];
  readonly functions: readonly LocalFunction[];
  /** Levels that are left. */
  readonly depth: number;
  /** Inside of a text's hole, where no line may break. */
  readonly isLine: boolean;
  /** How often this is done, more or less, each time the task is called. */
  readonly weight: number;
  readonly inLoop: boolean;
  /** Whether probes that fail may stand here, because somebody catches that. */
  readonly mayStop: boolean;
  /** What `return` gives; undefined where there is nothing to return from. */
  readonly returns: Wanted | undefined;
  /** The task around it, where it may call itself. */
  readonly recursion: Task | undefined;
  /** What may be done here beside computing. */
  readonly effects: Effects | undefined;
}

export interface Wanted {
  readonly type: Type;
  /** Whether the program says so there; else the value must say its type by itself. */
  readonly isExpected: boolean;
}

export interface Value {
  readonly text: string;
  readonly type: Type;
}

export interface LocalFunction {
  readonly name: string;
  readonly type: FunctionType;
}

export interface Effects {
  /** `self.f`: what `self` has here. */
  readonly state: readonly Value[];
  /** Whom to delegate and send to. */
  readonly agents: readonly Agent[];
  /** One thing after another: no timers, no clock, no chance. What comes out then depends on nothing from outside. */
  readonly isSequential: boolean;
}

export interface Agent {
  readonly name: string;
  readonly tasks: readonly Task[];
  /** What `on message` takes. */
  readonly message: Type;
}

export interface Task {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: Type;
  /** About how many expressions a call evaluates. */
  readonly cost: number;
  readonly hasEffects: boolean;
  /** Calls itself with its first parameter one less, until that is 0. */
  readonly isRecursive: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly type: Type | FunctionType;
  readonly hasDefault: boolean;
}

/** What grows while a program is made. */
export interface Making {
  readonly choices: Choices;
  readonly enums: EnumType[];
  readonly structs: StructType[];
  /** Types with a parameter, given what it is. */
  readonly generics: ((of: Type) => Type)[];
  readonly constants: Value[];
  readonly tasks: Task[];
  /** Whether probes may stand: see `pure-program`. */
  probes: boolean;
  names: number;
  spent: number;
  selfCalls: number;
}

export function freshName(making: Making, prefix: string): string {
  making.names += 1;
  return `${prefix}${making.names}`;
}

export const deeper = (place: Place): Place => ({ ...place, depth: place.depth - 1 });

export const onLine = (place: Place): Place => ({ ...place, isLine: true });

export function withValues(place: Place, ...values: readonly Value[]): Place {
  return { ...place, values: [...place.values, ...values] };
}

/** What is done for each element: `times` is a guess. */
export function repeated(place: Place, times = 4): Place {
  return { ...place, weight: place.weight * times };
}

/** Inside of a lambda: another `return`, and no way out of the loop around it. */
export function inLambda(place: Place, returns: Wanted): Place {
  return { ...repeated(place), inLoop: false, returns, recursion: undefined };
}

/** Everything in sight with its type, fields of structs included; a nearer one of the same text hides one further away. */
export function visible(place: Place): readonly Value[] {
  const all = new Map<string, Type>();
  const outer = [...place.making.constants, ...(place.effects?.state ?? [])];
  for (const value of [...outer.filter(({ text }) => !place.hidden.includes(text)), ...place.values]) {
    for (const { text, type } of withFields(value, 2)) if (!hasOwn(place, text)) all.set(text, type);
    all.set(value.text, value.type);
  }
  return Array.from(all, ([text, type]) => ({ text, type }));
}

/** Whether more is known of a path than its root's type says. */
const hasOwn = (place: Place, text: string): boolean =>
  place.hidden.includes(text) || place.values.some((value) => value.text === text);

function* withFields({ text, type }: Value, levels: number): Iterable<Value> {
  yield { text, type };
  if (type.kind !== "Struct" || levels === 0) return;
  for (const field of type.fields) yield* withFields({ text: `${text}.${field.name}`, type: field.type }, levels - 1);
}

/** What could stand where the type is wanted; where it says its own type, only what has exactly that. */
export function candidates(place: Place, type: Type, isExpected: boolean): readonly Value[] {
  return visible(place).filter((value) => (isExpected ? fits(value.type, type) : same(value.type, type)));
}
