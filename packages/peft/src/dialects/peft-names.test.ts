import { expect, test } from "vitest";
import golden from "./peft-names.golden.json" with { type: "json" };
import { otherTensor } from "./_other-tensors.ts";
import { peft } from "./peft.ts";

const variants = Object.entries(golden as Record<string, Record<string, number[]>>);
/** What PEFT saves whole in these variants. */
const WHOLE = /^base_model\.model\.(?:head\.weight|(?:(?!lora_).)*\.bias)$/;

test.each(variants)(
  "every name that PEFT writes is read, and factors are written under it again: %s",
  (_, shapes) => {
    for (const name of Object.keys(shapes)) {
      const parsed = peft.parse(name);
      if (parsed !== undefined) expect(peft.print(parsed.module, parsed.part, parsed.spelling)).toBe(name);
      else
        expect([name, otherTensor(name)?.role ?? WHOLE.test(name)]).toEqual([
          name,
          WHOLE.test(name) || "companion",
        ]);
    }
  },
);

test("factors have the rank where PEFT puts it: first in A, second in B", () => {
  const plain = Object.entries((golden as Record<string, Record<string, number[]>>)["plain"]!);
  for (const [name, shape] of plain) {
    const parsed = peft.parse(name)!;
    expect([name, shape[parsed.part === "down" ? 0 : 1]]).toEqual([name, 2]);
  }
});
