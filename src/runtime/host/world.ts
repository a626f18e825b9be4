// The world as it is: the ports of `runtime/world` on this machine.

import { randomBytes } from "node:crypto";
import type { World } from "../world.ts";
import { systemClock } from "./clock.ts";
import { systemTerminal, type TerminalOptions } from "./terminal.ts";

export interface WorldOptions extends TerminalOptions {
  /** The program file's folder. */
  readonly directory: string;
  readonly env?: World["env"];
}

export function systemWorld(options: WorldOptions): World {
  return {
    clock: systemClock,
    terminal: systemTerminal(options),
    random: (bytes) => randomBytes(bytes).toString("hex"),
    env: options.env ?? process.env,
    directory: options.directory,
    pollMs: 250,
  };
}
