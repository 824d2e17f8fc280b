// Fails where a package imports what it may not; the table is arrows.json beside this file.
import { root } from "../workspace.ts";
import { arrowProblems } from "./arrow-problems.ts";
import { readArrows } from "./arrow-table.ts";

const problems = arrowProblems(root, readArrows());
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
