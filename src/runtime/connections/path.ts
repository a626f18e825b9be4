// Paths in settings: relative ones start at a folder that is given (the program's, or the command's), `~` is the home.

import { homedir } from "node:os";
import { resolve } from "node:path";

export function absolutePath(path: string, directory: string): string {
  if (path === "~" || path.startsWith("~/")) return resolve(homedir(), path.slice(2));
  return resolve(directory, path);
}
