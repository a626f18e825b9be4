// Questions on a terminal, by the prompts library, which is loaded with the first question. Ctrl+C in a prompt is no
// answer: it is passed on as the interruption that it would be without a prompt, and the question stays open until the
// run takes it back. Ctrl+D is the end of the input: nobody answers this question, and the run goes on without.

import type { Question } from "../world.ts";

export async function promptOnTerminal(
  question: Question,
  signal: AbortSignal,
  interrupt: () => void,
): Promise<string | undefined> {
  const prompts = await import("@inquirer/prompts");
  const { message } = parts(question);
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const context = { signal: AbortSignal.any([signal, ended.signal]) };
  // The library pauses stdin when a prompt is over, and does nothing else at the end of the input.
  process.stdin.once("pause", end);
  try {
    if (question.kind === "Ask") return await prompts.input({ message }, context);
    return (await prompts.confirm({ message, default: false }, context)) ? "yes" : "no";
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError" && !signal.aborted) {
      interrupt();
      await aborted(signal);
    } else if (!(error instanceof Error && /^(Abort|Cancel|Exit)PromptError$/.test(error.name))) {
      throw error;
    }
    return undefined;
  } finally {
    process.stdin.off("pause", end);
  }
}

/** A question as a prompt has it: `message` in its own line, and above it what a text of many lines says beside. */
export function parts({ kind, text }: Question): { readonly above: string; readonly message: string } {
  const [first = "", ...rest] = text.split("\n");
  if (rest.length === 0) return { above: "", message: first };
  const asks = first.trimEnd().endsWith("?");
  const above = (asks ? rest.join("\n") : text).replace(/^\s*\n|\s+$/g, "");
  return { above, message: asks ? first : kind === "Ask" ? "Your answer:" : "Go ahead?" };
}

/** Waits for the abort, and keeps the process until it comes: a signal's handler alone does not. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const done = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
