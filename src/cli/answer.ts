// `keel answer`, `approve`, `reject`, `resolve`, `cancel`: what a person tells a run, through its inbox. A run that is
// driven takes it within a quarter of a second; any other takes it when it is resumed.

import { restoreEnvironment } from "../runtime/engine/environment.ts";
import { effectId, type OpenGate } from "../runtime/journal/fold.ts";
import { startedOf } from "../runtime/journal/started.ts";
import { StoreError, type InboxItem, type Store } from "../runtime/journal/store.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { namesGate, openGate } from "./gate.ts";
import { isOver, resumeIn } from "./resume.ts";
import { readStdin } from "./source-file.ts";
import { findRun, openExisting } from "./store-place.ts";
import { answerCommands } from "./waiting-text.ts";

export interface AnswerOptions {
  readonly resume: boolean;
}

/** `keel answer RUN [GATE] TEXT`; `-` as the text is the standard input. */
export function answer(prefix: string, rest: readonly string[], options: AnswerOptions): Promise<ExitCode> {
  const word = rest.at(-1) ?? "";
  const name = rest.length > 1 ? rest[0] : undefined;
  if (rest.length > 2) throw new UsageError("the answer is more than one word", 'put it in quotes: "…"');
  return tell(prefix, options, (store, run) => {
    if (name === undefined && namesGate(store, run, word)) {
      throw new UsageError("the text of the answer is missing", `keel answer ${run} ${word} "…"`);
    }
    const text = word === "-" ? readStdin().text.replace(/\r?\n$/, "") : word;
    const decision = decisions[text.trim().toLowerCase()];
    const gate = questionFor(store, run, name, decision !== undefined);
    if (gate.effect === "Ask") return { kind: "Answer", gate: gate.id, answer: withoutSecrets(store, run, text) };
    if (decision !== undefined) return { kind: "Answer", gate: gate.id, answer: decision };
    throw new UsageError(
      `the question ${gate.id} is decided with yes or no`,
      answerCommands(run, gate, false).join("\n        "),
    );
  });
}

/** At a terminal all but a yes is a no; from elsewhere nobody is there to notice a misunderstanding. */
const decisions: { readonly [word: string]: boolean | undefined } = { y: true, yes: true, n: false, no: false };

/** A text is for an Ask; a yes or a no may be for a Confirm as well, where no Ask is open. */
function questionFor(store: Store, run: string, name: string | undefined, isDecision: boolean): OpenGate {
  const anAsk = store.head(run).gates.some(({ effect }) => effect === "Ask");
  return openGate(store, run, name, ({ effect }) => effect === "Ask" || (isDecision && !anAsk));
}

/** The inbox is a part of the store: of what this process knows to be a secret of the run, only the name enters it. */
function withoutSecrets(store: Store, run: string, text: string): string {
  const { env, seed } = startedOf(store, run);
  return restoreEnvironment(env, process.env, seed).environment.mask.text(text);
}

/** `keel approve RUN [GATE]` and `keel reject RUN [GATE]`. */
export function decideGate(
  prefix: string,
  gate: string | undefined,
  yes: boolean,
  options: AnswerOptions,
): Promise<ExitCode> {
  return tell(prefix, options, (store, run) => {
    const open = openGate(store, run, gate, ({ effect }) => effect === "Confirm");
    if (open.effect === "Confirm") return { kind: "Answer", gate: open.id, answer: yes };
    throw new UsageError(`the question ${open.id} is answered with a text`, answerCommands(run, open, false).join());
  });
}

export type VerdictOptions = AnswerOptions & { readonly done?: true; readonly retry?: true; readonly fail?: true };

/** `keel resolve RUN STEP --done | --retry | --fail`. */
export function resolveStep(prefix: string, step: string, options: VerdictOptions): Promise<ExitCode> {
  const verdicts = (["done", "retry", "fail"] as const).filter((each) => options[each]);
  const [verdict] = verdicts;
  if (verdict === undefined || verdicts.length > 1) {
    throw new UsageError("say what became of the step: one of --done, --retry, --fail");
  }
  return tell(prefix, options, (store, run) => {
    const doubts = store.head(run).doubts.filter((doubt) => doubt.effect !== "Delegate");
    const found = doubts.filter((doubt) => effectId(doubt) === step || doubt.step === step);
    const [doubt] = found;
    if (doubt === undefined || found.length > 1) {
      const ids = doubts.map((each) => `${effectId(each)} (${each.step})`).join(", ");
      throw new UsageError(
        `run ${run} has no one step ${step} in doubt`,
        ids === "" ? "none is in doubt" : `in doubt: ${ids}`,
      );
    }
    return { kind: "Resolve", step: effectId(doubt), verdict };
  });
}

/** A run that nobody drives is ended here and now. */
export async function cancel(prefix: string): Promise<ExitCode> {
  const code = await tell(prefix, { resume: true }, (store, run) => {
    const { status } = store.head(run);
    if (status === "completed" || status === "cancelled" || status === "failed") {
      throw new UsageError(`run ${run} ${isOver[status]} already: there is nothing to cancel`);
    }
    return { kind: "Cancel" };
  });
  // To a command that drives a run, its cancellation is a failure; here it is what was asked for.
  return code === exitCodes.failed ? exitCodes.ok : code;
}

async function tell(
  prefix: string,
  options: AnswerOptions,
  item: (store: Store, run: string) => InboxItem,
): Promise<ExitCode> {
  const store = openExisting();
  const run = findRun(store, prefix);
  const words = item(store, run);
  const held = store.pending().find((each) => each.run === run)?.held ?? false;
  store.post(run, words, Date.now());
  if (options.resume && !held)
    return resumeIn(store, run, { input: true }).catch((error: unknown) => taken(run, error));
  process.stdout.write(held ? `✓ Run ${run} takes it now\n` : `✓ Noted. \`keel resume ${run}\` goes on with it\n`);
  store.close();
  return exitCodes.ok;
}

/** `keel serve` may be quicker than this process. */
function taken(run: string, error: unknown): ExitCode {
  if (!(error instanceof StoreError) || error.problem !== "held") throw error;
  process.stdout.write(`✓ Run ${run} takes it now\n`);
  return exitCodes.ok;
}
