// Questions on a terminal, by the prompts library, which is loaded with the first question. Ctrl+C in a prompt is no
// answer: it is passed on as the interruption that it would be without a prompt, and the question stays open until the
// run takes it back.

import type { Question } from "../world.ts";

export async function promptOnTerminal(
  question: Question,
  signal: AbortSignal,
  interrupt: () => void,
): Promise<string | undefined> {
  const prompts = await import("@inquirer/prompts");
  const message = headline(question);
  try {
    if (question.kind === "Ask") return await prompts.input({ message }, { signal });
    return (await prompts.confirm({ message, default: false }, { signal })) ? "yes" : "no";
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError" && !signal.aborted) {
      interrupt();
      await aborted(signal);
    } else if (!(error instanceof Error && /^(Abort|Cancel|Exit)PromptError$/.test(error.name))) {
      throw error;
    }
    return undefined;
  }
}

/** What stands in the prompt's own line: the question, or where it has many lines, what to do about it. */
function headline(question: Question): string {
  if (!question.text.includes("\n")) return question.text;
  return question.kind === "Ask" ? "Your answer:" : "Yes?";
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
