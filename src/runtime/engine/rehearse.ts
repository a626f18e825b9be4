// A run once more, from its journal alone: no network, no keys, no lease, and nothing is written. Activations are
// followed one after the other in the order of their start, since between two activations everything is in the journal:
// which came first, what one told the other, what state an agent was in.
//
// `bytes`: the program is the recorded one, and every event has to be what it was, byte for byte.

import type { Program } from "../../ir/kir.ts";
import type { ActivationStarted, Recorded, RunFailed } from "../journal/event.ts";
import { programHash } from "../journal/programs.ts";
import { isEventType } from "../journal/rows.ts";
import type { Decoder } from "../models/structured.ts";
import { inOrder, type Finding, type Rehearsal } from "./rehearsal.ts";
import { compareEvents, follow, lost, partOf, type Followed } from "./rehearse-activation.ts";
import { beganAt, readHistory, type History, type Journal } from "./rehearse-journal.ts";
import { deriveStart } from "./rehearse-start.ts";
import { keepState, playerIn, setStage, type Stage } from "./rehearse-stage.ts";
import type { AtHand } from "./rehearse-world.ts";

/** Follows a journal with the program that it was recorded with. */
export function rehearse(program: Program, journal: Journal, decoder: Decoder, atHand: AtHand): Rehearsal {
  const history = readHistory(journal);
  const stage = setStage(program, history, decoder, atHand);
  const findings: Finding[] = [];
  const open: string[] = [];
  const pruned: string[] = [];
  let [activations, steps] = [0, 0];
  for (const seq of history.begun) {
    const began = beganAt(journal, seq);
    const followed = followOne(stage, began);
    if (followed === "pruned") pruned.push(began.activation);
    else {
      activations += 1;
      steps += followed.steps;
      findings.push(...followed.findings);
      if (followed.open) open.push(began.activation);
    }
  }
  findings.push(...strays(history, program, open));
  const { hiddenVariables, hiddenInputs, unrecorded } = stage.world;
  const secrets = [...hiddenVariables, ...hiddenInputs];
  return { activations, steps, open, pruned, findings: inOrder(findings), secrets, unrecorded };
}

function followOne(stage: Stage, began: Recorded<ActivationStarted>): Followed | "pruned" {
  const { activation, agent } = began;
  try {
    const part = partOf(began, stage.history.journal.activation(activation));
    const findings = compareStart(stage, began);
    const player = playerIn(stage, began);
    if (player === undefined) return { steps: 0, open: false, findings };
    const isHidden = agent !== undefined && player.hidden.size > 0;
    const followed = isHidden ? "pruned" : follow(stage, player, part);
    keepState(player, part.end?.open());
    return followed === "pruned" ? followed : { ...followed, findings: [...findings, ...followed.findings] };
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

/** What is wrong with the events that no activation answers for; `open` are those that have not ended. */
function strays(history: History, program: Program, open: readonly string[]): readonly Finding[] {
  const { journal, started, others } = history;
  const hash = programHash(program);
  const named: readonly Finding[] =
    started.program === hash ? [] : [{ kind: "Unfit", recorded: started, why: `the program is ${hash}` }];
  return [...named, ...others.flatMap((seq) => stray(history, journal.event(seq), open))];
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
