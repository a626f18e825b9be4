// What a program's task `body` comes to, whatever form it was lowered to: its value or its error, and the effects on
// the way, in their order.

import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { encode } from "../../src/interp/codec.ts";
import type { Outcome } from "../../src/interp/effect.ts";
import { advance, start } from "../../src/interp/execute.ts";
import { messageOf } from "../../src/interp/failure.ts";
import { link } from "../../src/interp/link.ts";
import { text } from "../../src/interp/text.ts";
import type { Program } from "../../src/ir/kir.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { Source } from "../../src/source/text.ts";

export interface Meaning {
  /** The value in its written form, or the error's name and message. */
  readonly outcome: string;
  /** What `notify` said. */
  readonly trace: readonly string[];
  /** Whether `body` is steps. */
  readonly isSteps: boolean;
}

/** Throws where the program has errors: it was made without. */
export function programOf(written: string): Program {
  const source = new Source("main.keel", written);
  const { program, diagnostics } = compile(source, stdlib);
  if (program !== undefined) return program;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const said = errors.map((error) => renderDiagnostic(error.source ?? source, error, { color: false }));
  throw new Error(`the checker refuses it:\n${said.join("\n")}`);
}

export function meaningOf(written: string): Meaning {
  const program = programOf(written);
  const code = link(program);
  const machine = start(code, "body", [], [], {});
  const trace: string[] = [];
  const isSteps = program.functions["body"]?.kind === "Steps";
  let given: Outcome | undefined;
  for (;;) {
    const turn = advance(code, machine, given);
    switch (turn.kind) {
      case "Done":
        return { outcome: JSON.stringify(encode(turn.value)), trace, isSteps };
      case "Failed":
        return { outcome: `${turn.error.name}: ${messageOf(turn.error)}`, trace, isSteps };
      case "Yield":
        throw new Error("a machine without limit gave way");
      case "Effect":
        if (turn.effect.kind !== "Notify") throw new Error(`${turn.effect.kind} in a program that only notifies`);
        trace.push(text(turn.effect.given.text));
        given = { kind: "Value", value: null };
    }
  }
}
