// `keel init NAME`: a folder with a program that checks and runs as it is. Nothing that exists is written over.

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

export function init(name: string): ExitCode {
  const agent = agentName(name);
  makeFolder(name);
  write(join(name, "main.keel"), starter(name, agent));
  write(join(name, ".gitignore"), ".keel/\n*.keelc\n");
  const main = `${name}/main.keel`;
  process.stdout.write(`✓ Created project '${name}'\n  ${main}\n\n  Run it:  keel run ${main}\n`);
  return exitCodes.ok;
}

/** `my-email-bot` is MyEmailBot. A name from which no agent's name can be made is refused. */
export function agentName(project: string): string {
  if (!/^\p{L}[\p{L}\p{N}]*([-_]+[\p{L}\p{N}]+)*$/u.test(project) || project.length > 100) {
    throw new UsageError(
      `'${project}' is no name for a project`,
      "take letters and digits, with `-` or `_` between words and a letter first, as in my-email-bot",
    );
  }
  const words = project.split(/[-_]+/);
  return words.map((word) => word.replace(/^./u, (first) => first.toUpperCase())).join("");
}

function makeFolder(name: string): void {
  if (existsSync(name)) {
    if (!statSync(name).isDirectory()) throw new UsageError(`there is a file called ${name} already`);
    if (readdirSync(name).length > 0) {
      throw new UsageError(`the folder ${name} exists and is not empty`, "choose another name, or empty it first");
    }
  }
  attempt(name, () => mkdirSync(name, { recursive: true }));
}

function write(file: string, text: string): void {
  attempt(file, () => writeFileSync(file, text, { flag: "wx" }));
}

function attempt(file: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write ${file}: ${why}`, "check that you may write here");
  }
}

function starter(project: string, agent: string): string {
  return `# ${project} — built with Keel

agent ${agent} {
  role "Describe what this agent does"
  model "claude-sonnet"

  every 1.hour {
    notify user "Hello from ${project}!"
  }
}

run ${agent}
`;
}
