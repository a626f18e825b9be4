// The settings of `email` where a program does not connect it itself: whether they are there, and whether the server is.

import { createConnection } from "node:net";
import { note, ok, valueOf, wrong, type Finding, type Variables } from "./doctor-finding.ts";

const names = ["IMAP_HOST", "EMAIL_USER", "EMAIL_PASS"] as const;
/** IMAP over TLS (RFC 8314). */
const imapPort = 993;

/** Without a limit nobody is asked. */
export async function checkMail(
  env: Variables,
  limit: (() => AbortSignal) | undefined,
  port = imapPort,
): Promise<Finding> {
  const missing = names.filter((name) => valueOf(env, name) === undefined);
  const all = names.join(", ");
  if (missing.length === names.length) {
    return note("mail", `${all} are not set: only programs that use \`email\` need them`);
  }
  if (missing.length > 0) {
    const [is, exports] = [missing.length === 1 ? "is" : "are", missing.map((name) => `export ${name}=…`).join("; ")];
    return wrong("mail", `${missing.join(" and ")} ${is} not set, but the rest is`, exports);
  }
  const [host, user] = [valueOf(env, "IMAP_HOST") ?? "", valueOf(env, "EMAIL_USER") ?? ""];
  if (limit === undefined) return note("mail", `${user} at ${host}: set, and not tried (--offline)`);
  const trouble = await reach(host, port, limit());
  if (trouble === undefined) return ok("mail", `${user}: ${host} answers on port ${port}; the password was not tried`);
  return wrong("mail", `${host} cannot be reached on port ${port} (${trouble})`, "check IMAP_HOST and the network");
}

/** Why nobody can be reached there; undefined where somebody is. */
function reach(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const end = (trouble: string | undefined): void => {
      socket.destroy();
      resolve(trouble);
    };
    socket.once("connect", () => end(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    signal.addEventListener("abort", () => end("no answer in time"), { once: true });
  });
}
