// `--connect NAME=KIND:PATH`: a connection of the command line in a declared one's place. The path is made absolute where
// the command is given, and a run records it so; a resume from elsewhere finds the same folder.

import { toolError } from "../../interp/failure.ts";
import type { Value } from "../../interp/value.ts";
import { isKindName, type KindName } from "./kind-names.ts";
import { absolutePath } from "./path.ts";

/** A connection's kind and the values of its settings. */
export interface Connected {
  readonly via: KindName;
  readonly values: { readonly [name: string]: Value };
}

/** The kinds that a path alone describes. */
const pathKinds: readonly KindName[] = ["maildir"];

export type ConnectOption =
  | { readonly kind: "Connect"; readonly name: string; readonly target: string }
  | { readonly kind: "Problem"; readonly message: string; readonly help: string };

/** Reads the option's `NAME=KIND:PATH`; `target` is `KIND:ABSOLUTE-PATH`, the form that a run records. */
export function parseConnectOption(text: string, cwd: string): ConnectOption {
  const [, name, kind, path] = /^([A-Za-z_]\w*)=([A-Za-z_]\w*):(.+)$/su.exec(text) ?? [];
  if (name === undefined || kind === undefined || path === undefined) {
    const help = "write it as --connect NAME=KIND:PATH, for example --connect email=maildir:./mail";
    return { kind: "Problem", message: `--connect ${text} is not of the form NAME=KIND:PATH`, help };
  }
  const problem = kindProblem(kind);
  if (problem === undefined) return { kind: "Connect", name, target: `${kind}:${absolutePath(path, cwd)}` };
  return {
    kind: "Problem",
    message: `--connect ${text}: ${problem}`,
    help: `kinds that take a path: ${pathKinds.join(", ")}`,
  };
}

/** The kind and settings that a recorded `KIND:PATH` stands for. Throws a Failure that says what is wrong with it. */
export function parseConnect(target: string): Connected {
  const colon = target.indexOf(":");
  const via = target.slice(0, Math.max(0, colon));
  const path = target.slice(colon + 1);
  const problem = path === "" ? "it has no path" : kindProblem(via);
  if (problem !== undefined || !isKindName(via)) throw toolError(`cannot connect ${target}: ${problem}`);
  return { via, values: { path } };
}

function kindProblem(kind: string): string | undefined {
  if (!isKindName(kind)) return `there is no connection kind ${kind}`;
  return pathKinds.includes(kind) ? undefined : `a path does not describe a connection of kind ${kind}`;
}
