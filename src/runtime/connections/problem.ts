// What goes wrong with a connection, as the errors a program can catch, and the words for what the host's file system
// says. A message names what was tried, why it failed and, where it is known, what to do.

import { errorValue, Failure } from "../../interp/failure.ts";

export function mailProblem(message: string): Failure {
  return new Failure(errorValue("MailError", message));
}

const reasons: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EPERM: "the operation is not permitted",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EMFILE: "too many files are open",
  ELOOP: "its symbolic links go round in a circle",
  ENAMETOOLONG: "the name is too long",
  EIO: "the disk reported an error",
};

/** The code of a host error (`ENOENT`), if it is one. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Why the host refused, in words. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code !== undefined) return reasons[code] ?? code;
  return error instanceof Error ? error.message : String(error);
}

/** Runs what touches files; a host error becomes a MailError that begins with `doing`, everything else goes on. */
export async function mailAttempt<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw mailProblem(`${doing}: ${reasonOf(error)}`);
  }
}
