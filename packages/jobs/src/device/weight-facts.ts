import { frobeniusNormOn, type Matrix, spectralNormOn, unitOn } from "@lora/linalg";
import type { BaseFacts } from "@lora/metrics";
import type { BaseNeed } from "@lora/peft";
import { type Backend, encode, type Tensor } from "@lora/tensor";

/** A weight in a backend's memory, as it is stored. */
export interface ResidentWeight<S> {
  readonly backend: Backend<S>;
  readonly tensor: Tensor<S>;
  /** Whether it is stored as in × out. */
  readonly transposed: boolean;
}

/** Which facts of it are wanted. */
export interface WantedFacts {
  readonly needs: readonly BaseNeed[];
  /** Right singular vectors of the update, in × k: for `subspaceFactors`. */
  readonly v: Matrix | undefined;
  /** Of the start vector of the spectral norm. */
  readonly seed: number;
}

/**
 * Facts of a base weight, calculated in f32 where it is. With u = 2⁻²⁴: the spectral norm is within
 * (10⁻⁸ + 10·√(out + in)·u)·σ₁ of the exact one, the Frobenius norm within out·in·u of itself (in fact about
 * log₂(out·in)·u), each factor uᵢᵀ·W·vᵢ within (in + 3)·u·‖W‖_F.
 *
 * @throws LoraError NUMERIC when a value is not finite; what the backend throws
 */
export async function weightFacts<S>(
  { backend, tensor, transposed }: ResidentWeight<S>,
  { needs, v, seed }: WantedFacts,
): Promise<BaseFacts> {
  const [rows, cols] = tensor.shape as readonly [number, number];
  const product = needs.includes("subspaceFactors") && v !== undefined;
  return {
    out: transposed ? cols : rows,
    in: transposed ? rows : cols,
    spectralNorm: needs.includes("spectralNorm")
      ? await spectralNormOn(backend, tensor, { seed })
      : undefined,
    frobeniusNorm: needs.includes("frobeniusNorm") ? await frobeniusNormOn(backend, tensor) : undefined,
    timesInputs: product ? { v, product: await times({ backend, tensor, transposed }, v) } : undefined,
  };
}

/** W · v, by a power of two that keeps it within the range of f32. */
async function times<S>({ backend, tensor, transposed }: ResidentWeight<S>, v: Matrix): Promise<Matrix> {
  const unit = await unitOn(backend, tensor);
  const shape = [v.rows, v.cols];
  const right = backend.upload(encode(v.data, "f32"), { dtype: "f32", shape }, "f32");
  const product = backend.run("gemm", { a: tensor, b: right, transA: transposed, alpha: unit });
  right.dispose();
  const values = await backend.download(product);
  product.dispose();
  return {
    rows: product.shape[0]!,
    cols: v.cols,
    data: Float64Array.from(values, (value) => value / unit),
  };
}
