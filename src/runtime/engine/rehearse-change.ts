// A run once more with another program than the one that it was recorded with: does it do the same? Each activation is
// followed by both programs, both answered from the journal; what they ask for is laid side by side, effect by effect
// (see `rehearse-alignment`). How a line is worded in an event, or a due time, is no matter here; effects, their
// arguments and their order are.

import { decode, encode } from "../../interp/codec.ts";
import { start } from "../../interp/execute.ts";
import type { FunctionValue, Value } from "../../interp/value.ts";
import type { Program } from "../../ir/kir.ts";
import { invariant, unreachable } from "../../source/invariant.ts";
import type { ActivationStarted, Recorded } from "../journal/event.ts";
import type { Decoder } from "../models/structured.ts";
import { completed, failed } from "./activation-events.ts";
import { Alignment } from "./rehearse-alignment.ts";
import { lost, partOf, type Followed, type Part } from "./rehearse-activation.ts";
import { beganAt, readHistory, type Journal } from "./rehearse-journal.ts";
import { endOf, firstDifference, inOrder, type Finding, type Rehearsal } from "./rehearsal.ts";
import { deriveStart } from "./rehearse-start.ts";
import { playerIn, setStage, stagesOf, stateOf, type Player, type Stage } from "./rehearse-stage.ts";
import { States } from "./rehearse-state.ts";
import { trace } from "./rehearse-trace.ts";
import { walk, type Walk, type WalkEnd } from "./rehearse-walk.ts";
import type { AtHand } from "./rehearse-world.ts";

/** Follows a journal with `program`, and beside it with the one that each activation was recorded with. */
export function rehearseChange(program: Program, journal: Journal, decode: Decoder, atHand: AtHand): Rehearsal {
  const history = readHistory(journal);
  const known = { history, decode, atHand };
  const recorded = new States(history);
  const stages = stagesOf({ ...known, states: recorded });
  const newest = stages.at(-1);
  invariant(newest !== undefined, "a run has a program");
  const house = { ...known, states: new States(history) };
  const stage = setStage(program, newest.started, house, newest.from);
  const blocks = new Map<string, FunctionValue>();
  const findings: Finding[] = [];
  const open: string[] = [];
  const pruned: string[] = [];
  let [activations, steps] = [0, 0];
  for (const seq of history.begun) {
    const began = beganAt(journal, seq);
    const { activation, agent } = began;
    const part = partOf(began, journal.activation(activation));
    const end = part.end?.open();
    if (!stage.states.isKnown(agent)) {
      pruned.push(activation);
      stage.states.keep(agent, end);
    } else {
      const before = stages.findLast(({ from }) => from <= (end?.seq ?? Infinity)) ?? newest;
      const followed = followOne(before, stage, part, blocks);
      activations += 1;
      steps += followed.steps;
      findings.push(...followed.findings);
      if (followed.open) open.push(activation);
    }
    recorded.keep(agent, end);
  }
  const { hiddenVariables, hiddenInputs, unrecorded } = stage.world;
  const secrets = [...hiddenVariables, ...hiddenInputs];
  return { activations, steps, open, pruned, findings: inOrder(findings), secrets, unrecorded };
}

function followOne(before: Stage, stage: Stage, part: Part, blocks: Map<string, FunctionValue>): Followed {
  const { began, end } = part;
  const { activation, agent } = began;
  const unfollowed = (finding: Finding): Followed => {
    stage.states.keep(agent, end?.open());
    return { steps: 0, open: false, findings: [{ ...finding, activation }] };
  };
  try {
    const [old, player] = [playerIn(before, began), playerIn(stage, began)];
    const callee = calleeOf(stage, began, blocks);
    if (typeof callee === "string") return unfollowed({ kind: "Unfit", recorded: began, why: callee });
    invariant(old !== undefined && player !== undefined, "whoever is begun is there");
    return new Change(stage, player, part, callee, blocks).follow(before, old);
  } catch (error) {
    return unfollowed(lost(began, error));
  }
}

interface Callee {
  readonly function: string;
  readonly captures: readonly Value[];
  readonly arguments: readonly Value[];
}

