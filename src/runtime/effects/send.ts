// `send E to T` by a mail connection. At most once: the message is found again by the effect's key.

import type { Connections } from "../connections/connections.ts";
import { answer, look } from "./answer.ts";
import type { Handler } from "./handler.ts";

export function sendHandler(connections: Connections): Handler<"Send"> {
  return {
    perform: ({ connection, given: { value, to } }, step) =>
      answer(async () => {
        const at = step.world.clock.now();
        await connections.mail(connection, step).send({ value, to, key: step.key, at });
        return null;
      }),
    settle: ({ connection }, step) => look(() => connections.mail(connection, step).sent(step.key)),
  };
}
