// A program whose task `body` computes a value, and has no effect but through two probes: `k0(n, x)` and `k1(n, x)`
// give `x`; `stop0` and `stop1` are the same and fail. Each of them can be written without an effect and with one that tells `n`, so one meaning can be had as
// terms, as steps, and as steps with terms between.

import fc from "fast-check";
import { type Choices, chosen } from "./choices.ts";
import { constants, generics, newMaking, placeIn, task, types } from "./declarations.ts";
import { block } from "./control.ts";
import { anyType } from "./some-type.ts";
import { typeText } from "./types.ts";

export interface PureProgram {
  /** Without the probes. */
  readonly text: string;
  [fc.toStringMethod]: () => string;
}

/** Which probes have an effect. */
export interface Probes {
  readonly k0: boolean;
  readonly k1: boolean;
}

export function pureText({ text }: PureProgram, probes: Probes): string {
  return [text, probe("k0", probes.k0), probe("k1", probes.k1)].join("\n");
}

function probe(name: string, hasEffect: boolean): string {
  const effect = hasEffect ? `notify user "${name} {n}"` : "";
  const stop = name.replace("k", "stop");
  return [
    `task ${name}[T](n: int, x: T) -> T {\n${effect}\nx\n}`,
    `task ${stop}[T](n: int, x: T) -> T {\n${effect}\nif n > 0 { fail "stopped at {n}" }\nx\n}`,
  ].join("\n");
}

export const purePrograms = (length = 1200): fc.Arbitrary<PureProgram> => chosen(pureProgram, length);

export function pureProgram(choices: Choices): PureProgram {
  const making = newMaking(choices);
  const parts: string[] = [...types(making), ...constants(making), generics];
  making.probes = true;
  for (let left = choices.below(3); left > 0; left -= 1) parts.push(task(making));
  const result = anyType({ making });
  const returns = { type: result, isExpected: true };
  const body = block({ ...placeIn(making), depth: 6, returns }, result, true, 7);
  parts.push(`task body() -> ${typeText(result)} ${body}`, 'notify user "{body()}"');
  const text = parts.join("\n");
  const whole = pureText({ text, [fc.toStringMethod]: () => "" }, { k0: false, k1: false });
  return { text, [fc.toStringMethod]: () => `\n${whole}\n` };
}
