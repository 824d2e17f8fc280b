import { measure } from "./analyse/measure.ts";
import { compareUpdates } from "./compare/compare-updates.ts";
import { measureUpdates } from "./combine/measure-updates.ts";
import { writeCombined } from "./combine/write-combined.ts";
import { checkModule } from "./convert/check-module.ts";
import { convertModule } from "./convert/convert-module.ts";
import { extractWeight } from "./extract/extract-weight.ts";
import { addInFile } from "./merge/add-in-file.ts";
import { addRows } from "./merge/add-rows.ts";
import { sumSquares } from "./merge/sum-squares.ts";
import { initModule } from "./init/init-task.ts";
import type { AnyTask } from "./pool/serve-tasks.ts";
import { hashSpans } from "./provenance/hash-spans.ts";
import { decompose } from "./resize/decompose.ts";
import { writeFactors } from "./resize/write-factors.ts";
import { compare } from "./verify/compare.ts";

/** Everything that the jobs hand to workers. */
export const tasks: readonly AnyTask[] = [
  addInFile,
  addRows,
  checkModule,
  compare,
  compareUpdates,
  convertModule,
  decompose,
  extractWeight,
  hashSpans,
  initModule,
  measure,
  measureUpdates,
  sumSquares,
  writeCombined,
  writeFactors,
];
