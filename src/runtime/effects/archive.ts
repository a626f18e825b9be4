// `archive E`: moves an item of a connection out of the way. In doubt, the place where the item lies tells.

import type { Connections } from "../connections/connections.ts";
import { itemId } from "../connections/item.ts";
import { answer, look } from "./answer.ts";
import type { Handler } from "./handler.ts";

const doing = "cannot archive this value";

export function archiveHandler(connections: Connections): Handler<"Archive"> {
  return {
    perform: ({ connection, given }, step) =>
      answer(async () => {
        await connections.mail(connection, step).archive(itemId(given.item, doing));
        return null;
      }),
    settle: ({ connection, given }, step) =>
      look(() => connections.mail(connection, step).archived(itemId(given.item, doing))),
  };
}
