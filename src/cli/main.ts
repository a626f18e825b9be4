// The `keel` command. Only the command line is parsed here; a command's own code is loaded when it is called, so that
// `--version` and `--help` load nothing else.

import "./version.ts";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import { rootHelp } from "./help.ts";

takeLossOfOutput();

const program = new Command("keel")
  .description("Keel — AI agents as first-class citizens")
  .usage("<COMMAND>")
  .version(KEEL_VERSION, "-V, --version", "Print the version")
  .helpOption("-h, --help", "Print help")
  .helpCommand("help [command]", "Print this message or the help of the given subcommand(s)")
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(complaint(text)) })
  .showSuggestionAfterError()
  .addHelpText(
    "after",
    `
Exit codes:
  0    done                       69   another process holds the run
  1    invalid, or the run failed 70   a fault of Keel itself
  2    wrong usage                74   the store cannot be read or written
  75   waits for a person         130  interrupted; \`keel resume\` continues

Runs are kept in .keel/, here or in a folder above, or in $KEEL_DATA_DIR.`,
  );

program
  .command("run")
  .description("Execute an Keel program")
  .argument("<file>", "the program")
  .option("--mock [replies]", "no model is called: operations give their fallback, or canned replies from a file")
  .option("--answers <file>", "answers to the program's questions")
  .option("--ticks <n>", "stop agents after n ticks of each schedule", positive)
  .option("--connect <name=kind:path>", "put another connection in a declared one's place", collect)
  .option("-i <name=value>", "a value for one of the program's inputs; once for each", collect)
  .option("--no-input", "ask nobody: questions stay open and the run is suspended")
  .addHelpText(
    "after",
    examples(
      "keel run triage.keel",
      "keel run triage.keel --mock --ticks 1",
      "keel run triage.keel --connect email=maildir:./mail",
      "keel run deploy.keel -i branch=dev -i dry=true",
    ),
  )
  .action((file, options) => enter(async () => (await import("./run.ts")).run(file, options)));

program
  .command("check")
  .description("Type-check an Keel program without executing")
  .argument("<files...>", "programs, folders of them, patterns such as 'src/**/*.keel'; - is the standard input")
  .option("--json", "as JSON, with places and suggested edits (docs/cli/check.md)")
  .option("--deny <what>", "fail on `warnings` too", denied)
  .addHelpText("after", examples("keel check triage.keel", "keel check . --deny warnings"))
  .addHelpText("after", "\n`keel explain CODE` tells more about a diagnostic: what it means, an example, a cure.")
  .action((files, options) => enter(async () => (await import("./check.ts")).check(files, options)));

program
  .command("prompt")
  .description("Print what the AI operations of a program would send")
  .argument("<file>", "the program; FILE:LINE is the operation on that line")
  .option("--json", "as JSON (docs/cli/prompt.md)")
  .addHelpText(
    "after",
    examples("keel prompt triage.keel", "keel prompt triage.keel:14", "keel prompt triage.keel --json"),
  )
  .addHelpText(
    "after",
    `
What only a run knows stands as a hole: ‹mail.body›. Nothing is sent. Tokens and prices are estimates.
Exit codes: 0 printed, 1 the program does not compile, 2 wrong usage, or no operation on that line.`,
  )
  .action((file, options) => enter(async () => (await import("./prompt.ts")).prompt(file, options)));

program
  .command("explain")
  .description("Explain a diagnostic: what it means, an example, a cure")
  .argument("[code]", "the code, such as K3001; without one all are listed")
  .option("--json", "as JSON")
  .addHelpText("after", examples("keel explain K3001", "keel explain"))
  .action((code, options) => enter(async () => (await import("./explain.ts")).explain(code, options)));

program
  .command("init")
  .description("Scaffold a new Keel project")
  .argument("<name>", "the project, and the folder made for it")
  .addHelpText("after", examples("keel init my-email-bot"))
  .action((name) => enter(async () => (await import("./init.ts")).init(name)));

program
  .command("repl")
  .description("Interactive REPL")
  .option("--mock [replies]", "no model is called: operations give their fallback, or canned replies from a file")
  .addHelpText("after", examples("keel repl", "keel repl --mock"))
  .action((options) => enter(async () => (await import("./repl/repl.ts")).repl(options)));

program
  .command("fmt")
  .description("Format an Keel file")
  .argument("[files...]", "programs, folders of them, patterns such as 'src/**/*.keel'; - is the standard input")
  .option("--check", "write nothing: list the files that would change, and fail if there are any")
  .option("--stdout", "write nothing: print the formatted programs")
  .option("--stdin", "format the standard input to the standard output")
  .addHelpText("after", examples("keel fmt triage.keel", "keel fmt . --check", "keel fmt --stdin < triage.keel"))
  .addHelpText("after", "\nThere is one style and nothing to set: docs/language/formatting.md describes it.")
  .action((files, options) => enter(async () => (await import("./fmt.ts")).fmt(files, options)));

