// The programs that are killed, and the world each of them runs in. Together they perform every kind of effect; what
// comes of them does not depend on when they are taken up again.

import { readFileSync } from "node:fs";
import path from "node:path";

export interface Story {
  readonly name: string;
  readonly file: string;
  readonly ticks?: number;
  readonly replies: string;
  readonly answers: string;
  /** A mailbox to begin with, and which of its mails. */
  readonly mail?: { readonly folder: string; readonly only: RegExp };
  /** What a person answers from elsewhere, by a part of the question; every other question that stays open expires. */
  readonly elsewhere?: { readonly [question: string]: string | boolean };
  /** How long nobody drives the run when a process has ended. */
  readonly awayMs: number;
  /** It is killed only where it writes a checkpoint: it has too many transactions. */
  readonly long?: true;
}

export const root = path.join(import.meta.dirname, "../..");
const programs = "tests/crash/programs";
const minute = 60_000;

export function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

export function own(name: string): Pick<Story, "name" | "file" | "replies" | "answers" | "awayMs"> {
  return { name, file: `${programs}/${name}.keel`, replies: `{"replies": []}`, answers: "[]", awayMs: 10 * minute };
}

export const stories: readonly Story[] = [
  {
    name: "inbox",
    file: "examples/inbox/triage.keel",
    ticks: 1,
    replies: read("examples/inbox/replies.json"),
    answers: read("examples/inbox/answers.json"),
    // One that is urgent, one to archive, one to answer, and one whose answer nobody wants to be sent.
    mail: { folder: "examples/inbox/mail", only: /M0(01|02|06|09)P77/ },
    awayMs: 10 * minute,
  },
  {
    ...own("workflow"),
    ticks: 1,
    replies: read(`${programs}/workflow.replies.json`),
    answers: read(`${programs}/workflow.answers.json`),
  },
  { ...own("team"), ticks: 3, replies: read(`${programs}/team.replies.json`) },
  { ...own("mornings"), ticks: 2 },
  { ...own("desk"), replies: read(`${programs}/desk.replies.json`) },
  { ...own("limits"), elsewhere: { "Is it urgent": true }, awayMs: 90 * minute },
  { ...own("orders") },
  { ...own("shift"), awayMs: 1_000 },
  { ...own("long"), long: true },
];
