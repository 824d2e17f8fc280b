import { frobeniusNorm, multiply, randomMatrix, svd, transpose } from "@lora/linalg";
import {
  type Initialiser,
  type InitFactors,
  type InitModule,
  type RankOptionValues,
  seededDraws,
  withoutUpdate,
} from "@lora/peft";
import { describe, expect, test } from "vitest";

const SIZES: readonly (readonly [out: number, inner: number, rank: number])[] = [
  [24, 40, 4],
  [40, 24, 4],
  [16, 16, 8],
  [9, 31, 2],
];

/** What every initialiser must do, whatever its options. */
export function testInitialiser(initialiser: Initialiser, options: RankOptionValues): void {
  describe(`${initialiser.id} as an initialiser`, () => {
    const bound = initialiser.bind(options);

    test.each(SIZES)(
      "%i × %i at rank %i: factors of these sizes, finite, from what it needs alone",
      (...size) => {
        const module = moduleOf(...size);
        const given = {
          ...module,
          ...Object.fromEntries(UNNEEDED.filter((need) => !bound.needs.includes(need)).map(omit)),
        };
        const { up, down } = bound.make(given);
        expect([up.rows, up.cols, down.rows, down.cols]).toEqual([
          module.out,
          module.rank,
          module.rank,
          module.in,
        ]);
        expect([...up.data, ...down.data].every(Number.isFinite)).toBe(true);
      },
    );

    test.each(SIZES)("%i × %i at rank %i: the same draws give the same factors", (...size) => {
      expect(bound.make(moduleOf(...size))).toEqual(bound.make(moduleOf(...size)));
    });

    if (bound.base === "kept") return;
    test.each(SIZES)("%i × %i at rank %i: base and update are the weight", (...size) => {
      const module = moduleOf(...size);
      const factors = bound.make(module);
      const base = factors.base ?? withoutUpdate(module.weight, factors, module);
      const rest = distance(module, base, factors);
      // A replaced base is quantised, to four bits at worst.
      expect(rest).toBeLessThan(bound.base === "replaced" ? 0.12 : 1e-14);
    });
  });
}

const UNNEEDED = ["weight", "covariance", "components", "gradient"] as const;

function omit(need: string): [string, undefined] {
  return [need, undefined];
}

type Whole = InitModule & { readonly weight: NonNullable<InitModule["weight"]> };

function moduleOf(out: number, inner: number, rank: number): Whole {
  const inputs = randomMatrix(3 * inner, inner, 4);
  const { s, v } = svd(inputs);
  return {
    out,
    in: inner,
    rank,
    scale: 1.5,
    draws: seededDraws(5),
    weight: randomMatrix(out, inner, 6),
    covariance: multiply(inputs, inputs, { transA: true }),
    components: { directions: transpose(v), singularValues: s },
    gradient: randomMatrix(out, inner, 7),
  };
}

/** ‖W − (base + s·up·down)‖_F / ‖W‖_F */
function distance({ weight, scale }: Whole, base: Whole["weight"], { up, down }: InitFactors): number {
  const update = multiply(up, down, { alpha: scale });
  const rest = weight.data.map((value: number, i: number) => value - base.data[i] - update.data[i]);
  return frobeniusNorm({ ...weight, data: Float64Array.from(rest) }) / frobeniusNorm(weight);
}