program
  .command("build")
  .description("Compile an Keel file to bytecode")
  .argument("<file>", "the program")
  .option("-o, --output <file>", "where it goes; beside the program without it")
  .addHelpText("after", examples("keel build triage.keel", "keel run triage.keelc"))
  .action((file, options) => enter(async () => (await import("./build.ts")).build(file, options)));

program
  .command("resume")
  .description("Continue a run where its journal ends")
  .argument("[run]", "the run, or the beginning of its name; the newest without one")
  .option("-i <name=value>", "a secret input again: it is not recorded", collect)
  .option("--no-input", "ask nobody")
  .addHelpText("after", examples("keel resume", "keel resume r3f2a91c0", "keel resume r3f2a91c0 -i token=…"))
  .action((run, options) => enter(async () => (await import("./resume.ts")).resume(run, options)));

program
  .command("serve")
  .description("Keep the runs of a store going: answers, timers, crashes")
  .addHelpText(
    "after",
    examples(
      "keel serve",
      "KEEL_DATA_DIR=/var/lib/keel keel serve",
      'keel answer r3f2a91c0 "yes, please"   # meanwhile, anywhere',
    ),
  )
  .addHelpText(
    "after",
    `
One process is enough for one store. It takes up what crashed, and what waits for a person once there is an answer; \`keel inbox\`
lists the open questions. Runs that were interrupted or have failed, and those of other processes, are left alone.

Exit codes:
  0    stopped by Ctrl+C or SIGTERM   70   a fault of Keel itself
  2    wrong usage                    74   the store cannot be read or written
  130  left at once by a second Ctrl+C`,
  )
  .action(() => enter(async () => (await import("./serve.ts")).serve()));

program
  .command("ls")
  .description("List the runs")
  .option("--json", "as JSON")
  .action((options) => enter(async () => (await import("./ls.ts")).ls(options)));

program
  .command("show")
  .description("Show a run's timeline: time, step, outcome, cost")
  .argument("[run]", "the run, or the beginning of its name; the newest without one")
  .option("--json", "as JSON, every event whole")
  .addHelpText("after", examples("keel show", "keel show r3f2a91c0 --json"))
  .action((run, options) => enter(async () => (await import("./show.ts")).show(run, options)));

program
  .command("costs")
  .description("Add up tokens and money, by run, agent, activation, step or model")
  .argument("[run]", "the run, or the beginning of its name; all runs without one")
  .option("--by <what>", "run, agent, activation, step or model; by step of one run, else by run", grouping)
  .option("--since <age>", "only calls that are younger: 90m, 12h, 7d, 8w", age)
  .option("--json", "as JSON (docs/cli/costs.md)")
  .addHelpText("after", examples("keel costs", "keel costs r3f2a91c0 --by agent", "keel costs --by model --since 7d"))
  .action((run, options) => enter(async () => (await import("./costs.ts")).costs(run, options)));

program
  .command("replay")
  .description("Run again from the journal alone, and compare")
  .argument("[run]", "the run, or the beginning of its name; the newest without one")
  .option("--from <step>", "with --patch: make a new run that goes on from this step")
  .option("--patch <file>", "the step's new value, as JSON")
  .option("--mock [replies]", "the new run: no model is called, or canned replies from a file")
  .option("--answers <file>", "the new run: answers to the program's questions")
  .option("-i <name=value>", "a secret input again: it is not recorded", collect)
  .option("--no-input", "the new run: ask nobody")
  .option("--json", "as JSON (docs/cli/replay.md)")
  .addHelpText(
    "after",
    examples(
      "keel replay",
      "keel replay r3f2a91c0 --json",
      "keel replay r3f2a91c0 --from triage/classify --patch urgent.json",
    ),
  )
  .action((run, options) => enter(async () => (await import("./replay.ts")).replay(run, options)));

program
  .command("diff")
  .description("Show where two runs part")
  .argument("<a>", "a run, or the beginning of its name")
  .argument("<b>", "another one")
  .option("--json", "as JSON (docs/cli/diff.md)")
  .addHelpText("after", examples("keel diff r3f2a91c0 r7c20e5b1"))
  .action((a, b, options) => enter(async () => (await import("./diff.ts")).diff(a, b, options)));

