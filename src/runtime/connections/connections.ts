// The open connections of one run, by their name in the program. A connection is opened at its first use, so a program
// runs without the settings of a connection it never comes to, and stays open, so what it has read it need not read again.

import { toolError } from "../../interp/failure.ts";
import type { StepContext } from "../effects/handler.ts";
import { isKindName } from "./kind-names.ts";
import { kinds } from "./kinds.ts";
import type { MailConnection } from "./mail.ts";

export class Connections {
  readonly #open = new Map<string, MailConnection>();

  /** Throws a Failure where its settings cannot be read or its kind is not known. */
  mail(name: string, step: Pick<StepContext, "world" | "settings">): MailConnection {
    const open = this.#open.get(name);
    if (open !== undefined) return open;
    const { via, values } = step.settings(name);
    if (!isKindName(via)) throw toolError(`connection kind ${via} is not supported yet`);
    const connection = kinds[via](values, step.world);
    this.#open.set(name, connection);
    return connection;
  }
}
