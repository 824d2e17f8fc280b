import type { Action } from "./_action.ts";
import { sharedDialect } from "./_shared-dialect.ts";

/** How alike two adapters are. */
export const compare: Action = {
  id: "compare",
  title: "Compare",
  summary:
    "Says how alike the updates of two adapters are, module by module: direction, size, and what they read and write in common.",
  files: { least: 2, most: 2, weights: false },
  base: "none",
  writes: false,
  fields: [],
  async run(jobs, { files, context }) {
    const report = await jobs.compare(
      files.map(({ file }) => file),
      { dialect: sharedDialect(files) },
      context,
    );
    return { report, outputs: [] };
  },
};
