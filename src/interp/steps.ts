// Steps to operations. An operation does one step of the frame on top and moves its `step` on; it gives a turn where
// the machine must stop. What a step throws is the machine's to unwind (`unwind`).

import { MAX_RETRIES } from "../source/bounds.ts";
import { Bug, invariant } from "../source/invariant.ts";
import type { Step, Term } from "../ir/kir.ts";
import type { Fold } from "./builtins/folds.ts";
import { folds } from "./builtins/folds.ts";
import type { Operate, PureCode } from "./code.ts";
import type { Code } from "./link.ts";
import type { Effect } from "./effect.ts";
import { calleeOf, evaluateAll, tooDeep, widen } from "./evaluate-calls.ts";
import type { Compiler } from "./evaluate.ts";
import { failureOf, limitError, toolError } from "./failure.ts";
import type { OpenStruct } from "./fields.ts";
import { setField } from "./fields.ts";
import type { Machine, Turn } from "./execute.ts";
import type { FoldProgress, Frame } from "./frame.ts";
import { placeOf } from "./frame.ts";
import { MAX_CALL_DEPTH } from "./limits.ts";
import { asCount } from "./numbers.ts";
import type { Value } from "./value.ts";
import { FunctionValue } from "./value.ts";

type StepOf<K extends Step["kind"]> = Extract<Step, { readonly kind: K }>;
type Steps = { readonly [K in Step["kind"]]: (step: StepOf<K>, compiler: Compiler) => Operate };

export function compileStep(step: Step, compiler: Compiler): Operate {
  return (table[step.kind] as (step: Step, compiler: Compiler) => Operate)(step, compiler);
}

const table: Steps = {
  Eval: ({ term, slot }, compiler) => {
    const evaluate = compiler.operand(term);
    return (frame) => settle(frame, slot, evaluate(frame.slots));
  },
  Perform: compilePerform,
  Call: (step, compiler) => {
    const given = compiler.operands(step.arguments);
    const { code } = compiler;
    return (frame, machine) => push(code, machine, step.function, evaluateAll(given, frame.slots));
  },
  CallValue: (step, compiler) => {
    const callee = compiler.operand(step.callee);
    const given = compiler.operands(step.arguments);
    const { code } = compiler;
    return (frame, machine) => pushValue(code, machine, callee(frame.slots), evaluateAll(given, frame.slots));
  },
  Fold: compileFold,
  Branch: (step, compiler) => {
    const test = compiler.operand(step.test);
    const { then, otherwise } = step;
    return (frame) => {
      frame.step = test(frame.slots) === true ? then : otherwise;
      return undefined;
    };
  },
  Jump: ({ to }) => {
    return (frame) => {
      frame.step = to;
      return undefined;
    };
  },
  Begin: (step, compiler) => {
    const list = compiler.operand(step.list);
    return (frame) => {
      frame.loops.push({ list: list(frame.slots) as readonly Value[], index: -1, results: [] });
      return next(frame);
    };
  },
  Next: ({ slot, done }) => {
    return (frame) => {
      const loop = innermost(frame);
      loop.index++;
      if (loop.index >= loop.list.length) {
        frame.step = done;
        return undefined;
      }
      return settle(frame, slot, loop.list[loop.index] as Value);
    };
  },
  Collect: (step, compiler) => {
    const value = compiler.operand(step.value);
    return (frame) => {
      innermost(frame).results.push(value(frame.slots));
      return next(frame);
    };
  },
  End: ({ slot }) => {
    return (frame) => {
      const { results } = innermost(frame);
      frame.loops.pop();
      return settle(frame, slot, results);
    };
  },
  Enter: () => {
    return (frame) => {
      frame.handlers.push({ kind: "Enter", step: frame.step, loops: frame.loops.length });
      return next(frame);
    };
  },
  Leave: () => {
    return (frame) => {
      frame.handlers.pop();
      return next(frame);
    };
  },
  Retry: (step, compiler) => {
    const count = compiler.operand(step.count);
    return (frame) => {
      const times = asCount(count(frame.slots));
      if (times < 0 || times > MAX_RETRIES) throw limitError(`\`retry\` takes 0 to ${MAX_RETRIES} times, got ${times}`);
      frame.handlers.push({ kind: "Retry", step: frame.step, loops: frame.loops.length, count: times, attempt: 0 });
      return next(frame);
    };
  },
  Return: (step, compiler) => {
    const value = compiler.operand(step.value);
    const { code } = compiler;
    return (frame, machine) => leave(code, machine, value(frame.slots));
  },
  Fail: (step, compiler) => {
    const value = compiler.operand(step.value);
    return (frame) => {
      throw failureOf(value(frame.slots));
    };
  },
};

