// Arguments of a call: positional ones first, then named ones, then defaults. Each argument is checked against its
// parameter's type; type parameters are solved on the way, left to right, and lambdas are looked at with what is known
// by then. `given` is in the order of the parameters.

import type { Argument, Expression, Lambda } from "../parser/ast.ts";
import type { Span } from "../source/text.ts";
import type { Given } from "./checked.ts";
import type { Env, ParameterShape } from "./context.ts";
import { giveDefault } from "./edits.ts";
import { check, compactHelp, conform, hint, infer } from "./expressions.ts";
import { lambdaAs } from "./lambdas.ts";
import { constraintText, meets } from "./members.ts";
import { didYouMean } from "./missing.ts";
import { fits, holdsFunction } from "./relate.ts";
import { holdsNever, holdsVariable, solve, stillOpen, substitute } from "./solve.ts";
import type { Solution } from "./solve.ts";
import { functionOf, isNone, never, typeText, unknown } from "./type.ts";
import type { FunctionShape, Type, TypeVariable } from "./type.ts";

export interface CallShape {
  /** `task 'greet'`, as messages name it. */
  readonly callee: string;
  readonly parameters: readonly ParameterShape[];
  readonly variables: readonly TypeVariable[];
  readonly solution: Solution;
  /** Where an argument of a wrong type is shown: at the call (tasks) or at itself. */
  readonly blame: "Call" | "Argument";
}

/** A value that the pipe gives as the first argument. */
export interface Piped {
  readonly type: Type;
  readonly at: Expression;
}

/** Undefined where arguments are missing. */
export function bindArguments(
  env: Env,
  span: Span,
  shape: CallShape,
  all: readonly Argument[],
  piped?: Piped,
): Given[] | undefined {
  const given = new Map<ParameterShape, Given>();
  const { parameters } = shape;
  const args = written(all);
  let position = 0;
  const take = (): ParameterShape | undefined => parameters[position++];
  const first = piped === undefined ? undefined : take();
  if (piped !== undefined && first !== undefined) {
    given.set(first, { kind: "Piped" });
    pipedArgument(env, span, shape, first, piped);
  }
  const surplus: Argument[] = [];
  let misnamed = false;
  for (const argument of args) {
    const parameter = argument.name === undefined ? take() : named(env, shape, argument);
    if (parameter === undefined) {
      if (argument.name === undefined) surplus.push(argument);
      else misnamed = true;
      infer(env, argument.value);
    } else if (given.has(parameter)) {
      env.cx.report("K2006", argument.span, { name: parameter.name, callee: shape.callee });
      infer(env, argument.value);
    } else {
      given.set(parameter, argument.value);
      argumentOf(env, span, shape, parameter, argument.value);
    }
  }
  const extra = surplus[0];
  if (extra !== undefined || (piped !== undefined && first === undefined)) {
    const got = args.length + (piped === undefined ? 0 : 1);
    env.cx.report("K2004", extra?.span ?? span, { callee: shape.callee, count: parameters.length, got });
  }
  return misnamed || args.length < all.length ? undefined : complete(env, span, shape, given);
}

/** Without what stands for the rest of a call whose bracket is not closed. */
export function written(args: readonly Argument[]): readonly Argument[] {
  return args.filter(({ value }) => value.kind !== "Missing");
}

function named(env: Env, shape: CallShape, argument: Argument): ParameterShape | undefined {
  const name = argument.name?.text ?? "";
  const parameter = shape.parameters.find((candidate) => candidate.name === name);
  if (parameter === undefined && argument.name !== undefined) {
    const names = shape.parameters.map((candidate) => candidate.name);
    const more = didYouMean(name, argument.name.span, names, true);
    env.cx.report("K2005", argument.name.span, { name, callee: shape.callee }, more);
  }
  return parameter;
}