/** What the changed program does where the recorded one began an activation, or why there is nothing. */
function calleeOf(
  stage: Stage,
  began: Recorded<ActivationStarted>,
  blocks: ReadonlyMap<string, FunctionValue>,
): Callee | string {
  const derived = deriveStart(stage, began);
  if (derived.type === "unfit") return derived.why;
  if (derived.type !== "activation.started") return "nothing begins here";
  const block = began.cause.kind === "Timer" ? blocks.get(began.cause.timer) : undefined;
  const callee =
    block === undefined
      ? { function: derived.function, captures: derived.captures.map(decode) }
      : { function: block.id, captures: block.captures };
  const node = stage.program.functions[callee.function];
  if (node === undefined) return "the program has no such block";
  const given = derived.arguments.map(decode);
  if (node.captures !== callee.captures.length || node.parameters !== given.length)
    return "it takes other arguments now";
  return { ...callee, arguments: given };
}

class Change {
  readonly #stage: Stage;
  readonly #player: Player;
  readonly #part: Part;
  readonly #callee: Callee;
  readonly #blocks: Map<string, FunctionValue>;

  constructor(stage: Stage, player: Player, part: Part, callee: Callee, blocks: Map<string, FunctionValue>) {
    this.#stage = stage;
    this.#player = player;
    this.#part = part;
    this.#callee = callee;
    this.#blocks = blocks;
  }

  follow(before: Stage, old: Player): Followed {
    const { began, end: sealed } = this.#part;
    const { activation, at } = began;
    const { function: id, captures, arguments: given } = this.#callee;
    const machine = start(this.#stage.code, id, captures, given, stateOf(this.#stage, this.#player));
    const on: Walk = { activation, machine, n: 0, randoms: 0, time: at, secrets: new Set() };
    const records = trace(before, old, this.#part);
    const alignment = new Alignment(this.#stage, this.#player, records, on, sealed === undefined, this.#blocks);
    const findings: Finding[] = [];
    let end: WalkEnd | undefined;
    try {
      end = walk(this.#stage, on, (effect, place) => alignment.meet(effect, place));
      findings.push(...alignment.finish(end !== undefined));
      if (end !== undefined && sealed !== undefined) findings.push(...this.#compareEnds(end, on, sealed.open()));
    } catch (error) {
      findings.push(...alignment.finish(false), lost(alignment.newest ?? began, error));
    }
    this.#leave(end, on, sealed?.open());
    const hidden = [...on.secrets, ...this.#stage.world.hiddenInputs];
    const secrets = hidden.length === 0 ? {} : { secrets: hidden };
    return {
      steps: alignment.matched,
      open: end === undefined && alignment.open,
      findings: findings.map((finding) => ({ ...finding, activation, ...secrets })),
    };
  }

  /** Whether it fails, and of what; for a task also its value, which the caller was given. */
  #compareEnds(end: WalkEnd, { activation, machine }: Walk, recorded: Recorded): readonly Finding[] {
    const { mask } = this.#stage.world.environment;
    switch (end.kind) {
      case "Done": {
        const derived = mask.event(completed(activation, end.value, machine));
        const isTask = this.#part.began.cause.kind === "Task";
        if (recorded.type !== "activation.completed")
          return [{ kind: "OtherEnd", recorded, attempted: endOf(derived) }];
        const same = !isTask || derived.type !== recorded.type || sameJson(derived.value, recorded.value);
        return same ? [] : [{ kind: "OtherEnd", recorded, attempted: endOf(derived) }];
      }
      case "Failed": {
        const derived = mask.event(failed(activation, end.error, end.step, machine, mask));
        const same =
          recorded.type === "activation.failed" &&
          derived.type === recorded.type &&
          sameJson({ ...derived.error }, { ...recorded.error });
        return same ? [] : [{ kind: "OtherEnd", recorded, attempted: endOf(derived) }];
      }
      default:
        return unreachable(end);
    }
  }

  /** The agent goes on with the state that the changed program left, or where that is not known, with the recorded one. */
  #leave(end: WalkEnd | undefined, { machine }: Walk, recorded: Recorded | undefined): void {
    const { states, world } = this.#stage;
    const { name } = this.#player;
    if (end === undefined) return states.keep(name, recorded);
    const fields = machine.changed.map((field) => {
      return [field, world.environment.mask.json(encode(machine.state[field] ?? null))] as const;
    });
    states.write(name, Object.fromEntries(fields), recorded?.seq ?? this.#part.began.seq);
  }
}

function sameJson(a: Parameters<typeof firstDifference>[0], b: Parameters<typeof firstDifference>[1]): boolean {
  return firstDifference(a, b) === undefined;
}
