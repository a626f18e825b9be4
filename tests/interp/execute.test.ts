import { expect, test } from "vitest";
import type { FunctionNode, Json, Step, Term } from "../../src/ir/kir.ts";
import type { Outcome } from "../../src/interp/effect.ts";
import { encode } from "../../src/interp/codec.ts";
import type { Turn } from "../../src/interp/execute.ts";
import { advance } from "../../src/interp/execute.ts";
import { errorValue } from "../../src/interp/failure.ts";
import { decodeMachine, encodeMachine } from "../../src/interp/frame.ts";
import { FunctionValue } from "../../src/interp/value.ts";
import {
  ask,
  binary,
  block,
  builtin,
  call,
  closure,
  literal,
  machine,
  notify,
  pure,
  runThrough,
  set,
  slot,
  steps,
  value,
  when,
} from "./build.ts";

const done = (given: Term): Step => ({ kind: "Return", value: given });
const failure = (message: string, name: "NetworkError" | "Failure" = "NetworkError"): Outcome => ({
  kind: "Failure",
  error: errorValue(name, message),
});
const text = (...parts: (string | Term)[]): Term => ({ kind: "Text", parts });

/** for x in [1, 2, 3] { ask; collect x + answer }, with a call in between. */
const looping: { readonly [id: string]: FunctionNode } = {
  main: steps(0, [
    { kind: "Begin", list: literal([1, 2, 3]) },
    { kind: "Next", slot: 0, done: 5 },
    { kind: "Call", function: "inner", arguments: [slot(0)], slot: 1 },
    { kind: "Collect", value: slot(1) },
    { kind: "Jump", to: 1 },
    { kind: "End", slot: 2 },
    notify("main/notify", text("got ", slot(2))),
    done(slot(2)),
  ]),
  inner: steps(1, [
    { kind: "Begin", list: literal(["a", "b"]) },
    { kind: "Next", slot: 1, done: 5 },
    ask("inner/ask", slot(1), 2),
    {
      kind: "Eval",
      term: binary("str.concat", { kind: "Coalesce", left: slot(3), right: literal("") }, slot(2)),
      slot: 3,
    },
    { kind: "Jump", to: 1 },
    { kind: "End" },
    done(slot(3)),
  ]),
};

test("effects leave in order, each with its place over all frames", () => {
  const { asked, last } = runThrough(...machine(looping), (_, nth) => value(String(nth)));
  expect(asked.map(({ step, indices }) => `${step}${JSON.stringify(indices)}`)).toEqual([
    "inner/ask[0,0]",
    "inner/ask[0,1]",
    "inner/ask[1,0]",
    "inner/ask[1,1]",
    "inner/ask[2,0]",
    "inner/ask[2,1]",
    "main/notify[]",
  ]);
  expect(asked.at(-1)?.given).toEqual({ text: 'got ["01", "23", "45"]' });
  expect(last).toEqual({ kind: "Done", value: ["01", "23", "45"] });
});

function told(turn: Turn): Json {
  if (turn.kind === "Done") return { kind: "Done", value: encode(turn.value) };
  if (turn.kind === "Effect")
    return { kind: turn.effect.kind, place: { ...turn.place }, given: encode(turn.effect.given) };
  return JSON.parse(JSON.stringify(turn)) as Json;
}

/** Runs with the machine written down as JSON and read back before every turn. */
function runWritten(
  functions: { readonly [id: string]: FunctionNode },
  answer: (nth: number) => Outcome,
  state = {},
): Json[] {
  const [code, started] = machine(functions, state);
  let current = started;
  let outcome: Outcome | undefined;
  const seen: Json[] = [];
  for (let nth = 0; ; nth++) {
    current = decodeMachine(JSON.parse(JSON.stringify(encodeMachine(current))) as Json);
    const turn = advance(code, current, outcome);
    seen.push(told(turn));
    if (turn.kind !== "Effect") return [...seen, encodeMachine(current)];
    outcome = answer(nth);
  }
}

function runKept(
  functions: { readonly [id: string]: FunctionNode },
  answer: (nth: number) => Outcome,
  state = {},
): Json[] {
  const [code, current] = machine(functions, state);
  const seen: Json[] = [];
  let turn = advance(code, current);
  for (let nth = 0; turn.kind === "Effect"; nth++) {
    seen.push(told(turn));
    turn = advance(code, current, answer(nth));
  }
  return [...seen, told(turn), encodeMachine(current)];
}

