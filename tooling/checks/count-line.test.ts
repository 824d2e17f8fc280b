import { expect, test } from "vitest";

import { countLine } from "./count-line.ts";

test("the count is the last line of its form, whatever stands around it", () => {
  const output = "1 passed, 0 failed, 0 skipped\n Tests 3 passed (3)\n\n3 passed, 0 failed, 2 skipped\n\n";
  expect(countLine(output)).toBe("3 passed, 0 failed, 2 skipped");
});

test("a run that printed no count has none", () => {
  expect(countLine("Tests 3 passed (3)\nthere were 3 passed, 0 failed, 0 skipped\n")).toBeUndefined();
});
