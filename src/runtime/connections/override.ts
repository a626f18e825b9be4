// `--connect NAME=KIND:PATH`: a connection of the command line in a declared one's place. The path is made absolute where
// the command is given, and a run records it so; a resume from elsewhere finds the same folder.

import { toolError } from "../../interp/failure.ts";
import type { Value } from "../../interp/value.ts";
import { kindNames, type KindName } from "./kind-names.ts";
import { absolutePath } from "./path.ts";

/** A connection's kind and the values of its settings. */
export interface Connected {
  readonly via: string;
  readonly values: { readonly [name: string]: Value };
}

/** The kinds that a path alone describes. */
const pathKinds: readonly KindName[] = ["maildir"];

export type ConnectOption =
  | { readonly kind: "Connect"; readonly name: string; readonly target: string }
  | { readonly kind: "Problem"; readonly message: string; readonly help: string };

/** Reads the option's `NAME=KIND:PATH`; `target` is `KIND:ABSOLUTE-PATH`, the form that a run records. */
export function parseConnectOption(text: string, cwd: string): ConnectOption {
  const match = /^([A-Za-z_]\w*)=([A-Za-z_]\w*):(.+)$/su.exec(text);
  const [, name, kind, path] = match ?? [];
  if (name === undefined || kind === undefined || path === undefined) {
    const help = "write it as --connect NAME=KIND:PATH, for example --connect email=maildir:./mail";
    return { kind: "Problem", message: `--connect ${text} is not of the form NAME=KIND:PATH`, help };
  }
  if (pathKinds.some((known) => known === kind)) {
    return { kind: "Connect", name, target: `${kind}:${absolutePath(path, cwd)}` };
  }
  const known = kindNames.some((each) => each === kind);
  const message = known ? `a path does not describe a connection of kind ${kind}` : `there is no connection kind ${kind}`;
  return { kind: "Problem", message, help: `kinds that take a path: ${pathKinds.join(", ")}` };
}

/** The kind and settings that a recorded target (`maildir:/home/ann/mail`) stands for. */
export function parseConnect(target: string): Connected {
  const colon = target.indexOf(":");
  if (colon <= 0) throw toolError(`the connection ${target} is not of the form KIND:PATH`);
  return { via: target.slice(0, colon), values: { path: target.slice(colon + 1) } };
}
