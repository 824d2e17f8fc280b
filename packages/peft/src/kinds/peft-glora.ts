import type { Float64Matrix } from "@lora/linalg";
import { multiply, toFloat64, wideMatrix } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import type { NamedTensor } from "../adapter.ts";
import { DenseDelta } from "../dense-delta.ts";
import type { Part } from "../parts.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind, LoadOptions, Parts } from "./_kind.ts";
import { demandFactor, demandFilled, demandSameRank, readFactor, requirePart } from "./_parts.ts";

/** A matrix of GLoRA: as a product, or as one value for each output, or for all. */
interface Path {
  readonly whole: Part;
  readonly up: Part;
  readonly down: Part;
}

const TIMES: Path = { whole: "glora_A_X", up: "glora_A_Xd", down: "glora_A_Xu" };
const PLUS: Path = { whole: "glora_B_X", up: "glora_B_Xd", down: "glora_B_Xu" };

/**
 * W′ = W + W ∘ A + B, entry by entry: A and B are products of rank r, a value for each output, or one for all. What it changes
 * of a bias stands outside. Not the GLoRA of LyCORIS, which multiplies matrices.
 */
export const peftGlora: Kind = {
  id: "peft-glora",
  title: "GLoRA of PEFT",
  source: "Chavan et al. 2023, arXiv 2306.07967; PEFT 0.21 tuners/glora/layer.py",
  required: [],
  optional: [TIMES, PLUS].flatMap(({ whole, up, down }) => [whole, up, down]),
  needsBase: true,
  isWhole: () => true,
  describe(parts) {
    const [times, plus] = [formOf(parts, TIMES), formOf(parts, PLUS)];
    const [out, width] = [times.out || plus.out, times.width || plus.width];
    // 0: any size.
    const fits = [out, 0].includes(plus.out) && [width, 0].includes(plus.width);
    if (fits) return { layer: "linear", shape: [out, width], rank: times.rank + plus.rank };
    throw new LoraError(
      "SHAPE",
      `what a GLoRA multiplies with is ${shapeText([times.out, times.width])}, and what it adds ${shapeText([plus.out, plus.width])}`,
      { tensor: [...parts.values()][0]?.name },
    );
  },
  async load(module, options = {}) {
    const w = demandBase(peftGlora, module, options);
    const { parts } = module;
    const [times, plus] = await Promise.all([
      entriesOf(parts, TIMES, { ...options, like: w }),
      entriesOf(parts, PLUS, { ...options, like: w }),
    ]);
    const data = w.data.map((value, at) => value * times.data[at]! + plus.data[at]!);
    return new DenseDelta({ ...w, data }, { engine: options.engine });
  },
};

interface PathForm {
  readonly out: number;
  readonly width: number;
  readonly rank: number;
}

function formOf(parts: Parts, { whole, up, down }: Path): PathForm {
  const single = parts.get(whole);
  if (single !== undefined) {
    demandFilled(single);
    const [rows = 0] = single.tensor.shape;
    return { out: rows === 1 ? 0 : rows, width: 0, rank: 1 };
  }
  const pair: readonly [NamedTensor, NamedTensor] = [requirePart(parts, up), requirePart(parts, down)];
  for (const factor of pair) demandFactor(factor, "none");
  const rank = demandSameRank([
    [pair[0], 1],
    [pair[1], 0],
  ]);
  return { out: pair[0].tensor.shape[0]!, width: pair[1].tensor.shape[1]!, rank };
}

/** The matrix of a path, its values repeated where there is one for each output, or one. */
async function entriesOf(
  parts: Parts,
  { whole, up, down }: Path,
  options: LoadOptions & { readonly like: Float64Matrix },
): Promise<Float64Matrix> {
  const { like, engine } = options;
  const single = parts.get(whole);
  if (single === undefined) {
    const read = (part: Part): ReturnType<typeof readFactor> => readFactor(requirePart(parts, part), options);
    const [left, right] = await Promise.all([read(up), read(down)]);
    return toFloat64(multiply(left, right, { engine }));
  }
  const { data } = wideMatrix(await readFactor(single, options));
  const valueAt = (at: number): number => data[data.length === 1 ? 0 : Math.floor(at / like.cols)]!;
  return { ...like, data: Float64Array.from(like.data, (_, at) => valueAt(at)) };
}
