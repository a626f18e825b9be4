// The end of a loop's iteration over a connection's item: it is dealt with, a mail is marked as seen.

import type { Connections } from "../connections/connections.ts";
import { itemId } from "../connections/item.ts";
import { answer, look } from "./answer.ts";
import type { Handler } from "./handler.ts";

const doing = "cannot mark this value as seen";

export function settleHandler(connections: Connections): Handler<"Settle"> {
  return {
    perform: ({ connection, given }, step) =>
      answer(async () => {
        await connections.mail(connection, step).settle(itemId(given.item, doing));
        return null;
      }),
    settle: ({ connection, given }, step) =>
      look(() => connections.mail(connection, step).settled(itemId(given.item, doing))),
  };
}
