// `keel upgrade RUN --to FILE`: another program for a run that nobody drives. `--check` looks whether it can have it and
// changes nothing; both look in the same way, from the journal alone.

import { dirname, resolve } from "node:path";
import type { Places, Program } from "../ir/kir.ts";
import { shapeText } from "../runtime/engine/input-text.ts";
import { type Note, type Obstacle, planUpgrade, type UpgradePlan, upgradeRun } from "../runtime/engine/upgrade.ts";
import { programHash } from "../runtime/journal/programs.ts";
import { startedOf } from "../runtime/journal/started.ts";
import type { Store } from "../runtime/journal/store.ts";
import { loadDecoder } from "../runtime/models/structured.ts";
import { unreachable } from "../source/invariant.ts";
import { isCompiledFile, readCompiled } from "./compiled-file.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { findingText, tell } from "./finding-text.ts";
import { inputsOf } from "./inputs.ts";
import { brief, utc } from "./layout.ts";
import { missingModel } from "./run.ts";
import { compileFile, readSource } from "./source-file.ts";
import { placesOfRun, type StepPlaces } from "./step-places.ts";
import { findRun, openExisting } from "./store-place.ts";

export interface UpgradeOptions {
  readonly to: string;
  readonly check?: true;
  /** `-i`: name=value. */
  readonly i?: readonly string[];
  readonly json?: true;
}

interface Compiled {
  readonly program: Program;
  readonly places: Places;
}

export async function upgrade(prefix: string, options: UpgradeOptions): Promise<ExitCode> {
  const { program, places } = isCompiledFile(options.to)
    ? readCompiled(options.to)
    : await compileFile(readSource(options.to));
  if (program === undefined || places === undefined) return exitCodes.failed;
  const store = openExisting();
  try {
    const run = findRun(store, prefix);
    requireOpen(store, run);
    if (store.program(run).hash === programHash(program)) return same(run, options);
    return await carryOut(store, run, { program, places }, options);
  } finally {
    store.close();
  }
}

async function carryOut(store: Store, run: string, next: Compiled, options: UpgradeOptions): Promise<ExitCode> {
  const started = startedOf(store, run);
  const fresh = (next.program.inputs ?? []).filter(({ name }) => started.inputs[name] === undefined);
  const inputs = inputsOf(options.i ?? [], { ...next.program, inputs: fresh }, options.to);
  const missing = started.models.kind === "live" ? missingModel(next.program) : undefined;
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return exitCodes.failed;
  }
  const offer = { inputs, env: process.env };
  const decoder = await loadDecoder();
  const before = await placesOfRun(store.program(run).places, started);
  const plan = options.check
    ? planUpgrade(run, next.program, store, decoder, offer)
    : upgradeRun(run, next, store, decoder, offer, Date.now());
  const file = { ...next.places, file: resolve(options.to) };
  const after = await placesOfRun(file, { ...started, directory: dirname(file.file), program: plan.event.program });
  if (options.json) process.stdout.write(asJson(run, plan, options));
  else say(run, plan, { recorded: before, attempted: after }, options);
  return plan.obstacles.length === 0 ? exitCodes.ok : exitCodes.failed;
}

function requireOpen(store: Store, run: string): void {
  const { status } = store.head(run);
  if (status !== "completed" && status !== "cancelled" && status !== "failed") return;
  throw new UsageError(
    `run ${run} is over (${status}): there is nothing left to upgrade`,
    "`keel run` starts a new one",
  );
}

function same(run: string, { to, json }: UpgradeOptions): ExitCode {
  const document = { version: 1, run, upgraded: false, same_program: true, obstacles: [], notes: [] };
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `✓ ${run} has the program of ${to} already\n`);
  return exitCodes.ok;
}

// ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────

const mostShown = 5;

interface Sides {
  readonly recorded: StepPlaces;
  readonly attempted: StepPlaces;
}

