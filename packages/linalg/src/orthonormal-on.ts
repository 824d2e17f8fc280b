import type { Backend, Tensor } from "@lora/tensor";
import { encode, LoraError } from "@lora/tensor";
import type { Matrix } from "./matrix.ts";
import { norm } from "./ops/norm.ts";
import { randomMatrix } from "./random-matrix.ts";
import type { SymmetricEigen } from "./symmetric-eigen.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** How far a Gram matrix may be from the identity for the next pass to be the last. */
const MOST_DEVIATION = 0.1;

/** A pass divides a condition number by 1/√shift at most, so that in four of them every direction shows. */
const SHIFT = { f64: 2 ** -40, f32: 2 ** -16, f16: 2 ** -6 } as const;
/** Squared lengths above this after four passes are those of directions of y. */
const LEAST = 0.25;
const [FILLING_PASS, LAST_PASS] = [5, 12];

/**
 * A matrix on a backend whose n orthonormal columns span those of `y` (m × n, m ≥ n), up to the rounding of its
 * dtype. The eigenvectors of yᵀ·y, n × n, scale the columns, again and again until they are orthonormal, as in a
 * shifted Cholesky QR; where `y` has too few directions, random ones fill up. `y` is disposed. 4·m·n² operations
 * a pass, two passes where κ(y) is below 100 or so, then one more for each factor of 1/√shift.
 *
 * @throws LoraError NUMERIC when the Gram matrix overflows or holds NaN
 * @see Fukaya et al., "Shifted Cholesky QR for computing the QR factorization of ill-conditioned matrices" (2020)
 */
export async function orthonormalOn<S>(backend: Backend<S>, y: Tensor<S>): Promise<Tensor<S>> {
  let q = y;
  for (let pass = 1; ; pass++) {
    const eigen = await gramEigen(backend, q);
    const last = pass === LAST_PASS || deviation(eigen.values) < MOST_DEVIATION;
    const fills = pass === FILLING_PASS && !last;
    q = turned(
      backend,
      q,
      whitening(eigen, { shift: last || fills ? 0 : SHIFT[q.dtype], least: fills ? LEAST : 0 }),
    );
    if (last) return q;
    if (fills) q = filled(backend, q, eigen.values);
  }
}

/** Brings a matrix to a backend. */
export function uploadMatrix<S>(backend: Backend<S>, a: Matrix, as: Tensor<S>["dtype"]): Tensor<S> {
  return backend.upload(encode(a.data, as), { dtype: as, shape: [a.rows, a.cols] }, as);
}

/** A matrix on a backend, here. The tensor is disposed. */
export async function takeMatrix<S>(backend: Backend<S>, tensor: Tensor<S>): Promise<Matrix> {
  const data = await backend.download(tensor);
  tensor.dispose();
  return { rows: tensor.shape[0], cols: tensor.shape[1], data };
}

async function gramEigen<S>(backend: Backend<S>, q: Tensor<S>): Promise<SymmetricEigen> {
  const gram = await takeMatrix(backend, backend.run("gram", { x: q }));
  if (!Number.isFinite(norm(gram.data))) {
    throw new LoraError("NUMERIC", "a Gram matrix holds values that are not finite", {
      shape: q.shape,
      advice: "find out what wrote such a value; it cannot be factorised around",
    });
  }
  return symmetricEigen(gram);
}

/** ‖g − I‖_F by the eigenvalues of g */
function deviation(values: Float64Array): number {
  return norm(values.map((value) => value - 1));
}

/** v · (λ + shift · λ₁)^(−½), with zeros for what is not above `least`. */
function whitening(
  { values, vectors }: SymmetricEigen,
  { shift, least }: { readonly shift: number; readonly least: number },
): Matrix {
  const floor = shift * values[0];
  const factors = values.map((value) =>
    value + floor > least ? 1 / Math.sqrt(Math.max(value, 0) + floor) : 0,
  );
  return { ...vectors, data: vectors.data.map((value, at) => value * factors[at % factors.length]) };
}

/** q · turn; q is disposed. */
function turned<S>(backend: Backend<S>, q: Tensor<S>, turn: Matrix): Tensor<S> {
  const factor = uploadMatrix(backend, turn, q.dtype);
  const product = backend.run("gemm", { a: q, b: factor });
  factor.dispose();
  q.dispose();
  return product;
}

/** Random columns of about unit length where `whitening` left zeros; q is disposed. */
function filled<S>(backend: Backend<S>, q: Tensor<S>, values: Float64Array): Tensor<S> {
  const [rows, cols] = q.shape;
  const random = randomMatrix(rows, cols, FILLING_PASS);
  const columnsOnly = random.data.map((value, at) =>
    values[at % cols] > LEAST ? 0 : value / Math.sqrt(rows),
  );
  const noise = uploadMatrix(backend, { rows, cols, data: columnsOnly }, q.dtype);
  const sum = backend.run("map2", { kind: "add", x: q, y: noise });
  noise.dispose();
  q.dispose();
  return sum;
}
