import {
  type Float64Matrix,
  frobeniusNorm,
  type Matrix,
  maxAbs,
  multiply,
  randomMatrix,
  transpose,
} from "@lora/linalg";
import type { AdapterModule, Delta, Kind, NamedTensor, Part } from "@lora/peft";
import { elementCount, type Shape, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";

/** A module of a kind, small enough to be formed whole. */
export interface KindSample {
  readonly title: string;
  readonly shapes: Readonly<Partial<Record<Part, Shape>>>;
  /** Of ΔW. */
  readonly shape: Shape;
  readonly rank: number;
  /** Parts that this sample cannot do without; those that the kind requires when left out. */
  readonly needs?: readonly Part[];
  /** Parts of a fused layer that have an update. */
  readonly enabled?: readonly boolean[];
  /** Of the weight, for kinds that need one: out and in·k·k. */
  readonly base?: readonly [rows: number, cols: number];
  /** The scale that the kind has no use for. */
  readonly unscaled?: true;
  /** Values that are not drawn: flags. */
  readonly values?: Readonly<Partial<Record<Part, readonly number[]>>>;
  /** ΔW without its scale, entry by entry from the definition; rows are outputs. */
  dense(parts: ReadonlyMap<Part, Float64Array>, base: Float64Array): readonly (readonly number[])[];
}

const SCALE = 0.75;

/** What every adapter kind must do: read its form off the headers, and offer the update it defines in every way. */
export function testKind(kind: Kind, sample: KindSample): void {
  const values = new Map<Part, Float64Array>();
  const parts = new Map<Part, NamedTensor>();
  Object.entries(sample.shapes).forEach(([part, shape], index) => {
    const given = sample.values?.[part as Part];
    const data = Float64Array.from(given ?? randomMatrix(1, elementCount(shape), index + 1).data);
    values.set(part as Part, data);
    parts.set(part as Part, { name: `module.${part}`, tensor: tensorOfValues(data, "f64", shape) });
  });
  const module = sampleModule(kind, sample, parts);
  const needs = sample.needs ?? kind.required;
  const base = sample.base && randomMatrix(...sample.base, 20);
  const options = base === undefined ? {} : { base };
  const scale = sample.unscaled ? 1 : SCALE;

  describe(`${kind.id} as a kind: ${sample.title}`, () => {
    test("its headers say shape and rank", () => {
      expect(kind.describe(parts, sample.enabled)).toMatchObject({ shape: sample.shape, rank: sample.rank });
    });

    test("the update is the one of its definition, as factors, products, norm, inner product and SVD", async () => {
      const rows = sample.dense(values, Float64Array.from(base?.data ?? []));
      const data = Float64Array.from(rows.flat(), (value) => scale * value);
      expectUpdate(await kind.load(module, options), {
        rows: rows.length,
        cols: data.length / rows.length,
        data,
      });
    });

    if (base !== undefined) {
      test("without the weight it is refused", async () => {
        const error = await kind.load(module).catch((caught: unknown) => caught);
        expect(error).toMatchObject({ code: "MISSING", facts: { module: "module" } });
      });
    }

    test.each(needs)("without %s it is refused", (part) => {
      const rest = new Map([...parts].filter(([other]) => other !== part));
      expect(() => kind.describe(rest, sample.enabled)).toThrow(`a module has no ${part} factor`);
    });

    test.each(needs.filter((part) => sample.values?.[part] === undefined))(
      "an infinity in %s is named with its tensor and index",
      async (part) => {
        const broken = Float64Array.from(values.get(part)!);
        broken[broken.length - 1] = Number.POSITIVE_INFINITY;
        const tensor = tensorOfValues(broken, "f64", sample.shapes[part]!);
        const changed = new Map(parts).set(part, { name: "broken", tensor });
        const loading = kind.load(sampleModule(kind, sample, changed), options);
        const error = await loading.catch((caught: unknown) => caught);
        expect(error).toMatchObject({
          code: "NUMERIC",
          facts: { tensor: "broken", index: broken.length - 1 },
        });
      },
    );
  });
}

function sampleModule(kind: Kind, sample: KindSample, parts: ReadonlyMap<Part, NamedTensor>): AdapterModule {
  return {
    name: "module",
    component: "model",
    path: "module",
    kind: kind.id,
    layer: sample.shape.length > 2 ? "conv" : "linear",
    shape: sample.shape,
    rank: sample.rank,
    alpha: undefined,
    scale: SCALE,
    scaleSource: "none",
    transposed: false,
    enabled: sample.enabled,
    dtype: "f64",
    parts,
  };
}

/** Entries of a sample are below 6 in size, and sums have at most a few hundred terms. */
function expectUpdate(delta: Delta, dense: Float64Matrix): void {
  const { up, down } = delta.factors();
  const bound = 1000 * 2 ** -52 * frobeniusNorm(up) * frobeniusNorm(down);
  expect([delta.rows, delta.cols]).toEqual([dense.rows, dense.cols]);
  expectClose(multiply(up, down), dense, bound);
  const right = randomMatrix(dense.cols, 2, 11);
  const left = randomMatrix(dense.rows, 2, 12);
  expectClose(delta.multiply(right), multiply(dense, right), bound * frobeniusNorm(right));
  expectClose(delta.multiplyTransposed(left), multiply(transpose(dense), left), bound * frobeniusNorm(left));
  const squared = frobeniusNorm(dense) ** 2;
  expect(Math.abs(delta.inner(delta) - squared)).toBeLessThanOrEqual(
    bound * frobeniusNorm(up) * frobeniusNorm(down),
  );
  expect(Math.abs(delta.frobeniusNorm() - Math.sqrt(squared))).toBeLessThanOrEqual(
    (bound * bound) / 2 ** -52,
  );
  const { u, s, v } = delta.svd();
  expect(s.length).toBeLessThanOrEqual(delta.maxRank);
  const scaled = { ...u, data: Float64Array.from(u.data, (value, index) => value * s[index % u.cols]) };
  expectClose(multiply(scaled, v, { transB: true }), dense, bound);
}

function expectClose(found: Matrix, expected: Matrix, bound: number): void {
  expect([found.rows, found.cols]).toEqual([expected.rows, expected.cols]);
  const difference = Float64Array.from(found.data, (value, index) => value - expected.data[index]);
  expect(maxAbs({ ...found, data: difference })).toBeLessThanOrEqual(bound);
}
