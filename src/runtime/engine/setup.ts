// Settings that a program computes: an agent's declaration and a connection's. Their functions have no effect but
// `Env`, which the run's environment answers, so nothing of them is recorded and a resume computes them again.

import { errorValue, Failure, toolError } from "../../interp/failure.ts";
import { advance, start } from "../../interp/execute.ts";
import type { Code } from "../../interp/link.ts";
import type { Effect, Outcome } from "../../interp/effect.ts";
import { durationText } from "../../interp/text.ts";
import { Duration, type Struct, type Value } from "../../interp/value.ts";
import type { AgentNode } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import { betterInterval, DAY_MS, isZone, readWallTime, type WallTime } from "../../source/wall-time.ts";
import type { AgentSettings } from "../effects/handler.ts";
import type { Environment } from "./environment.ts";
import { calendarOf, type Calendar } from "./time-of-day.ts";

/** The outcome of reading a variable: its text, `none` where that is safe, else an EnvError that names it. */
export function readVariable(effect: Extract<Effect, { kind: "Env" }>, environment: Environment): Outcome {
  const value = environment.values.get(effect.name);
  if (value !== undefined) return { kind: "Value", value };
  if (effect.noneSafe) return { kind: "Value", value: null };
  return { kind: "Failure", error: errorValue("EnvError", `environment variable ${effect.name} is not set`) };
}

/** Runs a settings function. Throws the Failure that it ends with. */
export function evaluateSettings(code: Code, id: string, environment: Environment): Struct {
  const machine = start(code, id, [], [], {});
  let outcome: Outcome | undefined;
  for (;;) {
    const turn = advance(code, machine, outcome);
    outcome = undefined;
    if (turn.kind === "Done") return structOf(turn.value);
    if (turn.kind === "Failed") throw new Failure(turn.error);
    if (turn.kind === "Effect") {
      invariant(turn.effect.kind === "Env", `${id} may only read the environment, not ${turn.effect.kind}`);
      outcome = readVariable(turn.effect, environment);
    }
  }
}

/** An agent's declaration as its `setup` gives it. Throws a Failure. */
export function agentSettings(code: Code, node: AgentNode, environment: Environment): AgentSettings {
  const setup = evaluateSettings(code, node.setup, environment);
  const model = setup["model"];
  return {
    name: node.name,
    role: String(setup["role"] ?? ""),
    model: typeof model === "string" ? model : undefined,
    rules: listOf(setup["rules"]).map(String),
    config: structOf(setup["config"] ?? null),
    state: structOf(setup["state"] ?? null),
    intervals: listOf(setup["intervals"]).map((each) => (each instanceof Duration ? each.ms : 0)),
    times: listOf(setup["times"]).map((each) => (typeof each === "string" ? each : undefined)),
    memory: node.memory,
  };
}

/**
 * The calendars of an agent's schedules, by the zone it names, else by `zone`. What a program writes down was read by the
 * checker; what it computes is read here. Throws a Failure.
 */
export function calendarsOf(node: AgentNode, settings: AgentSettings, zone: string): readonly (Calendar | undefined)[] {
  const { name, intervals, times, config } = settings;
  const own = zoneOf(settings, zone);
  const zoned = "zone" in config || times.some((time) => time !== undefined);
  if (zoned && !isZone(own)) throw toolError(`agent ${name}: there is no time zone '${own}'`);
  return node.schedules.map(({ kind }, index) => {
    const [written, interval = 0] = [times[index], intervals[index]];
    const time = written === undefined ? undefined : wallTime(name, written);
    const better = kind === "Every" ? betterInterval(interval, time) : undefined;
    if (better !== undefined)
      throw toolError(`agent ${name}: \`every\` takes ${better}, not ${durationText(interval)}`);
    return time === undefined ? undefined : calendarOf(time, kind === "Every" ? interval / DAY_MS : undefined, own);
  });
}

function wallTime(agent: string, written: string): WallTime {
  const time = readWallTime(written);
  if ("why" in time) throw toolError(`agent ${agent}: '${written}' is no time of day: ${time.why}`);
  return time;
}

/** The zone of an agent's times of day. */
export function zoneOf({ config }: AgentSettings, zone: string): string {
  const own = config["zone"];
  return typeof own === "string" ? own : zone;
}

function structOf(value: Value): Struct {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Struct) : {};
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [];
}
