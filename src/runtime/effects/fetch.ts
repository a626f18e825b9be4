// `fetch NAME where …`: the items of a connection. The condition is a pure function of the program, applied here to each
// item; what it raises is raised by the fetch.

import type { Email } from "../connections/mail.ts";
import type { Connections } from "../connections/connections.ts";
import { FunctionValue, type Value } from "../../interp/value.ts";
import { invariant } from "../../source/invariant.ts";
import { answer } from "./answer.ts";
import type { Handler, StepContext } from "./handler.ts";

export function fetchHandler(connections: Connections): Handler<"Fetch"> {
  return {
    perform: ({ connection, given }, step) =>
      answer(() =>
        connections.mail(connection, step).fetch({
          keep: condition(given.where, step),
          limit: count(given.limit),
          signal: step.signal,
          report: step.progress,
        }),
      ),
  };
}

function condition(where: Value | undefined, step: StepContext): (email: Email) => boolean {
  if (where === undefined || where === null) return () => true;
  invariant(where instanceof FunctionValue, "a fetch's condition is a function");
  return (email) => step.call(where, [email]) === true;
}

function count(limit: Value | undefined): number | undefined {
  if (limit === undefined || limit === null) return undefined;
  invariant(typeof limit === "number" || typeof limit === "bigint", "a fetch's limit is an int");
  return Math.max(0, Number(limit));
}