function complete(env: Env, span: Span, shape: CallShape, given: Map<ParameterShape, Given>): Given[] | undefined {
  const all: Given[] = [];
  for (const parameter of shape.parameters) {
    const value = given.get(parameter);
    if (value !== undefined) all.push(value);
    else if (parameter.optional) all.push({ kind: "Default", of: parameter.node });
    else {
      const help = { help: `it is ${article(typeText(parameter.type))}` };
      env.cx.report("K2003", span, { parameter: parameter.name, callee: shape.callee }, help);
      return undefined;
    }
  }
  return all;
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

function pipedArgument(env: Env, span: Span, shape: CallShape, parameter: ParameterShape, piped: Piped): void {
  solve(parameter.type, piped.type, openOf(shape), shape.solution);
  settle(env, piped.at, shape);
  const wanted = substitute(parameter.type, shape.solution);
  if (!fits(piped.type, wanted)) wrong(env, span, shape, parameter, wanted, piped.type);
}

const openOf = (shape: CallShape): ReadonlySet<number> => new Set(shape.variables.map(({ id }) => id));

/** A parameter, or a field of a variant that is built. */
type Named = Pick<ParameterShape, "name" | "type">;

export function argumentOf(env: Env, span: Span, shape: CallShape, parameter: Named, argument: Expression): void {
  const wanted = substitute(parameter.type, shape.solution);
  const blamed = shape.blame === "Call" ? span : argument.span;
  const say = (got: Type): void =>
    wrong(env, blamed, shape, parameter, substitute(parameter.type, shape.solution), got, argument);
  if (argument.kind === "Lambda" && wanted.kind === "Function") {
    lambdaArgument(env, shape, parameter, argument, wanted);
    return;
  }
  if (!isOpen(wanted, shape)) {
    check(env, argument, wanted, say);
    return;
  }
  // Open type parameters are hints for nothing; what is given decides them.
  const hoped = argument.kind === "Reference" ? partly(wanted, shape) : closed(wanted, shape);
  const type = infer(env, argument, hint(hoped));
  solve(parameter.type, type, openOf(shape), shape.solution);
  settle(env, argument, shape);
  conform(env, argument, type, { type: substitute(parameter.type, shape.solution), strict: true, mismatch: say });
}

function wrong(
  env: Env,
  span: Span,
  shape: CallShape,
  parameter: Named,
  wanted: Type,
  got: Type,
  at?: Expression,
): void {
  const holes = { parameter: parameter.name, callee: shape.callee, expected: typeText(wanted), got: typeText(got) };
  const mayBeNone = got.kind === "Nullable" && fits(got.of, wanted);
  const edits = mayBeNone && at !== undefined ? giveDefault(env.cx.source, at, wanted) : [];
  const help = "it may be none: give a default with `??`, or check it first";
  env.cx.report("K2002", span, holes, mayBeNone ? { help, edits } : (compactHelp(got, wanted) ?? {}));
}

/** Whether a type parameter of the call still stands in the type, solved with nothing or only with what `[]` gives. */
function isOpen(type: Type, shape: CallShape): boolean {
  if (holdsVariable(type, openOf(shape))) return true;
  return shape.variables.some(({ id }) => {
    const known = shape.solution.get(id);
    return known !== undefined && holdsNever(known);
  });
}

/** The type as a hint: nothing where a type parameter is open. */
const closed = (type: Type, shape: CallShape): Type | undefined =>
  holdsVariable(type, openOf(shape)) ? undefined : type;

/** For the name of a generic task: of a function, what is known. */
function partly(type: Type, shape: CallShape): Type | undefined {
  if (type.kind !== "Function") return closed(type, shape);
  return substitute(type, new Map(shape.variables.map(({ id }) => [id, shape.solution.get(id) ?? stillOpen])));
}

/** A lambda: parameters from what is solved, its result teaches the rest. */
function lambdaArgument(env: Env, shape: CallShape, parameter: Named, lambda: Lambda, wanted: FunctionShape): void {
  const open = openOf(shape);
  const attempt = (): FunctionShape => {
    const now = substitute(parameter.type, shape.solution);
    const fn = now.kind === "Function" ? now : wanted;
    const parameters = fn.parameters.map((type) => (holdsVariable(type, open) ? undefined : type));
    const isOpenResult = holdsVariable(fn.result, open) || growing(shape) || isSolvedNone(parameter.type, fn.result);
    return lambdaAs(env, lambda, parameters, isOpenResult ? undefined : fn.result);
  };
  // What started as `[]` is learnt from what the lambda gives, and the lambda is looked at again with that: not inside
  // of another first look, or nested ones would take exponentially long.
  if (growing(shape) && !env.cx.isQuiet) solve(parameter.type, env.cx.quietly(attempt), open, shape.solution);
  const type = attempt();
  env.cx.facts.types.set(lambda, type);
  solve(parameter.type, type, open, shape.solution);
  settle(env, lambda, shape);
  const now = substitute(parameter.type, shape.solution);
  const result = now.kind === "Function" ? now.result : unknown;
  if (!fits(type.result, result)) {
    env.cx.report("K2001", lambda.body.span, { expected: typeText(result), got: typeText(type.result) });
  }
}

/** Only a function declared to give none takes a lambda whatever that gives; `none` that a type parameter is is a type. */
const isSolvedNone = (declared: Type, result: Type): boolean =>
  isNone(result) && declared.kind === "Function" && !isNone(declared.result);

const growing = (shape: CallShape): boolean =>
  shape.variables.some(({ id }) => {
    const known = shape.solution.get(id);
    return known !== undefined && holdsNever(known);
  });

/** Solved type parameters must meet their constraints. */
function settle(env: Env, at: Expression, shape: CallShape): void {
  for (const { id, constraint } of shape.variables) {
    const known = shape.solution.get(id);
    const isFunction = known !== undefined && holdsFunction(known);
    if (known === undefined || (meets(constraint, known) && !isFunction)) continue;
    const { span } = at.kind === "Lambda" && !isFunction ? at.body : at;
    if (isFunction) env.cx.report("K2018", span, { where: "what a type parameter stands for" });
    else {
      const expected = constraintText[constraint ?? ""] ?? "another type";
      env.cx.report("K2001", span, { expected, got: typeText(known) });
    }
    shape.solution.set(id, unknown);
  }
}

/**
 * The result of a call: what is still open is filled by what is expected, else no value says what it is, as with `[]`;
 * where arguments are missing, nobody knows.
 */
export function resultType(
  result: Type,
  shape: CallShape,
  given: readonly Given[] | undefined,
  wanted: Type | undefined,
): Type {
  if (wanted !== undefined) {
    const unsolved = new Set(shape.variables.filter(({ id }) => !shape.solution.has(id)).map(({ id }) => id));
    if (unsolved.size > 0) solve(result, wanted, unsolved, shape.solution);
  }
  const open = given === undefined ? unknown : never;
  for (const { id } of shape.variables) if (!shape.solution.has(id)) shape.solution.set(id, open);
  return substitute(result, shape.solution);
}

export const asFunction = (shape: CallShape, result: Type): FunctionShape =>
  functionOf(
    shape.parameters.map(({ type }) => substitute(type, shape.solution)),
    result,
  );