/** The one step of a pure function that a machine calls. */
export function returning(target: PureCode, code: Code): Operate {
  return (frame, machine) => leave(code, machine, target.body(frame.slots));
}

function compilePerform(step: StepOf<"Perform">, compiler: Compiler): Operate {
  const { given, ...known } = step.effect;
  const terms: readonly (readonly [string, Term])[] = Object.entries(given);
  const fields = terms.map(([name, term]) => [name, compiler.operand(term)] as const);
  return (frame, machine) => {
    const values: OpenStruct = {};
    for (const [name, evaluate] of fields) setField(values, name, evaluate(frame.slots));
    machine.pending = { kind: "Perform" };
    return { kind: "Effect", effect: { ...known, given: values } as Effect, place: placeOf(machine, step.id) };
  };
}

function compileFold(step: StepOf<"Fold">, compiler: Compiler): Operate {
  const given = compiler.operands(step.arguments);
  const { code } = compiler;
  return (frame, machine) => {
    const fold = folds[step.builtin];
    if (fold === undefined) throw toolError(`${step.builtin} is not supported yet`);
    const values = evaluateAll(given, frame.slots);
    const list = values[0] as readonly Value[];
    frame.fold = { list, callee: calleeOf(values), index: 0, state: fold.start(values) };
    return turnFold(code, machine, frame, frame.fold);
  };
}

/** Calls the function for the next element, or ends the fold. */
function turnFold(code: Code, machine: Machine, frame: Frame, progress: FoldProgress): undefined {
  const [step, fold] = foldOf(code, frame);
  if (progress.index >= progress.list.length) {
    frame.fold = null;
    return settle(frame, step.slot, fold.done(progress.state));
  }
  const item = progress.list[progress.index] as Value;
  const given = fold.running === undefined ? [item] : [fold.running(progress.state), item];
  return pushValue(code, machine, progress.callee, given);
}

/** Gives a call's value to the frame below, which stands at the step that called. */
function leave(code: Code, machine: Machine, value: Value): Turn | undefined {
  machine.frames.pop();
  const frame = machine.frames.at(-1);
  if (frame === undefined) return { kind: "Done", value };
  const { fold: progress } = frame;
  if (progress === null) return settle(frame, callOf(code, frame).slot, value);
  const [, fold] = foldOf(code, frame);
  const enough = fold.take(progress.state, progress.list[progress.index] as Value, value);
  progress.index = enough ? progress.list.length : progress.index + 1;
  return turnFold(code, machine, frame, progress);
}

function foldOf(code: Code, frame: Frame): readonly [StepOf<"Fold">, Fold] {
  const step = stepOf(code, frame);
  const fold = step.kind === "Fold" ? folds[step.builtin] : undefined;
  invariant(step.kind === "Fold" && fold !== undefined, "a fold at another step");
  return [step, fold];
}

function callOf(code: Code, frame: Frame): StepOf<"Call" | "CallValue"> {
  const step = stepOf(code, frame);
  invariant(step.kind === "Call" || step.kind === "CallValue", "a call at another step");
  return step;
}

export function stepOf(code: Code, frame: Frame): Step {
  const node = code.program.functions[frame.function];
  const step = node?.kind === "Steps" ? node.steps[frame.step] : undefined;
  if (step === undefined) throw new Bug(`no step ${frame.step} in ${frame.function}`);
  return step;
}

function pushValue(code: Code, machine: Machine, callee: Value, given: readonly Value[]): undefined {
  invariant(callee instanceof FunctionValue, "a function was expected");
  return push(code, machine, callee.id, [...callee.captures, ...given]);
}

/** Opens a frame; the first one is the activation itself and no call. */
export function push(code: Code, machine: Machine, id: string, given: readonly Value[]): undefined {
  if (machine.frames.length > MAX_CALL_DEPTH) throw tooDeep();
  const slots = widen(given.slice(), code.steps(id).slots);
  machine.frames.push({ function: id, step: 0, slots, loops: [], handlers: [], fold: null });
  return undefined;
}

/** Puts a step's value where it goes, and goes on. */
export function settle(frame: Frame, slot: number | undefined, value: Value): undefined {
  if (slot !== undefined) frame.slots[slot] = value;
  return next(frame);
}

function next(frame: Frame): undefined {
  frame.step++;
  return undefined;
}

function innermost(frame: Frame): Frame["loops"][number] {
  const loop = frame.loops.at(-1);
  invariant(loop !== undefined, "a loop's step outside of a loop");
  return loop;
}
