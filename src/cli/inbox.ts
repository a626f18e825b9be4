// `keel inbox`: what waits for a person in all runs, that of the newest activity first, and how to answer each.

import { effectId } from "../runtime/journal/fold.ts";
import type { Store, Waiting } from "../runtime/journal/store.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { roughly, utc } from "./layout.ts";
import { openIfThere } from "./store-place.ts";
import { answerCommands, doubtLine, questionLine, resolveCommands } from "./waiting-text.ts";

export function inbox(options: { readonly json?: true }): ExitCode {
  const store = openIfThere();
  const now = Date.now();
  const all = store?.waiting() ?? [];
  const alike = alikeOf(all);
  try {
    if (options.json)
      process.stdout.write(
        `${JSON.stringify(
          all.map((each) => asJson(each, alike, now)),
          null,
          2,
        )}\n`,
      );
    else if (store === undefined || all.length === 0) process.stdout.write("nothing waits for a person\n");
    else process.stdout.write(all.map((each) => asText(each, alike, store, now)).join("\n"));
  } finally {
    store?.close();
  }
  return exitCodes.ok;
}

/** Open: an answer is taken. Answered: one lies there until the run's process takes it. Expired: none is taken any more. */
type State = "open" | "answered" | "expired";

function stateOf(each: Waiting, now: number): State {
  if (each.answered) return "answered";
  return each.kind === "Gate" && each.gate.expires !== undefined && each.gate.expires <= now ? "expired" : "open";
}

/** How many questions of a run are answered in the same way. */
type Alike = ReadonlyMap<string, number>;

function alikeOf(all: readonly Waiting[]): Alike {
  const alike = new Map<string, number>();
  for (const each of all) {
    if (each.kind === "Gate") alike.set(wayOf(each), (alike.get(wayOf(each)) ?? 0) + 1);
  }
  return alike;
}

function wayOf({ run, gate }: Extract<Waiting, { readonly kind: "Gate" }>): string {
  return `${run} ${gate.effect}`;
}

/** The commands that help. */
function commandsOf(each: Waiting, alike: Alike, now: number): readonly string[] {
  const { run } = each;
  if (stateOf(each, now) !== "open") return each.held ? [] : [`keel resume ${run}`];
  if (each.kind === "Doubt") return resolveCommands(run, each.doubt);
  return answerCommands(run, each.gate, alike.get(wayOf(each)) === 1);
}

function asText(each: Waiting, alike: Alike, store: Store, now: number): string {
  const { run, file, agent } = each;
  const who = agent === undefined ? "" : `${agent}: `;
  const what = each.kind === "Gate" ? questionLine(each.gate) : doubtLine(run, each.doubt, store);
  const id = each.kind === "Gate" ? `${each.gate.id} (${each.gate.step})` : effectId(each.doubt);
  const facts = [`${run} ${file}`, id, `since ${roughly(now - each.openedAt)}`, ...stateTexts(each, now)];
  const commands = commandsOf(each, alike, now).map((command) => `    ${command}\n`);
  return `? ${who}${what}\n  ${facts.join(" · ")}\n${commands.join("")}`;
}

function stateTexts(each: Waiting, now: number): readonly string[] {
  switch (stateOf(each, now)) {
    case "answered":
      return [each.held ? "answered, is being taken" : "answered, and taken by the next resume"];
    case "expired":
      return [each.held ? "expired" : "expired: the program gets a TimeoutError when it is resumed"];
    case "open": {
      const expires = each.kind === "Gate" ? each.gate.expires : undefined;
      return [
        ...(expires === undefined ? [] : [`expires in ${roughly(expires - now)}`]),
        ...(each.held ? ["its process takes an answer at once"] : []),
      ];
    }
  }
}

/** The stable form; times in RFC 3339. */
function asJson(each: Waiting, alike: Alike, now: number): { readonly [key: string]: unknown } {
  const { run, file, status, held, agent = null } = each;
  const of =
    each.kind === "Gate"
      ? { kind: each.gate.effect === "Ask" ? "ask" : "confirm", gate: each.gate.id, step: each.gate.step }
      : { kind: "doubt", gate: effectId(each.doubt), step: each.doubt.step };
  const gate = each.kind === "Gate" ? each.gate : undefined;
  return {
    run,
    file,
    status: status === "running" && !held ? "crashed" : status,
    held,
    ...of,
    agent,
    question: gate?.question ?? null,
    state: stateOf(each, now),
    opened_at: utc(each.openedAt),
    last_at: utc(each.lastAt),
    expires_at: gate?.expires === undefined ? null : utc(gate.expires),
    commands: commandsOf(each, alike, now),
  };
}
