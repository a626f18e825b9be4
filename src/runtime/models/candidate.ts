// One piece of JSON out of a reply, as a value of the shape: itself, else what stands in it.

import type { Shape } from "../../ir/kir.ts";
import { core, hasFieldOf, isAttempt, opened, openedCall, openedValue } from "./envelope.ts";
import type { Opened } from "./envelope.ts";
import { fit } from "./fit.ts";
import type { Fitted, Validate } from "./fit.ts";
import type { Tree } from "./json-tree.ts";
import type { Candidate } from "./repair.ts";

export type Read =
  | Exclude<Fitted, { kind: "Misfit" }>
  | { readonly kind: "Misfit"; readonly reason: string; readonly isAttempt: boolean };

const mostLayers = 4;

export function readCandidate({ tree, mends, hasWords }: Candidate, shape: Shape, validate: Validate): Read {
  if (tree === undefined || (hasWords && core(shape).kind !== "enum")) {
    return { kind: "Misfit", reason: "the JSON in the reply can be read in more than one way", isAttempt: true };
  }
  const fitted = fitLayers(tree, shape, validate, mostLayers);
  return fitted.kind === "Value"
    ? { ...fitted, mends: [...mends, ...fitted.mends] }
    : { ...fitted, isAttempt: isAttempt(tree, shape) };
}

/** The tree itself, else what stands in it; for what can be nothing but an envelope, the other way round. */
function fitLayers(tree: Tree, shape: Shape, validate: Validate, layers: number, isValue = false): Fitted {
  const inside = ({ inner, mend }: Opened): Fitted => {
    const fitted = fitLayers(inner, shape, validate, layers - 1, mend === undefined);
    return fitted.kind === "Value" && mend !== undefined ? { ...fitted, mends: [mend, ...fitted.mends] } : fitted;
  };
  const value = isValue ? undefined : openedValue(tree, shape);
  const envelope = layers === 0 ? undefined : (openedCall(tree, shape) ?? value);
  const first = envelope === undefined ? fit(tree, shape, validate) : inside(envelope);
  if (first.kind === "Value" || layers === 0) return first;
  if (envelope !== undefined) return hasValueKey(core(shape)) ? fit(tree, shape, validate) : first;
  const other = opened(tree, shape);
  const second = other === undefined ? first : inside(other);
  // What is wrong with an object that has fields of the shape is told of itself, not of what stands in it.
  return second.kind === "Value" || !hasFieldOf(tree, shape) ? second : first;
}

/** Whether `{"value": …}` may be the answer and no envelope. */
function hasValueKey(shape: Shape): boolean {
  const names = shape.kind === "struct" ? shape.fields : shape.kind === "enum" ? shape.variants : [];
  return names.some(({ name }) => name === "value");
}
