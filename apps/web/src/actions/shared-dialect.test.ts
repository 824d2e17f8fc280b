import { tensorFile } from "@lora/tensor";
import { expect, test } from "vitest";
import type { ActionFile } from "./_action.ts";
import { sharedDialect } from "./_shared-dialect.ts";

const read = (name: string, dialect?: string): ActionFile => ({
  file: tensorFile({ name, tensors: [] }),
  weight: 1,
  dialect,
});

test("files that are compared are read in one dialect, or each in its own", () => {
  expect(sharedDialect([read("a"), read("b")])).toBeUndefined();
  expect(sharedDialect([read("a", "kohya"), read("b", "kohya")])).toBe("kohya");
  expect(() => sharedDialect([read("a", "kohya"), read("b")])).toThrow(
    "files that are compared are read in one dialect, or each in what it is detected as",
  );
});
