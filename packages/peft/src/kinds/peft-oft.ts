import type { Float64Matrix } from "@lora/linalg";
import { scaled, toFloat64, transpose, wideMatrix, zeros } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import type { NamedTensor } from "../adapter.ts";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, readFactor, requirePart } from "./_parts.ts";
import { bounded, cayley, combined, neumann, rotatedRows } from "./_rotation.ts";

/**
 * W′ = W·Rᵀ, R block-diagonal over the inputs (of a convolution in·k·k). Of each Q = −Qᵀ the file has what is above the
 * diagonal; R is (I − Q)·(I + Q)⁻¹, or, with `use_cayley_neumann`, the beginning of the series of (I + Q)·(I − Q)⁻¹. One block
 * stands for all where they are shared.
 */
export const peftOft: Kind = {
  id: "peft-oft",
  title: "OFT of PEFT",
  source: "Qiu et al. 2025 (OFTv2), arXiv 2506.19847; PEFT tuners/oft/layer.py",
  required: ["oft_R"],
  optional: [],
  needsBase: true,
  isWhole: () => true,
  describe(parts) {
    const vectors = requirePart(parts, "oft_R");
    const size = blockSize(vectors);
    const count = vectors.tensor.shape[0]!;
    // A single block may be shared by all inputs.
    return { layer: "linear", shape: [0, count === 1 ? 0 : count * size], rank: count * size };
  },
  async load(module, options = {}) {
    const w = demandBase(peftOft, module, options);
    const stored = requirePart(module.parts, "oft_R");
    const size = blockSize(stored);
    if (w.cols % size !== 0) throw misfit(stored, size, w);
    const { seriesTerms, bound = Number.POSITIVE_INFINITY } = module.settings ?? {};
    const vectors = toFloat64(wideMatrix(await readFactor(stored, options)));
    // In singles, as PEFT has it.
    const most = Math.fround(Math.fround(bound) / Math.fround(Math.sqrt(vectors.rows)));
    const blocks = Array.from({ length: vectors.rows }, (_, row) => {
      const [q] = bounded([skewOf(vectors, row, size)], most);
      return seriesTerms === undefined ? cayley(scaled(q!, -1), options) : neumann(q!, seriesTerms, options);
    });
    const turned = transpose(rotatedRows(transpose(w), blocks, options));
    return new DenseDelta(combined(turned, w, -1), { engine: options.engine });
  },
};

/** b of b(b − 1)/2 values. */
function blockSize(vectors: NamedTensor): number {
  demandFactor(vectors, "none");
  const { shape } = vectors.tensor;
  const size = (1 + Math.sqrt(1 + 8 * shape[1]!)) / 2;
  if (shape.length === 2 && Number.isInteger(size)) return size;
  throw new LoraError("SHAPE", `${shapeText(shape)} is no list of what is above the diagonals of squares`, {
    tensor: vectors.name,
    shape,
  });
}

function skewOf({ data, cols }: Float64Matrix, row: number, size: number): Float64Matrix {
  const q = zeros(size, size);
  let at = row * cols;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++, at++) {
      q.data[i * size + j] = data[at]!;
      q.data[j * size + i] = -data[at]!;
    }
  }
  return q;
}

function misfit({ name }: NamedTensor, size: number, { rows, cols }: Float64Matrix): LoraError {
  return new LoraError("SHAPE", `${cols} inputs are no whole number of blocks of ${size}`, {
    tensor: name,
    block: size,
    base: [rows, cols],
  });
}
