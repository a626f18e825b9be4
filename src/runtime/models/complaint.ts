// What a validator has to say of a reply, for the model that is asked again and for the person who reads the journal.

import type { ErrorObject } from "ajv";

const mostComplaints = 5;

export function complaint(errors: readonly ErrorObject[]): string {
  const types = new Map<string, string[]>();
  const others: string[] = [];
  for (const { instancePath, message, keyword, params } of errors) {
    const where = instancePath === "" ? "the reply" : instancePath;
    if (keyword === "type") types.set(where, [...(types.get(where) ?? []), String(params["type"])]);
    else if (keyword === "additionalProperties")
      others.push(`${where} has ${JSON.stringify(params["additionalProperty"])}, which nobody asked for`);
    // It only says that none of the others holds.
    else if (keyword !== "anyOf") others.push(`${where} ${message ?? keyword}${allowed(params)}`);
  }
  const wrong = Array.from(types, ([where, names]) => `${where} must be ${[...new Set(names)].join(" or ")}`);
  return [...new Set([...wrong, ...others])].slice(0, mostComplaints).join("; ");
}

function allowed(params: ErrorObject["params"]): string {
  const values: unknown = params["allowedValues"];
  return Array.isArray(values) ? `: ${values.join(", ")}` : "";
}
