// Every effect that leaves for the world, and what performs it. The type is mapped over the kinds by their manner, so a
// kind that is forgotten here does not compile. Questions, lines, timers and agents are the engine's own.

import type { EffectKind, manners } from "../../interp/effect.ts";
import type { ModelAccess } from "../models/access.ts";
import { Connections } from "../connections/connections.ts";
import { archiveHandler } from "./archive.ts";
import { fetchHandler } from "./fetch.ts";
import { fetchUrlHandler } from "./fetch-url.ts";
import type { Handler } from "./handler.ts";
import { modelHandlers } from "./model.ts";
import { forgetHandler, recallHandler } from "./recall.ts";
import { rememberHandler } from "./remember.ts";
import { sendHandler } from "./send.ts";
import { settleHandler } from "./settle.ts";
import { unsupported } from "./unsupported.ts";

type OfManner<K extends EffectKind> = K extends EffectKind
  ? (typeof manners)[K] extends "repeatable" | "once"
    ? K
    : never
  : never;

/** The kinds that a handler performs. */
export type WorldKind = OfManner<EffectKind>;

export type Handlers = { readonly [K in WorldKind]: Handler<K> };

/** What the handlers of one run reach the world through; the rest is in each step's context. */
export interface Access {
  readonly models: ModelAccess;
}

/** The handlers of one run: connections that they open stay open for it. */
export function handlers(access: Access): Handlers {
  const connections = new Connections();
  return {
    ...modelHandlers(access.models),
    Fetch: fetchHandler(connections),
    FetchUrl: fetchUrlHandler,
    Search: unsupported("search without a connection that searches"),
    Send: sendHandler(connections),
    Archive: archiveHandler(connections),
    Settle: settleHandler(connections),
    Operation: unsupported("an operation of a connection"),
    Remember: rememberHandler,
    Recall: recallHandler,
    Forget: forgetHandler,
  };
}
