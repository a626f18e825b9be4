// What a mail connection can do, whatever its kind. The effects' handlers speak to this and know no kind.
// Invariants: every operation may be called again with the same arguments and then changes nothing more; what goes
// wrong in the world is thrown as a Failure; `sent`, `archived` and `settled` only look.

import type { Value } from "../../interp/value.ts";
import type { Settled } from "../effects/handler.ts";

/** A mail as `type Email` of the standard library declares it. A type alias, so that it is a Struct too. */
export type Email = {
  readonly id: string;
  /** The bare address; "" where the mail names none. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly unread: boolean;
  readonly received_at: string;
};

export interface FetchRequest {
  /** Whether the program wants this mail. Throws what the program raises. */
  readonly keep: (email: Email) => boolean;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
  /** Told of what is left out and why. */
  readonly report: (text: string) => void;
}

export interface SendRequest {
  readonly value: Value;
  readonly to: Value | undefined;
  /** The same on every attempt at this send and on no other: the Message-ID is made of it. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface MailConnection {
  /** In the order of arrival. */
  fetch(request: FetchRequest): Promise<readonly Email[]>;
  send(request: SendRequest): Promise<void>;
  archive(id: string): Promise<void>;
  /** Marks a mail as seen. */
  settle(id: string): Promise<void>;
  sent(key: string): Promise<Settled>;
  archived(id: string): Promise<Settled>;
  settled(id: string): Promise<Settled>;
}
