// Terms that read and build values: literals, slots, state, fields, texts, lists, structs, maps, variants.

import { Bug } from "../source/invariant.ts";
import { decode } from "./codec.ts";
import type { Evaluate } from "./code.ts";
import { evaluateAll } from "./evaluate-calls.ts";
import type { Compiler, Family, TermOf } from "./evaluate.ts";
import { nullError } from "./failure.ts";
import type { OpenStruct } from "./fields.ts";
import { getField, isInherited, setField } from "./fields.ts";
import { text } from "./text.ts";
import type { Struct, Value } from "./value.ts";
import { FunctionValue, KeelMap, Variant } from "./value.ts";

export const data: Family<
  | "Literal"
  | "Slot"
  | "Set"
  | "State"
  | "SetState"
  | "Field"
  | "JsonField"
  | "Assert"
  | "IsNone"
  | "IsVariant"
  | "Text"
  | "List"
  | "Struct"
  | "Map"
  | "Variant"
  | "Closure"
> = {
  Literal: (term) => {
    const value = decode(term.value);
    return () => value;
  },
  Slot: ({ slot }) => {
    return (slots) => slots[slot] as Value;
  },
  Set: compileSet,
  State: (term, { code }) => {
    return () => getField(code.context.machine?.state ?? {}, term.field);
  },
  SetState: compileSetState,
  Field: compileField,
  JsonField: (term, compiler) => {
    const of = compiler.operand(term.of);
    return (slots) => {
      const value = of(slots);
      return value instanceof KeelMap ? (value.get(term.name) ?? null) : null;
    };
  },
  Assert: (term, compiler) => {
    const of = compiler.operand(term.of);
    return (slots) => {
      const value = of(slots);
      if (value === null) throw nullError(`${term.what} is none`);
      return value;
    };
  },
  IsNone: (term, compiler) => {
    const of = compiler.operand(term.of);
    return (slots) => of(slots) === null;
  },
  IsVariant: (term, compiler) => {
    const of = compiler.operand(term.of);
    const { variant } = term;
    return (slots) => {
      const value = of(slots);
      return value instanceof Variant && value.name === variant;
    };
  },
  Text: compileText,
  List: (term, compiler) => {
    const items = compiler.operands(term.items);
    const [first, second] = items;
    if (first !== undefined && second === undefined) return (slots) => [first(slots)];
    return (slots) => evaluateAll(items, slots);
  },
  Struct: compileStruct,
  Map: (term, compiler) => {
    const entries = term.entries.map(([key, value]) => [compiler.operand(key), compiler.operand(value)] as const);
    return (slots) => new KeelMap(entries.map(([key, value]) => [key(slots), value(slots)] as const));
  },
  Variant: (term, compiler) => {
    const fields = compileFields(term.fields, compiler);
    return (slots) => new Variant(term.enum, term.variant, fields({}, slots));
  },
  Closure: (term, compiler) => {
    const captures = compiler.operands(term.captures);
    if (captures.length === 0) {
      const value = new FunctionValue(term.function, []);
      return () => value;
    }
    return (slots) => new FunctionValue(term.function, evaluateAll(captures, slots));
  },
};

function compileSet({ slot, value: given }: TermOf<"Set">, compiler: Compiler): Evaluate {
  const value = compiler.operand(given);
  return (slots) => {
    slots[slot] = value(slots);
    return null;
  };
}

function compileSetState(term: TermOf<"SetState">, compiler: Compiler): Evaluate {
  const value = compiler.operand(term.value);
  const { context } = compiler.code;
  const { field } = term;
  return (slots) => {
    const { machine } = context;
    if (machine === null) throw new Bug(`self.${field} assigned outside of an activation`);
    setField(machine.state, field, value(slots));
    if (!machine.changed.includes(field)) machine.changed.push(field);
    return null;
  };
}

/** A plain read where the host's objects have nothing of the name, the safe one for `constructor` and its like. */
function compileField(term: TermOf<"Field">, compiler: Compiler): Evaluate {
  const of = compiler.operand(term.of);
  const { name } = term;
  const read = isInherited(name) ? getField : readPlain;
  return (slots) => {
    const value = of(slots);
    if (value instanceof Variant) return value.fields === null ? null : read(value.fields, name);
    if (value === null) throw nullError(`none has no field ${name}`);
    if (typeof value !== "object") throw new Bug(`field ${name} of a ${typeof value}`);
    return read(value as Struct, name);
  };
}

function readPlain(struct: Struct, name: string): Value {
  const value = struct[name];
  return value === undefined ? null : value;
}

function compileText(term: TermOf<"Text">, compiler: Compiler): Evaluate {
  const parts = term.parts.map((part) => (typeof part === "string" ? part : compiler.operand(part)));
  return (slots) => {
    let joined = "";
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index] as string | Evaluate;
      joined += typeof part === "string" ? part : text(part(slots));
    }
    return joined;
  };
}

type BuildFields = (struct: OpenStruct, slots: Value[]) => Struct;

function compileFields(given: TermOf<"Struct">["fields"], compiler: Compiler): BuildFields {
  const names = given.map(([name]) => name);
  const values = given.map(([, value]) => compiler.operand(value));
  return (struct, slots) => {
    for (let index = 0; index < names.length; index++) {
      setField(struct, names[index] as string, (values[index] as Evaluate)(slots));
    }
    return struct;
  };
}

function compileStruct(term: TermOf<"Struct">, compiler: Compiler): Evaluate {
  const base = term.base && compiler.operand(term.base);
  const fields = compileFields(term.fields, compiler);
  if (base === undefined) return (slots) => fields({}, slots);
  return (slots) => fields({ ...(base(slots) as Struct) }, slots);
}
