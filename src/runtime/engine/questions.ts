// Questions to people. Answers given beforehand come first; then the terminal, one question at a time; what neither
// answers stays open in the journal. Answers from a file are matched by text alone, so a resume gets the same ones.

import type { Question, Terminal } from "../world.ts";
import type { Answer } from "./arrivals.ts";

export interface Scripted {
  readonly question: string;
  readonly answer: string;
}

/** The text of an answers file: an array of `{question, answer}`, `question` a part of the question's text. */
export function parseAnswers(text: string): readonly Scripted[] {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error("an answers file holds an array of {question, answer}");
  return parsed.map((entry: unknown, index) => {
    if (!isScripted(entry)) throw new Error(`answer ${index + 1}: expected {"question": "…", "answer": "…"}`);
    const { question, answer } = entry;
    return { question, answer: typeof answer === "string" ? answer : answer ? "yes" : "no" };
  });
}

function isScripted(entry: unknown): entry is { question: string; answer: string | boolean } {
  if (typeof entry !== "object" || entry === null) return false;
  const { question, answer } = entry as { question?: unknown; answer?: unknown };
  return typeof question === "string" && (typeof answer === "string" || typeof answer === "boolean");
}

/** What an answer as typed means: for a Confirm only `y` and `yes` in any case are yes. */
export function meaning(kind: Question["kind"], typed: string): string | boolean {
  return kind === "Ask" ? typed : ["y", "yes"].includes(typed.trim().toLowerCase());
}

export class Questions {
  readonly #terminal: Terminal;
  readonly #scripted: readonly Scripted[];
  readonly #open = new Map<string, AbortController>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(terminal: Terminal, scripted: readonly Scripted[]) {
    this.#terminal = terminal;
    this.#scripted = scripted;
  }

  /** The answer given beforehand, if any. */
  scripted(text: string): Answer {
    return this.#scripted.find((each) => text.includes(each.question))?.answer;
  }

  /** Asks on the terminal when it is this question's turn. */
  ask(gate: string, question: Question): Promise<Answer> {
    const controller = new AbortController();
    this.#open.set(gate, controller);
    const answer = this.#turn.then(() =>
      controller.signal.aborted ? undefined : this.#terminal.ask(question, controller.signal),
    );
    this.#turn = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer.finally(() => this.#open.delete(gate));
  }

  /** Takes a question off the terminal and says why; without one all of them, because the run ends. */
  withdraw(gate?: string, why?: string): void {
    for (const [id, controller] of this.#open) if (gate === undefined || id === gate) controller.abort(why);
  }
}

/** What the person at the terminal is told of an answer that came from elsewhere. */
export function answeredElsewhere(answer: string | boolean): string {
  const [first = "", ...rest] = (typeof answer === "string" ? answer : answer ? "yes" : "no").split("\n");
  const short = first.length > shownChars ? first.slice(0, shownChars) : first;
  return `answered elsewhere: ${short}${short === first && rest.length === 0 ? "" : "…"}`;
}

const shownChars = 200;
