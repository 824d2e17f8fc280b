import { join } from "node:path";
import { expect, test } from "vitest";
import { expectTensors, openGolden, readGoldens } from "../golden.test-helper.ts";

const goldens = readGoldens(join(import.meta.dirname, "numpy.golden.json"));

test.each(goldens)(
  "what numpy saves as %s has the same arrays here, in any order of axes and bytes",
  async (name, golden) => {
    const file = await openGolden(golden);
    expect(file.format).toBe(name.slice(0, 3));
    await expectTensors(file, golden);
  },
);
