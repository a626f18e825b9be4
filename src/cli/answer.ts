// `keel answer`, `approve`, `reject`, `resolve`, `cancel`: what a person tells a run, through its inbox. A run that is
// driven takes it within a quarter of a second; any other takes it when it is resumed.

import { restoreEnvironment } from "../runtime/engine/environment.ts";
import { effectId, type OpenGate } from "../runtime/journal/fold.ts";
import type { InboxItem, Store } from "../runtime/journal/store.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { isOver, resumeIn } from "./resume.ts";
import { findRun, openExisting } from "./store-place.ts";

export interface AnswerOptions {
  readonly resume: boolean;
}

/** `keel answer RUN [GATE] TEXT`. */
export function answer(prefix: string, rest: readonly string[], options: AnswerOptions): Promise<ExitCode> {
  const text = rest.at(-1) ?? "";
  const gate = rest.length > 1 ? rest[0] : undefined;
  if (rest.length > 2) throw new UsageError("the answer is more than one word", 'put it in quotes: "…"');
  return tell(prefix, options, (store, run) => {
    const open = gateOf(store, run, gate, "Ask");
    return { kind: "Answer", gate: open.id, answer: withoutSecrets(store, run, text) };
  });
}

/** The inbox is a part of the store: of what this process knows to be a secret of the run, only the name enters it. */
function withoutSecrets(store: Store, run: string, text: string): string {
  const started = store.event(run, 1);
  if (started?.type !== "run.started") return text;
  return restoreEnvironment(started.env, process.env, started.seed).environment.mask.text(text);
}

/** `keel approve RUN [GATE]` and `keel reject RUN [GATE]`. */
export function decideGate(
  prefix: string,
  gate: string | undefined,
  yes: boolean,
  options: AnswerOptions,
): Promise<ExitCode> {
  return tell(prefix, options, (store, run) => {
    const open = gateOf(store, run, gate, "Confirm");
    return { kind: "Answer", gate: open.id, answer: yes };
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
  const held = store.runs().find((each) => each.run === run)?.held ?? false;
  store.post(run, item(store, run), Date.now());
  if (options.resume && !held) return resumeIn(store, run, { input: true });
  process.stdout.write(held ? `✓ Run ${run} takes it now\n` : `✓ Noted. \`keel resume ${run}\` goes on with it\n`);
  store.close();
  return exitCodes.ok;
}

function gateOf(store: Store, run: string, gate: string | undefined, effect: "Ask" | "Confirm"): OpenGate {
  const open = store.head(run).gates;
  const fitting = open.filter((each) => (gate === undefined ? each.effect === effect : each.id === gate));
  const [found] = fitting;
  if (found === undefined) {
    const list = open
      .map((each) => `${each.id} (${each.effect === "Ask" ? "answer" : "approve or reject"})`)
      .join(", ");
    throw new UsageError(
      gate === undefined ? `run ${run} has no open question of this kind` : `run ${run} has no open question ${gate}`,
      list === "" ? "no question is open" : `open: ${list}`,
    );
  }
  if (fitting.length > 1)
    throw new UsageError(
      `run ${run} has several open questions`,
      `name one: ${fitting.map((each) => each.id).join(", ")}`,
    );
  if (found.effect !== effect) {
    throw new UsageError(
      `question ${found.id} is ${found.effect === "Ask" ? "answered with `keel answer`" : "decided with `keel approve` or `keel reject`"}`,
    );
  }
  return found;
}
