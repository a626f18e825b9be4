// Inputs: those of the program's own file, and those of other files that something reads. Which of them are secret: what
// the type says, and what fills a connection's secret setting.

import type { InputDeclaration } from "../parser/ast.ts";
import { Body } from "./body.ts";
import type { InputNode } from "./kir.ts";
import { secretNodes } from "./lower-connections.ts";
import { shapeOf } from "./shape.ts";
import type { Unit } from "./unit.ts";

/** After everything that can read one was lowered. */
export function lowerInputs(unit: Unit): readonly InputNode[] {
  for (const item of unit.checked.program.items) if (item.kind === "InputDeclaration") unit.inputName(item);
  const secrets = new Set<InputDeclaration>();
  for (const node of secretNodes(unit)) {
    const referent = node.kind === "Reference" ? unit.checked.references.get(node) : undefined;
    if (referent?.kind === "Input") secrets.add(referent.node);
  }
  const inOrder = [...unit.inputs].toSorted((a, b) => a.span.start - b.span.start);
  return inOrder.map((node) => lowerInput(unit, node, secrets.has(node)));
}

function lowerInput(unit: Unit, node: InputDeclaration, fillsSecret: boolean): InputNode {
  const name = unit.inputName(node);
  const secret = fillsSecret || (node.type.kind === "NamedType" && node.type.name.text === "secret");
  const shape = shapeOf(unit, node.type);
  const { value } = node;
  if (value === undefined) return { name, shape, secret };
  const id = `input ${name}`;
  unit.ask(id, () => {
    const body = new Body(unit, id, { form: "Pure", agent: undefined });
    body.finish(body.term(value));
  });
  return { name, shape, secret, default: id };
}
