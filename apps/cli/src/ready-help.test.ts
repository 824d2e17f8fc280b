import { expect, test } from "vitest";
import { rolldown } from "rolldown";
import config from "../rolldown.config.ts";
import { READY_HELP, readyHelp } from "./ready-help.ts";
import { run } from "./run.test-helper.ts";

test("the build keeps what lora --help prints", async () => {
  const bundle = await rolldown({
    ...config,
    input: "src/ready-help.ts",
    cwd: `${import.meta.dirname}/..`,
    resolve: { conditionNames: ["@lora/source", "import", "node", "default"] },
  });
  const { output } = await bundle.generate({ format: "esm" });
  await bundle.close();
  const kept = output.find(({ fileName }) => fileName === READY_HELP);
  expect(kept).toMatchObject({ type: "asset", source: (await run(["--help"])).stdout });
});

test.each([
  { why: "nothing is kept beside the sources", argv: ["--help"], columns: undefined },
  { why: "the terminal is narrower", argv: ["--help"], columns: 80 },
  { why: "a command is named", argv: ["resize", "--help"], columns: undefined },
])("help is worked out where $why", ({ argv, columns }) => {
  expect(readyHelp(argv, columns)).toBeUndefined();
});
