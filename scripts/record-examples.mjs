// `node scripts/record-examples.mjs [NAME…]`: runs the examples anew and records each as examples/NAME/recording.jsonl,
// which the suite verifies against the example as it is. To be called where an example was changed on purpose.
//
// They run in a folder that is called the same everywhere, since a run remembers where its program was.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const keel = path.join(root, "dist/cli/main.js");
const house = "/tmp/keel";

/** How each is run: for how many ticks, and what the model replies. */
const examples = {
  hello: { file: "hello.keel", ticks: 2 },
  inbox: { file: "triage.keel", ticks: 1, options: ["--mock", "replies.json", "--answers", "answers.json"] },
  moodbot: { file: "moodbot.keel", ticks: 1, replies: [["classify", "waiter sang", "delighted"]] },
  prioritizer: {
    file: "prioritizer.keel",
    ticks: 1,
    replies: [
      ["classify", "They wrote twice", "today"],
      ["classify", "expires on the 28th", "soon"],
      ["classify", "look nicer", "someday"],
    ],
  },
};

function record(name, { file, ticks, options = [], replies }) {
  const folder = path.join(house, name);
  cpSync(path.join(root, "examples", name), folder, { recursive: true, preserveTimestamps: true });
  // The mail of 200 KB would be most of the recording.
  rmSync(path.join(folder, "mail/new/1789387200.M007P77.spoke"), { force: true });
  const script = replies?.map(([operation, contains, reply]) => ({ operation, contains, reply }));
  if (script !== undefined) writeFileSync(path.join(house, "replies.json"), JSON.stringify({ replies: script }));
  const mock = script === undefined ? [] : ["--mock", "../replies.json"];
  const env = {
    PATH: process.env.PATH,
    HOME: house,
    TZ: "UTC",
    KEEL_LLM: "mock",
    KEEL_DATA_DIR: `${house}/${name}.data`,
  };
  const call = (...args) => execFileSync(process.execPath, [keel, ...args], { cwd: folder, env, encoding: "utf8" });
  call("run", file, "--ticks", String(ticks), ...options, ...mock);
  process.stdout.write(call("record", "-o", path.join(root, "examples", name, "recording.jsonl")));
}

if (existsSync(house)) throw new Error(`${house} is there already: remove it first`);
mkdirSync(house);
try {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(examples);
  for (const name of wanted) record(name, examples[name]);
} finally {
  rmSync(house, { recursive: true });
}
