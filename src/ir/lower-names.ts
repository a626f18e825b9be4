// What a name is worth: a slot, a constant, a function, a variant.

import type { Reference } from "../parser/ast.ts";
import { Bug, invariant } from "../source/invariant.ts";
import type { Body } from "./body.ts";
import type { Term } from "./kir.ts";
import { variantLiteral } from "./literal.ts";
import { builtinFunction, constantFunction, readBinding, taskFunction } from "./lower-functions.ts";

export function read(f: Body, node: Reference): Term {
  const referent = f.unit.checked.references.get(node);
  invariant(referent !== undefined, `the name ${node.name} without a meaning`);
  switch (referent.kind) {
    case "Local":
      return readBinding(f, referent.binding.node);
    case "Constant":
      return { kind: "Constant", function: constantFunction(f.unit, referent.node) };
    case "ItemField": {
      const item = f.slotTerm(referent.fetch);
      invariant(item !== undefined, `the item of a fetch outside of its where in ${f.id}`);
      return { kind: "Field", of: item, name: referent.field };
    }
    case "Task":
      if (referent.task.parameters.some((one) => f.unit.checked.bindings.get(one)?.type.kind === "Function")) {
        f.unit.refuse(node, "a task that takes functions, as a value,");
      }
      return { kind: "Closure", function: taskFunction(f.unit, referent.task, false), captures: [] };
    case "Builtin": {
      const type = f.unit.type(node);
      const arity = type.kind === "Function" ? type.parameters.length : 0;
      return { kind: "Closure", function: builtinFunction(f.unit, referent.id, arity), captures: [] };
    }
    case "Variant":
      return variantLiteral(referent.enum.name, referent.variant);
    case "Input":
      return { kind: "Input", name: f.unit.inputName(referent.node) };
    case "Enum":
    case "Connection":
    case "Env":
    case "Now":
    case "Random":
    case "Label":
      throw new Bug(`${referent.kind} ${node.name} as a value in ${f.id}`);
  }
}