program
  .command("record")
  .description("Freeze a run into one file, as a test for `keel verify`")
  .argument("[run]", "the run, or the beginning of its name; the newest without one")
  .requiredOption("-o, --output <file>", "where it goes; an older recording there is replaced")
  .addHelpText("after", examples("keel record -o tests/urgent.jsonl", "keel record r3f2a91c0 -o tests/urgent.jsonl"))
  .addHelpText("after", "\nExit codes: 0 recorded, 1 not intact, or a secret stands in the program, 2 wrong usage.")
  .action((run, options) => enter(async () => (await import("./record.ts")).record(run, options)));

program
  .command("verify")
  .description("Replay recordings, with no key and no network: is all as it was?")
  .argument("<files...>", "recordings, folders of .jsonl files, patterns such as 'tests/**/*.jsonl'")
  .option("--against <file>", "follow them with this program: the same decisions and effects, in the same order?")
  .option("--junit <file>", "write a report in JUnit's XML, too")
  .option("--json", "as JSON (docs/cli/record.md)")
  .addHelpText(
    "after",
    examples(
      "keel verify tests/urgent.jsonl",
      "keel verify tests --against triage.keel",
      "keel verify 'tests/**/*.jsonl' --against triage.keel --junit report.xml",
    ),
  )
  .addHelpText(
    "after",
    `
Exit code 0: all the same; 1: something differs, a file is not what was recorded, or the program does not compile;
2: wrong usage, or a file that is no recording.`,
  )
  .action((files, options) => enter(async () => (await import("./verify.ts")).verify(files, options)));

program
  .command("doctor")
  .description("Look whether all that Keel needs is there, and say what to do where it is not")
  .option("--offline", "ask nobody over the network")
  .option("--json", "as JSON (docs/cli/doctor.md)")
  .addHelpText("after", examples("keel doctor", "keel doctor --offline --json"))
  .addHelpText(
    "after",
    `
Exit code 0: nothing is wrong; 1: something that Keel needs, or that is set, does not work (a line with ✗).`,
  )
  .action((options) => enter(async () => (await import("./doctor.ts")).doctor(options)));

program
  .command("inbox")
  .description("List what waits for a person, in all runs")
  .option("--json", "as JSON (docs/cli/inbox.md)")
  .addHelpText("after", examples("keel inbox", "keel inbox --json"))
  .action((options) => enter(async () => (await import("./inbox.ts")).inbox(options)));

program
  .command("answer")
  .description("Answer a run's open question")
  .usage("[options] <run> [gate] <text>")
  .argument("<run>")
  .argument("<gate-and-text...>", "the question, if several are open, and the text; - is the standard input")
  .option("--resume", "then resume the run")
  .addHelpText(
    "after",
    examples(
      'keel answer r3f2a91c0 "be brief"',
      'keel answer r3f2a91c0 main:3 "be brief" --resume',
      "keel answer r3f2a91c0 - < reply.txt",
    ),
  )
  .addHelpText("after", "\n`keel inbox` lists the open questions and what each is called.")
  .action((run, rest, options) => enter(async () => (await import("./answer.ts")).answer(run, rest, options)));

for (const [name, yes] of [
  ["approve", true],
  ["reject", false],
] as const) {
  program
    .command(name)
    .description(yes ? "Say yes to a run's open confirmation" : "Say no to a run's open confirmation")
    .argument("<run>")
    .argument("[gate]", "the question, if several are open, as `keel inbox` calls it")
    .option("--resume", "then resume the run")
    .addHelpText("after", examples(`keel ${name} r3f2a91c0`, `keel ${name} r3f2a91c0 main:3 --resume`))
    .action((run, gate, options) =>
      enter(async () => (await import("./answer.ts")).decideGate(run, gate, yes, options)),
    );
}

program
  .command("resolve")
  .description("Say what became of a step that was under way at a crash")
  .argument("<run>")
  .argument("<step>", "the step's id, as `keel show` or a suspended run prints it")
  .option("--done", "it happened")
  .option("--retry", "it did not: do it again")
  .option("--fail", "let the program handle it as an error")
  .option("--resume", "then resume the run")
  .action((run, step, options) => enter(async () => (await import("./answer.ts")).resolveStep(run, step, options)));

program
  .command("cancel")
  .description("End a run for good")
  .argument("<run>")
  .action((run) => enter(async () => (await import("./answer.ts")).cancel(run)));

