// `when`: arms as tests in their order. The subject is in a slot; a pattern is a test of it and the fields it binds,
// which are set after the test has passed and before the guard looks. The last arm of a `when` needs no test: the
// checker has seen that nothing is left.

import type { Arm, Expression, Node, NodeOf, Pattern, When } from "../parser/ast.ts";
import { unreachable } from "../source/invariant.ts";
import type { Body } from "./body.ts";
import type { Term } from "./kir.ts";
import { literalOf, no, none, yes } from "./literal.ts";

/** A value to put into a slot once the test has passed. */
export type Binds = readonly (readonly [slot: number, value: Term])[];

/** No test: it fits everything that is left. */
export interface Match {
  readonly test: Term | undefined;
  readonly binds: Binds;
}

/** The arms that can be reached. `last`: nothing is left after it, so it is not tested. */
export function armsOf(f: Body, node: When): readonly { readonly arm: Arm; readonly last: boolean }[] {
  const arms = node.arms.filter((arm) => f.unit.checked.arms.get(arm)?.reachable !== false);
  return arms.map((arm, at) => ({ arm, last: at === arms.length - 1 && arm.guard === undefined }));
}

/** All of `when` as one term of nested Ifs. */
export function armTerms(f: Body, node: When, subject: Term, lower: (body: Expression) => Term): Term {
  const cases = armsOf(f, node).map(({ arm, last }): Case => {
    const match = armMatch(f, arm, subject, last);
    const sets = match.binds.map(([slot, value]): Term => ({ kind: "Set", slot, value }));
    const guard = arm.guard === undefined ? undefined : f.term(arm.guard);
    if (guard === undefined) return { test: match.test, then: inOrder(sets, lower(arm.body)) };
    return { test: both(match.test, inOrder(sets, guard)), then: lower(arm.body) };
  });
  return nestedCases(f, cases);
}

interface Case {
  readonly test: Term | undefined;
  readonly then: Term;
}

const longest = 128;

/** An If in an If for each case; of very many, in pieces that follow each other where the one before found none. */
function nestedCases(f: Body, cases: readonly Case[]): Term {
  if (cases.length <= longest) return ifs(cases, none);
  const value = f.slot();
  const more = f.slot();
  const read = (slot: number): Term => ({ kind: "Slot", slot });
  const set = (slot: number, to: Term): Term => ({ kind: "Set", slot, value: to });
  const body: Term[] = [set(more, yes)];
  for (let at = 0; at < cases.length; at += longest) {
    const piece = ifs(cases.slice(at, at + longest), { kind: "Do", body: [set(more, yes), none] });
    body.push({ kind: "If", test: read(more), then: { kind: "Do", body: [set(more, no), set(value, piece)] } });
  }
  return { kind: "Do", body: [...body, read(value)] };
}

function ifs(cases: readonly Case[], last: Term): Term {
  return cases.reduceRight<Term>((otherwise, { test, then }) => {
    return test === undefined ? then : { kind: "If", test, then, otherwise };
  }, last);
}

/** The patterns of an arm as one test. Alternatives that bind names set the same slots. */
export function armMatch(f: Body, arm: Arm, subject: Term, last: boolean): Match {
  const [first, ...others] = arm.patterns;
  if (first === undefined) return { test: undefined, binds: [] };
  shareNames(f, arm.patterns);
  const matches = [first, ...others].map((pattern) => match(f, pattern, subject));
  if (matches.length === 1 || matches.every(({ binds }) => binds.length === 0)) {
    const test = last ? undefined : matches.map((one) => one.test).reduce(either);
    return { test, binds: matches[0]?.binds ?? [] };
  }
  const tests = matches.map((one, at): Term => {
    const isLast = last && at === matches.length - 1;
    const sets = inOrder(
      one.binds.map(([slot, value]): Term => ({ kind: "Set", slot, value })),
      yes,
    );
    return isLast ? sets : both(one.test, sets);
  });
  return { test: tests.reduce((left, right): Term => ({ kind: "Or", left, right })), binds: [] };
}

function shareNames(f: Body, patterns: readonly Pattern[]): void {
  const slots = new Map<string, number>();
  const visit = (pattern: Pattern): void => {
    if (pattern.kind === "NamePattern" && isBinding(f, pattern)) {
      const slot = slots.get(pattern.name.text);
      if (slot === undefined) slots.set(pattern.name.text, f.bind(pattern));
      else f.share(pattern, slot);
    }
    if (pattern.kind === "VariantPattern" || pattern.kind === "StructPattern") {
      for (const field of pattern.fields) visit(field.pattern);
    }
  };
  for (const pattern of patterns) visit(pattern);
}

function isBinding(f: Body, pattern: NodeOf<"NamePattern">): boolean {
  return f.unit.checked.patterns.get(pattern)?.variant === undefined;
}

function match(f: Body, pattern: Pattern, subject: Term): Match {
  switch (pattern.kind) {
    case "WildcardPattern":
      return { test: undefined, binds: [] };
    case "LiteralPattern":
      return { test: literalTest(f, pattern, subject), binds: [] };
    case "NamePattern": {
      if (isBinding(f, pattern)) return { test: undefined, binds: [[f.bind(pattern), subject]] };
      return { test: isVariant(f, pattern, pattern.name.text, subject), binds: [] };
    }
    case "VariantPattern":
      return fields(f, pattern.fields, subject, isVariant(f, pattern, pattern.name.text, subject));
    case "StructPattern": {
      const nullable = f.unit.checked.patterns.get(pattern)?.type.kind === "Nullable";
      return fields(f, pattern.fields, subject, nullable ? not({ kind: "IsNone", of: subject }) : undefined);
    }
    default:
      return unreachable(pattern);
  }
}

function fields(f: Body, patterns: readonly NodeOf<"FieldPattern">[], subject: Term, first: Term | undefined): Match {
  const matches = patterns.map((one) => match(f, one.pattern, { kind: "Field", of: subject, name: one.name.text }));
  const tests = matches.flatMap(({ test }) => (test === undefined ? [] : [test]));
  return {
    test: tests.reduce<Term | undefined>((left, right) => both(left, right), first),
    binds: matches.flatMap(({ binds }) => binds),
  };
}

function isVariant(f: Body, pattern: Pattern & Node, written: string, of: Term): Term {
  const variant = f.unit.checked.patterns.get(pattern)?.variant ?? written;
  return { kind: "IsVariant", of, variant };
}

function literalTest(f: Body, pattern: NodeOf<"LiteralPattern">, left: Term): Term {
  const type = f.unit.checked.patterns.get(pattern)?.type;
  const plain = type?.kind === "Nullable" ? type.of : type;
  const isFloat = plain?.kind === "Primitive" && plain.name === "float";
  if (pattern.value.kind === "NoneLiteral") return { kind: "IsNone", of: left };
  return { kind: "Binary", operator: "eq", left, right: literalOf(pattern.value, isFloat) ?? none };
}

function inOrder(sets: readonly Term[], value: Term): Term {
  return sets.length === 0 ? value : { kind: "Do", body: [...sets, value] };
}

function both(left: Term | undefined, right: Term): Term {
  return left === undefined ? right : { kind: "And", left, right };
}

function either(left: Term | undefined, right: Term | undefined): Term | undefined {
  return left === undefined || right === undefined ? undefined : { kind: "Or", left, right };
}

function not(of: Term): Term {
  return { kind: "Unary", operator: "not", of };
}
