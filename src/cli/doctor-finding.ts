// What `keel doctor` found: one line a thing that was looked at.

export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** `wrong`: Keel needs it, or it is set, and it does not work. `note`: not set and not needed, or not looked at. */
  readonly status: "ok" | "wrong" | "note";
  readonly text: string;
  /** What to do. */
  readonly help?: string;
}

export function ok(name: string, text: string): Finding {
  return { name, status: "ok", text };
}

export function wrong(name: string, text: string, help: string): Finding {
  return { name, status: "wrong", text, help };
}

export function note(name: string, text: string, help?: string): Finding {
  return { name, status: "note", text, ...(help === undefined ? {} : { help }) };
}

/** The variables that a check reads; one that is set to nothing counts as not set. */
export type Variables = { readonly [name: string]: string | undefined };

export function valueOf(env: Variables, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === "" ? undefined : value;
}

/** A secret as it may be shown: its end, and of a long one the beginning that says whose it is. */
export function masked(secret: string): string {
  if (secret.length < 16) return "…";
  return `${/^sk-ant-|^sk-/.exec(secret)?.[0] ?? ""}…${secret.slice(-4)}`;
}

/** An address may hold a user and a password. */
export function shownAddress(address: string): string {
  return address.replace(/^([a-z]+:\/\/)?[^/]*@/i, "$1…@");
}

const mostListed = 12;

/** `2 models: gemma4, llama4` */
export function listed(models: readonly string[]): string {
  const count = `${models.length} model${models.length === 1 ? "" : "s"}`;
  if (models.length === 0) return "no models";
  return `${count}: ${models.slice(0, mostListed).join(", ")}${models.length > mostListed ? ", …" : ""}`;
}

/** Whatever a server or an error said: no secret that is set stands in it. */
export function withoutSecrets(finding: Finding, env: Variables): Finding {
  const secrets = secretsIn(env);
  const clean = (text: string): string => secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  const { help } = finding;
  return { ...finding, text: clean(finding.text), ...(help === undefined ? {} : { help: clean(help) }) };
}

function secretsIn(env: Variables): readonly string[] {
  const whole = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "EMAIL_PASS"].map((name) => valueOf(env, name));
  const addresses = ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "OLLAMA_HOST"].map((name) => valueOf(env, name) ?? "");
  const passwords = addresses.map((address) => /^(?:[a-z]+:\/\/)?[^/@]*:([^/@]+)@/i.exec(address)?.[1]);
  // One of a sign or two would only tear words apart.
  return [...whole, ...passwords].filter((secret) => secret !== undefined && secret.length > 2) as readonly string[];
}
