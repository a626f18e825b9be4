// Methods of ints and floats. Where a float becomes an int it must fit 64 bits.

import { asDouble, asInt, intOfDouble, negateInt } from "../numbers.ts";
import type { Value } from "../value.ts";
import { Float } from "../value.ts";
import type { Builtins } from "./table.ts";

export const numbers: Builtins = {
  "int.to_float": (int) => new Float(Number(asInt(int))),
  "int.abs": (int) => (asInt(int) < 0 ? negateInt(int) : int),
  "float.to_int": (float) => intOfDouble(Math.trunc(asDouble(float))),
  "float.abs": (float) => new Float(Math.abs(asDouble(float))),
  "float.round": (float) => intOfDouble(round(float)),
  "float.floor": (float) => intOfDouble(Math.floor(asDouble(float))),
  "float.ceil": (float) => intOfDouble(Math.ceil(asDouble(float))),
};

/** A half goes away from 0. The distance from the whole below is exact, so nothing is rounded twice. */
function round(float: Value): number {
  const size = Math.abs(asDouble(float));
  const below = Math.floor(size);
  return Math.sign(asDouble(float)) * (size - below >= 0.5 ? below + 1 : below);
}