const retrying: { readonly [id: string]: FunctionNode } = {
  main: steps(0, [
    { kind: "Begin", list: literal(["x"]) },
    { kind: "Next", slot: 0, done: 8 },
    { kind: "Enter", catches: [{ errors: ["NetworkError"], slot: 1, to: 7 }] },
    { kind: "Retry", id: "main/retry", count: literal(2), backoff: true },
    { kind: "Fold", builtin: "list.map", arguments: [literal([1, 2]), closure("each", slot(0))], slot: 2 },
    { kind: "Leave" },
    { kind: "Leave" },
    { kind: "Jump", to: 1 },
    { kind: "End" },
    { kind: "Eval", term: { kind: "SetState", field: "tried", value: literal(true) } },
    done({ kind: "Field", of: slot(1), name: "message" }),
  ]),
  each: steps(1, [ask("each/ask", slot(1), 2), done(slot(2))], 3, 1),
};

test("a machine written down and read back between any two turns goes on as if nothing had happened", () => {
  const answers = (nth: number): Outcome => (nth % 3 === 1 ? failure(`no ${nth}`) : value(nth));
  for (const functions of [looping, retrying, deepRetry]) {
    expect(runWritten(functions, answers, { a: 1, __proto: 2 })).toEqual(
      runKept(functions, answers, { a: 1, __proto: 2 }),
    );
  }
});

const deepRetry: { readonly [id: string]: FunctionNode } = {
  main: steps(0, [
    { kind: "Retry", id: "main/retry", count: literal(1), backoff: false },
    { kind: "Call", function: "once", arguments: [], slot: 0 },
    { kind: "Leave" },
    done(slot(0)),
  ]),
  once: steps(0, [notify("once/notify", literal("hello")), { kind: "Fail", value: literal("always") }]),
};

test("retry: the delays are reported, then the failure, then the error goes on", () => {
  let broken = 0;
  const { asked, last } = runThrough(...machine(retrying), ({ effect }) => {
    return effect.kind === "Ask" && effect.given.question === 2 ? failure(`down ${++broken}`) : value(null);
  });
  expect(
    asked.map(({ kind, step, indices, given }) => [kind, step, indices, Object.values(given as object)[0]]),
  ).toEqual([
    ["Ask", "each/ask", [0, 0, 0], 1],
    ["Ask", "each/ask", [0, 0, 1], 2],
    ["RetryDelay", "main/retry", [0, 0], "down 1"],
    ["Ask", "each/ask", [0, 1, 0], 1],
    ["Ask", "each/ask", [0, 1, 1], 2],
    ["RetryDelay", "main/retry", [0, 1], "down 2"],
    ["Ask", "each/ask", [0, 2, 0], 1],
    ["Ask", "each/ask", [0, 2, 1], 2],
    ["RetryFailed", "main/retry", [0, 2], "down 3"],
  ]);
  expect(last).toEqual({ kind: "Done", value: "down 3" });
});

test("the delays double with backoff, and a retry of 0 reports nothing", () => {
  const delays = (count: number, backoff: boolean): unknown[] => {
    const seen: unknown[] = [];
    const main = steps(0, [
      { kind: "Retry", id: "r", count: literal(count), backoff },
      { kind: "Fail", value: literal("no") },
    ]);
    const { last } = runThrough(...machine({ main }), ({ effect }) => {
      seen.push(effect.kind === "RetryDelay" ? [effect.attempt, effect.of, effect.delayMs] : effect.kind);
      return value(null);
    });
    expect(last).toMatchObject({ kind: "Failed", error: { name: "Failure", fields: { message: "no" } } });
    return seen;
  };
  expect(delays(3, true)).toEqual([[1, 3, 1000], [2, 3, 2000], [3, 3, 4000], "RetryFailed"]);
  expect(delays(2, false)).toEqual([[1, 2, 1000], [2, 2, 1000], "RetryFailed"]);
  expect(delays(0, false)).toEqual([]);
});

test("a failure names the step of the effect that failed", () => {
  const main = steps(0, [ask("main/ask", literal("?"), 0), done(slot(0))]);
  const { last } = runThrough(...machine({ main }), () => failure("gone"));
  expect(last).toMatchObject({ kind: "Failed", step: "main/ask", error: { name: "NetworkError" } });
});

test("the innermost catch that takes an error gets it, and what stood above is dropped", () => {
  const main = steps(0, [
    { kind: "Enter", catches: [{ errors: ["Failure"], slot: 0, to: 8 }] },
    { kind: "Enter", catches: [{ errors: ["NetworkError"], slot: 1, to: 9 }] },
    { kind: "Begin", list: literal([1, 2]) },
    { kind: "Next", slot: 2, done: 6 },
    ask("main/ask", slot(2), 3),
    { kind: "Jump", to: 3 },
    { kind: "End" },
    done(literal("not reached")),
    notify("caught", text("outer ", { kind: "Field", of: slot(0), name: "message" })),
    done(literal("end")),
  ]);
  const outer = runThrough(...machine({ main }), ({ place }) =>
    place.step === "main/ask" ? failure("f", "Failure") : value(null),
  );
  expect(outer.asked.at(-1)).toMatchObject({ step: "caught", indices: [], given: { text: "outer f" } });
  const inner = runThrough(...machine({ main }), () => failure("n"));
  expect(inner.asked).toHaveLength(1);
  expect(inner.last).toEqual({ kind: "Done", value: "end" });
});

