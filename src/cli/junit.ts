// JUnit XML, the part of it that test reporters agree on: testsuites, testsuite, testcase, failure, error, system-out.
// XML 1.0 cannot hold most control characters and no half of a surrogate pair in any form, so they are left out.

export interface TestCase {
  readonly name: string;
  /** What is said of it. */
  readonly text: string;
  /** It did not pass. */
  readonly failure?: string;
  /** It could not be tried. */
  readonly error?: string;
}

export function junitXml(suite: string, cases: readonly TestCase[]): string {
  const count = (kind: "failure" | "error"): number => cases.filter((each) => each[kind] !== undefined).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}"`;
  const lines = cases.map(
    (each) => `    <testcase name="${attribute(each.name)}" classname="${attribute(suite)}">
${bodyOf(each)}
    </testcase>
`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="${attribute(suite)}" ${counts} skipped="0">
${lines.join("")}  </testsuite>
</testsuites>
`;
}

function bodyOf({ text, failure, error }: TestCase): string {
  const kind = failure !== undefined ? "failure" : error !== undefined ? "error" : undefined;
  if (kind === undefined) return `      <system-out>${content(text)}</system-out>`;
  return `      <${kind} message="${attribute(failure ?? error ?? "")}">${content(text)}</${kind}>`;
}

function attribute(text: string): string {
  return content(text)
    .replaceAll('"', "&quot;")
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function content(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
