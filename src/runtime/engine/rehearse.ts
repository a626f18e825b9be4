// A run once more, from its journal alone: no network, no keys, no lease, and nothing is written. Activations are
// followed one after the other in the order of their start, since between two activations everything is in the journal:
// which came first, what one told the other, what state an agent was in.
//
// Every event has to be what it was, byte for byte. A run that was given another program in between has several: what was
// live then was taken up by the new one from its beginning, so it is followed by both, each up to its end and compared
// from its beginning on.

import { programHash } from "../journal/programs.ts";
import type { ActivationStarted, Recorded, RunFailed } from "../journal/event.ts";
import { isEventType } from "../journal/rows.ts";
import type { Decoder } from "../models/structured.ts";
import { inOrder, type Finding, type Rehearsal } from "./rehearsal.ts";
import { compareEvents, follow, lost, partOf, type Followed } from "./rehearse-activation.ts";
import { beganAt, readHistory, type History, type Journal } from "./rehearse-journal.ts";
import { deriveStart } from "./rehearse-start.ts";
import { playerIn, stagesOf, type Stage } from "./rehearse-stage.ts";
import { States } from "./rehearse-state.ts";
import type { AtHand } from "./rehearse-world.ts";

/** Follows a journal with the program that it was recorded with. */
export function rehearse(journal: Journal, decode: Decoder, atHand: AtHand): Rehearsal {
  const history = readHistory(journal);
  const states = new States(history);
  const stages = stagesOf({ history, states, decode, atHand });
  const findings: Finding[] = [];
  const open: string[] = [];
  const pruned: string[] = [];
  let [activations, steps] = [0, 0];
  for (const seq of history.begun) {
    const began = beganAt(journal, seq);
    if (!states.isKnown(began.agent)) pruned.push(began.activation);
    else {
      const followed = followThrough(stages, history, began);
      activations += 1;
      steps += followed.steps;
      findings.push(...followed.findings);
      if (followed.open) open.push(began.activation);
    }
    states.keep(began.agent, endIn(history, began.activation));
  }
  findings.push(...stages.flatMap(misnamed), ...strays(history, open));
  const { hiddenVariables = [], hiddenInputs = [], unrecorded = [] } = stages.at(-1)?.world ?? {};
  const secrets = [...hiddenVariables, ...hiddenInputs];
  return { activations, steps, open, pruned, findings: inOrder(findings), secrets, unrecorded };
}

function endIn({ ends, journal }: History, activation: string): Recorded | undefined {
  const seq = ends.get(activation);
  return seq === undefined ? undefined : journal.event(seq);
}

/** Follows an activation with every program that drove it. */
function followThrough(stages: readonly Stage[], history: History, began: Recorded<ActivationStarted>): Followed {
  const { activation, seq } = began;
  const last = history.ends.get(activation) ?? Infinity;
  let whole: Followed = { steps: 0, open: false, findings: [] };
  for (const stage of stages.filter(({ from, to }) => seq < to && from <= last)) {
    const followed = followOn(stage, began);
    whole = { ...followed, findings: [...whole.findings, ...followed.findings] };
  }
  return whole;
}

function followOn(stage: Stage, began: Recorded<ActivationStarted>): Followed {
  const { activation, seq } = began;
  try {
    const findings = seq < stage.from ? [] : compareStart(stage, began);
    const player = playerIn(stage, began);
    if (player === undefined) return { steps: 0, open: false, findings };
    const followed = follow(stage, player, partOf(began, stage.history.journal.activation(activation), stage.to));
    return { ...followed, findings: [...findings, ...followed.findings] };
  } catch (error) {
    return { steps: 0, open: false, findings: [{ ...lost(began, error), activation }] };
  }
}

function compareStart(stage: Stage, began: Recorded<ActivationStarted>): readonly Finding[] {
  const derived = deriveStart(stage, began);
  const { activation } = began;
  if (derived.type === "unfit") return [{ kind: "Unfit", recorded: began, why: derived.why, activation }];
  const found = compareEvents(began, stage.world.environment.mask.event(derived));
  return found === undefined ? [] : [{ ...found, activation }];
}

/** The program that an event names is the one that is there. */
function misnamed({ program, history, from }: Stage): readonly Finding[] {
  const recorded = history.upgrades.find(({ seq }) => seq === from) ?? history.started;
  const hash = programHash(program);
  return recorded.program === hash ? [] : [{ kind: "Unfit", recorded, why: `the program is ${hash}` }];
}

/** What is wrong with the events that no activation answers for; `open` are those that have not ended. */
function strays(history: History, open: readonly string[]): readonly Finding[] {
  return history.others.flatMap((seq) => stray(history, history.journal.event(seq), open));
}

function stray(history: History, event: Recorded | undefined, open: readonly string[]): readonly Finding[] {
  if (event === undefined) return [];
  const unfit = (why: string): readonly Finding[] => [{ kind: "Unfit", recorded: event, why }];
  if (event.type === "run.failed") return failure(history, event);
  if (event.type === "run.completed") return open.length === 0 ? [] : unfit(`${open.join(", ")} has not ended`);
  if (!isEventType(event.type)) return unfit("there are no such events");
  if (history.pruned) return [];
  return unfit(event.type === "agent.stopped" ? `agent ${event.agent} was not running` : "its activation never began");
}

/** A run fails of what an activation failed of. */
function failure({ ends, journal, pruned }: History, recorded: Recorded<RunFailed>): readonly Finding[] {
  const end = journal.event(ends.get(recorded.activation ?? "") ?? 0);
  if (end?.type !== "activation.failed") {
    return pruned ? [] : [{ kind: "Unfit", recorded, why: "no activation had failed so" }];
  }
  const { activation, error, step } = end;
  const derived = { type: "run.failed", error, activation, ...(step === undefined ? {} : { step }) } as const;
  const found = compareEvents(recorded, derived);
  return found === undefined ? [] : [found];
}
