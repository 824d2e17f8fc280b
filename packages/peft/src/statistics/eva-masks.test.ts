import { expect, test } from "vitest";
import { listed, relativeDifference } from "../golden.test-helper.ts";
import type { ActivationBatch } from "./activation-source.ts";
import { drawsBySize } from "./draws-by-size.test-helper.ts";
import golden from "./eva-masks.golden.json" with { type: "json" };
import { evaDirections } from "./eva-directions.ts";
import { tokenMask } from "./token-mask.ts";

// Made by tooling/goldens/init.py: PEFT 0.21 in float64, with its own choice of the tokens of a language model that count.
test.each(golden.cases)(
  "eva looks at PEFT's tokens: label mask $useLabelMask, its value $labelMaskValue",
  async ({ batches, draws, layers, rankPattern, useLabelMask, labelMaskValue }) => {
    const source = batches.map(({ attention, labels, outer, inner }): ActivationBatch => {
      const shared = listed(outer);
      return {
        inputs: new Map([
          ["q", shared],
          ["k", shared],
          ["o", listed(inner)],
        ]),
        mask: tokenMask({
          attentionMask: attention,
          labels: useLabelMask ? labels : undefined,
          labelMaskValue,
        }),
      };
    });
    const sketches = draws.map((draw) => listed(draw));
    const found = await evaDirections(
      ["q", "k", "o"].map((name) => ({ name, rank: golden.rank })),
      { batches: () => source },
      { draws: () => drawsBySize(sketches) },
    );
    const kept = [...found].filter(([, { rank }]) => rank > 0);
    const wanted: Readonly<Record<string, Parameters<typeof listed>[0] | undefined>> = layers;
    expect(kept.map(([name]) => name).sort()).toEqual(Object.keys(wanted).sort());
    const other = kept.filter(([, { rank }]) => rank !== golden.rank);
    expect(Object.fromEntries(other.map(([name, { rank }]) => [name, rank]))).toEqual(rankPattern);
    for (const [name, { components }] of kept) {
      expect(relativeDifference(components.directions, listed(wanted[name]!))).toBeLessThan(1e-9);
    }
  },
);
