// Where the `keel` command begins. The version is answered before anything is loaded; all else is `main`.

import "./version.ts";

const [, , asked, ...rest] = process.argv;
if ((asked === "--version" || asked === "-V") && rest.length === 0) process.stdout.write(`${KEEL_VERSION}\n`);
else await import("./main.ts");