test("an error of a term is caught by steps, and state set before it stays set", () => {
  const main = steps(0, [
    { kind: "Enter", catches: [{ errors: [], slot: 0, to: 3 }] },
    {
      kind: "Eval",
      term: block(
        { kind: "SetState", field: "count", value: binary("int.add", { kind: "State", field: "count" }, literal(1)) },
        binary("int.div", literal(1), literal(0)),
      ),
    },
    { kind: "Leave" },
    done({ kind: "Field", of: slot(0), name: "message" }),
  ]);
  const [code, started] = machine({ main }, { count: 1, other: 5 });
  expect(advance(code, started)).toEqual({ kind: "Done", value: "division by zero" });
  expect(started.state).toEqual({ count: 2, other: 5 });
  expect(started.changed).toEqual(["count"]);
});

test("fuel: a long loop of steps yields and goes on", () => {
  const main = steps(0, [
    { kind: "Eval", term: literal(0), slot: 1 },
    { kind: "Begin", list: builtin("range", literal(100)) },
    { kind: "Next", slot: 0, done: 5 },
    { kind: "Eval", term: binary("int.add", slot(1), slot(0)), slot: 1 },
    { kind: "Jump", to: 2 },
    { kind: "End" },
    done(slot(1)),
  ]);
  const [code, started] = machine({ main });
  let yields = 0;
  let turn = advance(code, started, undefined, 10);
  for (; turn.kind === "Yield"; turn = advance(code, started, undefined, 10)) yields++;
  expect(turn).toEqual({ kind: "Done", value: 4950 });
  expect(yields).toBe(30);
});

test("advanced without an outcome, a waiting machine asks for the same again", () => {
  const [code, started] = machine(deepRetry);
  const first = advance(code, started);
  expect(advance(code, started)).toEqual(first);
  const delay = advance(code, started, value(null));
  expect(delay).toMatchObject({ effect: { kind: "RetryDelay" } });
  expect(advance(code, started)).toEqual(delay);
  advance(code, started, value(null));
  const report = advance(code, started, value(null));
  expect(report).toMatchObject({ effect: { kind: "RetryFailed" } });
  expect(advance(code, started)).toEqual(report);
  expect(advance(code, started, value(null))).toMatchObject({ kind: "Failed", error: { name: "Failure" } });
});

/** Counts down in both forms: steps for the even numbers, terms from `turn` on. */
const down = pure(
  1,
  when(binary("eq", slot(0), literal(0)), literal("end"), call("down", binary("int.sub", slot(0), literal(1)))),
);
const stepwise = (turn: number): FunctionNode =>
  steps(1, [
    { kind: "Branch", test: binary("eq", slot(0), literal(turn)), then: 1, otherwise: 3 },
    { kind: "Eval", term: call("down", slot(0)), slot: 1 },
    done(slot(1)),
    { kind: "Call", function: "stepwise", arguments: [binary("int.sub", slot(0), literal(1))], slot: 1 },
    done(slot(1)),
  ]);

test.each([0, 1, 500, 997])("calls of both forms are counted together: terms below %i", (turn) => {
  const main = (depth: number): FunctionNode =>
    steps(0, [{ kind: "Call", function: "stepwise", arguments: [literal(depth)], slot: 0 }, done(slot(0))]);
  const run = (depth: number): unknown => advance(...machine({ main: main(depth), stepwise: stepwise(turn), down }));
  expect(run(998)).toEqual({ kind: "Done", value: "end" });
  expect(run(999)).toMatchObject({
    kind: "Failed",
    error: { name: "LimitError", fields: { message: "calls nest more than 1,000 deep" } },
  });
});

test("calls of steps alone are counted", () => {
  const next = binary("int.add", slot(0), literal(1));
  const main = steps(1, [
    { kind: "Branch", test: binary("eq", slot(0), { kind: "State", field: "depth" }), then: 3, otherwise: 1 },
    { kind: "Call", function: "main", arguments: [next], slot: 1 },
    done(slot(1)),
    done(literal("end")),
  ]);
  const entry = steps(0, [{ kind: "Call", function: "main#", arguments: [literal(1)], slot: 0 }, done(slot(0))]);
  const again = {
    ...main,
    steps: main.steps.map((each) => (each.kind === "Call" ? { ...each, function: "main#" } : each)),
  };
  const run = (depth: number): unknown => advance(...machine({ main: entry, "main#": again }, { depth }));
  expect(run(1000)).toEqual({ kind: "Done", value: "end" });
  expect(run(1001)).toMatchObject({ kind: "Failed", error: { name: "LimitError" } });
});