function say(run: string, plan: UpgradePlan, sides: Sides, { to, check }: UpgradeOptions): void {
  const { obstacles, notes, live, steps } = plan;
  const notesText = notes.map((note) => `  ${noteText(note)}\n`).join("");
  if (obstacles.length === 0) {
    const followed = `${live} live activation${live === 1 ? "" : "s"}, ${steps} step${steps === 1 ? "" : "s"}: the same so far`;
    process.stdout.write(`✓ ${run} with ${to}: ${followed}\n${notesText}`);
    process.stdout.write(
      check
        ? `  nothing was changed: without --check the run is upgraded\n`
        : `▸ ${run} has the new program; \`keel resume ${run}\` goes on with it\n`,
    );
    return;
  }
  const color = process.stderr.isTTY && process.stderr.hasColors();
  for (const obstacle of obstacles.slice(0, mostShown)) {
    process.stderr.write(`${obstacleText(obstacle, sides, color)}\n`);
  }
  const more = obstacles.length > mostShown ? `, ${mostShown} of them shown` : "";
  const count = `${obstacles.length} reason${obstacles.length === 1 ? "" : "s"}${more}`;
  process.stderr.write(`✗ ${run} cannot go on with ${to}: ${count}; nothing was changed\n`);
}

function obstacleText(obstacle: Obstacle, sides: Sides, color: boolean): string {
  if (obstacle.kind !== "Differs") {
    const { message, help } = wordsOf(obstacle);
    return `  × ${message}\n    help: ${help}`;
  }
  const help = `${obstacle.activation} is under way and has done this already: let it end first, or leave its beginning as it was`;
  return findingText(obstacle.finding, sides, help, color);
}

interface Said {
  readonly message: string;
  readonly help: string;
}

function wordsOf(obstacle: Exclude<Obstacle, { readonly kind: "Differs" }>): Said {
  switch (obstacle.kind) {
    case "Pruned":
      return {
        message: `what ${obstacle.activation} did at first was pruned, so nobody can tell whether it would do the same`,
        help: "let it end first: it goes on from its checkpoint with the program that it has",
      };
    case "Gone":
      return {
        message: `${obstacle.activation} runs ${obstacle.function}, which is not there any more or takes other arguments`,
        help: "keep it until the activation has ended",
      };
    case "Agent":
      return {
        message: `agent ${obstacle.agent} runs, and the new program has none of this name`,
        help: "keep the agent, or stop it in the program first",
      };
    case "State":
      return {
        message: `${obstacle.agent}.${obstacle.field} holds ${brief(JSON.stringify(obstacle.value), 40)}, which is no ${shapeText(obstacle.shape)}: the state needs a default`,
        help: `give the field another name: it starts with its default then, and ${obstacle.field} is dropped`,
      };
    case "Block":
      return {
        message: `the timer ${obstacle.timer}, due ${utc(obstacle.due)}, has a block that is another one now`,
        help: "leave the block as it is until the timer has fired",
      };
    case "Message":
      return {
        message: `a message waits for ${obstacle.agent} (event ${obstacle.seq}) that it does not take any more`,
        help: "let it be handled first, or take messages of the old type as well",
      };
    default:
      return unreachable(obstacle);
  }
}

function noteText({ kind, agent, field }: Note): string {
  return kind === "NewField" ? `${agent}.${field} is new: it starts with its default` : `${agent}.${field} is dropped`;
}

function asJson(run: string, { event, obstacles, notes, live, steps }: UpgradePlan, { check }: UpgradeOptions): string {
  const told = obstacles.map((obstacle) => ({
    message: obstacle.kind === "Differs" ? tell(obstacle.finding).message : wordsOf(obstacle).message,
    ...withShape(obstacle),
  }));
  const done = obstacles.length === 0 && check !== true;
  const document = { version: 1, run, upgraded: done, program: event.program, live, steps, obstacles: told, notes };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function withShape(obstacle: Obstacle): object {
  return obstacle.kind === "State" ? { ...obstacle, shape: shapeText(obstacle.shape) } : obstacle;
}
