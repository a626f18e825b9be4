// The kind `imap`: declared, so that programs check, but not spoken yet. Every operation says so and what to do.

import type { MailConnection } from "./mail.ts";
import { mailProblem } from "./problem.ts";

function refuse(): Promise<never> {
  return Promise.reject(
    mailProblem("connection kind imap is not supported yet; run with --connect email=maildir:PATH"),
  );
}

export const unsupportedMail: MailConnection = {
  fetch: refuse,
  send: refuse,
  archive: refuse,
  settle: refuse,
  sent: refuse,
  archived: refuse,
  settled: refuse,
};