test("a pure function is an activation too", () => {
  const [code, started] = machine({ main: pure(0, literal(3)) });
  expect(advance(code, started)).toEqual({ kind: "Done", value: 3 });
});

const items = literal([3, 1, 2, 4, 1]);
const even = binary("eq", binary("int.mod", slot(0), literal(2)), literal(0));
test.each<[string, Term, number, readonly Term[], Json]>([
  ["list.map", binary("int.mul", slot(0), literal(2)), 1, [items, closure("f")], [6, 2, 4, 8, 2]],
  ["list.filter", even, 1, [items, closure("f")], [2, 4]],
  ["list.find", even, 1, [items, closure("f")], 2],
  ["list.any", even, 1, [items, closure("f")], true],
  ["list.all", even, 1, [items, closure("f")], false],
  ["list.all", even, 1, [literal([]), closure("f")], true],
  ["list.sort_by", slot(0), 1, [items, closure("f"), literal(true)], [4, 3, 2, 1, 1]],
  ["list.flat_map", { kind: "List", items: [slot(0), slot(0)] }, 1, [literal([3, 1]), closure("f")], [3, 3, 1, 1]],
  [
    "list.group_by",
    binary("int.mod", slot(0), literal(2)),
    1,
    [items, closure("f")],
    {
      $m: [
        [1, [3, 1, 1]],
        [0, [2, 4]],
      ],
    },
  ],
  ["list.reduce", binary("int.sub", slot(0), slot(1)), 2, [items, literal(10), closure("f")], -1],
])("%s gives the same driven by terms and by steps", (id, body, parameters, given, expected) => {
  const functions = {
    f: pure(parameters, body),
    main: steps(0, [{ kind: "Fold", builtin: id, arguments: given, slot: 0 }, done(slot(0))]),
    "main#effects": steps(0, [
      {
        kind: "Fold",
        builtin: id,
        arguments: given.map((each) => (each.kind === "Closure" ? closure("g") : each)),
        slot: 0,
      },
      done(slot(0)),
    ]),
    g: steps(parameters, [ask("g/ask", slot(0), 5), { kind: "Eval", term: body, slot: 4 }, done(slot(4))]),
    term: steps(0, [done(builtin(id, ...given))]),
  };
  for (const main of ["term", "main", "main#effects"] as const) {
    const seen = runWritten({ ...functions, main: functions[main] }, () => value(null));
    expect(seen.at(-2)).toEqual({ kind: "Done", value: expected });
  }
});

test("a fold stops as soon as it has its answer, and tells its element's place", () => {
  const main = steps(0, [
    { kind: "Fold", builtin: "list.find", arguments: [items, closure("g")], slot: 0 },
    done(slot(0)),
  ]);
  const g = steps(1, [ask("g/ask", slot(0), 1), done(slot(1))]);
  const { asked, last } = runThrough(...machine({ main, g }), (_, nth) => value(nth === 2));
  expect(asked.map(({ indices }) => indices)).toEqual([[0], [1], [2]]);
  expect(last).toEqual({ kind: "Done", value: 2 });
});

test("function values of both forms are called by steps", () => {
  const main = steps(0, [
    { kind: "CallValue", callee: closure("p", literal(1)), arguments: [literal(2)], slot: 0 },
    { kind: "CallValue", callee: closure("s", slot(0)), arguments: [], slot: 1 },
    done({ kind: "List", items: [slot(0), slot(1)] }),
  ]);
  const functions = {
    main,
    p: pure(1, binary("int.add", slot(0), slot(1)), 2, 1),
    s: steps(0, [ask("s/ask", slot(0), 1), done(slot(1))], 2, 1),
  };
  expect(runThrough(...machine(functions), () => value("yes")).last).toEqual({ kind: "Done", value: [3, "yes"] });
});

test("an effect is given values only", () => {
  const main = steps(0, [
    { kind: "Eval", term: set(0, closure("block", literal(7))) },
    { kind: "Perform", id: "main/after", effect: { kind: "After", given: { delay: literal(5), block: slot(0) } } },
    done(literal(null)),
  ]);
  const turn = advance(...machine({ main }));
  expect(turn).toEqual({
    kind: "Effect",
    effect: { kind: "After", given: { delay: 5, block: new FunctionValue("block", [7]) } },
    place: { step: "main/after", indices: [] },
  });
});
