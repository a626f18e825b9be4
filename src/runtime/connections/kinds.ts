// From a connection kind to what does its operations. The table is typed by kind, so a kind without an implementation,
// or one that lacks an operation, does not compile.

import type { Struct } from "../../interp/value.ts";
import type { World } from "../world.ts";
import { unsupportedMail } from "./imap.ts";
import type { KindName } from "./kind-names.ts";
import type { MailConnection } from "./mail.ts";
import { openMaildir } from "./maildir/maildir.ts";

/** What each kind can do: the operations of its declaration. */
export interface KindOperations {
  readonly imap: MailConnection;
  readonly maildir: MailConnection;
}

type Open<Operations> = (values: Struct, world: World) => Operations;

export const kinds: { readonly [K in KindName]: Open<KindOperations[K]> } = {
  imap: () => unsupportedMail,
  maildir: openMaildir,
};
