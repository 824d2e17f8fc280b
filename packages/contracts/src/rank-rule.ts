import { randomMatrix } from "@lora/linalg";
import type { ModuleSpectrum, RankContext, RankOptionValues, RankRule } from "@lora/peft";
import { describe, expect, test } from "vitest";

/** A file of which each kept pair is 10 bytes. */
const CONTEXT: RankContext = { fileBytes: (ranks) => 1000 + 10 * ranks.reduce((sum, rank) => sum + rank, 0) };

/** What every rank rule must do, whatever its options. */
export function testRankRule(rule: RankRule, options: RankOptionValues): void {
  describe(`${rule.id} as a rank rule`, () => {
    const choice = rule.bind(options);
    const spectra = [spectrum("a", 16, 1), spectrum("b", 5, 2), zeros("empty", 4), spectrum("one", 1, 3)];
    const selection = choice.choose(spectra, CONTEXT);

    test("it answers for every module, with indices that are there, ascending, each once", () => {
      expect(selection.kept).toHaveLength(spectra.length);
      selection.kept.forEach((kept, index) => {
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept.every((at) => Number.isInteger(at) && at >= 0 && at < spectra[index].s.length)).toBe(
          true,
        );
      });
    });

    test("nothing of a zero update is kept", () => {
      expect(selection.kept[2]).toEqual([]);
    });

    test("the same spectra give the same selection", () => {
      expect(rule.bind(options).choose(spectra, CONTEXT)).toEqual(selection);
    });

    test("no spectra give an empty selection", () => {
      expect(choice.choose([], CONTEXT).kept).toEqual([]);
    });
  });
}

function spectrum(name: string, pairs: number, seed: number): ModuleSpectrum {
  const s = Float64Array.from(randomMatrix(1, pairs, seed).data, Math.abs)
    .sort()
    .reverse();
  const base = {
    spectralNorm: 3,
    frobeniusNorm: 20,
    subspaceFactors: s.map((value, index) => value / (index + 1)),
  };
  return { name, layer: "linear", kernel: false, out: 64, in: 48, s, base };
}

function zeros(name: string, pairs: number): ModuleSpectrum {
  return { ...spectrum(name, pairs, 4), s: new Float64Array(pairs) };
}
