import { type Dialect, dialects } from "@lora/peft";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/**
 * What every naming dialect must do: read its own names and write them again letter by letter, place every module,
 * and be surer of its own files than any other dialect.
 *
 * @param names all names of one or more files in this dialect
 */
export function testDialect(dialect: Dialect, names: readonly string[]): void {
  describe(`${dialect.id} as a dialect`, () => {
    test("every name is read, and written again as it was", () => {
      for (const name of names) {
        const parsed = dialect.parse(name);
        expect([name, parsed && dialect.print(parsed.module, parsed.part, parsed.spelling)]).toEqual([
          name,
          name,
        ]);
      }
    });

    test("whatever it reads of any text, it writes again as it was", () => {
      const endings = names.map((name) => name.slice(name.search(/[.:_](?=[^.:_]*[.:][^.:_]*$)/)));
      const text = fc.tuple(fc.string(), fc.constantFrom(...endings, "")).map((parts) => parts.join(""));
      fc.assert(
        fc.property(text, (name) => {
          const parsed = dialect.parse(name);
          if (parsed === undefined) return;
          expect(parsed.module).not.toBe("");
          expect(dialect.print(parsed.module, parsed.part, parsed.spelling)).toBe(name);
        }),
        { seed: 7 },
      );
    });

    test("a module has down and up in the spelling it writes by itself, which it reads again", () => {
      const { module } = dialect.parse(names[0])!;
      const { part: first } = dialect.parse(names[0])!;
      const pair = first.endsWith("-transposed")
        ? (["down-transposed", "up-transposed"] as const)
        : (["down", "up"] as const);
      for (const part of pair) {
        expect(dialect.parse(dialect.print(module, part))).toMatchObject({ module, part });
      }
    });

    test("every module has a place, and no two share one", () => {
      const modules = new Set(names.map((name) => dialect.parse(name)!.module));
      const places = [...modules].map((module) => dialect.place(module));
      expect(places.every(({ path }) => path !== "")).toBe(true);
      expect(new Set(places.map(({ component, path }) => `${component}/${path}`)).size).toBe(modules.size);
    });

    test("it is surer of its names than any other dialect, and sure of nothing without them", () => {
      const scores = dialects.map((other) => ({ id: other.id, ...other.score(names, fileOf(names)) }));
      const [best, second] = scores.sort((a, b) => b.confidence - a.confidence);
      expect(best.id).toBe(dialect.id);
      expect(best.confidence).toBeGreaterThan(second.confidence);
      expect(best.confidence).toBeLessThanOrEqual(1);
      expect(best.reasons.length).toBeGreaterThan(0);
      expect(dialect.score([], fileOf([])).confidence).toBe(0);
    });
  });
}

function fileOf(names: readonly string[]): ReturnType<typeof tensorFile> {
  return tensorFile({
    name: "names",
    tensors: names.map((name) => [name, tensorOfValues([1], "f32", [1, 1])] as const),
  });
}
