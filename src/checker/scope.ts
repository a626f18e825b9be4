// Names in blocks. A binding is never changed, so what is known of a value (narrowing) holds to the end of the scope in
// which it was learnt, lambdas included. Keys of facts are a binding's number and the field path behind it.

import type { Binding, BindingNode } from "./checked.ts";
import type { Type } from "./type.ts";

export interface Entry {
  readonly binding: Binding;
  used: boolean;
}

/** What is known of values: path key → type. */
export type Known = ReadonlyMap<string, Type>;

export class Scope {
  readonly parent: Scope | undefined;
  /** The scope of the block that a binding here belongs to: parameters stand in the scope of their body. */
  readonly entries = new Map<string, Entry>();
  /** Entries that a later binding of the same name hides, kept for the warning about unused names. */
  readonly hidden: Entry[] = [];
  readonly known = new Map<string, Type>();

  constructor(parent: Scope | undefined, known?: Known) {
    this.parent = parent;
    for (const [key, type] of known ?? []) this.known.set(key, type);
  }

  declare(binding: Binding): void {
    const before = this.entries.get(binding.name);
    if (before !== undefined) this.hidden.push(before);
    this.entries.set(binding.name, { binding, used: false });
  }

  /** The entry of a name and the scope that has it. */
  find(name: string): { readonly entry: Entry; readonly scope: Scope } | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const entry = scope.entries.get(name);
      if (entry !== undefined) return { entry, scope };
    }
    return undefined;
  }

  learn(known: Known): void {
    for (const [key, type] of known) this.known.set(key, type);
  }

  typeOf(key: string): Type | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const type = scope.known.get(key);
      if (type !== undefined) return type;
    }
    return undefined;
  }

  /** Every name in sight, for suggestions. */
  *names(): Iterable<string> {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) yield* scope.entries.keys();
  }
}

/** A number for each binding, so that facts about two bindings of one name are not mixed up. */
export class BindingNumbers {
  readonly #numbers = new Map<object, number>();

  key(node: BindingNode | object): string {
    let number = this.#numbers.get(node);
    if (number === undefined) this.#numbers.set(node, (number = this.#numbers.size));
    return String(number);
  }
}
