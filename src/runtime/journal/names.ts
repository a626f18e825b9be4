// The small integers that stand for activation and step ids in the events' rows. What was looked up once is kept in
// memory; `forget` drops that, since an id that was given in a transaction that failed was never given.

import { damaged } from "./problems.ts";
import type { Sql } from "./sql.ts";

export interface Names {
  activation(run: number, name: string): number;
  /** The id, if the activation has one. */
  knownActivation(run: number, name: string): number | undefined;
  step(step: string, effect: string): number;
  /** What an id stands for. */
  stepOf(id: number): StepName;
  forget(): void;
}

export interface StepName {
  readonly step: string;
  readonly effect: string;
}

const cacheLimit = 10_000;

interface IdRow {
  readonly id: number;
}

export function openNames(sql: Sql): Names {
  const selectActivation = sql.prepare<IdRow>("select id from activations where run = ? and name = ?");
  const insertActivation = sql.prepare("insert into activations (run, name) values (?, ?)");
  const selectStep = sql.prepare<IdRow>("select id from steps where step = ? and effect = ?");
  const selectName = sql.prepare<StepName>("select step, effect from steps where id = ?");
  const insertStep = sql.prepare("insert into steps (step, effect) values (?, ?)");
  const activations = new Map<string, number>();
  const steps = new Map<string, number>();
  const stepNames = new Map<number, StepName>();

  const cached = (cache: Map<string, number>, key: string, find: () => number): number => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    if (cache.size >= cacheLimit) cache.clear();
    const id = find();
    cache.set(key, id);
    return id;
  };

  return {
    activation: (run, name) =>
      cached(
        activations,
        `${run} ${name}`,
        () => selectActivation.get(run, name)?.id ?? Number(insertActivation.run(run, name).lastInsertRowid),
      ),
    knownActivation: (run, name) => selectActivation.get(run, name)?.id,
    step: (step, effect) =>
      cached(
        steps,
        `${step}\n${effect}`,
        () => selectStep.get(step, effect)?.id ?? Number(insertStep.run(step, effect).lastInsertRowid),
      ),
    stepOf(id) {
      const known = stepNames.get(id) ?? selectName.get(id);
      if (known === undefined) throw damaged(`the step ${id} has no name`);
      stepNames.set(id, known);
      return known;
    },
    forget() {
      activations.clear();
      steps.clear();
      stepNames.clear();
    },
  };
}