program
  .command("upgrade")
  .description("Give a run that nobody drives another version of its program")
  .argument("<run>", "the run, or the beginning of its name")
  .requiredOption("--to <file>", "the new version of the program")
  .option("--check", "change nothing: say whether it can be done, and what would differ")
  .option("-i <name=value>", "a value for an input that the old version had not", collect)
  .option("--json", "as JSON")
  .addHelpText(
    "after",
    examples("keel upgrade r3f2a91c0 --to triage.keel --check", "keel upgrade r3f2a91c0 --to triage.keel"),
  )
  .action((run, options) => enter(async () => (await import("./upgrade.ts")).upgrade(run, options)));

program
  .command("prune")
  .description("Forget old runs and what finished long ago, for good")
  .argument("[runs...]", "only these runs, or the beginnings of their names")
  .option("--older-than <age>", "what ended before: 90m, 12h, 30d, 8w", age, age("30d"))
  .option("--yes", "do it; without it only what would be done is said")
  .option("--json", "as JSON")
  .addHelpText(
    "after",
    examples("keel prune", "keel prune --older-than 7d --yes", "keel prune r3f2a91c0 --older-than 0d --yes"),
  )
  .action((runs, options) => enter(async () => (await import("./prune.ts")).prune(runs, options)));

const audit = program.command("audit").description("Show that a run's journal is what was written");

audit
  .command("verify")
  .description("Recompute the hashes of runs, or of exported files, and say what does not fit")
  .argument("[runs-or-files...]", "runs, or the beginnings of their names, and exported files; all runs without one")
  .option("--tip <hash-or-file>", "an earlier tip, or an earlier export, which the journal must lead through")
  .option("--public-key <file>", "the key (PEM) that exported files must be signed with")
  .option("--json", "as JSON (docs/cli/audit.md)")
  .addHelpText(
    "after",
    examples(
      "keel audit verify",
      "keel audit verify r3f2a91c0 --tip may.jsonl",
      "keel audit verify may.jsonl --public-key public.pem",
    ),
  )
  .addHelpText(
    "after",
    `
Exit code 0: all is intact; 1: something is not, or it was cut off.
A chain of hashes cannot show that its end was cut off: keep the tip, or an export, elsewhere, and give it to --tip.`,
  )
  .action((targets, options) => enter(async () => (await import("./audit.ts")).auditVerify(targets, options)));

audit
  .command("export")
  .description("Write a run to a file that anybody can verify without Keel")
  .argument("[run]", "the run, or the beginning of its name; the newest without one")
  .requiredOption("-o, --output <file>", "where it goes; a file that is there is not replaced")
  .option("--key <file>", "an Ed25519 private key (PEM) to sign it with")
  .addHelpText(
    "after",
    examples(
      "keel audit export r3f2a91c0 -o may.jsonl",
      "openssl genpkey -algorithm ed25519 -out key.pem",
      "keel audit export r3f2a91c0 -o may.jsonl --key key.pem",
    ),
  )
  .action((run, options) => enter(async () => (await import("./audit-export.ts")).auditExport(run, options)));

/** A reader that went away ends nothing: what is left to say is dropped. Any other loss of the output is said. */
function takeLossOfOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: Error & { readonly code?: string }) => {
      if (error.code === "EPIPE" || error.code === "EIO" || error.code === "ERR_STREAM_DESTROYED") return;
      if (stream === process.stdout) process.stderr.write(`✗ the output cannot be written: ${error.message}\n`);
      process.exit(74);
    });
  }
}

program.helpInformation = () => rootHelp(program);

async function enter(command: () => Promise<ExitCode>): Promise<void> {
  const { door } = await import("./door.ts");
  await door(command);
}

/** What is wrong with a command line, and where an option may have taken an argument for its own, that it did. */
function complaint(text: string): string {
  const taken = process.argv[process.argv.indexOf("--mock") + 1];
  const eaten =
    text.includes("argument 'file'") && process.argv.includes("--mock") && taken?.endsWith(".keel") === true;
  const help = eaten ? `  help: --mock takes ${taken} as its replies; write the program before it\n` : "";
  return text.replace(/^error: /, "✗ ").replace(/^\(Did you mean (.*)\?\)$/m, "  help: did you mean $1?") + help;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It takes a whole number from 1 up.");
  return value;
}

/** An age in ms. */
function age(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) {
    throw new InvalidArgumentError("It takes a number and a unit: 90m, 12h, 30d, 8w.");
  }
  return (
    Number(count) *
    { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[unit as "s" | "m" | "h" | "d" | "w"]
  );
}

function grouping(text: string): string {
  const known = ["run", "agent", "activation", "step", "model"];
  if (!known.includes(text)) throw new InvalidArgumentError(`It takes ${known.join(", ")}.`);
  return text;
}

function denied(text: string): string {
  if (text !== "warnings") throw new InvalidArgumentError("It takes `warnings`.");
  return text;
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
