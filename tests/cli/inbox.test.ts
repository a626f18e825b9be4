// `keel inbox`: what waits for a person in all runs of a store, and how each is helped.

import { expect, test } from "vitest";
import { commandsIn, place, type Place } from "./command.ts";

interface Item {
  readonly [field: string]: unknown;
  readonly run: string;
  readonly commands: readonly string[];
}

async function inbox(here: Place, hours = 0): Promise<readonly Item[]> {
  return JSON.parse((await here.keel(["inbox", "--json"], later(hours))).out) as readonly Item[];
}

function later(hours: number): { readonly env: { readonly NODE_OPTIONS: string } } {
  const code = `const now = Date.now; Date.now = () => now() + ${hours * 3_600_000};`;
  return { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` } };
}

async function suspend(here: Place, file: string, program: string): Promise<string> {
  here.write(file, program);
  expect((await here.keel(["run", file, "--no-input", "--ticks", "1"])).code).toBe(75);
  return here.run();
}

const name = `name = ask user "Name?\\n\\u{1b}[2JAnd more"\nnotify user "hello {name}"\n`;
const sure = `sure = confirm user "Sure?" timeout 1.hour\nnotify user "{sure}"\n`;
const agent = `agent Writer {
  role "writes"
  every 1.day { how = ask user "How?" }
}
run Writer in background
`;

test("nothing, and no store at all", async () => {
  const here = place();
  expect(await here.keel(["inbox"])).toEqual({ code: 0, out: "nothing waits for a person\n", err: "" });
  expect(await inbox(here)).toEqual([]);
});

test("questions of several runs: the newest activity first, each with what answers it", async () => {
  const here = place();
  const first = await suspend(here, "a.keel", name);
  const second = await suspend(here, "b.keel", sure);
  const third = await suspend(here, "c.keel", agent);
  here.write("done.keel", `notify user "done"\n`);
  await here.keel(["run", "done.keel"]);

  const listed = await here.keel(["inbox"]);
  expect(listed.code).toBe(0);
  expect(listed.out.replace(/since [^·\n]*?(?= ·|\n)/g, "since …")).toBe(
    `? Writer: How?
  ${third} c.keel · Writer/every#1[1]:1 (Writer/every#1/ask:how) · since …
    keel answer ${third} "…"

? Sure?
  ${second} b.keel · main:1 (main/confirm:sure) · since … · expires in 1 hour
    keel approve ${second}
    keel reject ${second}

? Name? …
  ${first} a.keel · main:1 (main/ask:name-2jand-more) · since …
    keel answer ${first} "…"
`,
  );
  expect(await inbox(here)).toMatchObject([
    { run: third, kind: "ask", agent: "Writer", gate: "Writer/every#1[1]:1", state: "open", held: false },
    {
      run: second,
      kind: "confirm",
      agent: null,
      step: "main/confirm:sure",
      commands: [`keel approve ${second}`, `keel reject ${second}`],
    },
    { run: first, file: "a.keel", status: "suspended", question: "Name?\n\u001b[2JAnd more", expires_at: null },
  ]);

  for (const command of commandsIn(listed.out)) {
    if (command[0] !== "reject") expect((await here.keel([...command, "--resume"])).code).toBe(0);
  }
  expect(await inbox(here)).toEqual([]);
});

test("answered and not taken yet, expired, held by a live process", async () => {
  const here = place();
  const first = await suspend(here, "a.keel", name);
  const second = await suspend(here, "b.keel", sure);
  await here.keel(["answer", first, "Zoe"]);
  expect(await inbox(here, 2)).toMatchObject([
    { run: second, state: "expired", commands: [`keel resume ${second}`] },
    { run: first, state: "answered", commands: [`keel resume ${first}`] },
  ]);
  const { out } = await here.keel(["inbox"], later(2));
  expect(out).toContain(" · expired: the program gets a TimeoutError when it is resumed\n");
  expect(out).toContain(" · answered, and taken by the next resume\n");
  expect((await here.keel(["resume", second], later(2))).err).toContain("TimeoutError: nobody answered in time");
  expect((await inbox(here)).map(({ run }) => run)).toEqual([first]);

  const running = here.start(["resume", first]);
  await running.until("hello Zoe");
  await running.end;
  const asking = here.start(["run", "a.keel"]);
  await asking.until("? Name?");
  expect(await inbox(here)).toMatchObject([{ status: "running", held: true, state: "open" }]);
  expect((await here.keel(["inbox"])).out).toContain(" · its process takes an answer at once\n");
  asking.child.kill("SIGKILL");
  await asking.end;
  expect(await inbox(here)).toMatchObject([{ status: "crashed", held: false, state: "open" }]);
});
