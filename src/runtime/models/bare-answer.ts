// An answer that needs no JSON: a variant's name in a sentence, an instant, a truth value.

import { Variant } from "../../interp/value.ts";
import type { Shape } from "../../ir/kir.ts";
import { chooseWhole, chooseWithin, labels } from "./choice.ts";
import { core } from "./envelope.ts";
import { fit } from "./fit.ts";
import type { Fitted } from "./fit.ts";

export function bareAnswer(text: string, shape: Shape): Fitted {
  const wanted = core(shape);
  if (wanted.kind === "enum") return bareVariant(text, wanted);
  const isBare = wanted.kind === "datetime" || (wanted.kind === "bool" && /^(?:true|false)[.!]?$/i.test(text));
  const bare = isBare ? fit(text.replace(/[.!]$/, ""), wanted, () => undefined) : undefined;
  return bare?.kind === "Value" ? bare : { kind: "Misfit", reason: "there is no JSON in the reply" };
}

function bareVariant(text: string, shape: Extract<Shape, { kind: "enum" }>): Fitted {
  const names = shape.variants.map(({ name }) => name);
  const [, tag = "", tagged = text] = /^<(\w+)>([^<]*)<\/\1>$/.exec(text) ?? [];
  const said = labels.includes(tag.toLowerCase()) ? tagged : text;
  const choice = chooseWithin(said, names, shape.name);
  const found = choice.kind === "One" ? shape.variants.find(({ name }) => name === choice.name) : undefined;
  if (found === undefined || found.fields !== undefined) {
    return { kind: "Misfit", reason: `the reply is not clearly one of ${names.join(", ")}` };
  }
  const isWhole = chooseWhole(said, names).kind === "One";
  const mends = found.name === text ? [] : [isWhole ? ("spelling" as const) : ("sentence" as const)];
  return { kind: "Value", value: new Variant(shape.name, found.name), mends };
}
