// `remember {…}`: a fact into the program's memory. The memory keeps one fact a key, so in doubt it is written again.

import { answer } from "./answer.ts";
import type { Handler } from "./handler.ts";

export const rememberHandler: Handler<"Remember"> = {
  perform: ({ given }, step) =>
    answer(() => {
      step.memory.put(given.value);
      return Promise.resolve(null);
    }),
  settle: () => Promise.resolve({ kind: "Absent" }),
};
