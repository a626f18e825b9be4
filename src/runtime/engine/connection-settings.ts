// Which connection stands behind a name, and with which settings: the declaration's, or the one the command line put
// in its place. Settings are computed at first use, so a program without its mailbox still runs up to there.

import type { Code } from "../../interp/link.ts";
import type { Value } from "../../interp/value.ts";
import type { Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import { parseConnect } from "../connections/override.ts";
import type { Environment } from "./environment.ts";
import { evaluateSettings } from "./setup.ts";

export interface Connected {
  readonly via: string;
  readonly values: { readonly [name: string]: Value };
}

export class ConnectionSettings {
  readonly #program: Program;
  readonly #code: Code;
  readonly #environment: Environment;
  readonly #overrides: { readonly [name: string]: string };
  readonly #known = new Map<string, Connected>();

  constructor(program: Program, code: Code, environment: Environment, overrides: { readonly [name: string]: string }) {
    this.#program = program;
    this.#code = code;
    this.#environment = environment;
    this.#overrides = overrides;
  }

  /** Throws a Failure where a setting reads a variable that is not set. */
  of(name: string): Connected {
    const known = this.#known.get(name) ?? this.#evaluate(name);
    this.#known.set(name, known);
    return known;
  }

  #evaluate(name: string): Connected {
    const override = this.#overrides[name];
    if (override !== undefined) return parseConnect(override);
    const node = this.#program.connections[name];
    invariant(node !== undefined, `connection ${name} is not in the program`);
    return { via: node.via, values: evaluateSettings(this.#code, node.settings, this.#environment) };
  }
}
